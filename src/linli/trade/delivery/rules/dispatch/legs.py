"""The minutes of single ways, asked once and remembered."""

from __future__ import annotations

from linli.trade.delivery.rules.dispatch.world import Place, Travel

MOST_REMEMBERED = 50_000


class Legs:
    """Minutes from one place to another; asks the caller's `Travel` once for each pair."""

    def __init__(self, travel: Travel) -> None:
        self._travel = travel
        self._known: dict[tuple[Place, Place], float] = {}

    def __call__(self, origin: Place, destination: Place) -> float:
        """This will tell the minutes of one way."""
        found = self._known.get((origin, destination))
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = float(self._travel([origin], [destination])[0, 0])
            self._known[origin, destination] = found
        return found
