"""The form of a tariff, read into what the rules prove: a preset or a formula, its amounts, and its terms."""

from __future__ import annotations

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
from linli.kernel.money import Money, Rounding
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
        rounding=Rounding(step=int(step)),
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
        tiers = tuple(Tier(None if up_to is None else Decimal(up_to), Decimal(price or "0")) for up_to, price in given)
        return Tiers(tiers=tiers, pool=Pool(form.raw("pool")) if form.raw("pool") in list(Pool) else Pool.MONTH)
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
        cap_bp=None if cap is None else form.whole("late_cap", low=0, high=1000) * 100,
    )
