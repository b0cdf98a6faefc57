"""The lives and kinds of permits, relocations and releases."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class PermitState(StrEnum):
    ASKED = "asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted"
    """Deposit and fee are still to be paid."""
    LAPSED = "lapsed"
    WORKING = "working"
    STOPPED = "stopped"
    FINISHED = "finished"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class PermitVerb(StrEnum):
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    BEGIN = "begin"
    STOP = "stop"
    RESUME = "resume"
    FINISH = "finish"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    CLOSE = "close"


_P, _V = PermitState, PermitVerb
PERMIT_LIFE = Life(
    birth=_P.ASKED,
    moves={
        (_P.ASKED, _V.GRANT): _P.GRANTED,
        (_P.ASKED, _V.REFUSE): _P.REFUSED,
        (_P.ASKED, _V.WITHDRAW): _P.WITHDRAWN,
        (_P.GRANTED, _V.BEGIN): _P.WORKING,
        (_P.GRANTED, _V.LAPSE): _P.LAPSED,
        (_P.GRANTED, _V.WITHDRAW): _P.WITHDRAWN,
        (_P.WORKING, _V.STOP): _P.STOPPED,
        (_P.STOPPED, _V.RESUME): _P.WORKING,
        (_P.WORKING, _V.FINISH): _P.FINISHED,
        (_P.FINISHED, _V.SEND_BACK): _P.WORKING,
        (_P.FINISHED, _V.ACCEPT): _P.ACCEPTED,
        (_P.ACCEPTED, _V.CLOSE): _P.CLOSED,
    },
)
"""Accepted works are watched for some days (water comes through slowly) before the deposit goes back."""
SETTLED_IN = (PermitState.ACCEPTED, PermitState.WITHDRAWN, PermitState.LAPSED)
"""The states in which a deposit that is held goes back."""
DESK_WAITS_IN = (
    PermitState.ASKED,
    PermitState.WORKING,
    PermitState.STOPPED,
    PermitState.FINISHED,
    PermitState.ACCEPTED,
)
"""The states of works past whose deadline somebody of the desk has to act; an unpaid permit lapses by itself."""
NOBODY, STEWARDS, MANAGERS = 0, 1, 2
"""Who has been told that something is late."""


class Look(StrEnum):
    """What an inspection came to."""

    FINE = "fine"
    VIOLATION = "violation"
    STOP = "stop"
    RESUME = "resume"
    ACCEPT = "accept"
    SEND_BACK = "send_back"


class Direction(StrEnum):
    MOVE_IN = "move_in"
    MOVE_OUT = "move_out"


class Check(StrEnum):
    """What is done when somebody moves."""

    DUES = "dues"
    KEYS = "keys"
    METERS = "meters"
    CARDS = "cards"
    HANDBOOK = "handbook"


class RelocationState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"


class RelocationVerb(StrEnum):
    FINISH = "finish"
    CALL_OFF = "call_off"
    LAPSE = "lapse"


RELOCATION_LIFE = Life(
    birth=RelocationState.OPEN,
    moves={
        (RelocationState.OPEN, RelocationVerb.FINISH): RelocationState.DONE,
        (RelocationState.OPEN, RelocationVerb.CALL_OFF): RelocationState.CALLED_OFF,
        (RelocationState.OPEN, RelocationVerb.LAPSE): RelocationState.LAPSED,
    },
)


class ReleaseState(StrEnum):
    ISSUED = "issued"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ReleaseVerb(StrEnum):
    USE = "use"
    REVOKE = "revoke"
    EXPIRE = "expire"


RELEASE_LIFE = Life(
    birth=ReleaseState.ISSUED,
    moves={
        (ReleaseState.ISSUED, ReleaseVerb.USE): ReleaseState.USED,
        (ReleaseState.ISSUED, ReleaseVerb.REVOKE): ReleaseState.REVOKED,
        (ReleaseState.ISSUED, ReleaseVerb.EXPIRE): ReleaseState.EXPIRED,
    },
)
