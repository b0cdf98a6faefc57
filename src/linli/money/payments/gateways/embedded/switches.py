"""The planted misbehaviours: which there are, how often each strikes, by a chance that repeats with its seed."""

import hashlib
import sqlite3
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from linli.money.payments.gateways.protocol import GatewayRefused
from linli.spine import decoding


class Name(StrEnum):
    """First call-backs, then the payer's and merchant's calls, then the line itself."""

    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    FORGE = "forge"
    STALE = "stale"
    WRONG_AMOUNT = "wrong_amount"
    DROP = "drop"
    LATE_SUCCESS = "late_success"
    DECLINE = "decline"
    INSUFFICIENT = "insufficient"
    PAYER_ENDS = "payer_ends"
    REFUND_FAILURE = "refund_failure"
    TRANSFER_FAILURE = "transfer_failure"
    PAYOUT_RETURN = "payout_return"
    TIMEOUT = "timeout"
    ERROR_500 = "error_500"
    GARBAGE = "garbage"


class Difference(StrEnum):
    """The five ways in which a provider's bill and our books can differ."""

    CHANNEL_MISSING = "CHANNEL_MISSING"
    LOCAL_MISSING = "LOCAL_MISSING"
    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    STATUS_MISMATCH = "STATUS_MISMATCH"
    REFUND_MISMATCH = "REFUND_MISMATCH"


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Strike the next `count` times, and after that with `probability`.

    `only` is what the reference (for the last three switches: the path) must start with; `seconds` is how long a
    delay or silence lasts.
    """

    count: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    probability: Annotated[float, Meta(ge=0, le=1)] = 0.0
    seconds: Annotated[float, Meta(ge=0, le=600)] = 5.0
    only: Annotated[str, Meta(max_length=200)] = ""
    seed: Annotated[int, Meta(ge=0)] = 0


class Plant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Differences to plant in the bill of a day; a count of zero pulls them out."""

    day: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    kind: Difference
    count: Annotated[int, Meta(ge=0, le=1000)]


class Switchboard:
    """The switches in force. Settings outlive the process; a board with nothing set costs no query."""

    def __init__(self, db: sqlite3.Connection) -> None:
        rows = db.execute("SELECT name, setting FROM switches LIMIT 100")
        self._settings = {Name(row["name"]): decoding.decode(row["setting"], Setting) for row in rows}

    def settings(self) -> dict[Name, Setting]:
        """This will tell what is set."""
        return dict(self._settings)

    def turn(self, db: sqlite3.Connection, settings: dict[Name, Setting]) -> None:
        """This will set the named switches anew and leave the others; an all-zero setting turns one off."""
        for name, setting in settings.items():
            if not setting.count and not setting.probability:
                db.execute("DELETE FROM switches WHERE name = ?", (name,))
                self._settings.pop(name, None)
                continue
            db.execute(
                "INSERT OR REPLACE INTO switches (name, setting, left, draws) VALUES (?, ?, ?, 0)",
                (name, msgspec.json.encode(setting), setting.count),
            )
            self._settings[name] = setting

    def strikes(self, db: sqlite3.Connection, name: Name, subject: str) -> Setting | None:
        """This will give the setting if the switch strikes this time, and count it."""
        setting = self._settings.get(name)
        if setting is None or not subject.startswith(setting.only):
            return None
        taken = db.execute("UPDATE switches SET left = left - 1 WHERE name = ? AND left > 0", (name,)).rowcount
        if taken:
            return setting
        if not setting.probability:
            return None
        db.execute("UPDATE switches SET draws = draws + 1 WHERE name = ?", (name,))
        draws = db.execute("SELECT draws FROM switches WHERE name = ?", (name,)).fetchone()[0]
        return setting if _chance(setting.seed, name, draws) < setting.probability else None

    def is_set(self, name: Name) -> bool:
        """This will tell cheaply whether asking `strikes` can make sense."""
        return name in self._settings


def plant(db: sqlite3.Connection, plants: list[Plant]) -> None:
    """This will keep which differences the bill of a day is to show."""
    for one in plants:
        db.execute("INSERT OR REPLACE INTO plants (day, kind, count) VALUES (?, ?, ?)", (one.day, one.kind, one.count))


def planted(db: sqlite3.Connection, day: str) -> dict[Difference, int]:
    """This will tell which differences the bill of a day is to show."""
    rows = db.execute("SELECT kind, count FROM plants WHERE day = ? AND count > 0 LIMIT 10", (day,))
    return {Difference(row["kind"]): row["count"] for row in rows}


def parse_settings(payload: bytes) -> dict[Name, Setting]:
    """This will read switch settings as they travel."""
    try:
        return decoding.decode(payload, dict[Name, Setting])
    except msgspec.MsgspecError as error:
        raise GatewayRefused("BAD_REQUEST", str(error)) from error


def _chance(seed: int, name: Name, draw: int) -> float:
    digest = hashlib.sha256(f"{seed}\n{name}\n{draw}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
