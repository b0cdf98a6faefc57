"""A month, step by step: what of it is done, what is missing, and the one thing to do next.

The steps stand in one order. A step is done, waits for the ones before it, or is the next; one that is only advised
(meters unread, lines far from the month before) never holds the month back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.estate.billing.rules.lives import MonthState
from linli.kernel.money import Money


class Step(StrEnum):
    READ = "read"
    """Every meter that is charged is read, and nothing doubtful waits."""
    COSTS = "costs"
    """What is shared is entered."""
    DRAFT = "draft"
    CHECK = "check"
    """What is stopped is put right; what is far from the month before is looked at."""
    ISSUE = "issue"
    TELL = "tell"
    COLLECT = "collect"
    REMIND = "remind"
    RECONCILE = "reconcile"
    """Bank lines have found their bills, and book and lines agree."""
    CLOSE = "close"


class StepState(StrEnum):
    DONE = "done"
    NEXT = "next"
    """The one thing to do now."""
    ADVISED = "advised"
    """Something is missing, and the month can go on without it."""
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What is known of a month; `undrafted` are shared costs that came after the draft."""

    state: MonthState | None
    """None: nobody has drafted it."""
    unread: int = 0
    doubtful: int = 0
    costs_entered: int = 0
    costs_before: int = 0
    undrafted: int = 0
    stopped: int = 0
    outliers: int = 0
    is_told: bool = False
    is_over: bool = True
    open: Money = Money.zero
    late: int = 0
    unmatched: int = 0
    differences: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A step as it stands; `missing` counts what is not done of it."""

    step: Step
    state: StepState
    missing: int = 0


_ADVISED = frozenset({Step.READ, Step.COSTS, Step.COLLECT, Step.REMIND})
"""What a month can be closed without."""


def stages(facts: MonthFacts) -> tuple[Stage, ...]:
    """This will tell how each step of a month stands; at most one of them is next."""
    missing = _missing(facts)
    found: list[Stage] = []
    is_held = False
    for step in Step:
        left = missing[step]
        if _is_early(step, facts) or (left and is_held and step not in _ADVISED):
            state = StepState.WAITS
        elif not left:
            state = StepState.DONE
        elif step in _ADVISED:
            state = StepState.ADVISED
        else:
            state, is_held = StepState.NEXT, True
        found.append(Stage(step, state, left))
    return tuple(found)


def next_step(found: tuple[Stage, ...]) -> Step | None:
    """This will name the one thing to do now; None: the month is closed."""
    return next((stage.step for stage in found if stage.state is StepState.NEXT), None)


def _missing(facts: MonthFacts) -> dict[Step, int]:
    is_out = facts.state in (MonthState.ISSUED, MonthState.CLOSED)
    return {
        Step.READ: 0 if is_out else facts.unread + facts.doubtful,
        Step.COSTS: 0 if is_out else max(0, facts.costs_before - facts.costs_entered),
        Step.DRAFT: int(facts.state is None) if is_out or facts.state is None else facts.undrafted,
        Step.CHECK: 0 if is_out else facts.stopped,
        Step.ISSUE: int(not is_out),
        Step.TELL: int(not facts.is_told),
        Step.COLLECT: 0 if facts.state is MonthState.CLOSED or not facts.open else 1,
        Step.REMIND: 0 if facts.state is MonthState.CLOSED else facts.late,
        Step.RECONCILE: 0 if facts.state is MonthState.CLOSED else facts.unmatched + facts.differences,
        Step.CLOSE: int(facts.state is not MonthState.CLOSED),
    }


def _is_early(step: Step, facts: MonthFacts) -> bool:
    """Nothing is told, collected or closed before it is out, none closed before its end, none looked at undrafted."""
    state = facts.state
    if step is Step.CLOSE and state is MonthState.ISSUED and not facts.is_over:
        return True
    after_issue = (Step.TELL, Step.COLLECT, Step.REMIND, Step.RECONCILE, Step.CLOSE)
    if step in after_issue:
        return state not in (MonthState.ISSUED, MonthState.CLOSED)
    return step is Step.CHECK and state is None
