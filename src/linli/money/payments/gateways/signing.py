"""How two sides that share no secret prove who speaks: RSA-SHA256 over what is said, when, and a number used once.

A request signs `method, path, timestamp, nonce, body`; an answer or a call-back signs `timestamp, nonce, body`; each
part ends with a newline. Four headers carry the proof. The large Chinese providers sign in this manner, so an adapter
for one of them reuses this file.
"""

import base64
import binascii
import hashlib
import os
import secrets
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SERIAL = "Linli-Serial"
TIMESTAMP = "Linli-Timestamp"
NONCE = "Linli-Nonce"
SIGNATURE = "Linli-Signature"

CLOCK_WINDOW_S = 300
NONCE_LIMIT = 50_000
KEY_BITS = 2048
_HEADER_LIMIT = 1024


class Forged(Exception):
    """The signature does not fit what was said, or nobody we know made it."""


class Stale(Exception):
    """The signature fits, but its time lies outside the window."""


class Replayed(Exception):
    """The very same signed message came before."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The four headers of a signed message, taken from whatever mapping carried them."""

    serial: str
    timestamp: str
    nonce: str
    signature: str

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "Proof":
        """This will read the four headers, whatever their case; raises Forged where one is missing or absurd."""
        lowered = {name.lower(): value for name, value in headers.items()}
        values = [lowered.get(name.lower(), "") for name in (SERIAL, TIMESTAMP, NONCE, SIGNATURE)]
        if not all(0 < len(value) <= _HEADER_LIMIT for value in values):
            raise Forged("a signature header is missing or too long")
        proof = cls(*values)
        # A newline inside a part would let one message be read as another.
        if (
            not proof.timestamp.isascii()
            or not proof.timestamp.isdigit()
            or not (proof.nonce.isascii() and proof.nonce.isalnum())
        ):
            raise Forged("a signature header is malformed")
        return proof

    def as_headers(self) -> dict[str, str]:
        """This will give the headers as they travel."""
        return {SERIAL: self.serial, TIMESTAMP: self.timestamp, NONCE: self.nonce, SIGNATURE: self.signature}


def request_content(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """This will lay out a request as it is signed; `path` includes the query string."""
    return f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def message_content(timestamp: str, nonce: str, body: bytes) -> bytes:
    """This will lay out an answer or a call-back as it is signed."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def new_nonce() -> str:
    """This will make a number used once."""
    return secrets.token_hex(16)


def _serial_of(key: rsa.RSAPublicKey) -> str:
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:32]


class Signer:
    """A private key that speaks."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        self.serial = _serial_of(key.public_key())

    def sign_request(self, method: str, path: str, body: bytes, *, now_s: int) -> Proof:
        """This will sign a request with a fresh nonce."""
        timestamp, nonce = str(now_s), new_nonce()
        return self._prove(timestamp, nonce, request_content(method, path, timestamp, nonce, body))

    def sign_message(self, body: bytes, *, now_s: int, nonce: str = "") -> Proof:
        """This will sign a call-back, or an answer when the nonce of its request is given."""
        timestamp, nonce = str(now_s), nonce or new_nonce()
        return self._prove(timestamp, nonce, message_content(timestamp, nonce, body))

    def _prove(self, timestamp: str, nonce: str, content: bytes) -> Proof:
        signature = self._key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return Proof(self.serial, timestamp, nonce, base64.b64encode(signature).decode())


class Verifier:
    """The public keys of the other side, by serial, so that two may stand side by side while a key is being changed."""

    def __init__(self, *keys: rsa.RSAPublicKey) -> None:
        self._keys = {_serial_of(key): key for key in keys}

    def check_request(self, proof: Proof, method: str, path: str, body: bytes, *, now_s: int) -> None:
        """This will raise Forged or Stale unless the request is genuine and recent."""
        self._check(proof, request_content(method, path, proof.timestamp, proof.nonce, body), now_s)

    def check_message(self, proof: Proof, body: bytes, *, now_s: int) -> None:
        """This will raise Forged or Stale unless the call-back or answer is genuine and recent."""
        self._check(proof, message_content(proof.timestamp, proof.nonce, body), now_s)

    def _check(self, proof: Proof, content: bytes, now_s: int) -> None:
        key = self._keys.get(proof.serial)
        if key is None:
            raise Forged("unknown serial")
        try:
            key.verify(base64.b64decode(proof.signature, validate=True), content, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise Forged("the signature does not fit") from error
        # The signature is looked at first: only a genuine message may be called stale.
        if abs(now_s - int(proof.timestamp)) > CLOCK_WINDOW_S:
            raise Stale("outside the clock window")


class NonceCache:
    """The nonces of genuine requests, kept as long as the clock window could let them in again.

    It is a second fence: every call is idempotent by its reference. So a full cache forgets its oldest minute instead
    of refusing service.
    """

    def __init__(self, limit: int = NONCE_LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._minutes: dict[int, set[int]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def remember(self, proof: Proof, *, now_s: int) -> None:
        """This will note the nonce, or raise Replayed when it was seen before."""
        digest = hashlib.blake2b(f"{proof.serial}\n{proof.nonce}".encode(), digest_size=8).digest()
        mark = int.from_bytes(digest, "big")
        minute = int(proof.timestamp) // 60
        with self._lock:
            for old in [m for m in self._minutes if (m + 1) * 60 + CLOCK_WINDOW_S < now_s]:
                self._forget(old)
            seen = self._minutes.setdefault(minute, set())
            # The timestamp is signed, so the same message always looks into the same minute.
            if mark in seen:
                raise Replayed("this request came before")
            seen.add(mark)
            self._count += 1
            while self._count > self._limit and len(self._minutes) > 1:
                self._forget(min(self._minutes))
            if self._count > self._limit:
                seen.clear()
                seen.add(mark)
                self._count = 1

    def _forget(self, minute: int) -> None:
        self._count -= len(self._minutes.pop(minute))


@dataclass(frozen=True, slots=True)
class Identity:
    """One side of the conversation: the key it speaks with and the keys it believes."""

    signer: Signer
    verifier: Verifier


def provider_identity(folder: Path) -> Identity:
    """This will load (or make, once) the keys with which the embedded provider speaks."""
    return Identity(Signer(_private_key(folder, "provider")), Verifier(_private_key(folder, "merchant").public_key()))


PROVIDERS_KEY = "provider.pub.pem"
"""The public key that a real provider gave us. Whoever holds a provider's private key could forge its word, so only the
embedded one's stands beside ours."""


def merchant_identity(folder: Path) -> Identity:
    """This will load the keys with which Linli speaks to a provider: ours, and the public one that it gave us.

    Where there is no such key the provider is the embedded one, and both pairs are made, once.
    """
    given = folder / PROVIDERS_KEY
    if given.exists():
        return Identity(Signer(read_private_key(folder / "merchant.pem")), Verifier(read_public_key(given)))
    return Identity(Signer(_private_key(folder, "merchant")), Verifier(_private_key(folder, "provider").public_key()))


def read_private_key(path: Path) -> rsa.RSAPrivateKey:
    """This will read our own key; raises OSError, ValueError or TypeError for what is none."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key")
    return key


def read_public_key(path: Path) -> rsa.RSAPublicKey:
    """This will read a provider's key; raises OSError, ValueError or TypeError for what is none."""
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError(f"{path} holds no RSA key")
    return key


def _private_key(folder: Path, name: str) -> rsa.RSAPrivateKey:
    path = folder / f"{name}.pem"
    if not path.exists():
        _keep_new_key(path)
    return read_private_key(path)


def _keep_new_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Written aside (mkstemp gives mode 0600), then linked: of two processes that start together one key wins and
    # neither reads half a file.
    handle, aside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        Path(aside).unlink()
