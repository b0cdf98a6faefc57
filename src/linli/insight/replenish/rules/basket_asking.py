"""Questions about next baskets to a process beside the worker, and what is kept of a city's lesson.

Columns cross as bytes of whole numbers, four each: the purchases of some thousand households are a few megabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from linli.insight.replenish.rules import basket_learners
from linli.insight.replenish.rules.basket_history import DAY_SPAN, History, Lines, Moment, read_history, visits_before
from linli.insight.replenish.rules.basket_learners import Kept
from linli.insight.replenish.rules.basket_lessons import Lesson, learn_baskets, rank
from linli.insight.replenish.rules.basket_signs import CANDIDATES, MONTH_D, WEEK_D, Usual, sold_by

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

BASKET_VERSION = 1
"""Of the signs that a lesson looks at; one of another version is not used, and habit serves."""


class Bought(msgspec.Struct, frozen=True):
    """Purchases of households before `today`; `type_of` and `category_of` number the kinds of `products`."""

    today: int
    households: int
    products: tuple[str, ...]
    type_of: tuple[int, ...]
    category_of: tuple[int, ...]
    household: bytes
    product: bytes
    day: bytes
    quantity: bytes

    def asked(self) -> tuple[History, Moment]:
        """This will give them in order, and the moment of today."""
        import numpy as np

        household, product, day, quantity = (
            np.frombuffer(each, dtype=np.int32).astype(np.int64)
            for each in (self.household, self.product, self.day, self.quantity)
        )
        kinds = (np.array(each, dtype=np.int64) for each in (self.type_of, self.category_of))
        lines = Lines(household, product, day, quantity.astype(np.float64))
        history = read_history(lines, self.households, *kinds)
        on = np.full(self.households, self.today)
        return history, Moment(visits_before(history, on), on)


class BasketLesson(msgspec.Struct, frozen=True):
    """A lesson as it is kept: of each product that several households bought what they did with it, and the learner.

    The columns of what households do have one more row, of a product that nobody knows. `by_habit` and `by_learner`
    say how much of a next basket was among ten products, of so many `judges`.
    """

    version: int
    today: int
    households: int
    products: tuple[str, ...]
    repeats: list[float]
    per_buyer: list[float]
    hazard: list[float]
    gap_d: list[float]
    buyers: list[float]
    sold_week: list[int]
    sold_month: list[int]
    sold_ever: list[int]
    learner: Kept | None
    judges: int = 0
    by_habit: float = 0.0
    by_learner: float = 0.0


class AskLesson(msgspec.Struct, frozen=True, tag="lesson"):
    """Learn from these purchases."""

    bought: Bought
    learn: bool = True


class AskRanks(msgspec.Struct, frozen=True, tag="ranks"):
    """Put in order what each of these households buys."""

    bought: Bought
    lesson: BasketLesson


class Ranks(msgspec.Struct, frozen=True):
    """Of each household the numbers of its products, the likeliest first; nothing where the lesson cannot be read."""

    products: list[list[int]]


def answer_lesson(ask: AskLesson) -> BasketLesson:
    """This will learn, and write down what was learnt."""
    import numpy as np

    history, moment = ask.bought.asked()
    lesson = learn_baskets(history, moment, learn=ask.learn)
    every = np.arange(len(ask.bought.products))
    sold = sold_by(lesson.of_all, every, np.full(len(every), ask.bought.today))
    known = np.flatnonzero((lesson.of_all.buyers[every] > 0) | (sold[2] > 0))
    rows = np.append(known, -1)
    of_all, judged = lesson.of_all, lesson.judged
    return BasketLesson(
        version=BASKET_VERSION,
        today=ask.bought.today,
        households=int((history.visits > 0).sum()),
        products=tuple(ask.bought.products[each] for each in known.tolist()),
        repeats=of_all.repeats[rows].tolist(),
        per_buyer=of_all.per_buyer[rows].tolist(),
        hazard=of_all.hazard[rows].tolist(),
        gap_d=of_all.gap_d[rows].tolist(),
        buyers=of_all.buyers[rows].tolist(),
        sold_week=sold[0][known].tolist(),
        sold_month=sold[1][known].tolist(),
        sold_ever=sold[2][known].tolist(),
        learner=lesson.learner.kept() if lesson.learner else None,
        judges=judged.households if judged else 0,
        by_habit=judged.by_habit if judged else 0.0,
        by_learner=judged.by_learner if judged else 0.0,
    )


def answer_ranks(ask: AskRanks) -> Ranks:
    """This will put in order what each household buys, by a lesson that was kept."""
    ranked: list[list[int]] = [[] for _ in range(ask.bought.households)]
    lesson = _restored(ask.lesson, ask.bought)
    if lesson is not None and ask.bought.products:
        households, products = rank(*ask.bought.asked(), lesson)
        for household, product in zip(households.tolist(), products.tolist(), strict=True):
            if len(ranked[household]) < CANDIDATES:
                ranked[household].append(product)
    return Ranks(ranked)


def _restored(kept: BasketLesson, bought: Bought) -> Lesson | None:
    """A lesson in the numbers of these purchases' products; what it does not know is a product that nobody knows."""
    import numpy as np

    learner = basket_learners.restored(kept.learner) if kept.version == BASKET_VERSION and kept.learner else None
    if learner is None:
        return None
    of = {product: row for row, product in enumerate(kept.products)}
    rows = np.array([of.get(each, -1) for each in bought.products], dtype=np.int64)
    columns = (kept.repeats, kept.per_buyer, kept.hazard, kept.gap_d, kept.buyers)
    repeats, per_buyer, hazard, gap_d, buyers = (np.append(np.array(each)[rows], each[-1]) for each in columns)
    of_all = Usual(repeats, per_buyer, hazard, gap_d, buyers, _sold_on(kept, rows))
    return Lesson(of_all, learner, None)


def _sold_on(kept: BasketLesson, rows: Ints) -> Ints:
    """Purchases at such days that as many lie within each stretch before the day of the lesson as did."""
    import numpy as np

    week, month, ever = (
        np.append(np.array(each, dtype=np.int64), 0)[rows] for each in (kept.sold_week, kept.sold_month, kept.sold_ever)
    )
    base = np.arange(len(rows)) * DAY_SPAN
    at = ((ever - month, 0), (month - week, kept.today - MONTH_D), (week, kept.today - WEEK_D))
    return np.sort(np.concatenate([np.repeat(base + day, many) for many, day in at]))
