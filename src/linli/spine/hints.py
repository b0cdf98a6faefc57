"""Hints: a page that is open somewhere is told *that* something it shows may have changed, never what.

A *topic* is a module's word, an id, or both: "orders", a shop, or what orders say of that shop. Whoever carries facts
hints at every topic that they name; the live process (config/live) passes a hint on to the pages that listen, and each
asks for its part again, as whoever is signed in there. What a page may listen to stands in a token that was sealed when
the page was made; nobody has to be looked up when it comes back.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

from linli.kernel.facts import Fact
from linli.spine import seals, sql

Topic = str | UUID | tuple[str, UUID]

CHANNEL = "linli_hint"
WINDOW_S = 3600
"""A token lasts until the end of the next window: one to two of them. All made in one window are the same, byte for
byte, so that a page that did not change looks unchanged."""
MOST_TOPICS = 64
MOST_NAMED = 200
"""So many ids of a list in a fact are hinted at; pages about the others find out at their next slow look."""
_SIZE = 8
_PORTION = 700  # digests in one notification, whose text PostgreSQL limits to 8,000 bytes
_STAMP = struct.Struct(">I")
_SEAL_SIZE = 16


class NotOurs(ValueError):
    """A token that was not made by this house, was changed, or is too old."""


def digest(topic: Topic) -> bytes:
    """This will shorten a topic to eight bytes, which tell nobody what it was."""
    word, thing = (topic, None) if isinstance(topic, str) else ("", topic) if isinstance(topic, UUID) else topic
    return blake2b(word.encode() + (b"\0" + thing.bytes if thing else b""), digest_size=_SIZE).digest()


def topics_of(fact: Fact) -> Iterator[Topic]:
    """This will name the module that told a fact, and every thing the fact names, with and without the module."""
    word = fact.kind.partition(".")[0]
    yield word
    for value in vars(fact).values():
        for thing in value[:MOST_NAMED] if isinstance(value, tuple) else (value,):
            if isinstance(thing, UUID):
                yield thing
                yield word, thing


def give(topics: Iterable[Topic]) -> None:
    """This will hint at topics when, and only if, the transaction around it commits; it costs no trip of its own."""
    digests = sorted({digest(topic) for topic in set(topics)})
    for first in range(0, len(digests), _PORTION):
        body = b64encode(b"".join(digests[first : first + _PORTION])).decode()
        sql.ahead("SELECT pg_notify(%s, %s)", CHANNEL, body)


def received(body: str) -> list[bytes]:
    """This will take the digests out of a notification."""
    raw = b64decode(body)
    return [raw[at : at + _SIZE] for at in range(0, len(raw), _SIZE)]


def key_of(house_secret: bytes) -> bytes:
    """This will give the key of the house's tokens."""
    return seals.key_for(house_secret, purpose="hints")


def token(topics: Iterable[Topic], *, key: bytes, at: datetime) -> str:
    """This will seal what a page may listen to."""
    digests = sorted({digest(topic) for topic in topics})
    if not 0 < len(digests) <= MOST_TOPICS:
        raise ValueError(f"a page listens to 1 to {MOST_TOPICS} topics, not {len(digests)}")
    until = (int(at.timestamp()) // WINDOW_S + 2) * WINDOW_S
    said = _STAMP.pack(until) + b"".join(digests)
    return urlsafe_b64encode(said + _seal(said, key)).rstrip(b"=").decode()


def opened(sealed: str, *, key: bytes, at: datetime) -> tuple[tuple[bytes, ...], float]:
    """This will give the digests in a token, and until when it holds; `NotOurs` for any but one of ours."""
    try:
        raw = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except ValueError:
        raise NotOurs from None
    said, seal = raw[:-_SEAL_SIZE], raw[-_SEAL_SIZE:]
    count, rest = divmod(len(said) - _STAMP.size, _SIZE)
    if not 0 < count <= MOST_TOPICS or rest or not compare_digest(seal, _seal(said, key)):
        raise NotOurs
    until = float(_STAMP.unpack_from(said)[0])
    if until <= at.timestamp():
        raise NotOurs
    return tuple(said[n : n + _SIZE] for n in range(_STAMP.size, len(said), _SIZE)), until


def _seal(said: bytes, key: bytes) -> bytes:
    return blake2b(said, key=key, digest_size=_SEAL_SIZE).digest()
