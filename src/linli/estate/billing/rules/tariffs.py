"""Tariffs as they are written down: checked when they are set, made ready to run when a month is drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from linli.estate.billing.rules.charges import BY_CALENDAR_MONTHS, Tariff
from linli.estate.billing.rules.expressions import Mistake
from linli.estate.billing.rules.formulas import PRESETS, Basis, checked
from linli.estate.billing.rules.late_fees import LateRule
from linli.estate.billing.rules.reads import OF_ITS_MONTH, ReadRule
from linli.estate.billing.rules.terms import TermRule, add_months
from linli.estate.billing.rules.usage import Tiers
from linli.estate.metering.rules import Kind
from linli.kernel.money import TO_THE_FEN, Money, Rounding
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

MOST_PARAMETERS = 20
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """A month's charge is due on this day of a month, so many months after the one it is for."""

    day: int = 28
    months_after: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31 or not 0 <= self.months_after <= 12:
            raise ValueError("a charge is due on a day from 1 to 31, within a year")

    def due_on(self, month: date) -> date:
        """This will give the day for a month, named by its first day; the 31st is the last day of a shorter month."""
        return add_months(month, self.months_after, anchor=self.day)


ON_THE_28TH = DueRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All of a tariff besides its formula and the formula's parameters."""

    term: TermRule = BY_CALENDAR_MONTHS
    rounding: Rounding = TO_THE_FEN
    meter: str = ""
    """The kind of the meters whose usage is charged to a home (`metering.rules.Kind`)."""
    read: ReadRule = OF_ITS_MONTH
    """Which readings the bill of a month takes."""
    tiers: Tiers | None = None
    bands: Mapping[str, Decimal] = field(default_factory=dict)
    """Prices by the register of the meter: peak, flat, valley."""
    smallest: Money = Money.zero
    due: DueRule = ON_THE_28TH
    late: LateRule | None = None


PLAIN = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffDraft:
    """A tariff that somebody wrote: a preset, or a formula of their own. Prices are text: none is ever a float."""

    preset: str = ""
    formula: str = ""
    basis: Basis = Basis.MONTH
    parameters: Mapping[str, str] = field(default_factory=dict)
    terms: Terms = PLAIN


def written_out(draft: TariffDraft) -> TariffDraft:
    """This will put a preset's formula and basis in its place, and give a draft without one back as it is."""
    if not draft.preset:
        return draft
    preset = PRESETS.get(draft.preset)
    if preset is None:
        raise Invalid("preset", _("There is no such way of charging."))
    missing = [name for name in preset.parameters if name not in draft.parameters]
    if missing:
        raise Invalid(f"parameters.{missing[0]}", _("This way of charging needs an amount here."))
    return replace(draft, formula=preset.text, basis=preset.basis)


def ready(draft: TariffDraft, attributes: frozenset[str] = frozenset()) -> Tariff:
    """This will make a tariff that runs, or refuse it by its field: `parameters.price`, or `formula`, whose
    refusal carries the letter (`at`, from 0) at which it goes wrong.
    """
    full = written_out(draft)
    values = _values(full.parameters)
    try:
        brought = PRESETS[full.preset].brought if full.preset else ()
        tree = checked(full.formula, full.basis, values, attributes, brought)
    except Mistake as mistake:
        typed = {name: {"en": str(word), "zh": str(word)} for name, word in mistake.values.items()}  # in no language
        raise Invalid("formula", mistake.says, at=mistake.at, **typed) from mistake
    if full.terms.tiers is not None and full.basis is not Basis.USAGE:
        raise Invalid("tiers", _("Steps of price belong to what is metered."))
    if full.terms.read != OF_ITS_MONTH and full.basis is not Basis.USAGE:
        raise Invalid("read_day", _("A day up to which readings are taken belongs to what is metered."))
    if full.terms.bands and full.basis is not Basis.USAGE:
        raise Invalid("bands", _("Prices by the time of day belong to what is metered."))
    if any(not price.is_finite() or price < 0 for price in full.terms.bands.values()):
        raise Invalid("bands", _("No price is below nothing."))
    if full.terms.meter not in ("", *Kind):
        raise Invalid("meter", _("There is no such kind of meter."))
    return Tariff(
        tree=tree,
        basis=full.basis,
        parameters=values,
        term=full.terms.term,
        rounding=full.terms.rounding,
        tiers=full.terms.tiers,
        bands=full.terms.bands,
        smallest=full.terms.smallest,
    )


def _values(parameters: Mapping[str, str]) -> dict[str, Fraction]:
    if len(parameters) > MOST_PARAMETERS:
        raise Invalid("parameters", _("At most {most} amounts."), most=MOST_PARAMETERS)
    return {name: _value(name, text) for name, text in parameters.items()}


def _value(name: str, text: str) -> Fraction:
    try:
        number = Decimal(text.strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if not name.isidentifier() or not number.is_finite():
        raise Invalid(f"parameters.{name}", _("This must be a number."))
    if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise Invalid(f"parameters.{name}", _("This number has too many digits."))
    return Fraction(number)
