"""When goods arrive, told honestly: from what was planned, how late the run is by now, and what still comes before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

EARLIER, LATER = timedelta(minutes=5), timedelta(minutes=10)
"""So much a courier may come before and after the minute that is expected."""
A_STOP = timedelta(minutes=2)
"""So much less is known for each stop that still comes before."""
STEP = 300
"""People read quarters and fives, not 18:07: a window begins and ends on full five minutes."""
GONE = timedelta(minutes=10)
"""Of whom nothing was heard for so long nobody knows when they come."""
SHOWN_FOR = timedelta(minutes=3)
COARSE_M = 500
_GRID = 0.002


@dataclass(frozen=True, slots=True)
class Ride:
    """How the run goes in which an order is: `was_late` at its last stop, `next_at` when its next one was planned."""

    was_late: timedelta = timedelta()
    next_at: datetime | None = None
    stops_before: int = 0
    heard_at: datetime | None = None

    def late(self, at: datetime) -> timedelta:
        """This will tell how late the run is by now: as late as it was, or as its next stop is overdue."""
        return self.was_late if self.next_at is None else max(self.was_late, at - self.next_at)


def arrival_window(planned_at: datetime, at: datetime, ride: Ride | None = None) -> tuple[datetime, datetime] | None:
    """This will tell between when goods arrive; None where nobody knows: the plan is over, or its courier is silent.

    It never begins in the past, moves with the lateness of the run, and widens with it and with the stops before.
    """
    if ride is None:
        start, end = planned_at - EARLIER, planned_at + LATER
        return _read(start, end, at) if at < end else None
    if ride.heard_at is not None and at - ride.heard_at > GONE:
        return None
    late = ride.late(at)
    expected = max(planned_at + late, at)
    unsure = A_STOP * ride.stops_before + max(late, timedelta()) / 2
    return _read(expected - EARLIER, expected + LATER + unsure, at)


def _read(start: datetime, end: datetime, at: datetime) -> tuple[datetime, datetime]:
    return max(_to_five(start, 0), at), _to_five(end, STEP - 1)


def _to_five(instant: datetime, up: int) -> datetime:
    seconds = int(instant.timestamp()) + up
    return datetime.fromtimestamp(seconds - seconds % STEP, tz=instant.tzinfo)


def coarse(lat: float, lon: float) -> tuple[float, float]:
    """This will say a position to about two hundred metres: near enough to see somebody come, not where they stand."""
    return round(round(lat / _GRID) * _GRID, 4), round(round(lon / _GRID) * _GRID, 4)


def may_be_shown(*, stops_before: int, accuracy_m: int, seen_at: datetime, at: datetime) -> bool:
    """This will tell whether a buyer sees where their courier is: on the way to this buyer next, and known lately."""
    return stops_before == 0 and accuracy_m <= COARSE_M and at - seen_at <= SHOWN_FOR
