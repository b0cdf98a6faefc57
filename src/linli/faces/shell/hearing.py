"""What a live part of a page may be told of: `hears(request.shop)` in a template seals the topics for the browser."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from linli.faces.shell.clock import now
from linli.spine import hints


def live_at() -> str:
    """This will tell where the live process is; nothing where there is none, and pages look by the clock."""
    at: str = settings.LIVE_AT
    return at


def hears(*topics: hints.Topic) -> str:
    """This will seal what a part listens to: a module's word, an id, or a pair of both (spine/hints)."""
    if not topics or not live_at():
        return ""
    return hints.token(topics[: hints.MOST_TOPICS], key=_key(settings.SECRET_KEY), at=now())


def hears_of(word: str, things: Iterable[UUID]) -> str:
    """This will seal what a module says of some things, such as the communities somebody works for."""
    return hears(*((word, thing) for thing in things))


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hints.key_of(secret.encode())
