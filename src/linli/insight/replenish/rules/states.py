"""Six numbers of a household and a commodity, from which everything about its next purchase is told.

A purchase is a day: what is bought twice on a day was bought once. A gap is the days from one purchase to the next, and
is kept as its logarithm, because gaps grow and shrink by a share and not by a number of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

RECENT = 0.3
"""The part of the newest gap in the recent one; the older ones keep the rest."""


@dataclass(frozen=True, slots=True)
class States:
    """Columns, one row a household and commodity: which it is, and the six numbers. Days are counted from any day."""

    household: Ints
    commodity: Ints
    purchases: Ints
    first_day: Ints
    last_day: Ints
    log_gaps: Floats
    log_gaps_squared: Floats
    recent_log_gap: Floats

    def __len__(self) -> int:
        return len(self.purchases)

    def take(self, rows: Ints) -> States:
        """This will give some of the rows, in the order asked for."""
        return States(*(getattr(self, name)[rows] for name in self.__slots__))


def gather(household: Ints, commodity: Ints, day: Ints) -> States:
    """This will make the states of purchases, which may come in any order and name a day more than once."""
    import numpy as np

    order = np.lexsort((day, commodity, household))
    household, commodity, day = household[order], commodity[order], day[order]
    same_pair = np.zeros(len(day), dtype=bool)
    same_pair[1:] = (household[1:] == household[:-1]) & (commodity[1:] == commodity[:-1])
    seen = np.zeros(len(day), dtype=bool)
    seen[1:] = same_pair[1:] & (day[1:] == day[:-1])
    household, commodity, day, same_pair = household[~seen], commodity[~seen], day[~seen], same_pair[~seen]
    begins = np.flatnonzero(~same_pair)
    ends = np.append(begins[1:], len(day)) - 1 if len(begins) else begins
    pair = np.cumsum(~same_pair) - 1
    log_gap = np.zeros(len(day))
    log_gap[same_pair] = np.log(np.diff(day, prepend=0)[same_pair])
    return States(
        household=household[begins],
        commodity=commodity[begins],
        purchases=ends - begins + 1,
        first_day=day[begins],
        last_day=day[ends],
        log_gaps=np.bincount(pair, log_gap, len(begins)).astype(np.float64),
        log_gaps_squared=np.bincount(pair, log_gap**2, len(begins)).astype(np.float64),
        recent_log_gap=_recent(log_gap, begins, ends - begins),
    )


def _recent(log_gap: Floats, begins: Ints, gaps: Ints) -> Floats:
    """Fold the gaps of all pairs one place at a time, so that it takes as many steps as the longest has gaps."""
    import numpy as np

    recent = np.zeros(len(begins))
    live = np.flatnonzero(gaps >= 1)
    recent[live] = log_gap[begins[live] + 1]
    place = 2
    while len(live := live[gaps[live] >= place]):
        recent[live] += RECENT * (log_gap[begins[live] + place] - recent[live])
        place += 1
    return recent
