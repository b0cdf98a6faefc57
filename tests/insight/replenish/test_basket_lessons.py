"""What past baskets of a city teach: as the measured contract does it, kept and read again, and never about anybody."""

from __future__ import annotations

import json
from array import array

import msgspec
import pytest

from builders.replenish import habits_of
from linli.insight.replenish import gateways, rules
from linli.insight.replenish.rules import basket_lessons
from linli.insight.replenish.rules.basket_asking import (
    BASKET_VERSION,
    AskLesson,
    AskRanks,
    BasketLesson,
    Bought,
    answer_lesson,
    answer_ranks,
)

HOMES, TODAY, PRODUCTS = 500, 20_700, 20


def a_town(homes: int = HOMES) -> list[tuple[int, int, int, int]]:
    """Rows of household, product, day and quantity."""
    return [(home, thing, TODAY - ago, 1) for home, thing, ago in habits_of(homes, PRODUCTS)]


def bought(rows: list[tuple[int, int, int, int]], homes: int = HOMES, products: int = PRODUCTS) -> Bought:
    columns = [array("i", column).tobytes() for column in zip(*rows, strict=True)]
    kinds = tuple(range(products))
    return Bought(TODAY, homes, tuple(f"thing-{each}" for each in kinds), kinds, kinds, *columns)


@pytest.fixture(scope="module")
def town() -> Bought:
    return bought(a_town())


@pytest.fixture(scope="module")
def lesson(town) -> BasketLesson:
    return answer_lesson(AskLesson(town))


def test_the_product_ranks_as_the_measured_contract_does(town, lesson):
    ranks_of_some_homes_are_those_of_the_contract(town, lesson, learn=True)


def test_and_so_it_does_without_the_extra(town):
    ranks_of_some_homes_are_those_of_the_contract(town, answer_lesson(AskLesson(town, learn=False)), learn=False)


def ranks_of_some_homes_are_those_of_the_contract(town, lesson, *, learn):
    """The lesson goes through JSON, as in the database; then some homes are put in order by it, in other numbers."""
    assert lesson.learner is not None
    kept = msgspec.convert(json.loads(json.dumps(msgspec.to_builtins(lesson))), BasketLesson)
    some = [(home - 100, thing + 1, day, n) for home, thing, day, n in a_town() if 100 <= home < 200]
    portion = bought(some, homes=100, products=PRODUCTS + 1)
    names = ("of nobody", *town.products)
    portion = msgspec.structs.replace(portion, products=names)

    ranks = answer_ranks(AskRanks(portion, kept))

    told = [[names[each] for each in products[: rules.MOST]] for products in ranks.products]
    contract = rules.next_baskets(*town.asked(), learn=learn)[100:200]
    assert told == [[town.products[each] for each in row] for row in contract.tolist()]


def test_what_is_learnt_is_better_than_habit_and_says_by_how_much(lesson):
    assert lesson.judges >= basket_lessons.LEAST_JUDGES
    assert lesson.by_learner > lesson.by_habit > 0


def test_the_same_purchases_teach_the_same(town, lesson):
    assert answer_lesson(AskLesson(town)) == lesson


def test_few_homes_teach_nothing_and_habit_serves():
    few = bought(a_town(homes=200), homes=200)
    lesson = answer_lesson(AskLesson(few))
    assert lesson.learner is None
    assert answer_ranks(AskRanks(few, lesson)).products == [[] for _ in range(200)]


def test_nothing_is_kept_of_what_fewer_than_three_homes_bought():
    rows = a_town()
    rare = [(home, PRODUCTS, TODAY - back, 1) for home in (1, 2) for back in (10, 30, 60, 90)]
    lesson = answer_lesson(AskLesson(bought(rows + rare, products=PRODUCTS + 1), learn=False))
    assert set(lesson.products) == {f"thing-{each}" for each in range(PRODUCTS)}


def test_a_lesson_of_another_version_puts_nothing_in_order(town, lesson):
    other = msgspec.structs.replace(lesson, version=BASKET_VERSION + 1)
    assert not any(answer_ranks(AskRanks(town, other)).products)


def test_trees_without_the_extra_put_nothing_in_order(town, lesson, monkeypatch):
    monkeypatch.setattr("linli.insight.replenish.rules.basket_learners.find_spec", lambda _name: None)
    assert not any(answer_ranks(AskRanks(town, lesson)).products)


def test_no_bought_product_and_an_unknown_one_are_answered(lesson):
    nobody = Bought(TODAY, 2, (), (), (), b"", b"", b"", b"")
    assert answer_ranks(AskRanks(nobody, lesson)).products == [[], []]
    unknown = bought([(0, 0, TODAY - back, 1) for back in (5, 12, 19)], homes=1, products=1)
    unknown = msgspec.structs.replace(unknown, products=("never seen",))
    assert answer_ranks(AskRanks(unknown, lesson)).products == [[0]]


def test_the_process_beside_the_worker_says_the_same(town, lesson):
    assert gateways.learn_baskets(AskLesson(town)) == lesson
    assert gateways.rank_baskets(AskRanks(town, lesson)) == answer_ranks(AskRanks(town, lesson))
