"""Where orders will come from next: shops that had orders lately have orders soon."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from linli.trade.delivery.rules.dispatch.world import Demand, Place

LOOKED_BACK_MIN = 45.0
LOOKED_AHEAD_MIN = 15.0


class RecentOrders:
    """How many orders each shop had in the last three quarters of an hour."""

    def __init__(self) -> None:
        self._placed: deque[tuple[float, str]] = deque()
        self._count: dict[str, int] = {}
        self._places: dict[str, Place] = {}

    def saw(self, *, shop: str, place: Place, placed_min: float) -> None:
        """This will take in an order, in the sequence of their times."""
        self._placed.append((placed_min, shop))
        self._count[shop] = self._count.get(shop, 0) + 1
        self._places[shop] = place

    def expected(self, at_min: float) -> Iterator[Demand]:
        """This will tell what each shop is to be expected to ask for in the next quarter of an hour."""
        while self._placed and self._placed[0][0] <= at_min - LOOKED_BACK_MIN:
            _, shop = self._placed.popleft()
            self._count[shop] -= 1
            if not self._count[shop]:
                del self._count[shop]
        for shop, count in self._count.items():
            yield Demand(shop, self._places[shop], count * LOOKED_AHEAD_MIN / LOOKED_BACK_MIN)
