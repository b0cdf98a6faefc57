"""Bundles: which waiting orders of a shop travel together, and in which sequence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linli.trade.delivery.rules.dispatch.legs import Legs
from linli.trade.delivery.rules.dispatch.moment import Moment
from linli.trade.delivery.rules.dispatch.world import Order, Place, Terms


@dataclass(frozen=True, slots=True)
class Bundle:
    """Orders of one shop in the sequence of their drops."""

    orders: tuple[Order, ...]
    ready_min: float
    """When the last of them is ready."""
    lasts_min: float
    """From the pick-up to the moment when the courier is free again."""
    drops_min: float
    """The minutes from the pick-up to each drop, summed."""

    @property
    def shop(self) -> str:
        return self.orders[0].shop

    @property
    def pickup(self) -> Place:
        return self.orders[0].pickup

    @property
    def last(self) -> Place:
        return self.orders[-1].drop

    @property
    def size(self) -> int:
        return len(self.orders)

    @property
    def portions(self) -> int:
        return sum(order.portions for order in self.orders)

    @property
    def is_sure(self) -> bool:
        """Whether it is known when all of its orders are ready."""
        return all(order.is_sure for order in self.orders)

    @property
    def first_min(self) -> float:
        """From when on all of its orders may be ready."""
        return max(order.first_min for order in self.orders)

    @property
    def placed_min(self) -> float:
        """When the first of its customers began to wait."""
        return min(order.placed_min for order in self.orders)

    def dropped_min(self, pickup_min: float) -> float:
        """This will sum the minutes at which its customers have their goods, when it is picked up then."""
        return self.size * pickup_min + self.drops_min


def bundle(orders: tuple[Order, ...], legs: Legs, terms: Terms) -> Bundle:
    """This will work out how long a courier travels with these orders in this sequence."""
    now, place, drops = terms.pickup_service_min / 2, orders[0].pickup, 0.0
    half = terms.drop_service_min / 2
    for order in orders:
        now += legs(place, order.drop) + half
        drops += now
        now += half
        place = order.drop
    return Bundle(orders, max(order.ready_min for order in orders), now, drops)


def bundles(orders: Iterable[Order], moment: Moment) -> list[Bundle]:
    """This will put orders of a shop together where that costs their customers less than it saves couriers.

    Order by order as they are ready, each joins the bundle where most is gained, or travels alone: what the customers
    of both wait longer is set against the courier's minutes saved, at their price.
    """
    by_shop: dict[str, list[Order]] = {}
    for order in orders:
        by_shop.setdefault(order.shop, []).append(order)
    found: list[Bundle] = []
    for waiting in by_shop.values():
        here: list[Bundle] = []
        for order in sorted(waiting, key=lambda order: (order.ready_min, order.placed_min, order.key)):
            alone = bundle((order,), moment.legs, moment.terms)
            joined = [
                (gain, nth, both) for nth, mates in enumerate(here) for gain, both in _joined(mates, alone, moment)
            ]
            if joined:
                _, nth, both = max(joined, key=lambda one: (one[0], -one[1]))
                here[nth] = both
            else:
                here.append(alone)
        found += here
    return found


def inserted(order: Order, mates: Bundle, moment: Moment) -> Bundle:
    """This will put an order where in the sequence it costs the customers of all least."""
    sequences = [(*mates.orders[:nth], order, *mates.orders[nth:]) for nth in range(mates.size + 1)]
    return min((bundle(each, moment.legs, moment.terms) for each in sequences), key=lambda each: each.drops_min)


def _joined(mates: Bundle, alone: Bundle, moment: Moment) -> Iterable[tuple[float, Bundle]]:
    """The bundle of both with what is gained by it, if anything is and it is allowed."""
    if mates.size >= moment.setting.most_orders or mates.is_sure != alone.is_sure:
        return  # what is known to be ready never waits for what is only believed to be
    both = inserted(alone.orders[0], mates, moment)
    apart = sum(one.dropped_min(max(one.ready_min, moment.at_min)) for one in (mates, alone))
    longer = both.dropped_min(max(both.ready_min, moment.at_min)) - apart
    gain = moment.price * (mates.lasts_min + alone.lasts_min - both.lasts_min) - longer
    if gain > 0:
        yield gain, both
