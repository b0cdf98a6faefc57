"""Sharing: a cost of many homes becomes parts that add up to it, to the fen; pure, and the same in whatever order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from linli.estate.billing.rules.charges import Stop, Stopped
from linli.estate.billing.rules.terms import Days
from linli.kernel.ids import HomeId
from linli.kernel.life import Life
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

MOST_STEPS = 50
_STEP = re.compile(r"(-?\d{1,3})(?:\s*-\s*(-?\d{1,3})|(\+))?\s*=\s*(\d{1,6}(?:\.\d{1,4})?)")


class ShareBy(StrEnum):
    """What a home's part is measured by."""

    AREA = "area"
    INNER_AREA = "inner_area"
    HOME = "home"
    HEADS = "heads"
    COEFFICIENT = "coefficient"
    FLOOR = "floors"
    """By a table: floors 1-2 nothing, from 3 on one part each."""
    ATTRIBUTE = "attribute"
    """By a value of the community's own that the homes' facts keep."""
    METER = "meter"
    """By the weights that homes have in the shared meter."""


class CostState(StrEnum):
    ENTERED = "entered"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class CostVerb(StrEnum):
    ISSUE = "issue"
    WITHDRAW = "withdraw"


COST_LIFE = Life(
    birth=CostState.ENTERED,
    moves={
        (CostState.ENTERED, CostVerb.ISSUE): CostState.ISSUED,
        (CostState.ENTERED, CostVerb.WITHDRAW): CostState.WITHDRAWN,
    },
)
"""A cost waits for its month to go out, or is withdrawn before; afterwards only its lines are credited."""

_VALUE = {
    ShareBy.AREA: "home.area",
    ShareBy.INNER_AREA: "home.inner_area",
    ShareBy.COEFFICIENT: "home.coefficient",
    ShareBy.FLOOR: "home.floor",
}


@dataclass(frozen=True, slots=True)
class FloorStep:
    """Floors from `low` to `high` (None: and all above) weigh so much each."""

    low: int
    high: int | None
    weight: Fraction


def floor_table(text: str) -> tuple[FloorStep, ...]:
    """This will read a table such as `1-2=0, 3=0.5, 4+=1`; overlapping floors are refused."""
    parts = [part.strip() for part in re.split(r"[,;，；\n]+", text) if part.strip()]
    steps = []
    for part in parts:
        found = _STEP.fullmatch(part)
        if found is None:
            raise Invalid("floors", _("Please write floors like 1-2=0, 3=0.5, 4+=1."))
        low, high, above, weight = found.groups()
        steps.append(FloorStep(int(low), None if above else int(high or low), Fraction(weight)))
    steps.sort(key=lambda step: step.low)
    if not 0 < len(steps) <= MOST_STEPS or any(step.high is not None and step.high < step.low for step in steps):
        raise Invalid("floors", _("Please write floors like 1-2=0, 3=0.5, 4+=1."))
    for one, two in pairwise(steps):
        if one.high is None or one.high >= two.low:
            raise Invalid("floors", _("Floor {floor} stands in the table twice."), floor=two.low)
    return tuple(steps)


def weight_of(
    by: ShareBy,
    values: Mapping[str, Fraction],
    persons: int | None,
    *,
    floors: Sequence[FloorStep] = (),
    attribute: str = "",
    listed: Fraction | None = None,
) -> Fraction | Stopped:
    """This will tell what a home weighs, or which value of it is not known."""
    if by is ShareBy.HOME:
        return Fraction(1)
    if by is ShareBy.METER:
        return Fraction(0) if listed is None else listed
    if by is ShareBy.HEADS:
        return Stopped(Stop.MISSING, "home.persons") if persons is None else Fraction(persons)
    name = f"attr:{attribute}" if by is ShareBy.ATTRIBUTE else _VALUE[by]
    value = values.get(name)
    if value is None:
        return Stopped(Stop.MISSING, name)
    if by is ShareBy.FLOOR:
        return _of_floor(floors, value)
    return value if value >= 0 else Stopped(Stop.NEGATIVE, name)


def _of_floor(floors: Sequence[FloorStep], floor: Fraction) -> Fraction | Stopped:
    for step in floors:
        if step.low <= floor and (step.high is None or floor <= step.high):
            return step.weight
    return Stopped(Stop.MISSING, "home.floor")


@dataclass(frozen=True, slots=True)
class Part:
    """What a home carries of a cost: `exact` is its share before rounding, in minor units."""

    weight: Fraction
    exact: Fraction
    amount: Money


@dataclass(frozen=True, slots=True)
class Divided:
    """A cost divided: its parts add up to `source`. Where somebody's weight is not known nothing is divided."""

    source: Money
    total: Fraction
    parts: Mapping[HomeId, Part]
    stops: Mapping[HomeId, Stopped]


def divide(source: Money, weights: Mapping[HomeId, Fraction | Stopped]) -> Divided | Stopped:
    """This will divide a cost by largest remainder; of equal remainders the smaller id has the odd fen.

    A weight of zero carries exactly nothing, and the order of the homes changes nothing.
    """
    stops = {home: weight for home, weight in weights.items() if isinstance(weight, Stopped)}
    known = sorted((home, weight) for home, weight in weights.items() if not isinstance(weight, Stopped))
    total = sum((weight for _home, weight in known), Fraction(0))
    if stops:
        return Divided(source, total, {}, stops)
    if not total:
        return Stopped(Stop.WEIGHTLESS)
    scale = lcm(*(weight.denominator for _home, weight in known))
    amounts = source.split([int(weight * scale) for _home, weight in known])
    parts = {
        home: Part(weight, source.minor * weight / total, amount)
        for (home, weight), amount in zip(known, amounts, strict=True)
    }
    return Divided(source, total, parts, {})


def by_days(amount: Money, stretches: Sequence[Days]) -> tuple[Money, ...]:
    """This will divide a home's part over who owed it when, by days; the parts add up to it."""
    return amount.split([days.length for days in stretches])


def metered_cost(usage: Decimal | Fraction, price: Decimal) -> Money:
    """This will price what a shared meter counted, rounded once; the price is in yuan."""
    return Money.rounded(Fraction(usage) * Fraction(price) * 100)
