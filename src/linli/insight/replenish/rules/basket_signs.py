"""Signs that a household buys a product again now: how often, how lately, how regularly, and what others do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules.basket_history import DAY_SPAN, History, Moment, summed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

CANDIDATES = 70
"""So many of a household's products are looked at closely."""
VISIT_HALF_LIVES, DAY_HALF_LIVES = (3, 10, 30), (14, 45, 120)
LATELY = 10
"""A purchase counts half after so many visits: the personal order, which needs no learning."""
NO_GAP = -1.0
WEEK_D, MONTH_D = 7, 28
LEAST_BUYERS = 3
"""Of what fewer households have bought nothing is known to others: it would tell of them."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What households do with each product: sums over all of them, from which none can be told.

    One row a product, and a last one of those that nobody knows.
    """

    repeats: Floats
    per_buyer: Floats
    hazard: Floats
    gap_d: Floats
    buyers: Floats
    sold_on: Ints
    """Product and day of each purchase, as one sorted number."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Candidates in rows, signs in named columns; `is_next` says whether the next basket had it (training only)."""

    household: Ints
    product: Ints
    columns: dict[str, Floats]
    is_next: NDArray[np.bool_]

    def table(self) -> NDArray[np.float32]:
        """This will give the signs as a table, in the order of their names."""
        import numpy as np

        return np.stack([self.columns[name] for name in self.columns], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Past:
    """The rows before a moment, and what they come to for each pair."""

    rows: Ints
    pair: Ints
    count: Floats
    first_visit: Ints
    last_visit: Ints
    first_day: Ints
    last_day: Ints


def usual(history: History, moment: Moment) -> Usual:
    """This will sum up what all households did with each product before a moment."""
    import numpy as np

    past, products = _past(history, moment), history.products + 1
    of, bought = history.pair_product, past.count > 0

    buyers, total, again = (summed(of, each, products) for each in (bought, past.count, past.count > 1))
    after = np.where(bought, np.maximum(moment.visits[history.pair_household] - past.first_visit - 1, 0), 0)
    chances, gaps = (summed(of, each, products) for each in (after, np.maximum(past.count - 1, 0)))
    days = summed(of, np.where(past.count > 1, past.last_day - past.first_day, 0), products)
    rate = again.sum() / max(buyers.sum(), 1)
    hazard = gaps.sum() / max(chances.sum(), 1)
    is_known = buyers >= LEAST_BUYERS
    buyers, total, again, chances, gaps, days = (
        np.where(is_known, each, 0.0) for each in (buyers, total, again, chances, gaps, days)
    )
    is_sold = is_known[history.product]
    return Usual(
        repeats=(again + 10 * rate) / (buyers + 10),
        per_buyer=(total + 5) / (buyers + 5),
        hazard=(gaps + 30 * hazard) / (chances + 30),
        gap_d=(days + 60) / (gaps + 2),
        buyers=buyers,
        sold_on=np.sort(history.product[is_sold] * DAY_SPAN + history.day[is_sold]),
    )


def signs(history: History, moment: Moment, of_all: Usual) -> Signs:
    """This will gather the signs of the candidates of each household at its moment."""
    import numpy as np

    past = _past(history, moment)
    visits_ago = (moment.visits[history.household] - history.visit)[past.rows].astype(np.float64)
    lately = summed(past.pair, 0.5 ** (visits_ago / LATELY), len(past.count))
    keep = _nearest(history, past, lately + past.count / np.maximum(moment.visits, 1)[history.pair_household])
    household, product = history.pair_household[keep], history.pair_product[keep]
    columns = _own(history, moment, past, keep, visits_ago)
    columns |= _of_household(history, moment, past, household)
    columns |= _of_kind(history, past, moment, keep, lately)
    columns |= _of_product(of_all, product, moment.on[household])
    next_rows = history.visit == moment.visits[history.household]
    is_next = np.zeros(len(past.count), dtype=np.bool_)
    is_next[history.pair[next_rows]] = True
    return Signs(household, product, columns, is_next[keep])


def _past(history: History, moment: Moment) -> _Past:
    import numpy as np

    rows = np.flatnonzero(history.visit < moment.visits[history.household])
    pair, size = history.pair[rows], len(history.pair_household)
    count = np.bincount(pair, minlength=size).astype(np.float64)
    ends = [np.full(size, -1, dtype=np.int64) for _ in range(4)]
    first_visit, last_visit, first_day, last_day = ends
    # Rows stand in the order of days, so the last writer of a pair is its last purchase; backwards, its first.
    last_visit[pair], last_day[pair] = history.visit[rows], history.day[rows]
    first_visit[pair[::-1]], first_day[pair[::-1]] = history.visit[rows][::-1], history.day[rows][::-1]
    return _Past(rows, pair, count, first_visit, last_visit, first_day, last_day)


def _nearest(history: History, past: _Past, score: Floats) -> Ints:
    """The pairs that are looked at: the best of each household by its own habit alone."""
    import numpy as np

    bought = np.flatnonzero(past.count > 0)
    order = bought[np.lexsort((-score[bought], history.pair_household[bought]))]
    household = history.pair_household[order]
    rank = np.arange(len(order)) - np.searchsorted(household, household)
    return np.sort(order[rank < CANDIDATES])


def _own(history: History, moment: Moment, past: _Past, keep: Ints, visits_ago: Floats) -> dict[str, Floats]:
    import numpy as np

    household = history.pair_household[keep]
    days_ago = (moment.on[history.household] - history.day)[past.rows].astype(np.float64)

    def of_pair(weight: Floats) -> Floats:
        return summed(past.pair, weight, len(past.count))[keep]

    count, visits = past.count[keep], moment.visits[household]
    since, since_d = (visits - past.last_visit[keep]) * 1.0, (moment.on[household] - past.last_day[keep]) * 1.0
    is_again = count > 1
    gap = (past.last_visit - past.first_visit)[keep] / np.maximum(count - 1, 1)
    gap_d = (past.last_day - past.first_day)[keep] / np.maximum(count - 1, 1)
    last = np.zeros(len(past.count))
    last[past.pair] = history.quantity[past.rows]
    quantity = of_pair(history.quantity[past.rows])
    columns = {
        "times": count,
        "share": count / np.maximum(visits, 1),
        "visits_since": since,
        "days_since": since_d,
        "gap": np.where(is_again, gap, NO_GAP),
        "gap_d": np.where(is_again, gap_d, NO_GAP),
        "overdue": np.where(is_again, since / np.maximum(gap, 1), NO_GAP),
        "overdue_d": np.where(is_again, since_d / np.maximum(gap_d, 1), NO_GAP),
        "share_since_first": count / np.maximum(visits - past.first_visit[keep], 1),
        "last_quantity": last[keep],
        "mean_quantity": quantity / count,
    }
    columns |= {f"lately_{life}": of_pair(0.5 ** (visits_ago / life)) for life in VISIT_HALF_LIVES}
    return columns | {f"lately_{life}_d": of_pair(0.5 ** (days_ago / life)) for life in DAY_HALF_LIVES}


def _of_household(history: History, moment: Moment, past: _Past, household: Ints) -> dict[str, Floats]:
    import numpy as np

    size = history.households
    rows = np.bincount(history.household[past.rows], minlength=size)
    is_last = (history.visit == moment.visits[history.household] - 1)[past.rows]
    last = np.bincount(history.household[past.rows][is_last], minlength=size)
    pairs = np.bincount(history.pair_household, past.count > 0, minlength=size)
    again = np.bincount(history.pair_household, past.count > 1, minlength=size)
    visits = np.maximum(moment.visits, 1)
    span = moment.on - history.day_of(np.zeros(size, dtype=np.int64))
    columns = {
        "visits": moment.visits,
        "basket": rows / visits,
        "last_basket": last,
        "days_since_visit": moment.on - history.day_of(moment.visits - 1),
        "visits_a_day": moment.visits / np.maximum(span, 1),
        "buys_again": again / np.maximum(pairs, 1),
    }
    return {name: np.asarray(values[household], dtype=np.float64) for name, values in columns.items()}


def _of_kind(history: History, past: _Past, moment: Moment, keep: Ints, lately: Floats) -> dict[str, Floats]:
    """The household's habit with other products of the same type and category: what replaces what."""
    import numpy as np

    columns: dict[str, Floats] = {}
    since = np.where(past.count > 0, moment.on[history.pair_household] - past.last_day, 10**6).astype(np.float64)
    for name, group in (("type", history.pair_type), ("category", history.pair_category)):
        size = int(group.max(initial=-1)) + 1
        count = summed(group, past.count, size)
        kinds = summed(group, past.count > 0, size)
        latest = np.full(size, 1e6)
        np.minimum.at(latest, group, since)
        of = group[keep]
        columns |= {
            f"{name}_times": count[of],
            f"{name}_share": past.count[keep] / np.maximum(count[of], 1),
            f"{name}_products": kinds[of],
            f"{name}_days_since": latest[of],
            f"{name}_lately": summed(group, lately, size)[of],
        }
    return columns


def sold_by(of_all: Usual, product: Ints, day: Ints) -> tuple[Ints, Ints, Ints]:
    """This will count the purchases of products in the week and the four weeks before a day, and ever before it."""
    import numpy as np

    base = product * DAY_SPAN
    until = np.searchsorted(of_all.sold_on, base + day)
    week, month, ever = (
        until - np.searchsorted(of_all.sold_on, base + begin)
        for begin in (np.maximum(day - WEEK_D, 0), np.maximum(day - MONTH_D, 0), np.zeros_like(day))
    )
    return week, month, ever


def _of_product(of_all: Usual, product: Ints, day: Ints) -> dict[str, Floats]:
    import numpy as np

    week, month, ever = sold_by(of_all, product, day)
    return {
        "sold_week": week.astype(np.float64),
        "sold_month": month.astype(np.float64),
        "sold_ever": ever.astype(np.float64),
        "trend": (week + 0.5) / (month / 4 + 0.5),
        "repeats": of_all.repeats[product],
        "per_buyer": of_all.per_buyer[product],
        "hazard": of_all.hazard[product],
        "usual_gap_d": of_all.gap_d[product],
        "buyers": of_all.buyers[product],
    }
