"""Automatic payment: what an owner wants taken by itself, when it is taken, never above their limits, never twice.

A mandate is an owner's word for one account (a home, a space), signed at the provider. Bills that fall due from then on
are taken by rounds: the lines of a round belong to it alone, so none is ever taken twice. A round is planned and told,
then asked for; what is declined waits for its next try, and is given up after the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.kernel.life import Life
from linli.kernel.money import Money


class MandateState(StrEnum):
    ASKED = "asked"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class MandateVerb(StrEnum):
    ASK = "ask"
    SIGN = "sign"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


MANDATE_LIFE = Life(
    birth=MandateState.ASKED,
    moves={
        (MandateState.ASKED, MandateVerb.SIGN): MandateState.ACTIVE,
        (MandateState.ASKED, MandateVerb.END): MandateState.ENDED,
        (MandateState.ACTIVE, MandateVerb.CHANGE): MandateState.ACTIVE,
        (MandateState.ACTIVE, MandateVerb.PAUSE): MandateState.PAUSED,
        (MandateState.ACTIVE, MandateVerb.END): MandateState.ENDED,
        (MandateState.PAUSED, MandateVerb.CHANGE): MandateState.PAUSED,
        (MandateState.PAUSED, MandateVerb.RESUME): MandateState.ACTIVE,
        (MandateState.PAUSED, MandateVerb.END): MandateState.ENDED,
    },
)
"""Signed at the provider, paused and resumed at will, ended from either side, or where nobody signed in time."""


class RoundState(StrEnum):
    PLANNED = "planned"
    ASKED = "asked"
    TAKEN = "taken"
    SETTLED = "settled"
    """Nothing was left to take: it was paid by hand, or the wallet paid it."""
    GIVEN_UP = "given_up"
    CALLED_OFF = "called_off"


COUNTED = (RoundState.ASKED, RoundState.TAKEN)
"""States of a round whose money counts against the limit of its month."""


class RoundVerb(StrEnum):
    PLAN = "plan"
    ASK = "ask"
    DECLINE = "decline"
    TAKE = "take"
    SETTLE = "settle"
    GIVE_UP = "give_up"
    CALL_OFF = "call_off"


ROUND_LIFE = Life(
    birth=RoundState.PLANNED,
    moves={
        (RoundState.PLANNED, RoundVerb.ASK): RoundState.ASKED,
        (RoundState.PLANNED, RoundVerb.SETTLE): RoundState.SETTLED,
        (RoundState.PLANNED, RoundVerb.GIVE_UP): RoundState.GIVEN_UP,
        (RoundState.PLANNED, RoundVerb.CALL_OFF): RoundState.CALLED_OFF,
        (RoundState.ASKED, RoundVerb.TAKE): RoundState.TAKEN,
        (RoundState.ASKED, RoundVerb.DECLINE): RoundState.PLANNED,
        (RoundState.ASKED, RoundVerb.GIVE_UP): RoundState.GIVEN_UP,
    },
)
"""A round is asked for by at most one deduction at a time: it goes on only when that one was taken or is over."""


class NotTaken(StrEnum):
    """Why a round took nothing (any more)."""

    LIMIT = "limit"
    """It would be more than the owner allows at a time."""
    MONTH = "month"
    """It would be more than the owner allows in a month."""
    INSUFFICIENT = "insufficient"
    ENDED = "ended"
    PAUSED = "paused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an owner allows: so much at a time, and so much in a month (None: no limit of its own)."""

    most: Money
    month_most: Money | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What to do about a round whose day has come: ask for an amount, or nothing and why."""

    amount: Money
    why: NotTaken | None = None

    @property
    def is_settled(self) -> bool:
        return self.why is None and not self.amount


def deduct_on(due_on: date, today: date, days: int, told_days: int) -> date:
    """This will say when a bill is taken: so many days before it is due, and its owner told so many days before."""
    return max(due_on - timedelta(days=days), today + timedelta(days=told_days))


def is_near(due_on: date, today: date, days: int, told_days: int) -> bool:
    """This will tell whether it is time to plan a bill, and to tell its owner."""
    return due_on - timedelta(days=days + told_days) <= today


def turn(open_amount: Money, taken_this_month: Money, limits: Limits) -> Turn:
    """This will decide what is taken of a round: all that is open, or nothing where a limit stands in the way."""
    if not open_amount:
        return Turn(Money.zero)
    if open_amount > limits.most:
        return Turn(Money.zero, NotTaken.LIMIT)
    if limits.month_most is not None and taken_this_month + open_amount > limits.month_most:
        return Turn(Money.zero, NotTaken.MONTH)
    return Turn(open_amount)


def looked_ahead(
    rounds: Sequence[tuple[date, Money]], asked: Iterable[tuple[date, Money]], limits: Limits, wallet: Money
) -> list[NotTaken | None]:
    """This will tell of each round to come which limit would stand in its way, in their order, after what was asked of
    the provider already and where the wallet pays first. What is above a limit takes nothing of the next one's."""
    taken: defaultdict[date, Money] = defaultdict(lambda: Money.zero)
    for day, amount in asked:
        taken[day.replace(day=1)] += amount
    found: list[NotTaken | None] = []
    for day, amount in rounds:
        month, paid = day.replace(day=1), min(amount, wallet)
        done = turn(amount - paid, taken[month], limits)
        wallet -= paid
        taken[month] += done.amount
        found.append(done.why)
    return found


def try_again_on(why: NotTaken, tried: int, today: date, again_days: Sequence[int]) -> date | None:
    """This will say when a declined round is tried again; None: it is given up, and paid by hand.

    What waiting cannot change, a limit or an agreement that is over, is not tried again.
    """
    if why not in (NotTaken.INSUFFICIENT, NotTaken.REFUSED) or tried > len(again_days):
        return None
    return today + timedelta(days=again_days[tried - 1])


def not_taken(decline: str) -> NotTaken:
    """This will put the word of a declined deduction into ours; one that is none of them is a refusal."""
    return NotTaken(decline) if decline in list(NotTaken) else NotTaken.REFUSED
