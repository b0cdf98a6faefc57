"""What would change if a neighbour joined: the same reckoning as `linli plan delivery`, with the places as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.kernel.money import Money
from linli.trade.delivery.rules.economics import Bill, Community, Costs, Place, bill
from linli.trade.delivery.rules.waves import simple

MOST_ORDERS = 60
"""Of a community in one slot; with more, a neighbour hardly changes anything."""


@dataclass(frozen=True, slots=True)
class Group:
    """A community as a plan sees it: where its buildings stand, in metres from the hub, and its orders in a slot."""

    buildings: tuple[Place, ...]
    orders: int


@dataclass(frozen=True, slots=True)
class Joined:
    """One slot before and after: a run for those here and one for the neighbour, against one for all of them."""

    here: Bill
    neighbour: Bill
    together: Bill

    @property
    def saving_fen(self) -> int:
        """What a slot costs less when the neighbour joins; below nothing where it costs more."""
        return self.here.fen + self.neighbour.fen - self.together.fen

    @property
    def saving(self) -> Money:
        return Money(self.saving_fen)

    @property
    def here_each(self) -> Money:
        """What an order costs now."""
        return Money(round(self.here.fen_per_order))

    @property
    def alone_each(self) -> Money:
        """What an order of the neighbour costs by itself."""
        return Money(round(self.neighbour.fen_per_order))

    @property
    def together_each(self) -> Money:
        """What an order costs when the neighbour has joined."""
        return Money(round(self.together.fen_per_order))

    @property
    def is_better(self) -> bool:
        """Whether it should join: only where that is not dearer."""
        return self.saving_fen >= 0


def joining(here: Sequence[Group], neighbour: Group, merchants: Sequence[Place], costs: Costs) -> Joined:
    """This will plan a slot of those who share runs now, of the neighbour, and of all together, each by the plain
    rule that serves whenever no solver does."""
    now, other = [_spread(group) for group in here], _spread(neighbour)
    return Joined(
        bill(now, merchants, costs, simple),
        bill([other], merchants, costs, simple),
        bill([*now, other], merchants, costs, simple),
    )


def _spread(group: Group) -> Community:
    """Its orders over its buildings, as evenly as they go; nobody's own order is looked at."""
    many, orders = len(group.buildings), min(group.orders, MOST_ORDERS)
    if not many:
        return Community((), ())
    return Community(group.buildings, tuple((n + 1) * orders // many - n * orders // many for n in range(many)))
