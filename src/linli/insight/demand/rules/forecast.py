"""The forecast: the level of each series now, carried into the days to come, and how far such a forecast errs.

A series' own level is noisy and the trend of its item in all shops is not, so the level is the mean of two: the
series' own of the last two months, and its long-term share of the item's level of the last two weeks. How far a day
strays from its expectation is learnt from the past forecasts of the same item in all shops, each told a week before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linli.insight.demand.rules.factors import Feast, day_factors, weekday_factors, weekdays
from linli.insight.demand.rules.quantiles import LEVELS, Errors, quantiles
from linli.insight.demand.rules.sales import Sales, summed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OWN_HALF_LIFE_D, SHARE_HALF_LIFE_D, ITEM_HALF_LIFE_D = 60.0, 200.0, 14.0
TREND = 0.8
"""How much of an item's trend in all shops is believed of each."""
LEAD_D, WARM_UP_D = 7, 60
"""Past forecasts that are judged were told so many days before, and after so many days of sales."""
LEAST_LEVEL = 0.02
MOST_HORIZON_D = 400
FINEST = 60.0
"""An item that sells more than so many units a day is counted in larger ones."""


def foretell(sales: Sales, horizon: int, feasts: Sequence[Feast] = ()) -> Floats:
    """This will give the quantiles `[series, day, level]` of each of `horizon` days after the table's last."""
    import numpy as np

    horizon = min(horizon, MOST_HORIZON_D)
    told = np.zeros((len(sales.item), horizon, len(LEVELS)))
    if not len(sales.item):
        return told
    by_day = day_factors(sales, horizon, feasts)
    day = weekdays(sales.first_day, sales.days + horizon)
    expected = weekday_factors(sales)[:, day] * by_day
    level = _levels(sales, expected[:, : sales.days])
    ahead = level[:, -1:] * expected[:, sales.days :]
    warm_up = min(WARM_UP_D, max(sales.days // 2, LEAD_D))
    judged = max(0, sales.days - warm_up)  # a shop that opened this week has no forecast that could be judged
    past = level[:, warm_up - LEAD_D :][:, :judged] * expected[:, warm_up:][:, :judged]
    for item in range(sales.items):
        rows = np.flatnonzero(sales.item == item)
        if len(rows):
            seen = sales.is_open[rows, warm_up:]
            errors = Errors(
                past[rows][seen], sales.sold[rows, warm_up:][seen], np.nonzero(seen)[0], _unit(sales.sold[rows])
            )
            told[rows] = quantiles(ahead[rows], errors)
    return told


def _levels(sales: Sales, expected: Floats) -> Floats:
    """The level of each series after each day."""
    import numpy as np

    sold, days = sales.sold * sales.is_open, expected * sales.is_open
    by_item, days_of_item = summed(sold, sales.item, sales.items), summed(days, sales.item, sales.items)
    trend = decayed(by_item, days_of_item, ITEM_HALF_LIFE_D) / np.maximum(
        decayed(by_item, days_of_item, SHARE_HALF_LIFE_D), 1e-6
    )
    of_share = decayed(sold, days, SHARE_HALF_LIFE_D) * trend[sales.item] ** TREND
    return np.maximum((decayed(sold, days, OWN_HALF_LIFE_D) + of_share) / 2, LEAST_LEVEL)


def decayed(sold: Floats, expected: Floats, half_life_d: float) -> Floats:
    """This will give, after each day, what was sold per expected day, older days counting half every half-life."""
    import numpy as np

    keep = 0.5 ** (1 / half_life_d)
    path = np.zeros_like(sold)
    above, below = np.zeros(len(sold)), np.full(len(sold), 1e-9)
    for day in range(sold.shape[1]):
        above = above * keep + sold[:, day]
        below = below * keep + expected[:, day]
        path[:, day] = above / below
    return path


def _unit(sold: Floats) -> float:
    """In what an item's sales are counted: pieces, parts of what is sold by weight, or many pieces at once."""
    import numpy as np

    is_by_piece = bool((sold == np.round(sold)).all())
    least = 1.0 if is_by_piece else max(float(sold[sold > 0].mean()) / 10, 1e-3)
    return max(least, float(sold.mean(axis=1).max()) / FINEST)
