"""The provider's memory: one SQLite file, one writer at a time, and instants as whole microseconds."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from linli.money.payments.gateways.protocol import GatewayRefused

_SCHEMA = """
CREATE TABLE IF NOT EXISTS charges (
    reference TEXT PRIMARY KEY, provider_reference TEXT NOT NULL UNIQUE, content BLOB NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, channel TEXT NOT NULL,
    description TEXT NOT NULL, return_url TEXT NOT NULL, held INTEGER NOT NULL, state TEXT NOT NULL,
    requested_at INTEGER NOT NULL, received_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, paid_at INTEGER,
    fee INTEGER NOT NULL DEFAULT 0, refunded INTEGER NOT NULL DEFAULT 0, fee_returned INTEGER NOT NULL DEFAULT 0,
    shared INTEGER NOT NULL DEFAULT 0 CHECK (shared >= 0), CHECK (refunded <= amount), CHECK (fee_returned <= fee)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refunds (
    reference TEXT PRIMARY KEY, provider_reference TEXT NOT NULL UNIQUE, content BLOB NOT NULL,
    charge_reference TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL, fee_returned INTEGER NOT NULL, finished_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transfers (
    reference TEXT PRIMARY KEY, provider_reference TEXT NOT NULL UNIQUE, content BLOB NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
    finished_at INTEGER NOT NULL, returned_at INTEGER, return_known_at INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS splits (
    reference TEXT PRIMARY KEY, provider_reference TEXT NOT NULL UNIQUE, content BLOB NOT NULL, kind TEXT NOT NULL,
    charge_reference TEXT NOT NULL, moved INTEGER NOT NULL, held_after INTEGER NOT NULL, finished_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS split_shares (
    split_reference TEXT NOT NULL, receiver TEXT NOT NULL, amount INTEGER NOT NULL, returned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (split_reference, receiver), CHECK (returned <= amount)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS agreements (
    reference TEXT PRIMARY KEY, provider_reference TEXT NOT NULL UNIQUE, content BLOB NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, channel TEXT NOT NULL,
    description TEXT NOT NULL, return_url TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    requested_at INTEGER NOT NULL, received_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, changed_at INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notices (
    reference TEXT PRIMARY KEY, agreement_reference TEXT NOT NULL, content BLOB NOT NULL, amount INTEGER NOT NULL,
    told_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deductions (
    reference TEXT PRIMARY KEY, agreement_reference TEXT NOT NULL, content BLOB NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS movements (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, reference TEXT NOT NULL,
    charge_reference TEXT NOT NULL, provider_reference TEXT NOT NULL, channel TEXT NOT NULL,
    amount INTEGER NOT NULL, fee INTEGER NOT NULL, net INTEGER NOT NULL, currency TEXT NOT NULL,
    occurred_at INTEGER NOT NULL, UNIQUE (kind, reference)
);
CREATE INDEX IF NOT EXISTS movements_by_day ON movements (day, id);
CREATE TABLE IF NOT EXISTS bank_lines (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, reference TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, counterpart TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS bank_lines_once ON bank_lines (kind, reference) WHERE kind <> 'transfer';
CREATE INDEX IF NOT EXISTS bank_lines_by_day ON bank_lines (day, id);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, body BLOB NOT NULL, state TEXT NOT NULL,
    due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL, manner TEXT NOT NULL,
    last_answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS callbacks_due ON callbacks (due_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS callbacks_held ON callbacks (id) WHERE held = 1;
CREATE TABLE IF NOT EXISTS switches (
    name TEXT PRIMARY KEY, setting BLOB NOT NULL, left INTEGER NOT NULL, draws INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS plants (
    day TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, kind)
);
"""
_CACHE_KIB = 1024
_BUSY_S = 10.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class HomeInUse(Exception):
    """Another provider runs in this folder."""


def instant(micros: int) -> datetime:
    """This will turn stored microseconds into an aware instant."""
    return _EPOCH + micros * _MICROSECOND


def micros(at: datetime) -> int:
    """This will turn an aware instant into whole microseconds."""
    return (at - _EPOCH) // _MICROSECOND


def new_provider_reference(prefix: str) -> str:
    """This will make the provider's own number for an object."""
    return f"{prefix}{secrets.token_hex(12)}"


class Store:
    """The open database. A killed process leaves it whole: the write-ahead log holds every commit that was answered."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = home / "provider.sqlite"
        # An open exclusive transaction on a file of its own is a lock that ends with the process, on every system.
        self._guard = sqlite3.connect(
            home / "running.sqlite", timeout=0.5, isolation_level=None, check_same_thread=False
        )
        try:
            self._guard.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._guard.close()
            raise HomeInUse(f"another embedded provider runs in {home}") from error
        self._lock = threading.RLock()
        self._db = self._connect()
        self._db.executescript(_SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        return db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """This will hold the one writer's place and commit at the end, or leave everything as it was."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """This will open one unchanging view beside the writer, for long reads."""
        with closing(self._connect()) as db:
            db.execute("BEGIN")
            yield db

    def close(self) -> None:
        """This will let go of the folder."""
        with self._lock:
            self._db.close()
            self._guard.close()


def put(db: sqlite3.Connection, table: str, **values: str | bytes | int | None) -> None:
    """This will add one row."""
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(values.values()))


def row_of(db: sqlite3.Connection, table: str, reference: str) -> sqlite3.Row:
    """This will find an object by our reference, or refuse."""
    row: sqlite3.Row | None = db.execute(f"SELECT * FROM {table} WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        raise GatewayRefused("NOT_FOUND", f"nothing under {reference} in {table}")
    return row


def repeated(db: sqlite3.Connection, table: str, reference: str, content: bytes) -> sqlite3.Row | None:
    """This will find what an earlier call with this reference made, and refuse the reference with other content."""
    row: sqlite3.Row | None = db.execute(f"SELECT * FROM {table} WHERE reference = ?", (reference,)).fetchone()
    if row is not None and row["content"] != content:
        raise GatewayRefused("REFERENCE_REUSED", f"{reference} was used with other content")
    return row


def content_of(asked: object) -> bytes:
    """This will give what a repeated call must agree in: all but the instant at which it was asked."""
    fields = msgspec.to_builtins(asked)
    fields.pop("requested_at", None)
    return msgspec.json.encode(fields, order="deterministic")
