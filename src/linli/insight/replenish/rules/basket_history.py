"""Purchases as columns for the next basket: one row a household, visit and product; a visit is a day of shopping."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

DAY_SPAN = 40_000
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Lines:
    """What was bought, in any order; households and products are numbered from nought, days since 1970."""

    household: Ints
    product: Ints
    day: Ints
    quantity: Floats


@dataclass(frozen=True, slots=True)
class History:
    """Rows in the order of household, day and product; a pair is a household and a product that it bought."""

    household: Ints
    visit: Ints
    product: Ints
    day: Ints
    quantity: Floats
    pair: Ints
    pair_household: Ints
    pair_product: Ints
    visits: Ints
    visit_day: Ints
    first_visit: Ints
    type_of: Ints
    category_of: Ints
    pair_type: Ints
    pair_category: Ints

    @property
    def households(self) -> int:
        """How many households there are, those without purchases too."""
        return len(self.visits)

    @property
    def products(self) -> int:
        """How many products there are."""
        return len(self.type_of)

    def day_of(self, visit: Ints) -> Ints:
        """This will say on which day each household made the visit of that number (its last, where there is none)."""
        import numpy as np

        if not len(self.visit_day):
            return np.zeros(self.households, dtype=np.int64)
        place = self.first_visit + np.clip(visit, 0, np.maximum(self.visits - 1, 0))
        return self.visit_day[np.minimum(place, len(self.visit_day) - 1)]


@dataclass(frozen=True, slots=True)
class Moment:
    """When each household is asked: how many of its visits are past, and the day it is; -1 where it is not asked."""

    visits: Ints
    on: Ints


def day_number(day: date) -> int:
    """This will count a day's days since 1970."""
    return day.toordinal() - _EPOCH


def read_history(bought: Lines, households: int, type_of: Ints, category_of: Ints) -> History:
    """This will bring purchases in order; what a household buys of a product on one day is one row, returns set off."""
    import numpy as np

    products = max(len(type_of), 1)
    key = (bought.household * DAY_SPAN + bought.day) * products + bought.product
    key, row = np.unique(key, return_inverse=True)
    quantity = summed(row, bought.quantity, len(key))
    is_bought = quantity > 0
    key, quantity = key[is_bought], quantity[is_bought]
    product, visit_key = key % products, key // products
    household, day = visit_key // DAY_SPAN, visit_key % DAY_SPAN
    visit_keys, of_row = np.unique(visit_key, return_inverse=True)
    visits = np.bincount(visit_keys // DAY_SPAN, minlength=households)
    first = visits.cumsum() - visits
    pairs, pair = np.unique(household * products + product, return_inverse=True)
    pair_household, pair_product = pairs // products, pairs % products
    return History(
        household=household,
        visit=of_row - first[household],
        product=product,
        day=day,
        quantity=quantity,
        pair=pair,
        pair_household=pair_household,
        pair_product=pair_product,
        visits=visits,
        visit_day=visit_keys % DAY_SPAN,
        first_visit=first,
        type_of=type_of,
        category_of=category_of,
        pair_type=_group(pair_household, type_of[pair_product]),
        pair_category=_group(pair_household, category_of[pair_product]),
    )


def past_moments(history: History, asked: Moment, turns: int) -> list[Moment]:
    """This will give earlier moments of the same kind as the asked one, whose next basket is known.

    Whoever is asked on a day of its own is asked on the days of its last visits; where all are asked on one day, all
    are asked on days some weeks before; where the day is that of the last visit, no time has passed since it.
    """
    import numpy as np

    shops = (asked.visits > 0) & (asked.on >= 0)
    waited = (asked.on - history.day_of(asked.visits - 1))[shops]
    if not len(waited):
        return []
    if (waited <= 0).mean() > 0.8:
        moments = [asked.visits - turn for turn in range(1, turns + 1)]
        return [Moment(np.maximum(past, 0), history.day_of(past - 1)) for past in moments]
    today = asked.on.max()
    if len(waited) > 1 and (asked.on[shops] == today).all():
        days = [np.full(history.households, today - 14 * turn) for turn in range(1, turns + 1)]
        return [Moment(visits_before(history, day), day) for day in days]
    moments = [np.maximum(asked.visits - turn, 0) for turn in range(1, turns + 1)]
    return [Moment(past, history.day_of(past)) for past in moments]


def visits_before(history: History, day: Ints) -> Ints:
    """This will count each household's visits before a day of its own."""
    import numpy as np

    of_visit = np.repeat(np.arange(history.households), history.visits)
    return np.bincount(of_visit[history.visit_day < day[of_visit]], minlength=history.households)


def summed(group: Ints, weight: NDArray[np.generic], groups: int) -> Floats:
    """This will add up the weights of each group."""
    import numpy as np

    return np.asarray(np.bincount(group, weight, minlength=groups), dtype=np.float64)


def _group(household: Ints, group: Ints) -> Ints:
    import numpy as np

    width = int(group.max(initial=0)) + 1
    return np.asarray(np.unique(household * width + group, return_inverse=True)[1], dtype=np.int64)
