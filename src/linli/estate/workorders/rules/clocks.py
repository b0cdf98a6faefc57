"""The clocks of a work order: what was promised when it was raised, and by when each state has to be left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linli.estate.workorders.rules.lives import HURRIED, WorkState


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """How long a type may take, counted from the moment it was raised (or from when somebody is at home)."""

    accept: int
    arrive: int
    finish: int

    @property
    def rise(self) -> bool:
        """Whether each step has at least as long as the one before it."""
        return 0 < self.accept <= self.arrive <= self.finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """By when an order is accepted, somebody arrives, and it is done."""

    accept_due_at: datetime
    arrive_due_at: datetime
    finish_due_at: datetime


def promise(raised_at: datetime, minutes: Minutes, wanted_at: datetime | None = None) -> Promise:
    """This will make the promise of an order.

    Accepting counts from now. Arriving and finishing count from when somebody is at home, where that was said.
    """
    begins = max(raised_at, wanted_at or raised_at)
    return Promise(
        accept_due_at=raised_at + timedelta(minutes=minutes.accept),
        arrive_due_at=begins + timedelta(minutes=minutes.arrive),
        finish_due_at=begins + timedelta(minutes=minutes.finish),
    )


def after_a_stop(promised: Promise, stopped_at: datetime, at: datetime) -> Promise:
    """This will move what is still promised by as long as the clock stood still."""
    stood = max(at - stopped_at, timedelta())
    return replace(promised, arrive_due_at=promised.arrive_due_at + stood, finish_due_at=promised.finish_due_at + stood)


def due_at(
    state: WorkState, promised: Promise, until: datetime | None = None, *, is_visited: bool = True
) -> datetime | None:
    """This will say by when an order has to leave a state; `until` is the limit of a pause, a quote or a warranty.

    Where nobody comes (a complaint), whoever has accepted it answers by the end: no arrival is waited for.
    """
    match state:
        case WorkState.RAISED | WorkState.ASSIGNED:
            return promised.accept_due_at
        case WorkState.ACCEPTED:
            return promised.arrive_due_at if is_visited else promised.finish_due_at
        case WorkState.WORKING:
            return promised.finish_due_at
        case WorkState.PAUSED | WorkState.QUOTED | WorkState.DONE:
            if until is None:
                raise ValueError(f"{state} needs its own limit")
            return until
        case _:
            return None


def escalates_at(state: WorkState, due: datetime | None, at: datetime) -> datetime | None:
    """This will say when somebody above has to hear of it: at its deadline, but not before now."""
    return max(due, at) if due is not None and state in HURRIED else None
