"""The next basket: what a household will put into it, first by its own habit, better with what past baskets teach.

A household's own order counts each purchase half after ten visits, and breaks ties by what sells: that works from
three orders. With some thousand past candidates a learner puts them in order again, taught within the same run by
earlier baskets whose contents are known; of no household anything after its own moment is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules.basket_history import History, Moment
from linli.insight.replenish.rules.basket_lessons import MOST, learn_baskets, rank
from linli.insight.replenish.rules.basket_signs import LATELY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LEAST_ORDERS = 3
"""A usual basket is shown from so many orders on."""
_MONTH_D = 28


@dataclass(frozen=True, slots=True)
class Habit:
    """One product of a household's usual basket, and the reason why it stands there."""

    product: str
    times: int
    every_d: int | None
    last_day: int
    weight: float


def usual_basket(orders: Sequence[tuple[int, Sequence[str]]], most: int = MOST) -> tuple[Habit, ...]:
    """This will give a household's usual basket from its orders, each a day and what was in it; none before three."""
    if len(orders) < LEAST_ORDERS:
        return ()
    in_order = sorted(orders, key=lambda order: order[0])
    days: dict[str, list[int]] = {}
    weight: dict[str, float] = {}
    for ago, (day, products) in enumerate(reversed(in_order), start=1):
        for product in dict.fromkeys(products):
            days.setdefault(product, []).append(day)
            weight[product] = weight.get(product, 0.0) + 0.5 ** (ago / LATELY)
    habits = [
        Habit(
            product,
            times=len(on),
            every_d=round((on[0] - on[-1]) / (len(on) - 1)) if len(on) > 1 and on[0] > on[-1] else None,
            last_day=on[0],
            weight=weight[product],
        )
        for product, on in days.items()
        if len(on) > 1
    ]
    return tuple(sorted(habits, key=lambda habit: (-habit.weight, habit.product))[:most])


def reordered(habits: Sequence[Habit], ranked: Sequence[object]) -> tuple[Habit, ...]:
    """This will put habits in an order that was learnt; what it does not know follows, by habit."""
    place = {str(product): nth for nth, product in enumerate(ranked)}
    return tuple(sorted(habits, key=lambda habit: place.get(habit.product, len(place))))


def next_baskets(history: History, asked: Moment, *, learn: bool = True, most: int = MOST) -> Ints:
    """This will rank the products of the next basket of each household, `[household, place]`; -1 where none is left."""
    import numpy as np

    told = np.full((history.households, most), -1, dtype=np.int64)
    if not len(history.product):
        return told
    lesson = learn_baskets(history, asked, learn=learn)
    asked = Moment(asked.visits, np.where(asked.on < 0, history.day_of(asked.visits), asked.on))
    household, product = rank(history, asked, lesson)
    place = np.arange(len(household)) - np.searchsorted(household, household)
    is_told = place < most
    told[household[is_told], place[is_told]] = product[is_told]
    return _filled(told, history, int(asked.on.max(initial=0)))


def _filled(told: Ints, history: History, today: int) -> Ints:
    """Free places are filled with what sells most lately and is not told already."""
    import numpy as np

    lately = (history.day > today - _MONTH_D) & (history.day <= today)
    sold = np.bincount(history.product[lately if lately.any() else slice(None)], minlength=history.products)
    best = np.argsort(-sold, kind="stable")[: 2 * told.shape[1]].tolist()
    for row in np.flatnonzero((told < 0).any(axis=1)).tolist():
        has = [each for each in told[row].tolist() if each >= 0]
        more = [each for each in best if each not in has]
        filled = (has + more)[: told.shape[1]]
        told[row, : len(filled)] = filled
    return told
