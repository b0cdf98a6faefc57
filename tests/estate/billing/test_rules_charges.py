"""Charges: no amount comes without its reason, and what cannot be worked out is stopped, never billed as nothing."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules.charges import (
    Charge,
    Holding,
    Stop,
    Stopped,
    Tariff,
    Used,
    charge,
    overlap,
    pieces,
)
from linli.estate.billing.rules.formulas import PRESETS, Basis, checked
from linli.estate.billing.rules.terms import Days, Proration, TermRule
from linli.estate.billing.rules.usage import Tier, Tiers
from linli.kernel.money import Money, Rounding
from linli.kernel.period import Period

HOME = {"home.area": Fraction("89.37"), "home.floor": Fraction(7), "homes.count": Fraction(90)}
MARCH = Days(date(2026, 3, 1), date(2026, 4, 1))
ALWAYS = Period(date(2020, 1, 1))


def tariff(code="built_area", **given):
    preset = PRESETS[code]
    values = {name: Fraction(given.pop(name, 0)) for name in preset.parameters}
    return Tariff(tree=checked(preset.text, preset.basis, values), basis=preset.basis, parameters=values, **given)


def free(text, basis=Basis.MONTH, parameters=None, **given):
    values = {name: Fraction(value) for name, value in (parameters or {}).items()}
    return Tariff(tree=checked(text, basis, values, frozenset({"lift"})), basis=basis, parameters=values, **given)


def test_a_month_of_area_fee_says_why():
    found = charge(tariff(price="2.85", surcharge="10"), HOME, MARCH, ALWAYS)
    assert isinstance(found, Charge)
    assert str(found.amount) == "264.70"
    assert found.reason.formula == "home.area * price + surcharge"
    assert found.reason.figures == "89.37 * 2.85 + 10"
    assert found.reason.comes_to == "264.7045"
    assert found.reason.values == {"home.area": "89.37", "price": "2.85", "surcharge": "10"}
    assert [(str(m.start), m.share, str(m.amount)) for m in found.reason.months] == [("2026-03-01", "1", "264.70")]


def test_a_quarter_adds_up_month_by_month_as_it_is_printed():
    quarter = Days(date(2026, 1, 1), date(2026, 4, 1))
    found = charge(tariff("fixed", amount="444.195"), HOME, quarter, ALWAYS)
    assert [str(m.amount) for m in found.reason.months] == ["444.20", "444.20", "444.20"]
    assert found.amount == Money.total(m.amount for m in found.reason.months) == Money.parse("1332.60")


def test_rounding_is_the_items_own():
    to_the_yuan = tariff(price="2.85", rounding=Rounding(step=100))
    assert str(charge(to_the_yuan, HOME, MARCH, ALWAYS).amount) == "255.00"


@pytest.mark.parametrize(
    ("given", "stopped"),
    [
        ((tariff("inner_area", price="2"), HOME), Stopped(Stop.MISSING, "home.inner_area")),
        ((free('amount * attr("lift")', parameters={"amount": 5}), HOME), Stopped(Stop.MISSING, "attr:lift")),
        ((free("10 - home.floor * 2"), HOME), Stopped(Stop.NEGATIVE, "-4")),
        ((tariff("usage", price="3"), HOME), Stopped(Stop.NO_READING)),
        ((tariff("usage_own_price"), HOME, Used(quantity=Fraction(3))), Stopped(Stop.MISSING, "meter.price")),
    ],
)
def test_what_cannot_be_worked_out_is_stopped_with_its_reason(given, stopped):
    by, home, *used = given
    assert charge(by, home, MARCH, ALWAYS, *used) == stopped


def test_usage_costs_its_steps_its_surcharge_and_at_least_its_smallest_charge():
    water = free(
        "surcharge",
        Basis.USAGE,
        {"surcharge": "2"},
        tiers=Tiers(tiers=(Tier(Decimal(10), Decimal("5.00")), Tier(None, Decimal("7.00")))),
        smallest=Money.parse("20.00"),
    )
    found = charge(water, HOME, MARCH, ALWAYS, Used(quantity=Fraction(6), before=Fraction(8), persons=3))
    assert str(found.amount) == "40.00"  # 2 at 5.00, 4 at 7.00, and 2.00
    assert [(s.quantity, s.price, s.amount) for s in found.reason.steps] == [("2", "5.00", "10"), ("4", "7.00", "28")]
    least = charge(water, HOME, MARCH, ALWAYS, Used(quantity=Fraction(1)))
    assert (str(least.amount), least.reason.is_smallest) == ("20.00", True)


def test_a_formula_for_the_whole_period_knows_its_months_and_days():
    found = charge(
        free("200 * months + days * 0.1", Basis.PERIOD), HOME, Days(date(2026, 1, 16), date(2026, 3, 1)), ALWAYS
    )
    assert str(found.amount) == "307.63"  # 16/31 + 1 months: 303.2258..., 44 days: 4.40


prices = st.decimals(0, 1000, places=4).map(str)
days = st.dates(date(2024, 1, 1), date(2028, 1, 1))


@given(
    prices,
    st.lists(days, min_size=3, max_size=3, unique=True).map(sorted),
    st.sampled_from(Proration),
    st.integers(1, 31),
)
def test_a_home_that_is_sold_within_the_time_costs_seller_and_buyer_what_it_costs_one_owner(price, cut, method, anchor):
    rule = tariff("fixed", amount=price, term=TermRule(proration=method, anchor=anchor))
    start, sold, end = cut
    whole = charge(rule, HOME, Days(start, end), ALWAYS)
    parts = [charge(rule, HOME, Days(a, b), ALWAYS) for a, b in ((start, sold), (sold, end))]
    assert Money.total(part.amount for part in parts) == whole.amount


def test_days_are_cut_where_the_tariff_or_the_owner_changes_and_a_gap_is_told():
    old = Holding(Period(date(2025, 1, 1), date(2026, 3, 11)), "old")
    new = Holding(Period(date(2026, 3, 11)), "new")
    assert list(pieces(MARCH, [new, old])) == [
        (Days(date(2026, 3, 1), date(2026, 3, 11)), "old"),
        (Days(date(2026, 3, 11), date(2026, 4, 1)), "new"),
    ]
    late = Holding(Period(date(2026, 3, 21)), "late")
    assert list(pieces(MARCH, [late, old])) == [
        (Days(date(2026, 3, 1), date(2026, 3, 11)), "old"),
        Stopped(Stop.GAP, "2026-03-11"),
        (Days(date(2026, 3, 21), date(2026, 4, 1)), "late"),
    ]
    assert list(pieces(MARCH, [])) == [Stopped(Stop.GAP, "2026-03-01")]
    assert overlap([old, new]) is None
    assert overlap([old, new, late]) == (new.period, late.period)
