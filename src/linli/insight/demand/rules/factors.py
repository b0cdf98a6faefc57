"""Factors: how a day differs from a usual one. What few sales show is drawn towards what many show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from linli.insight.demand.rules.sales import summed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from linli.insight.demand.rules.sales import Sales

    Floats = NDArray[np.float64]

WEEK = 7
ITEM_WEIGHT, SHOP_WEIGHT, SERIES_WEIGHT = 200.0, 200.0, 100.0
"""As many units sold on a weekday as the wider pattern counts for beside an item's, a shop's and a series' own."""
MONTH_PARTS = (4, 7, 11, 16, 21, 26)
"""Days on which a new part of the month begins: wages and pensions show in what is bought."""
PART_WEIGHT = 5.0
_SMOOTH_D = 31
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Feast:
    """A feast that comes too seldom to be learnt: the factors of the days about it, by days after it."""

    on: date
    factors: tuple[tuple[int, float], ...]


def day_factors(sales: Sales, horizon: int, feasts: Sequence[Feast] = ()) -> Floats:
    """This will say how each day of the table, and of `horizon` days after it, differs in all shops together."""
    import numpy as np

    factor = np.ones(sales.days + horizon)
    for feast in feasts:
        for after, is_times in feast.factors:
            place = (feast.on - _EPOCH).days + after - sales.first_day
            if 0 <= place < len(factor):
                factor[place] = is_times
    total = sales.sold.sum(axis=0)
    usual = weekday_usual(total, sales.first_day)
    plain = total / usual[weekdays(sales.first_day, sales.days)] / np.maximum(factor[: sales.days], 0.05)
    around = np.convolve(np.pad(plain, _SMOOTH_D // 2, mode="edge"), np.full(_SMOOTH_D, 1 / _SMOOTH_D), mode="valid")
    ratio = np.clip(plain / np.maximum(around, 1e-9), 0.3, 2.0)
    part = month_parts(sales.first_day, sales.days + horizon)
    parts = len(MONTH_PARTS) + 1
    days = np.bincount(part[: sales.days], minlength=parts)
    of_part = (np.bincount(part[: sales.days], ratio, minlength=parts) + PART_WEIGHT) / (days + PART_WEIGHT)
    return np.asarray(factor * of_part[part] / of_part[part].mean())


def weekday_factors(sales: Sales) -> Floats:
    """This will say how each weekday of a series differs: all shops, then its item, its shop and itself."""
    import numpy as np

    day = weekdays(sales.first_day, sales.days)
    own = np.stack([sales.sold[:, day == each].sum(axis=1) for each in range(WEEK)], axis=1)
    usual = weekday_usual(sales.sold.sum(axis=0), sales.first_day)
    of_item = _drawn(summed(own, sales.item, sales.items), usual, ITEM_WEIGHT)[sales.item]
    of_shop = _drawn(summed(own, sales.shop, sales.shops), usual, SHOP_WEIGHT)[sales.shop] / usual
    both = of_item * of_shop
    return _drawn(own, both / both.mean(axis=1, keepdims=True), SERIES_WEIGHT)


def _drawn(sold: Floats, towards: Floats, weight: float) -> Floats:
    """Each row's weekday pattern, drawn towards a pattern whose mean is one; so is its own."""
    import numpy as np

    expected = sold.sum(axis=1, keepdims=True) / WEEK * towards
    pattern = towards * (sold + weight) / (expected + weight)
    return np.asarray(pattern / pattern.mean(axis=1, keepdims=True))


def weekday_usual(total: Floats, first_day: int) -> Floats:
    """This will say how the weekdays of one series of totals differ from their mean."""
    import numpy as np

    day = weekdays(first_day, len(total))
    mean = np.array([total[day == each].mean() if (day == each).any() else 0.0 for each in range(WEEK)])
    mean += 0.05 * mean.mean() + 1e-6
    return np.asarray(mean / mean.mean())


def weekdays(first_day: int, days: int) -> NDArray[np.int64]:
    """This will give the weekday of each day, Monday being nought."""
    import numpy as np

    return (np.arange(first_day, first_day + days) + 3) % WEEK


def month_parts(first_day: int, days: int) -> NDArray[np.int64]:
    """This will give the part of the month in which each day falls."""
    import numpy as np

    of_month = [(_EPOCH + timedelta(days=first_day + each)).day for each in range(days)]
    return np.asarray(np.digitize(np.array(of_month), MONTH_PARTS), dtype=np.int64)
