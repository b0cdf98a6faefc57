"""Quantiles of a day: negative binomial about its expectation, mixed with what really came on days that expected alike.

The negative binomial is smooth and holds where little was seen; what was seen knows the shape (people buy two or six
of a thing, and on many days nobody comes). Its dispersion is fitted by moments: in the variance m + d m^2 of a mean m,
d is the sum of what the squared errors exceed their means by, over the sum of the squared means (Cameron and Trivedi,
"Regression Analysis of Count Data", 2nd edition, section 3.3, form NB2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEVELS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
SEEN_PART = 0.3
ALIKE = 800
"""So many past days, of the nearest expectation, are mixed in (a third of all, where there are fewer)."""
LEAST_SEEN = 60
LEAST_DISPERSION = 0.03
USUAL_DISPERSION = 0.5
ITEM_DAYS = 100.0
"""As many days of a series' own as its item's dispersion counts for beside them."""
_GRID_SPREADS, _LEAST_GRID, _MOST_GRID = 8.0, 24, 1_200
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Errors:
    """Past forecasts of an item: what was expected, what came, of which series, and the unit it is counted in."""

    expected: Floats
    came: Floats
    series: Ints
    unit: float

    def dispersions(self, series: int) -> Floats:
        """This will say how much more than Poisson's the days of each series vary: variance = mean + it x mean squared.

        One home that buys six at a time makes a series wilder than its item; its own is drawn towards the item's.
        """
        import numpy as np

        if len(self.expected) < LEAST_SEEN or not self.expected.any():
            return np.full(series, USUAL_DISPERSION)
        expected, came = self.expected / self.unit, self.came / self.unit

        def each(values: Floats | None) -> Floats:
            return np.bincount(self.series, values, minlength=series).astype(np.float64)

        days, square, excess = each(None), each(expected**2), each((came - expected) ** 2 - expected)
        of_item = max(float(excess.sum() / square.sum()), LEAST_DISPERSION)
        weight = ITEM_DAYS * (each(expected) / np.maximum(days, 1)) ** 2
        own = (excess + weight * of_item) / np.maximum(square + weight, 1e-12)
        return np.where(days > 0, np.maximum(own, LEAST_DISPERSION), of_item)


def quantiles(ahead: Floats, errors: Errors) -> Floats:
    """This will give the quantiles at `LEVELS` of days `[series, day]` on which `ahead` is expected."""
    import numpy as np

    flat = np.maximum(ahead.reshape(-1) / errors.unit, 1e-3)
    dispersion = np.repeat(errors.dispersions(len(ahead)), ahead.shape[1])
    widest = float((flat + _GRID_SPREADS * (flat + dispersion * flat**2) ** 0.5).max(initial=_LEAST_GRID))
    grid = int(min(widest, _MOST_GRID)) + 1
    seen = _Seen.of(errors, grid) if len(errors.expected) >= LEAST_SEEN else None
    told = np.empty((len(flat), len(LEVELS)))
    for begin in range(0, len(flat), CHUNK):
        part = slice(begin, begin + CHUNK)
        chance = negative_binomial(flat[part], dispersion[part], grid)
        if seen is not None:
            chance = (1 - SEEN_PART) * chance + SEEN_PART * seen.about(flat[part])
        below = chance.cumsum(axis=1)
        for place, level in enumerate(LEVELS):
            told[part, place] = (below < level - 1e-9).sum(axis=1)
    return np.asarray(told.reshape(*ahead.shape, len(LEVELS)) * errors.unit)


def negative_binomial(mean: Floats, dispersion: Floats, grid: int) -> Floats:
    """This will give the chance of 0, 1, 2 ... `grid` - 1 where `mean` is expected."""
    import numpy as np

    size = 1 / dispersion
    part = mean / (size + mean)
    counts = np.arange(1, grid)
    steps = np.log1p((size[:, None] - 1) / counts) + np.log(part)[:, None]
    logs = np.concatenate([np.zeros((len(mean), 1)), steps.cumsum(axis=1)], axis=1)
    return np.exp(logs + (size * np.log1p(-part))[:, None])


@dataclass(frozen=True, slots=True)
class _Seen:
    """Past days sorted by expectation, and running counts of what came, one column a quantity."""

    expected: Floats
    counts: NDArray[np.float32]
    around: int

    @classmethod
    def of(cls, errors: Errors, grid: int) -> _Seen:
        import numpy as np

        order = np.argsort(errors.expected, kind="stable")
        stride = max(len(order) // 40_000, 1)
        order = order[::stride]
        came = np.minimum(np.round(errors.came[order] / errors.unit), grid - 1).astype(np.int64)
        counts = np.zeros((len(order) + 1, grid), dtype=np.float32)
        counts[np.arange(1, len(order) + 1), came] = 1
        np.cumsum(counts, axis=0, out=counts)
        return cls(errors.expected[order] / errors.unit, counts, max(min(ALIKE, len(order) // 3) // 2, 1))

    def about(self, mean: Floats) -> Floats:
        """The chances seen among the days whose expectation is nearest."""
        import numpy as np

        place = np.searchsorted(self.expected, mean)
        place = np.clip(place, self.around, len(self.expected) - self.around)
        return np.asarray((self.counts[place + self.around] - self.counts[place - self.around]) / (2.0 * self.around))
