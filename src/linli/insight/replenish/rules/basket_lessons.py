"""What past baskets teach about the next ones, and the order that it gives to what a household has bought.

Two halves of one thing: a lesson is learnt from many households at a moment, and each household is put in order by it,
in the same run or in a later one from what was kept. A lesson is about nobody: sums over products that several
households bought, and a learner that proved better than habit on households which did not teach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules.basket_history import History, Moment, past_moments, summed
from linli.insight.replenish.rules.basket_learners import Learner, teach
from linli.insight.replenish.rules.basket_signs import LATELY, Signs, Usual, signs, usual

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]

MOST = 10
TURNS = 3
"""So many past baskets of each household teach."""
LEAST_VISITS = 2
"""A household teaches from its third visit on."""
KEPT_BACK = 4
"""One household of so many does not teach at first, and says whether what the others taught is better than habit."""
LEAST_JUDGES = 120
"""Fewer say nothing: of 300 homes of the published panel habit was better, of 600 what they taught."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How much of its next basket is among ten products, on average over households that did not teach."""

    households: int
    by_habit: float
    by_learner: float

    @property
    def is_better(self) -> bool:
        """Whether the learner has earned its place."""
        return self.households >= LEAST_JUDGES and self.by_learner > self.by_habit


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt. Without a `learner` habit puts in order; `judged` is None where too little is known to teach."""

    of_all: Usual
    learner: Learner | None
    judged: Judged | None

    def score(self, candidates: Signs) -> Floats:
        """This will say how likely each candidate is to be bought next, on a scale of the lesson's own."""
        if self.learner is None or not len(candidates.household):
            return by_habit(candidates)
        return self.learner.chances(candidates.table())


@dataclass(frozen=True, slots=True)
class _Past:
    """Candidates of a moment gone by, those alone whose household's next basket is known."""

    household: Ints
    score: Floats
    table: NDArray[np.float32]
    is_next: Truths


def learn_baskets(history: History, asked: Moment, *, learn: bool = True) -> Lesson:
    """This will learn from what was bought before the moment at which households are asked."""
    import numpy as np

    moments = past_moments(history, asked, TURNS)
    of_all = usual(history, moments[-1] if moments else asked)
    past = [_past(history, moment, of_all) for moment in moments]
    if not past:
        return Lesson(of_all, None, None)
    table, is_next = (np.concatenate([getattr(each, name) for each in past]) for name in ("table", "is_next"))
    teaches = np.concatenate([each.household for each in past]) % KEPT_BACK > 0
    first = teach(table[teaches], is_next[teaches], learn=learn)
    if first is None:
        return Lesson(of_all, None, None)
    judged = _judged(history, moments[0], past[0], first)
    return Lesson(of_all, teach(table, is_next, learn=learn) if judged.is_better else None, judged)


def rank(history: History, asked: Moment, lesson: Lesson) -> tuple[Ints, Ints]:
    """This will put what households have bought in order: whose, and which product, the likeliest of each first.

    What is as likely as another stands in the order of habit.
    """
    import numpy as np

    candidates = signs(history, asked, lesson.of_all)
    order = np.lexsort((-by_habit(candidates), -lesson.score(candidates), candidates.household))
    return candidates.household[order], candidates.product[order]


def by_habit(candidates: Signs) -> Floats:
    """This will weigh candidates by how often and how lately their household bought them; ties go to what sells."""
    import numpy as np

    sold = candidates.columns["sold_month"]
    return np.asarray(candidates.columns[f"lately_{LATELY}"] + 1e-3 * sold / max(float(sold.max(initial=1.0)), 1.0))


def _past(history: History, moment: Moment, of_all: Usual) -> _Past:
    import numpy as np

    seen = signs(history, moment, of_all)
    is_known = (moment.visits >= LEAST_VISITS) & (moment.visits < history.visits)
    rows = np.flatnonzero(is_known[seen.household])
    return _Past(seen.household[rows], by_habit(seen)[rows], seen.table()[rows], seen.is_next[rows])


def _judged(history: History, moment: Moment, past: _Past, learner: Learner) -> Judged:
    import numpy as np

    rows = np.flatnonzero(past.household % KEPT_BACK == 0)
    household, is_next = past.household[rows], past.is_next[rows]
    judges = np.unique(household)
    if not len(judges):
        return Judged(0, 0.0, 0.0)
    basket = np.bincount(
        history.household[history.visit == moment.visits[history.household]], minlength=history.households
    )

    def recall(score: Floats) -> float:
        order = np.lexsort((-score, household))
        place = np.arange(len(order)) - np.searchsorted(household[order], household[order])
        found = summed(household[order], is_next[order] & (place < MOST), history.households)
        return float((found[judges] / np.maximum(basket[judges], 1)).mean())

    return Judged(len(judges), recall(past.score[rows]), recall(learner.chances(past.table[rows])))
