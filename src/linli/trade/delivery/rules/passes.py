"""A courier's pass: figures for the guard at the gate, good for one task while its goods are in the courier's hands.

Nothing is kept of it: a pass follows from the task, who carries it and since when. Given to somebody else, handed over,
failed or called off, it is worth nothing in the same moment.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum

from linli.kernel.ids import PartyId, TaskId
from linli.trade.delivery.rules.lives import Custody, TaskState

_TYPED = re.compile(r"K[\s-]*(\d{3})[\s-]*(\d{3})", re.ASCII | re.IGNORECASE)
_RIDING = (TaskState.EN_ROUTE, TaskState.ARRIVED)


class PassNo(StrEnum):
    """Why a courier is not let in."""

    UNKNOWN = "unknown"
    OVER = "over"
    TURNED_AWAY = "turned_away"


def pass_code(secret: bytes, *, task: TaskId, courier: PartyId, since: datetime) -> str:
    """This will give the figures of a pass: a K, so that nobody takes them for a visitor's, and six digits."""
    said = f"courier pass {task} {courier} {since.timestamp():.6f}".encode()
    return f"K{int.from_bytes(hmac.digest(secret, said, hashlib.sha256)[:8]) % 1_000_000:06}"


def read_pass(typed: str) -> str | None:
    """This will read a pass as people type it (`k482 107`), or None for what is no courier's pass."""
    found = _TYPED.fullmatch(typed.strip())
    return f"K{found[1]}{found[2]}" if found else None


def has_pass(state: TaskState, goods: Custody) -> bool:
    """This will tell whether a task takes its courier to a gate: with the goods, or for what nobody fetched."""
    return goods is Custody.POINT or (goods is Custody.COURIER and state in _RIDING)


def pass_ends(*, due_at: datetime | None, promised_at: datetime, minutes: int) -> datetime:
    """This will tell until when a pass is good: so long beyond the task's deadline, or its promise if that is later."""
    return max(due_at or promised_at, promised_at) + timedelta(minutes=minutes)
