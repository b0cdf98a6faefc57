"""Why this amount: the reason that a line keeps, made ready to be told in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from linli.estate.billing.queries.late import WhyLate
from linli.kernel.money import Money, Rounding, Towards


@dataclass(frozen=True, slots=True)
class WhyMonth:
    """Some days of a month, the part of the month's price that they cost, and what that came to."""

    start: date
    end: date
    share: str
    amount: Money

    @property
    def is_whole(self) -> bool:
        return Fraction(self.share) == 1


@dataclass(frozen=True, slots=True)
class WhyStep:
    """So much at a price came to so much."""

    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class WhyReading:
    """From what a meter showed on a day to what it shows now: so much went through, factor and all."""

    meter: str
    register: str
    start: str
    start_on: date
    end: str
    end_on: date
    factor: str
    quantity: str
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class WhyShare:
    """A part of a shared cost: of `source`, which `homes` homes share, `weight` of `total`; `exact` before rounding."""

    title: str
    by: str
    where: str
    source: Money
    weight: str
    total: str
    homes: int
    exact: str
    amount: Money
    quantity: str = ""
    price: str = ""

    @property
    def rounding(self) -> Money:
        """What rounding made of it: the odd fen, or nothing."""
        return self.amount - Money.rounded(Fraction(self.exact) * 100, Rounding(Towards.DOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The reason of a line. Where it was worked out by a formula, `formula` and `figures` tell it in names and in
    figures, `values` what each name stood for; `title` says what one occasion was; `note` is what somebody wrote."""

    preset: str = ""
    since: date | None = None
    formula: str = ""
    figures: str = ""
    comes_to: str = ""
    values: tuple[tuple[str, str], ...] = ()
    months: tuple[WhyMonth, ...] = ()
    steps: tuple[WhyStep, ...] = ()
    is_smallest: bool = False
    readings: tuple[WhyReading, ...] = ()
    share: WhyShare | None = None
    late: WhyLate | None = None
    title: Mapping[str, str] | None = None
    note: str = ""
    more: tuple[tuple[str, str], ...] = ()
    """What else the line keeps, by its names."""

    @property
    def is_plain(self) -> bool:
        """The formula is one figure, and nothing is gained by telling it again."""
        return self.formula.isidentifier() and not self.steps and not self.readings


_KNOWN = {
    "formula", "figures", "comes_to", "values", "months", "steps", "is_smallest", "readings", "title", "why", "share",
}  # fmt: skip
_NOTHING_ADDED = " + 0"


def why_of(reason: Mapping[str, Any], *, preset: str = "", since: date | None = None) -> Why:
    """This will read the reason of a line; a surcharge of nothing is left out of the formula."""
    formula, figures = str(reason.get("formula", "")), str(reason.get("figures", ""))
    values = {name: str(value) for name, value in (reason.get("values") or {}).items()}
    while figures.endswith(_NOTHING_ADDED) and " + " in formula:
        formula, _, added = formula.rpartition(" + ")
        figures = figures.removesuffix(_NOTHING_ADDED)
        values.pop(added, None)
    return Why(
        preset=preset,
        since=since,
        formula=formula,
        figures=figures,
        comes_to=str(reason.get("comes_to", "")),
        values=tuple(values.items()),
        months=tuple(_month(month) for month in reason.get("months") or ()),
        steps=tuple(
            WhyStep(str(step["quantity"]), str(step["price"]), str(step["amount"]))
            for step in reason.get("steps") or ()
        ),
        is_smallest=bool(reason.get("is_smallest")),
        readings=tuple(_reading(reading) for reading in reason.get("readings") or ()),
        share=_share(reason.get("share")),
        title=reason.get("title"),
        note=str(reason.get("why", "")),
        more=tuple(
            (name, str(value))
            for name, value in reason.items()
            if name not in _KNOWN and not isinstance(value, list | dict)
        ),
    )


def _reading(reading: Mapping[str, Any]) -> WhyReading:
    return WhyReading(
        str(reading["meter"]),
        str(reading["register"]),
        str(reading["start"]),
        date.fromisoformat(reading["start_on"]),
        str(reading["end"]),
        date.fromisoformat(reading["end_on"]),
        str(reading["factor"]),
        str(reading["quantity"]),
        bool(reading["is_estimate"]),
    )


def _share(share: Mapping[str, Any] | None) -> WhyShare | None:
    if not share:
        return None
    texts = {name: str(share.get(name, "")) for name in ("title", "by", "where", "weight", "total", "exact")}
    return WhyShare(
        **texts,
        source=Money.parse(str(share["source"])),
        homes=int(share["homes"]),
        amount=Money.parse(str(share["amount"])),
        quantity=str(share.get("quantity", "")),
        price=str(share.get("price", "")),
    )


def _month(month: Mapping[str, Any]) -> WhyMonth:
    amount = month["amount"]
    minor = amount["minor"] if isinstance(amount, Mapping) else amount
    return WhyMonth(
        date.fromisoformat(month["start"]), date.fromisoformat(month["end"]), str(month["share"]), Money(int(minor))
    )
