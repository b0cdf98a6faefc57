"""Secrets that have to be read again (a shared key, an authenticator's seed) stand in tables only sealed.

What only has to be compared (codes, tokens) is hashed instead and can never be read.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def sealed(secret: str, house_secret: bytes, *, purpose: str) -> bytes:
    """This will encrypt a secret for a table, with a key that only the house's own secret and the purpose give."""
    return _box(house_secret, purpose).encrypt(secret.encode())


def unsealed(kept: bytes, house_secret: bytes, *, purpose: str) -> str:
    """This will decrypt a secret of a table; one sealed for another purpose raises `cryptography`'s `InvalidToken`."""
    return _box(house_secret, purpose).decrypt(kept).decode()


def key_for(house_secret: bytes, *, purpose: str) -> bytes:
    """This will give a key that only the house's own secret and the purpose give."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"linli.{purpose}".encode()).derive(house_secret)


def _box(house_secret: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(house_secret, purpose=purpose)))
