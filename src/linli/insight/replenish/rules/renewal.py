"""The renewal: from six numbers of state to the chance that the next purchase falls on each day to come.

The gaps of a household and commodity are log-normal. Few gaps say little, so what a household shows is drawn towards
what is usual for the commodity, the more so the fewer its gaps (empirical Bayes); what is usual is sums over all
households, and no household can be told from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from linli.insight.replenish.rules.states import States

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Shares = NDArray[np.float32]

HORIZON_D = 49
"""No purchase is foretold beyond these days."""
EARLY_D, LATE_D = 7, 2
"""A delivery lands when it comes at most so many days before, or after, the purchase that it replaces."""
LAST_DELIVERY_D = 59
DAYS = LAST_DELIVERY_D + EARLY_D + 2
EVERY_DAY = tuple(range(DAYS + 1))
VARIANCE_WEIGHT = 8.0
"""As many gaps as the usual variance of a commodity counts for beside a household's own."""
_LEAST_VARIANCE = 0.05
_USUAL_LOG_GAP, _USUAL_VARIANCE = 3.3, 0.7
"""Of a commodity that nobody has bought twice: about 27 days."""
CHUNK = 8_192
_LONGEST_D = 4_000
_WIDE, _STEPS = 8, 1024


@dataclass(frozen=True, slots=True)
class Priors:
    """What is usual, by commodity: a household's mean log gap, how households differ, and how its gaps do."""

    mean: Floats
    between: Floats
    within: Floats


def usual(states: States, commodities: int, first_guess: Floats | None = None) -> Priors:
    """This will learn what is usual for each of so many commodities from sums over all households' states.

    `first_guess` are log gaps to begin with, where nobody has bought yet.
    """
    import numpy as np

    gaps = (states.purchases - 1).astype(np.float64)
    some, several = gaps >= 1, gaps >= 2
    own_mean = states.log_gaps[some] / gaps[some]
    of, of_several = states.commodity[some], states.commodity[several]
    spread = states.log_gaps_squared[several] - states.log_gaps[several] ** 2 / gaps[several]

    def total(which: Ints, weights: Floats | None = None) -> Floats:
        return np.bincount(which, weights, commodities).astype(np.float64)

    # One imagined household with the usual gap keeps a commodity that few buy sensible.
    households = total(of) + 1
    mean = (total(of, own_mean) + (_USUAL_LOG_GAP if first_guess is None else first_guess)) / households
    within = (total(of_several, spread) + _USUAL_VARIANCE) / (total(of_several, gaps[several] - 1) + 1)
    noise = within * (total(of, 1 / gaps[some]) + 1) / households
    between = (total(of, (own_mean - mean[of]) ** 2) + _USUAL_VARIANCE) / households - noise
    return Priors(mean=mean, between=np.maximum(between, _LEAST_VARIANCE), within=within)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a household's next log gap is thought to be: its mean and its standard deviation."""

    mean: Floats
    deviation: Floats


def next_gaps(states: States, priors: Priors) -> Gaps:
    """This will draw each household's gaps towards the usual ones of the commodity."""
    import numpy as np

    of, gaps = states.commodity, (states.purchases - 1).astype(np.float64)
    own, common = 1 / priors.within[of], 1 / priors.between[of]
    certainty = gaps * own + common
    mean = (states.log_gaps * own + priors.mean[of] * common) / certainty
    spread = np.maximum(states.log_gaps_squared - states.log_gaps**2 / np.maximum(gaps, 1), 0)
    variance = (VARIANCE_WEIGHT * priors.within[of] + spread) / (VARIANCE_WEIGHT + np.maximum(gaps - 1, 0))
    return Gaps(mean=mean, deviation=np.sqrt(variance + 1 / certainty))


def bought_by(gaps: Gaps, elapsed: Ints, days: tuple[int, ...] = EVERY_DAY) -> Shares:
    """This will give the chance of a purchase before each of the days to come, given that there was none until now.

    A column for each day, the first of which is 0, today: before day j, when the last purchase was `elapsed` days ago.
    The chance that a gap is longer is read from a table of steps of a thousandth: of a ratio of two of them nothing is
    lost, however late it is.
    """
    import numpy as np

    waited = np.minimum(np.maximum(elapsed, 0), _LONGEST_D)
    place = _log_days(days)[waited]
    place -= gaps.mean[:, None].astype(np.float32)
    place *= (_STEPS / gaps.deviation)[:, None].astype(np.float32)
    place += _WIDE * _STEPS
    np.clip(place, 0, 2 * _WIDE * _STEPS, out=place)
    longer: Shares = _longer().take(place.astype(np.int16), mode="clip")
    longer /= longer[:, :1].copy()
    return np.subtract(1, longer, out=longer)


@cache
def _log_days(days: tuple[int, ...]) -> Shares:
    """Row e: the logarithms of e days and each of these more, counted to their noon before."""
    import numpy as np

    gone = np.arange(_LONGEST_D + 1)[:, None] + np.array(days)
    logs: Shares = np.log(np.maximum(gone - 0.5, 0.5)).astype(np.float32)
    return logs


@cache
def _longer() -> Shares:
    """The chance that a normal number is greater than the one at a step."""
    import numpy as np
    from scipy.special import ndtr

    steps = np.arange(-_WIDE * _STEPS, _WIDE * _STEPS + 1) / _STEPS
    longer: Shares = ndtr(-steps).astype(np.float32)
    return longer


@dataclass(frozen=True, slots=True)
class Forecast:
    """For each row, in days from today: when it is due, when to deliver, and the chance that this lands."""

    due_in: Ints
    deliver_in: Ints
    confidence: Floats

    @staticmethod
    def join(parts: list[Forecast]) -> Forecast:
        """This will put forecasts one after the other."""
        import numpy as np

        columns = [np.concatenate([getattr(part, name) for part in parts]) for name in Forecast.__slots__]
        return Forecast(*columns)


def landing(by: Shares) -> tuple[Ints, Floats]:
    """This will choose the day whose delivery lands most likely, and say how likely."""
    import numpy as np

    chance = by[:, EARLY_D + 1 : EARLY_D + LAST_DELIVERY_D + 2].copy()
    chance[:, :LATE_D] -= by[:, :1]
    chance[:, LATE_D:] -= by[:, : LAST_DELIVERY_D + 1 - LATE_D]
    best = chance.argmax(axis=1)
    return best, chance[np.arange(len(by)), best].astype(np.float64)


def due_in(by: Shares, half: float = 0.5) -> Ints:
    """This will give the first day by whose evening half of such households have bought, or the end of the horizon."""
    import numpy as np

    return np.asarray(np.count_nonzero(by[:, 1 : HORIZON_D + 1] < half, axis=1))


def foretell(states: States, today: int, priors: Priors) -> Forecast:
    """This will foretell each state's next purchase, in portions of bounded memory."""
    return Forecast.join([_portion(rows, today, priors) for rows in portions(states)])


def portions(states: States) -> Iterator[States]:
    """This will cut states into portions that keep the days of each in a few megabytes, near the processor."""
    import numpy as np

    for start in range(0, max(len(states), 1), CHUNK):
        yield states.take(np.arange(start, min(start + CHUNK, len(states))))


def _portion(states: States, today: int, priors: Priors) -> Forecast:
    by = bought_by(next_gaps(states, priors), today - states.last_day)
    deliver_in, confidence = landing(by)
    return Forecast(due_in=due_in(by), deliver_in=deliver_in, confidence=confidence)
