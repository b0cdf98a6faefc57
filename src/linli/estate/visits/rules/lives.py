"""The lives of a pass and of an arrival, and the words for what happens at a gate."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class PassKind(StrEnum):
    """For how long a guest is expected."""

    ONCE = "once"
    DAYS = "days"
    STANDING = "standing"


class PassState(StrEnum):
    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


class PassVerb(StrEnum):
    INVITE = "invite"
    USE_UP = "use_up"
    REVOKE = "revoke"
    EXPIRE = "expire"


PASS_LIFE: Life[PassState, PassVerb] = Life(
    birth=PassState.OPEN,
    moves={
        (PassState.OPEN, PassVerb.USE_UP): PassState.USED,
        (PassState.OPEN, PassVerb.REVOKE): PassState.REVOKED,
        (PassState.OPEN, PassVerb.EXPIRE): PassState.EXPIRED,
    },
)


class ArrivalState(StrEnum):
    WAITING = "waiting"
    ALLOWED = "allowed"
    ENTERED = "entered"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ArrivalVerb(StrEnum):
    REGISTER = "register"
    ALLOW = "allow"
    REFUSE = "refuse"
    ENTER = "enter"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


ARRIVAL_LIFE: Life[ArrivalState, ArrivalVerb] = Life(
    birth=ArrivalState.WAITING,
    moves={
        (ArrivalState.WAITING, ArrivalVerb.ALLOW): ArrivalState.ALLOWED,
        (ArrivalState.WAITING, ArrivalVerb.REFUSE): ArrivalState.REFUSED,
        (ArrivalState.WAITING, ArrivalVerb.LAPSE): ArrivalState.LAPSED,
        (ArrivalState.WAITING, ArrivalVerb.WITHDRAW): ArrivalState.WITHDRAWN,
        (ArrivalState.ALLOWED, ArrivalVerb.ENTER): ArrivalState.ENTERED,
        (ArrivalState.ALLOWED, ArrivalVerb.LAPSE): ArrivalState.LAPSED,
        (ArrivalState.ALLOWED, ArrivalVerb.WITHDRAW): ArrivalState.WITHDRAWN,
    },
)


class Purpose(StrEnum):
    """Why somebody comes without a pass."""

    GUEST = "guest"
    COURIER = "courier"
    TAKEAWAY = "takeaway"
    CRAFTSMAN = "craftsman"
    OTHER = "other"


class Way(StrEnum):
    """What happened at a gate."""

    IN = "in"
    OUT = "out"
    TURNED_AWAY = "turned_away"


class WhyNot(StrEnum):
    """Why somebody is not let in."""

    UNKNOWN = "unknown"
    LOCKED = "locked"
    NOT_YET = "not_yet"
    OVER = "over"
    OTHER_DAY = "other_day"
    OTHER_HOURS = "other_hours"
    USED_UP = "used_up"
    REVOKED = "revoked"
