"""Messages to other programs, signed as the Standard Webhooks specification says: who hears one can prove it ours."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64
"""How long a secret is by the specification."""


def new_secret() -> str:
    """This will draw a secret of 256 bits, written as the specification says."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """This will tell whether a text is a secret as the specification writes it: whsec_, 24 to 64 bytes in base64."""
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text.startswith(PREFIX) and LEAST_BYTES <= len(key) <= MOST_BYTES


def signed(secret: str, *, message: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """This will make the three headers of a message that is sent now."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    moment = str(int(at.timestamp()))
    mark = hmac.digest(key, f"{message}.{moment}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": str(message),
        "webhook-timestamp": moment,
        "webhook-signature": "v1," + base64.b64encode(mark).decode(),
    }
