"""Usage: steps, bands, smallest charges; reading a meter more often never changes what is paid."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules.usage import Step, Tier, Tiers, at_least, by_time_of_use, tiered, used
from linli.kernel.money import Money

WATER = Tiers(
    tiers=(
        Tier(Decimal(180), Decimal("5.00")),
        Tier(Decimal(260), Decimal("7.00")),
        Tier(None, Decimal("9.00")),
    ),
    persons=4,
    per_extra_person=Decimal(36),
)


def cost(steps):
    return str(Money.rounded(sum((s.cost for s in steps), Fraction(0))))


@pytest.mark.parametrize(
    ("before", "usage", "persons", "price"),
    [
        (0, 100, 4, "500.00"),
        (0, 200, 4, "1040.00"),  # 180 at 5, 20 at 7
        (170, 100, 4, "700.00"),  # 10 at 5, 80 at 7, 10 at 9
        (300, 10, 4, "90.00"),
        (0, 200, 5, "1000.00"),  # the first bound is 216 for five
        (0, 0, 4, "0.00"),
    ],
)
def test_a_citys_water_by_steps_as_worked_by_hand(before, usage, persons, price):
    assert cost(tiered(WATER, Fraction(before), Fraction(usage), persons)) == price


amounts = st.fractions(0, 1000, max_denominator=1000)


@given(amounts, amounts, amounts, st.integers(1, 9))
def test_two_readings_cost_what_one_would_have(before, first, second, persons):
    once = tiered(WATER, before, first + second, persons)
    twice = tiered(WATER, before, first, persons) + tiered(WATER, before + first, second, persons)
    assert sum(s.cost for s in once) == sum(s.cost for s in twice)
    assert sum(s.quantity for s in once) == first + second


def test_each_band_of_the_day_has_its_price_and_an_unknown_band_is_refused():
    prices = {"peak": Decimal("0.8"), "valley": Decimal("0.3")}
    steps = by_time_of_use(prices, {"valley": Fraction(50), "peak": Fraction(100)})
    assert steps == (
        Step(Fraction(100), Decimal("0.8"), Fraction(8000)),
        Step(Fraction(50), Decimal("0.3"), Fraction(1500)),
    )
    with pytest.raises(KeyError, match="flat"):
        by_time_of_use(prices, {"flat": Fraction(1)})


def test_the_smallest_charge_is_charged_where_usage_comes_to_less():
    steps = tiered(WATER, Fraction(0), Fraction(2), 4)
    assert at_least(steps, Money.parse("15.00")) == 1500
    assert at_least(steps, Money.parse("5.00")) == 1000


def test_a_meter_counts_forward_over_its_last_figure_and_by_its_factor():
    assert used(Decimal("120.5"), Decimal("133.0")) == Fraction("12.5")
    assert used(Decimal(9990), Decimal(15), rolls_over_at=Decimal(10000)) == 25
    assert used(Decimal(10), Decimal(12), factor=Decimal(40)) == 80
    with pytest.raises(ValueError, match="backwards"):
        used(Decimal(100), Decimal(99))
    with pytest.raises(ValueError, match="backwards"):
        used(Decimal(10001), Decimal(5), rolls_over_at=Decimal(10000))


@pytest.mark.parametrize(
    ("tiers", "says"),
    [
        ((), "every usage has a price"),
        ((Tier(Decimal(10), Decimal(1)),), "every usage has a price"),
        ((Tier(Decimal(10), Decimal(1)), Tier(Decimal(10), Decimal(1)), Tier(None, Decimal(1))), "rise"),
        ((Tier(None, Decimal(1)), Tier(None, Decimal(1))), "rise"),
        ((Tier(None, Decimal(-1)),), "negative"),
    ],
)
def test_steps_with_a_gap_or_that_pay_for_usage_are_refused(tiers, says):
    with pytest.raises(ValueError, match=says):
        Tiers(tiers=tiers)
