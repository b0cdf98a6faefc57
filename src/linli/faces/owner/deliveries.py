"""How couriers may bring a basket: what each way costs and when it is there, the cheapest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.kernel.ids import ShopId
from linli.kernel.money import Money
from linli.trade.delivery.queries import Offered, OfferedSlot
from linli.trade.delivery.rules import DropOff, Station, Way, beside_lockers
from linli.trade.orders.queries import BasketPage, BasketShop
from linli.trade.orders.rules import Fulfilment

MOST_OF_A_WAY = 6
"""So many slots of a way are shown; later ones become nearer by themselves."""
NEAR = 3
"""So many of them stand open; who can wait longer unfolds the others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way for a basket: `key` names it in a form; without a `left` it is no slot, with none left it is full."""

    key: str
    way: Way
    fee: Money
    start_at: datetime | None = None
    end_at: datetime | None = None
    minutes: int | None = None
    left: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one way: the nearest times, and the later ones, which are folded unless one of them is chosen."""

    way: Way
    near: tuple[Choice, ...]
    later: tuple[Choice, ...] = ()

    @property
    def is_unfolded(self) -> bool:
        return any(each.is_chosen for each in self.later)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What couriers offer for the shops of a basket that leave the bringing to them.

    `instead` is where it is left if lockers are chosen and all are taken; None where another place is chosen.
    `station` is where the pick-up station is, if that is chosen.
    """

    shops: tuple[ShopId, ...]
    ways: tuple[Choices, ...]
    drop_off: DropOff
    drop_offs: tuple[DropOff, ...]
    instead: DropOff | None = None
    station: Station | None = None


def of_basket(basket: BasketPage, *, at: datetime) -> Delivery | None:
    """This will lay out the ways for a basket: shared runs, trips alone in a slot, and at once.

    None where nothing in it comes by courier.
    """
    offered, shops = basket.offered, [shop for shop in basket.shops if shop.fulfilment.way]
    if offered is None or not shops:
        return None
    goods = Money.total(shop.goods for shop in shops)
    chosen = {shop.fulfilment for shop in shops}
    start_at = basket.window.start if basket.window else None
    picked = offered.slot_at(start_at)
    found = []
    for fulfilment, way in ((Fulfilment.POOLED, Way.POOLED), (Fulfilment.ALONE, Way.ALONE)):
        slots = tuple(
            _slot(fulfilment, way, slot, goods, offered, is_chosen=fulfilment in chosen and slot == picked)
            for slot in offered.slots[:MOST_OF_A_WAY]
        )
        if slots:
            found.append(Choices(way, slots[:NEAR], slots[NEAR:]))
    if minutes := _minutes(shops, offered, at):
        now = Money.total(offered.fee(Way.NOW, shop.goods, None) for shop in shops)
        at_once = Choice("now", Way.NOW, now, minutes=minutes, is_chosen=Fulfilment.NOW in chosen)
        found.append(Choices(Way.NOW, (at_once,)))
    ids = tuple(shop.shop for shop in shops)
    places = offered.terms.places
    instead = beside_lockers(places, basket.wished) if basket.drop_off is DropOff.LOCKER else None
    station = offered.terms.station if basket.drop_off is DropOff.STATION else None
    return Delivery(ids, tuple(found), basket.drop_off, places, instead, station)


def _slot(
    fulfilment: Fulfilment, way: Way, slot: OfferedSlot, goods: Money, offered: Offered, *, is_chosen: bool
) -> Choice:
    return Choice(
        key=f"{fulfilment.value}@{slot.start_at.isoformat()}",
        way=way,
        fee=offered.fee(way, goods, slot),
        start_at=slot.start_at,
        end_at=slot.end_at,
        left=slot.left,
        is_chosen=is_chosen,
    )


def _minutes(shops: list[BasketShop], offered: Offered, at: datetime) -> int | None:
    """Until the last of them is there; None where a shop is closed now or its kitchen has no room."""
    found = [
        offered.minutes_now(shop.shop, shop.prepared, otherwise=shop.minutes_promised, at=at)
        for shop in shops
        if shop.is_open
    ]
    if len(found) < len(shops) or None in found:
        return None
    longest = max(minutes for minutes in found if minutes is not None)
    return longest if timedelta(minutes=longest) <= timedelta(hours=3) else None
