"""What a code is worth: how many tries, how long a lock, and the life of a handover."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from linli.kernel.life import Life

TRIES = 5
"""Wrong tries in a row before the handover is locked: a guesser finds one code in 200,000 before a quarter passes."""
LOCKED_FOR = timedelta(minutes=15)
_CODE = re.compile(r"\d{6}", re.ASCII)


class State(StrEnum):
    OPEN = "open"
    REDEEMED = "redeemed"
    CLOSED = "closed"


class Verb(StrEnum):
    REDEEM = "redeem"
    CLOSE = "close"


HANDOVER_LIFE: Life[State, Verb] = Life(
    birth=State.OPEN,
    moves={
        (State.OPEN, Verb.REDEEM): State.REDEEMED,
        (State.OPEN, Verb.CLOSE): State.CLOSED,
    },
)


class Redeemed(StrEnum):
    """What telling a code brought."""

    OK = "ok"
    WRONG = "wrong"
    LOCKED = "locked"
    CLOSED = "closed"


def code_of(text: str) -> str | None:
    """This will read a code as people type it (`123 456`, `123-456`), or None for what cannot be one."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _CODE.fullmatch(digits) else None
