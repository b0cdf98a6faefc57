"""The lives of a task, an offer, a run and a shift."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class TaskState(StrEnum):
    TODO = "todo"
    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    DONE = "done"
    FAILED = "failed"
    CALLED_OFF = "called_off"


class TaskVerb(StrEnum):
    ASK = "ask"
    ASSIGN = "assign"
    TAKE_BACK = "take_back"
    COLLECT = "collect"
    ARRIVE = "arrive"
    FINISH = "finish"
    FAIL = "fail"
    CALL_OFF = "call_off"
    HAND_ON = "hand_on"
    RETURN = "return"
    RETRY = "retry"
    LACK = "lack"
    FETCH_BACK = "fetch_back"
    TAKE_ALONG = "take_along"
    ESCALATE = "escalate"
    LET_IN = "let_in"
    TURN_AWAY = "turn_away"


_T, _V = TaskState, TaskVerb
OPEN = (_T.TODO, _T.ASSIGNED, _T.EN_ROUTE, _T.ARRIVED)
"""Somebody still waits for the goods."""
IN_HAND = (_T.ASSIGNED, _T.EN_ROUTE, _T.ARRIVED)
"""A courier has this to do."""
TASK_LIFE: Life[TaskState, TaskVerb] = Life(
    birth=_T.TODO,
    moves={
        (_T.TODO, _V.ASSIGN): _T.ASSIGNED,
        (_T.ASSIGNED, _V.ASSIGN): _T.ASSIGNED,
        (_T.ASSIGNED, _V.TAKE_BACK): _T.TODO,
        (_T.ASSIGNED, _V.COLLECT): _T.EN_ROUTE,
        (_T.EN_ROUTE, _V.HAND_ON): _T.EN_ROUTE,
        (_T.EN_ROUTE, _V.ARRIVE): _T.ARRIVED,
        (_T.ARRIVED, _V.HAND_ON): _T.EN_ROUTE,
        (_T.EN_ROUTE, _V.FINISH): _T.DONE,
        (_T.ARRIVED, _V.FINISH): _T.DONE,
        **{(state, _V.FAIL): _T.FAILED for state in IN_HAND},
        **{(state, _V.CALL_OFF): _T.CALLED_OFF for state in OPEN},
        (_T.FAILED, _V.RETRY): _T.TODO,
        (_T.DONE, _V.LACK): _T.FAILED,
    },
)
"""What failed may be tried again once its goods are back at the shop; what nobody fetched has failed after all."""
BESIDE = frozenset({_V.RETURN, _V.ESCALATE, _V.FETCH_BACK, _V.TAKE_ALONG, _V.LET_IN, _V.TURN_AWAY})
"""Moves that leave the state as it is: goods go back to the shop, the board hears that something is late, a guard lets
the courier in or turns them away."""


class Custody(StrEnum):
    """In whose hands the goods are; an axis of its own beside the task's state."""

    SHOP = "shop"
    COURIER = "courier"
    BUYER = "buyer"
    POINT = "point"
    """At a pick-up point, where their buyer did not fetch them."""


GOODS_LIFE: Life[Custody, TaskVerb] = Life(
    birth=Custody.SHOP,
    moves={
        (Custody.SHOP, _V.COLLECT): Custody.COURIER,
        (Custody.COURIER, _V.FINISH): Custody.BUYER,
        (Custody.COURIER, _V.RETURN): Custody.SHOP,
        (Custody.BUYER, _V.LACK): Custody.POINT,
        (Custody.POINT, _V.TAKE_ALONG): Custody.COURIER,
    },
)


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class OfferVerb(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


OFFER_LIFE: Life[OfferState, OfferVerb] = Life(
    birth=OfferState.OPEN,
    moves={
        (OfferState.OPEN, OfferVerb.ACCEPT): OfferState.ACCEPTED,
        (OfferState.OPEN, OfferVerb.REFUSE): OfferState.REFUSED,
        (OfferState.OPEN, OfferVerb.LAPSE): OfferState.LAPSED,
        (OfferState.OPEN, OfferVerb.WITHDRAW): OfferState.WITHDRAWN,
    },
)


class RunState(StrEnum):
    PLANNED = "planned"
    GIVEN = "given"
    RIDING = "riding"
    ENDED = "ended"
    DROPPED = "dropped"


class RunVerb(StrEnum):
    GIVE = "give"
    SET_OUT = "set_out"
    END = "end"
    DROP = "drop"


RUN_LIFE: Life[RunState, RunVerb] = Life(
    birth=RunState.PLANNED,
    moves={
        (RunState.PLANNED, RunVerb.GIVE): RunState.GIVEN,
        (RunState.PLANNED, RunVerb.DROP): RunState.DROPPED,
        (RunState.GIVEN, RunVerb.GIVE): RunState.GIVEN,
        (RunState.GIVEN, RunVerb.SET_OUT): RunState.RIDING,
        (RunState.GIVEN, RunVerb.DROP): RunState.DROPPED,
        (RunState.RIDING, RunVerb.END): RunState.ENDED,
        (RunState.RIDING, RunVerb.DROP): RunState.DROPPED,
    },
)


class ShiftState(StrEnum):
    PLANNED = "planned"
    TAKEN = "taken"
    ON = "on"
    ENDED = "ended"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class ShiftVerb(StrEnum):
    TAKE = "take"
    GIVE_BACK = "give_back"
    START = "start"
    END = "end"
    MISS = "miss"
    WITHDRAW = "withdraw"


SHIFT_LIFE: Life[ShiftState, ShiftVerb] = Life(
    birth=ShiftState.PLANNED,
    moves={
        (ShiftState.PLANNED, ShiftVerb.TAKE): ShiftState.TAKEN,
        (ShiftState.PLANNED, ShiftVerb.MISS): ShiftState.MISSED,
        (ShiftState.PLANNED, ShiftVerb.WITHDRAW): ShiftState.WITHDRAWN,
        (ShiftState.TAKEN, ShiftVerb.GIVE_BACK): ShiftState.PLANNED,
        (ShiftState.TAKEN, ShiftVerb.START): ShiftState.ON,
        (ShiftState.TAKEN, ShiftVerb.MISS): ShiftState.MISSED,
        (ShiftState.TAKEN, ShiftVerb.WITHDRAW): ShiftState.WITHDRAWN,
        (ShiftState.ON, ShiftVerb.END): ShiftState.ENDED,
    },
)
