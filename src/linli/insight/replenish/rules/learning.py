"""The learner: a small net that corrects the renewal, taught by what became of days gone by.

It looks at a pair's six numbers beside the same six of all that the household buys, and says in which stretch of days
the next purchase falls. It starts from what the renewal says and learns only by how much that is wrong, so that where
nothing was taught it says the same. numpy is all that it needs, and a million pairs are foretold in a few seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from linli.insight.replenish.rules import renewal
from linli.insight.replenish.rules.renewal import DAYS, HORIZON_D, Gaps
from linli.insight.replenish.rules.states import States

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Shares = NDArray[np.float32]

VERSION = 2
"""Of what a net looks at; a stored net of another version is not asked."""
STRETCHES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 35, 42, HORIZON_D)
"""The day on which each stretch begins; the last has no end."""
SIGNS = 17
HIDDEN = 24
_FAR = 4.0
"""A sign farther from its mean than so many deviations counts as just so far: the net was never taught there."""
_LEAST_CHANCE = 1e-4


class Net(msgspec.Struct, frozen=True):
    """A net as it is kept: numbers about nobody."""

    version: int
    mean: list[float]
    deviation: list[float]
    of_commodity: list[list[float]]
    inward: list[list[float]]
    outward: list[list[float]]
    shift: list[float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the learner looks at, row by row: signs, the commodity, and the logarithm of each stretch's usual chance."""

    signs: Shares
    commodity: Ints
    usual: Shares


@dataclass(frozen=True, slots=True)
class Model:
    """A learner that has learnt: hidden = signs and commodity through a hinge, stretches = the usual ones corrected."""

    mean: Shares
    deviation: Shares
    of_commodity: Shares
    inward: Shares
    outward: Shares
    shift: Shares

    def bought_by(self, seen: Seen) -> Shares:
        """This will give the chance of a purchase before each day to come."""
        import numpy as np

        hidden: Shares = standard(seen.signs, self.mean, self.deviation) @ self.inward
        hidden += self.of_commodity[seen.commodity]
        np.maximum(hidden, 0, out=hidden)
        said: Shares = hidden @ self.outward
        said += self.shift
        said += seen.usual
        by: Shares = chances(said)[:, :-1] @ _spread()
        return by

    def stored(self) -> Net:
        """This will write the model down."""
        return Net(VERSION, *(getattr(self, name).tolist() for name in self.__slots__))


def restored(net: Net | None) -> Model | None:
    """This will read a stored net, or give none when it is of another version."""
    import numpy as np

    if net is None or net.version != VERSION:
        return None
    return Model(*(np.array(getattr(net, name), dtype=np.float32) for name in Model.__slots__))


def standard(signs: Shares, mean: Shares, deviation: Shares) -> Shares:
    """This will put signs about nought, with a deviation of one."""
    import numpy as np

    around: Shares = (signs - mean) / deviation
    return np.clip(around, -_FAR, _FAR, out=around)


def chances(said: Shares) -> Shares:
    """This will turn what a net says of each stretch into chances that sum to one; the array is used up."""
    import numpy as np

    said -= said.max(axis=1, keepdims=True)
    np.exp(said, out=said)
    said /= said.sum(axis=1, keepdims=True)
    return said


def look(states: States, whole: States, gaps: Gaps, today: int) -> Seen:
    """This will give what the learner looks at; `whole` holds all that the household of each row buys."""
    import numpy as np

    had, trips = np.maximum(states.purchases - 1, 1), np.maximum(whole.purchases - 1, 1)
    mean, whole_mean = states.log_gaps / had, whole.log_gaps / trips
    elapsed = today - states.last_day
    log_elapsed, log_seen = np.log(np.maximum(elapsed, 1)), np.log(np.maximum(today - whole.first_day, 0) + 1)
    log_purchases = np.log(states.purchases)
    signs = (
        log_purchases,
        log_elapsed,
        np.log1p(states.last_day - states.first_day),
        gaps.mean,
        gaps.deviation,
        mean,
        np.sqrt(np.maximum(states.log_gaps_squared / had - mean**2, 0)),
        log_elapsed - gaps.mean,
        (log_elapsed - gaps.mean) / gaps.deviation,
        states.recent_log_gap - gaps.mean,
        log_purchases - log_seen,
        np.log(whole.purchases) - log_seen,
        np.log1p(np.maximum(today - whole.last_day, 0)),
        whole_mean,
        whole.recent_log_gap,
        np.sqrt(np.maximum(whole.log_gaps_squared / trips - whole_mean**2, 0)),
        log_seen,
    )
    by = renewal.bought_by(gaps, elapsed, STRETCHES)
    usual = np.diff(by, axis=1, append=np.float32(1))
    np.log(np.maximum(usual, _LEAST_CHANCE, out=usual), out=usual)
    return Seen(np.stack(signs, axis=1, dtype=np.float32), states.commodity, usual)


@cache
def _spread() -> Shares:
    """The part of each stretch with an end that has gone by before each day to come."""
    import numpy as np

    begin = np.array(STRETCHES)
    gone = (np.arange(DAYS + 1) - begin[:-1, None]) / np.diff(begin)[:, None]
    spread: Shares = np.clip(gone, 0, 1).astype(np.float32)
    return spread
