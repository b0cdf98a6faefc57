"""The lives of a work order, of its quotes and of an outage."""

from __future__ import annotations

from enum import StrEnum

from linli.estate.workorders.rules.words import Kind
from linli.kernel.life import Life


class WorkState(StrEnum):
    RAISED = "raised"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    WORKING = "working"
    PAUSED = "on_hold"
    QUOTED = "quoted"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class WorkVerb(StrEnum):
    RAISE = "raise"
    GIVE = "give"
    GRAB = "grab"
    TRANSFER = "transfer"
    RETURN = "return"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    PAUSE = "pause"
    RESUME = "resume"
    QUOTE = "quote"
    AGREE = "agree"
    DECLINE = "decline"
    LAPSE = "lapse"
    FINISH = "report_done"
    RATE = "rate"
    VISIT = "visit"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    ESCALATE = "escalate"


_S, _V = WorkState, WorkVerb
WORK_LIFE = Life(
    birth=_S.RAISED,
    moves={
        (_S.RAISED, _V.GIVE): _S.ASSIGNED,
        (_S.RAISED, _V.GRAB): _S.ACCEPTED,
        (_S.RAISED, _V.CANCEL): _S.CANCELLED,
        (_S.RAISED, _V.FINISH): _S.DONE,
        (_S.ASSIGNED, _V.ACCEPT): _S.ACCEPTED,
        (_S.ASSIGNED, _V.TRANSFER): _S.ASSIGNED,
        (_S.ASSIGNED, _V.RETURN): _S.RAISED,
        (_S.ASSIGNED, _V.CANCEL): _S.CANCELLED,
        (_S.ASSIGNED, _V.FINISH): _S.DONE,
        (_S.ACCEPTED, _V.ARRIVE): _S.WORKING,
        (_S.ACCEPTED, _V.TRANSFER): _S.ASSIGNED,
        (_S.ACCEPTED, _V.RETURN): _S.RAISED,
        (_S.ACCEPTED, _V.CANCEL): _S.CANCELLED,
        (_S.ACCEPTED, _V.FINISH): _S.DONE,
        (_S.WORKING, _V.PAUSE): _S.PAUSED,
        (_S.WORKING, _V.QUOTE): _S.QUOTED,
        (_S.WORKING, _V.TRANSFER): _S.ASSIGNED,
        (_S.WORKING, _V.RETURN): _S.RAISED,
        (_S.WORKING, _V.FINISH): _S.DONE,
        (_S.PAUSED, _V.RESUME): _S.WORKING,
        (_S.PAUSED, _V.TRANSFER): _S.ASSIGNED,
        (_S.PAUSED, _V.RETURN): _S.RAISED,
        (_S.QUOTED, _V.AGREE): _S.WORKING,
        (_S.QUOTED, _V.DECLINE): _S.WORKING,
        (_S.QUOTED, _V.LAPSE): _S.WORKING,
        (_S.DONE, _V.RATE): _S.DONE,
        (_S.DONE, _V.VISIT): _S.DONE,
        (_S.DONE, _V.REOPEN): _S.RAISED,
        (_S.DONE, _V.CLOSE): _S.CLOSED,
        (_S.RAISED, _V.ESCALATE): _S.RAISED,
        (_S.ASSIGNED, _V.ESCALATE): _S.ASSIGNED,
        (_S.ACCEPTED, _V.ESCALATE): _S.ACCEPTED,
        (_S.WORKING, _V.ESCALATE): _S.WORKING,
    },
)
OPEN = (_S.RAISED, _S.ASSIGNED, _S.ACCEPTED, _S.WORKING, _S.PAUSED, _S.QUOTED)
"""Not done yet."""
IN_HAND = (_S.ASSIGNED, _S.ACCEPTED, _S.WORKING, _S.PAUSED, _S.QUOTED)
"""What counts as a worker's open job."""
HURRIED = (_S.RAISED, _S.ASSIGNED, _S.ACCEPTED, _S.WORKING)
"""Here the company is waited for: the clock runs, and what is late is told upwards."""
WITHOUT_A_VISIT = frozenset({Kind.COMPLAINT})
"""These may be finished without having arrived: they are answered, by the desk even before anybody has them."""


class QuoteState(StrEnum):
    OFFERED = "offered"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"


class QuoteVerb(StrEnum):
    AGREE = "agree"
    DECLINE = "decline"
    LAPSE = "lapse"


QUOTE_LIFE = Life(
    birth=QuoteState.OFFERED,
    moves={
        (QuoteState.OFFERED, QuoteVerb.AGREE): QuoteState.AGREED,
        (QuoteState.OFFERED, QuoteVerb.DECLINE): QuoteState.DECLINED,
        (QuoteState.OFFERED, QuoteVerb.LAPSE): QuoteState.LAPSED,
    },
)


class OutageState(StrEnum):
    ANNOUNCED = "announced"
    OVER = "over"
    CALLED_OFF = "called_off"


class OutageVerb(StrEnum):
    ANNOUNCE = "announce"
    CHANGE = "change"
    END = "end"
    CALL_OFF = "call_off"


OUTAGE_LIFE = Life(
    birth=OutageState.ANNOUNCED,
    moves={
        (OutageState.ANNOUNCED, OutageVerb.CHANGE): OutageState.ANNOUNCED,
        (OutageState.ANNOUNCED, OutageVerb.END): OutageState.OVER,
        (OutageState.ANNOUNCED, OutageVerb.CALL_OFF): OutageState.CALLED_OFF,
    },
)
