"""When will it be ready? What shops took against what they usually take, learned, and asked again as time passes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque

REMEMBERED = 400
"""Orders back: a few hours of a town, so that a busy evening soon looks like one."""
AT_FIRST = (-12.0, -8.0, -6.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 18.0)
"""Minutes against the usual before anything was seen: most a little early, a few very late."""
LATE_AGAIN_MIN = 1.0
"""What is expected of an order that is later than any ever seen."""


class Preparation:
    """What orders took beyond the usual minutes of their shop, all shops together, the last few hundred.

    What is left of a preparation depends on what has passed: of those that took at least that long, a `part` was ready
    by the minute that is told. To be there by a low part has couriers wait for goods, by a high one goods for couriers:
    with a courier's idle minute worth `w` of a customer's the best is w / (1 + w), as for the newspaper seller.
    """

    def __init__(self) -> None:
        self._latest: deque[float] = deque(AT_FIRST, maxlen=REMEMBERED)
        self._ordered = sorted(AT_FIRST)

    def learn(self, *, usual_min: float, took_min: float) -> None:
        """This will take in an order that is ready now."""
        if len(self._latest) == REMEMBERED:
            self._ordered.pop(bisect_left(self._ordered, self._latest[0]))
        self._latest.append(took_min - usual_min)
        insort(self._ordered, took_min - usual_min)

    def ready_min(self, *, placed_min: float, usual_min: float, at_min: float, part: float) -> float:
        """This will tell when an order that is not ready yet will be, with the chance `part`."""
        passed = at_min - placed_min - usual_min
        first = bisect_right(self._ordered, passed)
        left = len(self._ordered) - first
        if not left:
            return at_min + LATE_AGAIN_MIN
        return placed_min + usual_min + self._ordered[first + int(part * left)]
