"""The plain method beside which fresh demand is scored: a fading mean of a series by weekday, one dispersion an item.

It is what somebody would write in an afternoon, and what the aims of the engine were once set by; it knows no trend of
an item, no feast, no part of the month and nothing that was seen on days alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.insight.demand.rules import LEVELS
from linli.insight.demand.rules.factors import weekday_usual, weekdays
from linli.insight.demand.rules.forecast import decayed
from linli.insight.demand.rules.quantiles import CHUNK, negative_binomial

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from linli.insight.demand.rules import Sales

    Floats = NDArray[np.float64]

HALF_LIFE_D, WARM_UP_D = 30.0, 60
LEAST_LEVEL, LEAST_DISPERSION = 0.02, 0.01
MOST_SOLD = 1_500
WIDE = 10.0
"""Counts are looked at as far as so many deviations beyond the largest expectation."""


def foretell(sales: Sales, horizon: int) -> Floats:
    """This will give the quantiles `[series, day, level]` of the days after the table's last."""
    import numpy as np

    day = weekdays(sales.first_day, sales.days + horizon)
    usual, dispersion = np.ones((len(sales.item), 7)), np.ones(len(sales.item))
    for item in range(sales.items):
        usual[sales.item == item] = weekday_usual(sales.sold[sales.item == item].sum(axis=0), sales.first_day)
    weekday = usual[:, day]
    level = decayed(sales.sold / weekday[:, : sales.days], np.ones_like(sales.sold), HALF_LIFE_D)
    level = np.maximum(level, LEAST_LEVEL)
    # What was told yesterday of each day, against what came: its moments give the dispersion of an item.
    told = level[:, WARM_UP_D - 1 : -1] * weekday[:, WARM_UP_D : sales.days]
    excess = (sales.sold[:, WARM_UP_D:] - told) ** 2 - told
    for item in range(sales.items):
        rows = sales.item == item
        square = float((told[rows] ** 2).sum())
        dispersion[rows] = max(float(excess[rows].sum()) / square, LEAST_DISPERSION) if square else 1.0
    ahead = level[:, -1:] * weekday[:, sales.days :]
    flat = _quantiles(ahead.reshape(-1), np.repeat(dispersion, horizon))
    return flat.reshape(len(sales.item), horizon, len(LEVELS))


def _quantiles(mean: Floats, dispersion: Floats) -> Floats:
    import numpy as np

    widest = float((mean + WIDE * np.sqrt(mean + dispersion * mean**2)).max(initial=1.0))
    grid = int(min(widest, MOST_SOLD)) + 2
    told = np.empty((len(mean), len(LEVELS)))
    for begin in range(0, len(mean), CHUNK):
        part = slice(begin, begin + CHUNK)
        below = negative_binomial(mean[part], dispersion[part], grid).cumsum(axis=1)
        for place, each in enumerate(LEVELS):
            told[part, place] = (below < each - 1e-9).sum(axis=1)
    return told
