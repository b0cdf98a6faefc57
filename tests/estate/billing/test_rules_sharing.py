"""Parts of a shared cost: they add up, nobody of weight zero carries anything, and no order changes them."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing import rules
from linli.estate.billing.rules import ShareBy, Stop, Stopped
from linli.kernel.ids import HomeId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid

HOMES = [HomeId(UUID(int=n)) for n in range(1, 2_000)]
weights = st.lists(
    st.one_of(st.just(Fraction(0)), st.decimals("0.01", "999.99", places=2).map(Fraction)), min_size=1, max_size=60
).filter(any)
sources = st.integers(1, 10**10).map(Money)


def named(each: list[Fraction]) -> dict[HomeId, Fraction | Stopped]:
    return dict(zip(HOMES, each, strict=False))


@given(sources, weights)
def test_the_parts_add_up_to_the_source_and_a_weight_of_zero_carries_nothing(source, each):
    divided = rules.divide(source, named(each))
    assert isinstance(divided, rules.Divided)
    assert Money.total(part.amount for part in divided.parts.values()) == source
    assert all(not part.amount for part in divided.parts.values() if not part.weight)
    assert all(abs(part.amount.minor - part.exact) < 1 for part in divided.parts.values())


@given(sources, weights, st.randoms())
def test_the_order_of_the_homes_changes_nothing(source, each, draw):
    shuffled = list(named(each).items())
    draw.shuffle(shuffled)
    assert rules.divide(source, dict(shuffled)) == rules.divide(source, named(each))


@given(sources, weights, st.integers(2, 9))
def test_weights_that_are_all_so_many_times_as_much_share_alike(source, each, times):
    one, other = rules.divide(source, named(each)), rules.divide(source, named([weight * times for weight in each]))
    assert isinstance(one, rules.Divided)
    assert isinstance(other, rules.Divided)
    assert {home: part.amount for home, part in one.parts.items()} == {
        home: part.amount for home, part in other.parts.items()
    }


@given(st.integers(0, 10**9).map(Money), st.lists(st.integers(1, 31), min_size=1, max_size=5))
def test_the_stretches_of_a_home_add_up_to_its_part(amount, lengths):
    days, stretches = date(2026, 1, 1), []
    for length in lengths:
        stretches.append(rules.Days(days, days + timedelta(days=length)))
        days += timedelta(days=length)
    assert Money.total(rules.by_days(amount, stretches)) == amount


def test_what_seven_share_alike_is_theirs_to_the_fen():
    divided = rules.divide(Money.parse("15299.99"), named([Fraction(1)] * 7))
    assert isinstance(divided, rules.Divided)
    assert [str(part.amount) for part in divided.parts.values()] == ["2185.72"] * 2 + ["2185.71"] * 5


def test_where_somebody_cannot_be_weighed_nothing_is_divided():
    lacking = Stopped(Stop.MISSING, "home.area")
    divided = rules.divide(Money(100), {HOMES[0]: Fraction(1), HOMES[1]: lacking})
    assert isinstance(divided, rules.Divided)
    assert (divided.parts, divided.stops) == ({}, {HOMES[1]: lacking})


def test_where_nobody_weighs_anything_it_is_told():
    assert rules.divide(Money(100), named([Fraction(0)] * 3)) == Stopped(Stop.WEIGHTLESS)


FLOORS = rules.floor_table("-1=0, 1-2=0; 3=0.5，4+=1")


@pytest.mark.parametrize(
    ("by", "values", "persons", "weight"),
    [
        (ShareBy.AREA, {"home.area": Fraction("89.37")}, None, Fraction("89.37")),
        (ShareBy.INNER_AREA, {"home.inner_area": Fraction(70)}, None, Fraction(70)),
        (ShareBy.COEFFICIENT, {"home.coefficient": Fraction("1.2")}, None, Fraction("1.2")),
        (ShareBy.HOME, {}, None, Fraction(1)),
        (ShareBy.HEADS, {}, 3, Fraction(3)),
        (ShareBy.HEADS, {}, 0, Fraction(0)),
        (ShareBy.HEADS, {}, None, Stopped(Stop.MISSING, "home.persons")),
        (ShareBy.AREA, {}, 3, Stopped(Stop.MISSING, "home.area")),
        (ShareBy.FLOOR, {"home.floor": Fraction(-1)}, None, Fraction(0)),
        (ShareBy.FLOOR, {"home.floor": Fraction(2)}, None, Fraction(0)),
        (ShareBy.FLOOR, {"home.floor": Fraction(3)}, None, Fraction(1, 2)),
        (ShareBy.FLOOR, {"home.floor": Fraction(33)}, None, Fraction(1)),
        (ShareBy.FLOOR, {"home.floor": Fraction(0)}, None, Stopped(Stop.MISSING, "home.floor")),
        (ShareBy.ATTRIBUTE, {"attr:lift": Fraction(2)}, None, Fraction(2)),
        (ShareBy.ATTRIBUTE, {"attr:lift": Fraction(-2)}, None, Stopped(Stop.NEGATIVE, "attr:lift")),
        (ShareBy.ATTRIBUTE, {}, None, Stopped(Stop.MISSING, "attr:lift")),
        (ShareBy.METER, {}, None, Fraction(0)),
    ],
)
def test_what_a_home_weighs(by, values, persons, weight):
    assert rules.weight_of(by, values, persons, floors=FLOORS, attribute="lift") == weight


@pytest.mark.parametrize("text", ["", "1-2", "3=x", "1-5=1, 4=2", "4+=1, 9=2", "5-3=1", "1=-2"])
def test_a_table_of_floors_that_says_nothing_sure_is_refused(text):
    with pytest.raises(Invalid) as refused:
        rules.floor_table(text)
    assert refused.value.field == "floors"


def test_what_a_meter_counted_is_rounded_once():
    assert str(rules.metered_cost(Fraction("1234.567"), Decimal("0.8217"))) == "1014.44"
