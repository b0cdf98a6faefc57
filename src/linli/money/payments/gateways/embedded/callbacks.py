"""Telling the merchant: queued call-backs are sent until somebody answers 2xx, faster at first, then ever more slowly.

A call-back is claimed in the database before it is sent. A killed process leaves claims behind; the next start takes
them up again, so each event is told at least once and always under its own event id.
"""

import http.client
import queue
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa

from linli.money.payments.gateways.embedded.provider import real_now
from linli.money.payments.gateways.embedded.store import Store, micros
from linli.money.payments.gateways.embedded.switches import Name
from linli.money.payments.gateways.signing import CLOCK_WINDOW_S, KEY_BITS, Proof, Signer
from linli.spine import decoding

BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 180.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0)
WORKERS = 4
_CLAIM = 32
_TIMEOUT_S = 5.0
_IDLE_S = 1.0
_ANSWER_LIMIT_BYTES = 64 * 1024


class Waiting(msgspec.Struct, frozen=True):
    """How one call-back stands, for whoever drives the provider."""

    event_id: str
    state: str
    attempts: int
    manner: str
    last_answer: str


class Dispatcher:
    """One thread that claims what is due, and a few that send it."""

    def __init__(
        self, store: Store, signer: Signer, callback_url: str, *, pace: float, now: Callable[[], datetime] = real_now
    ) -> None:
        target = urlsplit(callback_url)
        if target.scheme != "http" or not target.hostname:
            raise ValueError(f"call-backs go to an http URL on this machine, not to {callback_url!r}")
        self._host, self._port = target.hostname, target.port or 80
        self._path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        self._store, self._signer, self._pace, self._now = store, signer, pace, now
        self._forger: Signer | None = None
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._claimed: queue.Queue[sqlite3.Row | None] = queue.Queue(maxsize=_CLAIM)
        self._threads = [threading.Thread(target=self._claim_for_ever, name="claim", daemon=True)]
        self._threads += [
            threading.Thread(target=self._send_for_ever, name=f"send-{n}", daemon=True) for n in range(WORKERS)
        ]

    def start(self) -> None:
        """This will take up what a former process left, and begin."""
        with self._store.transaction() as db:
            db.execute("UPDATE callbacks SET state = 'pending', due_at = ? WHERE state = 'sending'", (self._micros(),))
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """This will look at the queue now instead of at the next tick."""
        self._due.set()

    def stop(self) -> None:
        """This will end after the messages that are being sent."""
        self._stopping.set()
        self._due.set()
        for thread in self._threads:
            thread.join(timeout=_TIMEOUT_S + 1)

    def _micros(self, after_s: float = 0.0) -> int:
        return micros(self._now() + timedelta(seconds=after_s))

    def _claim_for_ever(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            with self._store.transaction() as db:
                claimed = db.execute(
                    "UPDATE callbacks SET state = 'sending', attempts = attempts + 1 WHERE id IN ("
                    "SELECT id FROM callbacks WHERE state = 'pending' AND due_at <= ? ORDER BY due_at LIMIT ?"
                    ") RETURNING *",
                    (self._micros(), _CLAIM),
                ).fetchall()
                following = db.execute("SELECT min(due_at) FROM callbacks WHERE state = 'pending'").fetchone()[0]
            for row in sorted(claimed, key=lambda row: (row["due_at"], row["id"])):
                self._claimed.put(row)
            if following is None:
                self._due.wait(_IDLE_S)
            else:
                self._due.wait(min(_IDLE_S, max(0.0, (following - self._micros()) / 1_000_000)))
        for _ in range(WORKERS):
            self._claimed.put(None)

    def _send_for_ever(self) -> None:
        line = _Line(self._host, self._port)
        while (row := self._claimed.get()) is not None:
            if self._stopping.is_set():
                continue  # stays claimed; the next start takes it up
            self._settle(row, self._send(line, row))
        line.close()

    def _send(self, line: "_Line", row: sqlite3.Row) -> str:
        body, manner, now_s = row["body"], row["manner"].split(), int(self._now().timestamp())
        if Name.FORGE in manner and row["attempts"] == 1:
            lie = _with_tenfold_amount(body)
            line.post(self._path, lie, self._forged_proof(lie, now_s))
        if Name.STALE in manner and row["attempts"] == 1:
            line.post(self._path, body, self._signer.sign_message(body, now_s=now_s - 2 * CLOCK_WINDOW_S))
        answer = line.post(self._path, body, self._signer.sign_message(body, now_s=now_s))
        if Name.DUPLICATE in manner and row["attempts"] == 1:
            line.post(self._path, body, self._signer.sign_message(body, now_s=now_s))
        return answer

    def _settle(self, row: sqlite3.Row, answer: str) -> None:
        told = answer.startswith("2")
        step = row["attempts"] - 1
        state = "delivered" if told else "pending" if step < len(BACK_OFF_S) else "given_up"
        due_at = row["due_at"] if step >= len(BACK_OFF_S) else self._micros(BACK_OFF_S[step] * self._pace)
        with self._store.transaction() as db:
            db.execute(
                "UPDATE callbacks SET state = ?, due_at = ?, last_answer = ? WHERE id = ? AND state = 'sending'",
                (state, due_at, answer, row["id"]),
            )
            if told and not row["held"]:
                # What was held back to come out of order goes now that another has gone before it.
                freed = db.execute(
                    "UPDATE callbacks SET due_at = ?, held = 0 WHERE held = 1 AND state = 'pending' AND id < ?",
                    (self._micros(), row["id"]),
                ).rowcount
                if freed:
                    self.wake()
        if not told:
            self.wake()

    def _forged_proof(self, body: bytes, now_s: int) -> Proof:
        if self._forger is None:
            self._forger = Signer(rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS))
        proof = self._forger.sign_message(body, now_s=now_s)
        return Proof(self._signer.serial, proof.timestamp, proof.nonce, proof.signature)


def waiting(store: Store, limit: int) -> list[Waiting]:
    """This will list the latest call-backs, newest first."""
    with store.transaction() as db:
        rows = db.execute("SELECT * FROM callbacks ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
    return [Waiting(row["event_id"], row["state"], row["attempts"], row["manner"], row["last_answer"]) for row in rows]


def tally(store: Store) -> dict[str, int]:
    """This will count the call-backs by state."""
    with store.transaction() as db:
        return dict(db.execute("SELECT state, count(*) FROM callbacks GROUP BY state LIMIT 10").fetchall())


class _Line:
    """One kept-alive connection to the merchant."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)

    def post(self, path: str, body: bytes, proof: Proof) -> str:
        """This will send one message and give the status, or what went wrong."""
        headers = {**proof.as_headers(), "Content-Type": "application/json"}
        # A kept connection that the other side closed meanwhile shows only when it is used: then once more on
        # a new one.
        fresh = self._connection.sock is None
        answer = self._try(path, body, headers)
        return self._try(path, body, headers) if answer.startswith("broken") and not fresh else answer

    def close(self) -> None:
        """This will hang up."""
        self._connection.close()

    def _try(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        try:
            self._connection.request("POST", path, body=body, headers=headers)
            response = self._connection.getresponse()
            if len(response.read(_ANSWER_LIMIT_BYTES)) >= _ANSWER_LIMIT_BYTES:
                self._connection.close()
        except TimeoutError:
            self._connection.close()
            return "timed out"
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return f"broken: {type(error).__name__}"
        return str(response.status)


def _with_tenfold_amount(body: bytes) -> bytes:
    event = decoding.decode(body, dict[str, object])
    amount = event["amount_minor"]
    return msgspec.json.encode({**event, "amount_minor": amount * 10 if isinstance(amount, int) else amount})
