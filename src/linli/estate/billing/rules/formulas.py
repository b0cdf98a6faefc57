"""Formulas: how an amount comes about, as presets of the language and as words of one's own.

A preset is nothing but a formula that somebody wrote beforehand: it runs, is checked and is explained as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from linli.estate.billing.rules.expressions import ABOVE_ZERO, ANY, FROM_ZERO, Range, Tree, read
from linli.kernel.words import _


class Basis(StrEnum):
    """What the formula's amount is for."""

    MONTH = "month"
    """For a month; parts of months by the item's proration."""
    PERIOD = "period"
    """For the whole period as it stands (`months` and `days` are known to it); never cut into parts."""
    USAGE = "usage"
    """For what a meter counted between two readings."""
    ONCE = "once"
    """For one occasion."""


HOME: Mapping[str, Range] = {
    "home.area": ABOVE_ZERO,
    "home.inner_area": ABOVE_ZERO,
    "home.coefficient": FROM_ZERO,
    "home.floor": ANY,
    "unit.area": ABOVE_ZERO,
    "building.area": ABOVE_ZERO,
    "community.area": ABOVE_ZERO,
    "homes.count": Range(Fraction(1)),
}
"""What is known of every home; areas in m². What a home lacks stops its line."""

TERM: Mapping[str, Range] = {"months": FROM_ZERO, "days": FROM_ZERO}
METER: Mapping[str, Range] = {"meter.usage": FROM_ZERO, "meter.price": FROM_ZERO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A formula written beforehand. `parameters` are what a tariff has to give, in yuan unless their names say else;
    `brought` what each home has to have of its own: where it lacks, the line is stopped and never billed as nothing."""

    code: str
    says: str
    basis: Basis
    text: str
    parameters: tuple[str, ...]
    brought: tuple[str, ...] = ()


PRESETS: Mapping[str, Preset] = {
    preset.code: preset
    for preset in (
        Preset(
            code="built_area",
            says=_("Built-up area × price + surcharge, a month"),
            basis=Basis.MONTH,
            text="home.area * price + surcharge",
            parameters=("price", "surcharge"),
        ),
        Preset(
            code="inner_area",
            says=_("Inner area × price + surcharge, a month"),
            basis=Basis.MONTH,
            text="home.inner_area * price + surcharge",
            parameters=("price", "surcharge"),
        ),
        Preset(code="fixed", says=_("The same every month"), basis=Basis.MONTH, text="amount", parameters=("amount",)),
        Preset(code="once", says=_("An amount, once"), basis=Basis.ONCE, text="amount", parameters=("amount",)),
        Preset(
            code="imported",
            says=_("An amount for each home, from a sheet"),
            basis=Basis.MONTH,
            text="amount",
            parameters=(),
            brought=("amount",),
        ),
        Preset(code="rent", says=_("The rent of the home"), basis=Basis.MONTH, text="rent", parameters=("rent",)),
        Preset(
            code="parking",
            says=_("A parking space, a month"),
            basis=Basis.MONTH,
            text="amount",
            parameters=("amount",),
        ),
        Preset(
            code="usage",
            says=_("Usage × price + surcharge"),
            basis=Basis.USAGE,
            text="meter.usage * price + surcharge",
            parameters=("price", "surcharge"),
        ),
        Preset(
            code="usage_own_price",
            says=_("Usage × the price that the reading carries + surcharge"),
            basis=Basis.USAGE,
            text="meter.usage * meter.price + surcharge",
            parameters=("surcharge",),
        ),
    )
}


def known(basis: Basis, parameters: Mapping[str, Range], attributes: frozenset[str] = frozenset()) -> dict[str, Range]:
    """This will give every name that a formula of this basis may use, and what each may be."""
    names = {**HOME, **{f"attr:{name}": ANY for name in attributes}, **parameters}
    if basis is Basis.PERIOD:
        names |= TERM
    if basis is Basis.USAGE:
        names |= METER
    return names


def checked(
    text: str,
    basis: Basis,
    values: Mapping[str, Fraction],
    attributes: frozenset[str] = frozenset(),
    brought: tuple[str, ...] = (),
) -> Tree:
    """This will read a formula against the parameters' own values: a price of zero may not be divided by.

    What is `brought` each home has of its own, and nobody knows yet how much. Raises `Mistake` with its place.
    """
    ranges = dict.fromkeys(brought, FROM_ZERO) | {name: Range(value, value) for name, value in values.items()}
    return read(text, known(basis, ranges, attributes))
