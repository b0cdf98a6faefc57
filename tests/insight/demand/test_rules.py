"""Fresh demand: what sales tell of the days to come, and the order that follows."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.insight.demand import rules
from linli.insight.demand.rules.forecast import decayed
from linli.insight.demand.rules.quantiles import LEAST_DISPERSION, Errors, negative_binomial

MONDAY = (date(2026, 6, 1) - date(1970, 1, 1)).days


def steady(amounts: list[float], weeks: int = 20) -> rules.Sales:
    """One item in as many shops as there are amounts, each selling its own on every day."""
    days = 7 * weeks
    shop = np.repeat(np.arange(len(amounts)), days)
    day = np.tile(np.arange(MONDAY - days, MONDAY), len(amounts))
    return rules.gather(shop, np.zeros_like(shop), day, np.repeat(np.array(amounts), days), last_day=MONDAY - 1)


def test_a_day_sells_what_came_less_what_was_brought_back_and_never_less_than_nothing() -> None:
    day = np.array([MONDAY, MONDAY, MONDAY + 1, MONDAY + 1, MONDAY + 3])
    none = np.zeros(5, dtype=np.int64)
    sales = rules.gather(none, none, day, np.array([3.0, -1.0, 1.0, -4.0, 2.5]), last_day=MONDAY + 3)
    assert sales.sold.tolist() == [[2.0, 0.0, 0.0, 2.5]]


def test_sales_after_the_last_day_are_not_looked_at() -> None:
    none = np.zeros(2, dtype=np.int64)
    sales = rules.gather(none, none, np.array([MONDAY, MONDAY + 1]), np.array([1.0, 9.0]), last_day=MONDAY)
    assert sales.sold.tolist() == [[1.0]]


def test_a_series_is_open_from_its_first_sale_and_closed_with_its_shop() -> None:
    shop = np.array([0, 0, 0, 0, 0])
    item = np.array([0, 0, 0, 1, 1])
    day = MONDAY + np.array([0, 1, 3, 1, 3])
    sales = rules.gather(shop, item, day, np.array([20.0, 20.0, 20.0, 5.0, 5.0]), last_day=MONDAY + 3)
    assert sales.is_open.tolist() == [[True, True, False, True], [False, True, False, True]]


def test_nothing_sold_is_nothing_foretold() -> None:
    none = np.zeros(0, dtype=np.int64)
    sales = rules.gather(none, none, none, np.zeros(0), last_day=MONDAY)
    assert rules.foretell(sales, 7).shape == (0, 7, 6)


def test_one_single_sale_is_answered() -> None:
    one = np.zeros(1, dtype=np.int64)
    sales = rules.gather(one, one, np.array([MONDAY]), np.array([2.0]), last_day=MONDAY)
    assert rules.foretell(sales, 3).shape == (1, 3, 6)


@pytest.mark.parametrize("days", range(1, 16))
def test_a_shop_that_opened_this_week_is_answered(days: int) -> None:
    none, day = np.zeros(days, dtype=np.int64), np.arange(MONDAY, MONDAY + days)
    two = np.concatenate([none, none + 1])
    sold = np.full(2 * days, 3.0)
    told = rules.foretell(rules.gather(two, 0 * two, np.concatenate([day, day]), sold, last_day=MONDAY + days - 1), 3)
    assert told.shape[:2] == (2, 3)
    assert np.isfinite(told).all()


def test_the_same_on_every_day_is_foretold_about_the_same() -> None:
    told = rules.foretell(steady([4.0, 12.0]), 7)
    assert told[0, :, 0].tolist() == [4.0] * 7
    assert told[1, :, 0].tolist() == [12.0] * 7


def test_a_saturday_that_sells_double_is_foretold_higher() -> None:
    days = 7 * 30
    day = np.arange(MONDAY - days, MONDAY)
    sold = np.where(day % 7 == (MONDAY + 5) % 7, 20.0, 10.0)
    none = np.zeros(days, dtype=np.int64)
    told = rules.foretell(rules.gather(none, none, day, sold, last_day=MONDAY - 1), 7)
    median = told[0, :, 0].tolist()
    assert median[5] == max(median) >= 18
    assert max(median[:5]) <= 12


def test_what_is_sold_by_weight_is_foretold_in_parts() -> None:
    told = rules.foretell(steady([0.35]), 1)
    assert 0.2 <= told[0, 0, 0] <= 0.4


def test_thousands_a_day_are_counted_in_larger_units_and_keep_their_size() -> None:
    told = rules.foretell(steady([6000.0]), 1)
    assert told[0, 0, 0] == pytest.approx(6000, rel=0.1)


def test_a_feast_changes_its_own_days_alone() -> None:
    sales = steady([20.0])
    feast = rules.Feast(date(2026, 6, 3), ((-1, 2.0), (0, 0.5)))
    factors = rules.day_factors(sales, 7, [feast])[-7:]
    assert [round(each / factors[0], 2) for each in factors] == [1.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0]


def test_a_thing_bought_six_at_a_time_strays_further_than_its_fellow_that_sells_as_much() -> None:
    draw = np.random.default_rng(7)
    days = 7 * 40
    singly, by_six = draw.poisson(3.0, days), 6 * draw.poisson(0.5, days)
    shop, day = np.repeat(np.arange(2), days), np.tile(np.arange(MONDAY - days, MONDAY), 2)
    sold = np.concatenate([singly, by_six]).astype(float)
    told = rules.foretell(rules.gather(shop, np.zeros_like(shop), day, sold, last_day=MONDAY - 1), 7)
    assert told[1, :, 5].min() > told[0, :, 5].max()
    assert told[1, :, 0].mean() < told[0, :, 0].mean()


def test_a_series_with_no_past_strays_like_its_item_and_one_with_a_long_past_like_itself() -> None:
    expected = np.full(2_000, 4.0)
    came = np.concatenate([np.tile([4.0, 4.0], 500), np.tile([0.0, 8.0], 500)])  # the first never strays at all
    errors = Errors(expected, came, np.repeat(np.array([0, 1]), 1_000), 1.0)
    steady, wild, unseen = errors.dispersions(3).tolist()
    of_item = (0.0 + 16.0 - 2 * 4.0) / (16.0 + 16.0)  # the squared errors of both, less their means, over squared means
    assert unseen == pytest.approx(of_item)
    assert steady == LEAST_DISPERSION
    assert wild == pytest.approx((1_000 * 12.0 + 100 * 16.0 * of_item) / (1_000 * 16.0 + 100 * 16.0))


@given(mean=st.floats(0.05, 40), dispersion=st.floats(0.03, 2))
@settings(max_examples=40, deadline=None)
def test_chances_sum_to_one_and_keep_their_mean(mean: float, dispersion: float) -> None:
    chances = negative_binomial(np.array([mean]), np.array([dispersion]), 2_000)[0]
    assert chances.sum() == pytest.approx(1, abs=1e-6)
    assert (chances * np.arange(2_000)).sum() == pytest.approx(mean, rel=1e-3)


def test_a_half_life_halves() -> None:
    path = decayed(np.array([[8.0, 0.0]]), np.ones((1, 2)), 1.0)
    assert path[0].tolist() == pytest.approx([8.0, 8 / 3])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_quantiles_rise_with_their_level_and_are_never_negative(seed: int) -> None:
    draw = np.random.default_rng(seed)
    shop, item = draw.integers(0, 3, 400), draw.integers(0, 4, 400)
    sales = rules.gather(
        shop, item, MONDAY - draw.integers(0, 120, 400), draw.integers(1, 9, 400) * 1.0, last_day=MONDAY
    )
    told = rules.foretell(sales, 5)
    assert (np.diff(told, axis=2) >= 0).all()
    assert (told >= 0).all()


TEN = (10.0, 12.0, 13.0, 15.0, 17.0, 20.0)


def test_a_longer_life_wastes_less_at_the_same_fill() -> None:
    wasted = [rules.propose(rules.Outlook((TEN,) * 6, (), life), 0.9).wasted_part for life in (1, 2, 3)]
    assert wasted[0] > wasted[1] > wasted[2]


def test_goods_that_are_there_are_ordered_less() -> None:
    without = rules.propose(rules.Outlook((TEN,) * 3, (), 3), 0.95)
    beside = rules.propose(rules.Outlook((TEN,) * 3, (rules.Batch(6, 2),), 3), 0.95)
    assert beside.order == without.order - 6


def test_what_can_no_longer_be_sold_is_not_counted() -> None:
    fresh = rules.Outlook((TEN,), (), 1)
    assert rules.propose(rules.Outlook((TEN,), (rules.Batch(50, 0),), 1), 0.9).order == rules.propose(fresh, 0.9).order


@given(stock=st.integers(0, 30), life=st.integers(1, 5), cover=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_along_the_curve_fill_and_waste_both_rise(stock: int, life: int, cover: int) -> None:
    points = rules.curve(rules.Outlook((TEN,) * 6, (rules.Batch(stock, 2),), life, cover))
    assert points[0].order == 0
    for less, more in pairwise(points):
        assert more.fill >= less.fill - 1e-9
        assert more.waste >= less.waste - 1e-9


@pytest.mark.parametrize(
    ("quantity", "days_left", "expected"),
    [
        (10, 3, 0),  # sold in three days anyway
        (40, 3, 2_000),  # a quarter is left
        (20, 1, 3_000),  # half is left tonight: 15 % and half of 35 %, in steps of 5 %
        (100, 1, 4_500),
        (0, 1, 0),
    ],
)
def test_a_markdown_is_proposed_for_what_would_be_left(quantity: float, days_left: int, expected: int) -> None:
    assert rules.markdown_bp((TEN,) * 6, [rules.Batch(quantity, days_left)], 0) == expected
