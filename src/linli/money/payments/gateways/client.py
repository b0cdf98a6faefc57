"""A gateway that speaks signed JSON over HTTP: to the embedded provider; an adapter for another would stand beside it.

Every call is idempotent by its reference, so every call may be repeated, but only when nobody knows whether it took
effect: no answer, a 5xx, 408 or 429, or an answer that its signature does not cover. A signed refusal is final.
"""

import csv
import hashlib
import hmac
import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, TypeVar
from urllib.parse import urlsplit

import msgspec
import urllib3

from linli.money.payments.gateways.protocol import (
    BankLine,
    BillLine,
    Charge,
    ChargeStatus,
    ForgedCallback,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    Prepared,
    Refund,
    RefundStatus,
    Split,
    SplitReturn,
    SplitStatus,
    StaleCallback,
    Transfer,
    TransferStatus,
    Unfreeze,
)
from linli.money.payments.gateways.signing import Forged, Identity, Proof, Stale
from linli.money.payments.gateways.withholding import (
    Agreement,
    AgreementStatus,
    Deduction,
    DeductionNotice,
    Signing,
)
from linli.spine import decoding

DIGEST = "Linli-Digest"
CALLBACK_LIMIT_BYTES = 64 * 1024
_RETRYABLE = frozenset({408, 425, 429})
_SPOOL_IN_MEMORY_BYTES = 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NOT_IN_REFERENCE = frozenset("/?#\\ %.\n\r")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often to try, and how much to read."""

    connect_timeout_s: float = 2.0
    read_timeout_s: float = 10.0
    attempts: int = 3
    first_pause_s: float = 0.2
    pool_size: int = 16
    answer_bytes: int = 1024 * 1024
    file_bytes: int = 512 * 1024 * 1024


class HttpGateway:
    """A PaymentGateway and a WithholdingGateway at the other end of a URL. Threads may share one."""

    def __init__(
        self,
        base_url: str,
        identity: Identity,
        *,
        limits: Limits | None = None,
        epoch_s: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not a URL of a provider: {base_url!r}")
        self._base = base_url.rstrip("/")
        self._path_prefix = urlsplit(self._base).path
        self._identity = identity
        self._limits = limits or Limits()
        self._epoch_s = epoch_s
        self._pause = pause
        self._pool = urllib3.PoolManager(
            maxsize=self._limits.pool_size,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=self._limits.connect_timeout_s, read=self._limits.read_timeout_s),
        )

    def prepare(self, charge: Charge) -> Prepared:
        """This will open a charge that somebody can pay until it expires."""
        return self._call("POST", "/v1/charges", charge, Prepared)

    def query_charge(self, reference: str) -> ChargeStatus:
        """This will ask how a charge stands."""
        return self._call("GET", f"/v1/charges/{_segment(reference)}", None, ChargeStatus)

    def close_charge(self, reference: str) -> ChargeStatus:
        """This will close an unpaid charge, or answer that it is paid already."""
        return self._call("POST", f"/v1/charges/{_segment(reference)}/close", None, ChargeStatus)

    def request_refund(self, refund: Refund) -> RefundStatus:
        """This will give money back the way it came."""
        return self._call("POST", "/v1/refunds", refund, RefundStatus)

    def query_refund(self, reference: str) -> RefundStatus:
        """This will ask how a refund stands."""
        return self._call("GET", f"/v1/refunds/{_segment(reference)}", None, RefundStatus)

    def request_transfer(self, transfer: Transfer) -> TransferStatus:
        """This will pay out from the custody account."""
        return self._call("POST", "/v1/transfers", transfer, TransferStatus)

    def query_transfer(self, reference: str) -> TransferStatus:
        """This will ask how a payout stands."""
        return self._call("GET", f"/v1/transfers/{_segment(reference)}", None, TransferStatus)

    def split(self, split: Split) -> SplitStatus:
        """This will pay shares of a held charge to receivers."""
        return self._call("POST", "/v1/splits", split, SplitStatus)

    def return_split(self, split_return: SplitReturn) -> SplitStatus:
        """This will take a share back into the held charge."""
        return self._call("POST", "/v1/split-returns", split_return, SplitStatus)

    def unfreeze(self, unfreeze: Unfreeze) -> SplitStatus:
        """This will end the splitting of a charge and release the rest."""
        return self._call("POST", "/v1/unfreezes", unfreeze, SplitStatus)

    def query_split(self, reference: str) -> SplitStatus:
        """This will ask what a split, a return or an unfreeze did."""
        return self._call("GET", f"/v1/splits/{_segment(reference)}", None, SplitStatus)

    def contract(self, agreement: Agreement) -> Signing:
        """This will open an agreement that its payer can sign until it expires."""
        return self._call("POST", "/v1/agreements", agreement, Signing)

    def query_agreement(self, reference: str) -> AgreementStatus:
        """This will ask how an agreement stands."""
        return self._call("GET", f"/v1/agreements/{_segment(reference)}", None, AgreementStatus)

    def terminate(self, reference: str) -> AgreementStatus:
        """This will end an agreement, signed or not."""
        return self._call("POST", f"/v1/agreements/{_segment(reference)}/end", None, AgreementStatus)

    def announce(self, notice: DeductionNotice) -> AgreementStatus:
        """This will have the provider tell a payer of a deduction to come."""
        return self._call("POST", "/v1/deduction-notices", notice, AgreementStatus)

    def withhold(self, deduction: Deduction) -> ChargeStatus:
        """This will have the provider take a charge by an agreement."""
        return self._call("POST", "/v1/deductions", deduction, ChargeStatus)

    def fetch_bill(self, day: date) -> Iterator[BillLine]:
        """This will read the provider's bill of a day; no line is given before the whole file is proven genuine."""
        return self._rows(f"/v1/bills/{day.isoformat()}.csv", BillLine)

    def fetch_bank_file(self, day: date) -> Iterator[BankLine]:
        """This will read what the custody bank booked on a day, under the same proof."""
        return self._rows(f"/v1/bank-files/{day.isoformat()}.csv", BankLine)

    def verify_callback(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent:
        """This will read a call-back after proving that the provider sent it just now."""
        if len(body) > CALLBACK_LIMIT_BYTES:
            raise ForgedCallback("too long to be a call-back")
        try:
            proof = Proof.from_headers(headers)
            self._identity.verifier.check_message(proof, body, now_s=self._now_s())
        except Forged as error:
            raise ForgedCallback(str(error)) from error
        except Stale as error:
            raise StaleCallback(str(error)) from error
        try:
            return decoding.decode(body, GatewayEvent)
        except msgspec.MsgspecError as error:
            raise ForgedCallback("signed, but not an event") from error

    def close(self) -> None:
        """This will let go of the connections."""
        self._pool.clear()

    def _now_s(self) -> int:
        return int(self._epoch_s())

    def _call(self, method: str, path: str, content: object, answer_type: type[T]) -> T:
        body = b"" if content is None else msgspec.json.encode(content)

        def attempt() -> T:
            response, nonce = self._send(method, path, body)
            try:
                payload = _read_limited(response, self._limits.answer_bytes)
            finally:
                response.release_conn()
            self._check_answer(response, nonce, payload)
            try:
                return decoding.decode(payload, answer_type)
            except msgspec.MsgspecError as error:
                raise GatewayUnavailable(f"unreadable answer: {error}") from error

        return self._repeat(attempt)

    def _rows(self, path: str, row_type: type[T]) -> Iterator[T]:
        # The file lies on disk when it is large: memory stays bounded, and a file cut short yields nothing at all.
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY_BYTES) as spool:
            self._repeat(lambda: self._download(path, spool))
            spool.seek(0)
            for row in csv.DictReader(io.TextIOWrapper(spool, encoding="utf-8", newline="")):
                yield _typed_row(row, row_type)

    def _download(self, path: str, spool: IO[bytes]) -> None:
        spool.seek(0)
        spool.truncate()
        response, nonce = self._send("GET", path, b"")
        try:
            if response.status != 200:
                self._check_answer(response, nonce, _read_limited(response, self._limits.answer_bytes))
            digest, size = hashlib.sha256(), 0
            for chunk in _chunks(response):
                size += len(chunk)
                if size > self._limits.file_bytes:
                    raise GatewayUnavailable("the file is longer than we read")
                digest.update(chunk)
                spool.write(chunk)
            promised = response.headers.get(DIGEST, "")
            self._check_answer(response, nonce, promised.encode())
            if not hmac.compare_digest(promised, f"sha256={digest.hexdigest()}"):
                raise GatewayUnavailable("the file does not fit its digest")
        finally:
            # A file that was not read to its end leaves a connection that must not be used again.
            response.close()

    def _send(self, method: str, path: str, body: bytes) -> tuple[urllib3.BaseHTTPResponse, str]:
        proof = self._identity.signer.sign_request(method, self._path_prefix + path, body, now_s=self._now_s())
        headers = {**proof.as_headers(), "Content-Type": "application/json", "Accept": "application/json, text/csv"}
        try:
            response = self._pool.request(
                method, self._base + path, body=body or None, headers=headers, preload_content=False, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise GatewayUnavailable(f"no answer: {error}") from error
        return response, proof.nonce

    def _check_answer(self, response: urllib3.BaseHTTPResponse, nonce: str, payload: bytes) -> None:
        if response.status >= 500 or response.status in _RETRYABLE:
            raise GatewayUnavailable(f"the provider answered {response.status}")
        try:
            proof = Proof.from_headers(response.headers)
            self._identity.verifier.check_message(proof, payload, now_s=self._now_s())
        except (Forged, Stale) as error:
            raise GatewayUnavailable(f"the answer ({response.status}) is not proven: {error}") from error
        if proof.nonce != nonce:
            raise GatewayUnavailable("the answer belongs to another request")
        if response.status != 200:
            raise _refusal(response.status, payload)

    def _repeat(self, attempt: Callable[[], T]) -> T:
        for tried in range(1, self._limits.attempts + 1):
            try:
                return attempt()
            except GatewayUnavailable:
                if tried == self._limits.attempts:
                    raise
            # Doubling, with a little chance so that many callers do not come back at one instant.
            self._pause(self._limits.first_pause_s * 2 ** (tried - 1) * random.uniform(0.8, 1.2))  # noqa: S311
        raise AssertionError("a gateway makes at least one attempt")


class _Refusal(msgspec.Struct):
    code: str
    message: str


def _refusal(status: int, payload: bytes) -> GatewayRefused:
    try:
        said = decoding.decode(payload, _Refusal)
    except msgspec.MsgspecError:
        return GatewayRefused(f"HTTP_{status}", "refused without words")
    return GatewayRefused(said.code, said.message)


def _segment(reference: str) -> str:
    if not reference or len(reference) > 64 or _NOT_IN_REFERENCE.intersection(reference):
        raise GatewayRefused("BAD_REFERENCE", f"not a reference: {reference[:64]!r}")
    return reference


def _typed_row(row: dict[str, str], row_type: type[T]) -> T:
    try:
        return decoding.convert(row, row_type, strict=False)
    except msgspec.MsgspecError as error:
        raise GatewayUnavailable(f"unreadable line: {error}") from error


def _chunks(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    try:
        yield from response.stream(_CHUNK_BYTES)
    except urllib3.exceptions.HTTPError as error:
        raise GatewayUnavailable(f"the answer broke off: {error}") from error


def _read_limited(response: urllib3.BaseHTTPResponse, limit: int) -> bytes:
    taken = bytearray()
    for chunk in _chunks(response):
        taken += chunk
        if len(taken) > limit:
            response.close()
            raise GatewayUnavailable("the answer is longer than we read")
    return bytes(taken)
