"""The form of a tariff, read into what the rules prove: a preset or a formula, its amounts, and its terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from linli.estate.billing.rules import (
    PRESETS,
    Accrual,
    Basis,
    DueRule,
    LateRule,
    Pool,
    Proration,
    ReadRule,
    TariffDraft,
    TermRule,
    Terms,
    Tier,
    Tiers,
)
from linli.estate.metering.rules import Kind
from linli.faces.shell.forms import Fields
from linli.kernel.money import Money, Rounding, Towards
from linli.kernel.refusals import Invalid

OWN_AMOUNTS = 6
"""So many amounts of its own a formula of one's own may name in this form."""
TIERS = 5
BANDS = ("peak", "flat", "valley")
"""The registers of meters that count by the time of day."""
STEPS = ("1", "10", "100")
"""To the fen, to ten fen, to the yuan."""


def read_draft(form: Fields) -> TariffDraft:
    """This will read a tariff from its form; what is wrong is refused by its field."""
    preset = form.raw("preset")
    terms = _terms(form)
    if preset in PRESETS:
        amounts = {name: form.maybe_text(f"parameters.{name}", most=20) or "" for name in PRESETS[preset].parameters}
        for name, text in amounts.items():
            if not text and name != "surcharge":
                raise Invalid(f"parameters.{name}", "Please fill this in.")
        return TariffDraft(preset=preset, parameters={n: text or "0" for n, text in amounts.items()}, terms=terms)
    return TariffDraft(
        formula=form.text("formula", most=500),
        basis=form.choice("basis", Basis),
        parameters=_own_amounts(form),
        terms=terms,
    )


def _own_amounts(form: Fields) -> dict[str, str]:
    found = {}
    for nth in range(OWN_AMOUNTS):
        name = form.maybe_text(f"name.{nth}", most=40)
        if name:
            found[name] = form.text(f"value.{nth}", most=20)
    return found


def _terms(form: Fields) -> Terms:
    step = form.raw("step") or "1"
    if step not in STEPS:
        raise Invalid("step", "Please choose one of the values offered.")
    return Terms(
        term=TermRule(
            proration=Proration(form.raw("proration"))
            if form.raw("proration") in list(Proration)
            else Proration.ACTUAL_DAYS,
            anchor=form.whole("anchor", low=1, high=31, default=1),
            whole_from_days=form.whole("whole_from_days", low=1, high=28, default=15),
        ),
        rounding=Rounding(
            towards=Towards(form.raw("towards")) if form.raw("towards") in list(Towards) else Towards.NEAREST,
            step=int(step),
        ),
        meter=_meter(form),
        read=ReadRule(
            until_day=form.whole("read_day", low=1, high=31, default=31),
            months_before=form.whole("read_before", low=0, high=1, default=0),
        ),
        tiers=_tiers(form),
        bands={band: form.number(f"bands.{band}") for band in BANDS if form.raw(f"bands.{band}")},
        smallest=form.maybe_money("smallest") or Money.zero,
        due=DueRule(
            day=form.whole("due_day", low=1, high=31, default=28),
            months_after=form.whole("due_after", low=0, high=12, default=0),
        ),
        late=_late(form),
    )


def _meter(form: Fields) -> str:
    """The kind of meters that homes are charged by; empty where meters are charged themselves or nothing counts."""
    kind = form.raw("meter")
    if kind and kind not in list(Kind):
        raise Invalid("meter", "There is no such kind of meter.")
    return kind


def _tiers(form: Fields) -> Tiers | None:
    rows = [(form.maybe_text(f"up_to.{n}", most=20), form.maybe_text(f"tier_price.{n}", most=20)) for n in range(TIERS)]
    given = [(up_to, price) for up_to, price in rows if price]
    if not given:
        return None
    try:
        return Tiers(
            tiers=tuple(
                Tier(None if up_to is None else Decimal(up_to), Decimal(price or "0")) for up_to, price in given
            ),
            pool=Pool(form.raw("pool")) if form.raw("pool") in list(Pool) else Pool.MONTH,
            persons=form.whole("tier_persons", low=1, high=100, default=4),
            per_extra_person=form.number("tier_extra") if form.raw("tier_extra") else Decimal(0),
        )
    except (ArithmeticError, ValueError):
        raise Invalid("tiers", "The bounds rise from step to step, and the last step has none.") from None


def _late(form: Fields) -> LateRule | None:
    accrual = form.raw("late")
    if accrual not in list(Accrual):
        return None
    rate = form.number("late_rate", low=0, high=10_000)
    cap = form.maybe_text("late_cap", most=6)
    return LateRule(
        accrual=Accrual(accrual),
        rate=rate if accrual == Accrual.FIXED else rate / 100,
        grace_days=form.whole("late_grace", low=0, high=365, default=0),
        from_due_on=form.flag("late_from_due"),
        cap_bp=None if cap is None else form.whole("late_cap", low=0, high=1000) * 100,
        cap=form.maybe_money("late_cap_amount"),
        stops_on=form.maybe_day("late_stops_on"),
    )


def as_typed(draft: TariffDraft) -> Mapping[str, str]:
    """This will write a tariff into its form again, so that the next version begins where this one stands."""
    terms = draft.terms
    typed: dict[str, str | int | Decimal | Money | date | None] = {
        "preset": draft.preset or "own",
        "formula": draft.formula,
        "basis": draft.basis.value,
        "meter": terms.meter,
        "proration": terms.term.proration.value,
        "anchor": terms.term.anchor,
        "whole_from_days": terms.term.whole_from_days,
        "step": terms.rounding.step,
        "towards": terms.rounding.towards.value,
        "read_day": terms.read.until_day,
        "read_before": terms.read.months_before,
        "smallest": terms.smallest or None,
        "due_day": terms.due.day,
        "due_after": terms.due.months_after,
        **{f"bands.{band}": price for band, price in terms.bands.items()},
        **_late_as_typed(terms.late),
        **_tiers_as_typed(terms.tiers),
    }
    for nth, (name, value) in enumerate(draft.parameters.items()):
        typed |= {f"parameters.{name}": value, f"name.{nth}": name, f"value.{nth}": value}
    return {name: str(value) for name, value in typed.items() if value is not None}


def _tiers_as_typed(tiers: Tiers | None) -> dict[str, str | int | Decimal | None]:
    if tiers is None:
        return {}
    found: dict[str, str | int | Decimal | None] = {
        "pool": tiers.pool.value,
        "tier_persons": tiers.persons,
        "tier_extra": tiers.per_extra_person,
    }
    for nth, tier in enumerate(tiers.tiers):
        found |= {f"up_to.{nth}": tier.up_to, f"tier_price.{nth}": tier.price}
    return found


def _late_as_typed(late: LateRule | None) -> dict[str, str | int | Decimal | Money | date | None]:
    if late is None:
        return {}
    return {
        "late": late.accrual.value,
        "late_rate": late.rate if late.accrual is Accrual.FIXED else f"{late.rate * 100:f}",
        "late_grace": late.grace_days,
        "late_from_due": "1" if late.from_due_on else None,
        "late_cap": None if late.cap_bp is None else late.cap_bp // 100,
        "late_cap_amount": late.cap,
        "late_stops_on": late.stops_on,
    }
