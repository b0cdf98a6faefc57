"""Why this courier: an instruction in values, for the board and for whoever asks later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.trade.delivery.rules.dispatch.bundles import bundle
from linli.trade.delivery.rules.dispatch.legs import Legs
from linli.trade.delivery.rules.dispatch.world import (
    Courier,
    Deliver,
    Doing,
    Instruction,
    Order,
    Place,
    Terms,
    Travel,
)

MOST_RIVALS = 3


class Because(StrEnum):
    """The chief reason, to be put into words where it is shown."""

    NOBODY_SOONER = "nobody_sooner"
    """No courier could have the goods in hand earlier."""
    OTHERS_NEEDED = "others_needed"
    """Somebody could, and is worth more elsewhere: that the sum is best is what the matching sees to."""
    EXPECTED = "expected"
    """Nothing waits there; orders are expected, and he has no task."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another courier, and when he could have the goods in hand."""

    courier: str
    pickup_min: float


@dataclass(frozen=True, slots=True)
class Reason:
    """What an instruction leads to, as far as can be seen in its minute."""

    because: Because
    way_min: float
    pickup_min: float | None = None
    goods_wait_min: float = 0.0
    """From when the last of the goods is ready until they are picked up."""
    courier_waits_min: float = 0.0
    dropped_min: tuple[tuple[str, float], ...] = ()
    """The order and the minute of each drop, in their sequence."""
    saved_min: float = 0.0
    """Minutes of service and way from the shop that are spared because the orders travel together."""
    rivals: tuple[Rival, ...] = ()
    """Who else could be there, the soonest first."""


def explain(
    told: Instruction,
    *,
    at_min: float,
    orders: Sequence[Order],
    couriers: Sequence[Courier],
    terms: Terms,
    travel: Travel,
) -> Reason:
    """This will tell why this courier was told this, from the snapshot in which it was decided."""
    legs = Legs(travel)
    chosen = next(courier for courier in couriers if courier.key == told.courier)
    taken = _orders(told, orders)
    if not taken:
        return Reason(Because.EXPECTED, 0.0)
    shop, ready_min = taken[0].pickup, max(order.ready_min for order in taken)
    arrives = _arrival(chosen, told.shop, shop, at_min, legs)
    pickup = max(at_min, ready_min, arrives + terms.pickup_service_min / 2)
    others = [
        Rival(courier.key, max(at_min, ready_min, there + terms.pickup_service_min / 2))
        for courier in couriers
        if courier.key != told.courier and _may(courier, told.shop, taken)
        for there in [_arrival(courier, told.shop, shop, at_min, legs)]
        if there <= courier.shift_ends_min
    ]
    rivals = tuple(sorted(others, key=lambda rival: (rival.pickup_min, rival.courier))[:MOST_RIVALS])
    together = bundle(taken, legs, terms)
    return Reason(
        Because.OTHERS_NEEDED if rivals and rivals[0].pickup_min < pickup else Because.NOBODY_SOONER,
        max(0.0, arrives - max(at_min, chosen.free_min)),
        pickup,
        goods_wait_min=pickup - ready_min,
        courier_waits_min=max(0.0, pickup - max(arrives, at_min) - terms.pickup_service_min / 2),
        dropped_min=tuple(
            (order.key, pickup + bundle(taken[: nth + 1], legs, terms).lasts_min - terms.drop_service_min / 2)
            for nth, order in enumerate(taken)
        ),
        saved_min=sum(bundle((order,), legs, terms).lasts_min for order in taken) - together.lasts_min,
        rivals=rivals,
    )


def _orders(told: Instruction, orders: Sequence[Order]) -> tuple[Order, ...]:
    """The orders it is about: those told, or the first that will be ready where he goes."""
    if isinstance(told, Deliver):
        by_key = {order.key: order for order in orders}
        return tuple(by_key[key] for key in told.orders)
    here = sorted((order for order in orders if order.shop == told.shop), key=lambda o: (o.ready_min, o.key))
    return tuple(here[:1])


def _arrival(courier: Courier, key: str, place: Place, at_min: float, legs: Legs) -> float:
    """When he is there; who waits there has been, and who is on the way comes when he said."""
    if courier.shop == key and courier.doing in (Doing.WAITING, Doing.HEADING):
        return courier.free_min
    return max(at_min, courier.free_min) + legs(courier.place, place)


def _may(courier: Courier, shop: str, orders: Sequence[Order]) -> bool:
    """Whether he could be asked at all."""
    is_elsewhere = courier.doing is Doing.HEADING and courier.shop != shop
    has_refused = not courier.refused.isdisjoint({shop, *(order.key for order in orders)})
    is_able = sum(order.portions for order in orders) <= courier.capacity and all(
        order.needs <= courier.skills for order in orders
    )
    return is_able and not is_elsewhere and not has_refused
