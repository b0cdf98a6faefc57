"""Codes and links: what a guest shows, and what cannot be guessed.

A link is the pass's id and 128 bits that only the house can make; a gate token is signed with the house's own key, so
that a machine that has nothing but the public half can check it without a network.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from linli.kernel.ids import CommunityId, VisitPassId

_CODE = re.compile(r"\d{6}", re.ASCII)
_PLATE = re.compile(r"[\s·.\-]")
_MARK_BYTES = 16
_VERSION, _KEY = 1, 1
_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_BODY = 32


def new_code() -> str:
    """This will draw six digits; whoever keeps them makes sure that no open pass of the community has them."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_of(text: str) -> str | None:
    """This will read a code as people type it (`123 456`), or None for what cannot be one."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _CODE.fullmatch(digits) else None


def plate_of(text: str) -> str:
    """This will write a plate as cameras read it: without spaces and dots, in capitals."""
    return _PLATE.sub("", text).upper()


def link_word(visit_pass: VisitPassId, secret: bytes) -> str:
    """This will make the word under which a guest opens their pass without signing in."""
    return base64.urlsafe_b64encode(visit_pass.bytes + _mark(visit_pass.bytes, secret)).rstrip(b"=").decode()


def read_link(word: str, secret: bytes) -> VisitPassId | None:
    """This will give the pass of a word that we made, or None for any other text."""
    try:
        body = base64.b64decode(word.encode("ascii") + b"=" * (-len(word) % 4), altchars=b"-_", validate=True)
    except (ValueError, UnicodeEncodeError):
        return None
    if len(body) != 16 + _MARK_BYTES or not hmac.compare_digest(body[16:], _mark(body[:16], secret)):
        return None
    return VisitPassId(UUID(bytes=body[:16]))


def _mark(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"linli.visits.link\0" + body, hashlib.sha256)[:_MARK_BYTES]


@dataclass(frozen=True, slots=True)
class GateToken:
    """What a machine reads from a pass without asking the house; `uses` 0 is without a limit, `place` is a digest."""

    visit_pass: VisitPassId
    place: bytes
    starts_at: datetime
    ends_at: datetime
    uses: int


def place_digest(community: CommunityId) -> bytes:
    """This will shorten a community to the four bytes by which a machine knows whether a pass is for its site."""
    return hashlib.sha256(b"linli.visits.place\0" + community.bytes).digest()[:4]


def gate_token(token: GateToken, secret: bytes) -> str:
    """This will sign a pass for machines: 32 bytes and an ed25519 signature, 144 characters of base45."""
    begins = int((token.starts_at - _EPOCH) / _MINUTE)
    lasts = -int((token.starts_at - token.ends_at) // _MINUTE)
    body = bytes((_VERSION, _KEY, 0, token.uses)) + token.place + token.visit_pass.bytes
    body += begins.to_bytes(4, "big") + lasts.to_bytes(4, "big")
    return _to_base45(body + _key(secret).sign(body))


def read_gate_token(text: str, public_key: bytes) -> GateToken | None:
    """This will check a pass as a machine does, with the public key alone; None for what we did not sign."""
    raw = _from_base45(text)
    if raw is None or len(raw) != _BODY + 64 or raw[:2] != bytes((_VERSION, _KEY)):
        return None
    body, signature = raw[:_BODY], raw[_BODY:]
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, body)
    except InvalidSignature:
        return None
    starts_at = _EPOCH + int.from_bytes(body[24:28], "big") * _MINUTE
    ends_at = starts_at + int.from_bytes(body[28:32], "big") * _MINUTE
    return GateToken(VisitPassId(UUID(bytes=body[8:24])), body[4:8], starts_at, ends_at, body[3])


def gate_key(secret: bytes) -> bytes:
    """This will give the public key that machines are given."""
    return _key(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(secret, b"linli.visits.gate", hashlib.sha256))


def _to_base45(raw: bytes) -> str:
    said = []
    for n in range(0, len(raw), 2):
        pair = raw[n : n + 2]
        value = int.from_bytes(pair, "big")
        for _digit in range(len(pair) + 1):
            value, rest = divmod(value, 45)
            said.append(_BASE45[rest])
    return "".join(said)


def _from_base45(text: str) -> bytes | None:
    raw = bytearray()
    for n in range(0, len(text), 3):
        part = [_BASE45.find(c) for c in text[n : n + 3]]
        value = sum(digit * 45**power for power, digit in enumerate(part))
        if min(part) < 0 or len(part) < 2 or value >= 256 ** (len(part) - 1):
            return None
        raw += value.to_bytes(len(part) - 1, "big")
    return bytes(raw)
