"""The next basket: a household's own habit, and what past baskets teach."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from linli.insight.replenish import rules
from linli.insight.replenish.rules.basket_history import past_moments
from linli.insight.replenish.rules.basket_learners import Plain, teach
from linli.insight.replenish.rules.basket_signs import signs, usual

OIL, RICE, MILK, TEA = 0, 1, 2, 3
DAY = (date(2026, 6, 1) - date(1970, 1, 1)).days


def a_history(rows: list[tuple[int, int, int]], households: int = 1, products: int = 4) -> rules.History:
    """Rows of household, day and product, one piece each."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    ones = np.ones(len(columns))
    lines = rules.Lines(columns[:, 0], columns[:, 2], columns[:, 1], ones)
    kinds = np.arange(products)
    return rules.read_history(lines, households, kinds, kinds)


def asked(history: rules.History, *days: int) -> rules.Moment:
    return rules.Moment(history.visits, np.array(days, dtype=np.int64))


def test_what_is_bought_oftener_and_later_stands_first():
    history = a_history([(0, 1, RICE), (0, 5, RICE), (0, 5, MILK), (0, 9, MILK), (0, 12, MILK), (0, 12, OIL)])
    told = rules.next_baskets(history, asked(history, 15), most=3)
    assert told.tolist() == [[MILK, RICE, OIL]]


def test_a_household_without_purchases_is_told_what_sells_most():
    history = a_history([(0, 1, RICE), (0, 5, RICE), (0, 5, MILK)], households=2)
    told = rules.next_baskets(history, asked(history, 8, 8), most=2)
    assert told.tolist() == [[RICE, MILK], [RICE, MILK]]


def test_with_no_purchase_at_all_nothing_is_told():
    history = a_history([], households=2)
    assert rules.next_baskets(history, asked(history, 8, 8), most=2).tolist() == [[-1, -1], [-1, -1]]


def test_what_was_brought_back_was_not_bought():
    day = np.array([3, 3, 4])
    lines = rules.Lines(np.zeros(3, int), np.array([OIL, OIL, TEA]), day, np.array([1.0, -1.0, 1.0]))
    history = rules.read_history(lines, 1, np.arange(4), np.arange(4))
    assert history.product.tolist() == [TEA]
    assert history.visits.tolist() == [1]


def test_ten_thousand_purchases_of_one_home_are_answered():
    history = a_history([(0, day, product) for day in range(2_500) for product in range(4)])
    assert sorted(rules.next_baskets(history, asked(history, 2_501), most=4)[0].tolist()) == [0, 1, 2, 3]


def test_signs_see_nothing_from_their_moment_on():
    rows = [(0, 1, RICE), (0, 5, RICE), (0, 9, MILK), (0, 12, MILK)]
    until, all_of_it = a_history(rows[:2]), a_history(rows)
    moment = rules.Moment(np.array([2]), np.array([9]))
    before, after = (signs(each, moment, usual(each, moment)) for each in (until, all_of_it))
    assert before.product.tolist() == after.product.tolist() == [RICE]
    assert before.table().tolist() == after.table().tolist()
    assert after.is_next.tolist() == [False]


@pytest.mark.parametrize(
    ("days", "visits", "on"),
    [
        ((20, 30), [2, 1], [9, 7]),  # each on a day of its own: its last visit is what it would have been asked
        ((9, 7), [2, 1], [5, 3]),  # on its last visit's day: no time has passed since the visit before
        ((30, 30), [3, 2], [16, 16]),  # all on one day: all two weeks before
    ],
)
def test_past_moments_are_of_the_kind_that_is_asked(days: tuple[int, ...], visits: list[int], on: list[int]):
    history = a_history([(0, 1, RICE), (0, 5, RICE), (0, 9, RICE), (1, 3, OIL), (1, 7, OIL)], households=2)
    moment = past_moments(history, asked(history, *days), 1)[0]
    assert (moment.visits.tolist(), moment.on.tolist()) == (visits, on)


def test_the_plain_learner_finds_what_matters():
    draw = np.random.default_rng(3)
    table = draw.random((8_000, 3)).astype(np.float32)
    is_next = draw.random(8_000) < np.where(table[:, 1] > 0.8, 0.6, 0.05)
    chances = Plain.taught(table, is_next).chances(table)
    assert chances[table[:, 1] > 0.9].mean() == pytest.approx(0.6, abs=0.08)
    assert chances[table[:, 1] < 0.7].mean() == pytest.approx(0.05, abs=0.03)


def test_from_few_candidates_nothing_is_learnt():
    assert teach(np.zeros((100, 3), dtype=np.float32), np.ones(100, dtype=bool)) is None


def test_a_usual_basket_begins_with_the_third_order():
    orders = [(DAY, ["oil", "rice"]), (DAY + 34, ["oil"])]
    assert rules.usual_basket(orders) == ()
    habits = rules.usual_basket([*orders, (DAY + 68, ["oil", "tea", "oil"])])
    assert [(habit.product, habit.times, habit.every_d, habit.last_day - DAY) for habit in habits] == [
        ("oil", 3, 34, 68)
    ]


def test_what_was_bought_twice_on_one_day_has_no_rhythm():
    habits = rules.usual_basket([(DAY, ["oil"]), (DAY, ["oil"]), (DAY + 3, ["tea"])])
    assert [(habit.product, habit.times, habit.every_d) for habit in habits] == [("oil", 2, None)]
