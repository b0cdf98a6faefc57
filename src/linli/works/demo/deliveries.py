"""What couriers bring in the demo: a zone of its communities, shops that share its runs, and orders on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import cast

from linli.ground.places import queries as places
from linli.kernel.ids import CityId, PartyId, ShopId, TaskId, VariantId
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import actions, queries, rules
from linli.trade.delivery.queries import Wanted
from linli.trade.delivery.rules import DropOff, StopKind
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.actions import Asked
from linli.trade.orders.rules import Fulfilment
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import Carrier
from linli.works.clockwork import nightfall
from linli.works.clockwork.playing import Outing, hurried
from linli.works.clockwork.serving import Served
from linli.works.demo import couriers, lockers
from linli.works.demo.past import paying
from linli.works.demo.pictures import picture
from linli.works.demo.shelves import Shelves, enough
from linli.works.demo.town import COMPANY_PHONE, RESIDENT_PHONE, SEED, Town
from linli.works.demo.wishing import Wishes, buyer, keeper
from linli.works.demo.wishing import desk as at_desk

BringIn = Callable[[Sequence[Outing]], list[Served]]
_MINUTE = timedelta(minutes=1)
_SINCE = timedelta(hours=3)
_ZONE = {"zh": "河湾片区", "en": "Riverbend"}
_HUB = (30.8925, 119.6330)
"""Between the three communities, beside the greengrocer."""
_RIDES_M = 250
"""In a minute: a trike's 15 km an hour."""
_MOST_WISHES = 8
_NOW, _POOLED = Fulfilment.NOW, Fulfilment.POOLED
_GREENS, _BREAD, _NOODLES = "青禾果蔬", "麦香小铺", "一碗面"


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody who ordered so many minutes ago. `mine`: it was the visitor; `spot`: where it lies at the shelf;
    `boxed`: it lies in the locker.
    """

    word: str
    shop: str
    ago: int
    how: Fulfilment
    mine: bool = False
    spot: str = ""
    boxed: bool = False

    @property
    def drop_off(self) -> DropOff:
        if self.boxed:
            return DropOff.LOCKER
        return DropOff.SHELF if self.spot else DropOff.DOOR


_WISHES = (
    _Wish("done", _NOODLES, 75, _NOW),
    _Wish("mine", _GREENS, 22, _NOW, mine=True),
    _Wish("riding", _GREENS, 21, _NOW),
    _Wish("next", _NOODLES, 18, _NOW),
    _Wish("offered", _NOODLES, 12, _NOW),
    _Wish("slot-0", _GREENS, 70, _POOLED),
    _Wish("slot-1", _GREENS, 52, _POOLED),
    _Wish("slot-2", _BREAD, 40, _POOLED),
    _Wish("slot-3", _GREENS, 35, _POOLED),
    _Wish("slot-4", _BREAD, 30, _POOLED),
    _Wish("slot-5", _GREENS, 28, _POOLED),
    _Wish("slot-6", _BREAD, 25, _POOLED),
    _Wish("left-0", _NOODLES, 130, _NOW, spot="A-02"),
    _Wish("left-1", _GREENS, 105, _NOW, spot="B-07"),
    _Wish("boxed", _GREENS, 95, _NOW, mine=True, boxed=True),
)


def live(town: Town, bring_in: BringIn, now: datetime) -> None:
    """This will begin deliveries by couriers, and leave orders in every state: done, in hand, offered, waiting."""
    began = now - _SINCE
    courier, desk = couriers.begin(at=began), couriers.operator()
    if courier is None or desk is None or courier.city is None:
        return
    with hurried():
        open_up(town, courier.city, at=began)
        resident, company = buyer(RESIDENT_PHONE, began), at_desk(COMPANY_PHONE, began)
        if resident is not None and company is not None:
            lockers.stand(company, resident.communities[0], at=began)
        served = _ordered(town, bring_in, now)
        if not served:
            return
        nightfall.drain()
        _packed(town, served, now)
        tasks = _tasks(desk, served, now)
        _Riding(desk, courier, tasks, served, now).carry()
        nightfall.drain()


def open_up(town: Town, city: CityId, *, at: datetime) -> None:
    """This will open the zone with its slots and distances, and have some of the town's shops share its runs."""
    lat, lon = _HUB
    zone = actions.open_zone(SYSTEM, city=city, name=_ZONE, lat=lat, lon=lon, radius_m=rules.REACH_M, at=at)
    for plan in town.shops:
        scope = keeper(plan.owner.phone, at)
        if plan.by_couriers and scope is not None and scope.shop is not None:
            shops.set_delivery(
                scope,
                shop=scope.shop,
                carrier=Carrier.POOL,
                fee=plan.fee,
                free_from=plan.free_from,
                minutes_promised=plan.minutes,
                at=at,
            )
    actions.measure_zone(SYSTEM, zone=zone, at=at)


def _ordered(town: Town, bring_in: BringIn, now: datetime) -> dict[str, Served]:
    """The wishes as paid orders; where a shop is closed at this hour, nobody wished for anything."""
    keepers = {plan.name["zh"]: keeper(plan.owner.phone, now) for plan in town.shops if plan.by_couriers}
    wishes, outings, left = Wishes(town, Random(SEED + 2)), {}, Shelves(town).left(now)
    for wish, phone in zip(_WISHES, _neighbours(town), strict=False):
        at = now - wish.ago * _MINUTE
        who, shop = buyer(RESIDENT_PHONE if wish.mine else phone, at), keepers[wish.shop]
        lines = _what_is_there(wishes, who, at, shop.shop, left) if who and shop and shop.shop else ()
        if who and lines:
            key = paying(f"courier-{wish.word}")
            outings[wish.word] = Outing(
                key=key, buyer=who, lines=lines, at=at, fulfilment=wish.how, drop_off=wish.drop_off
            )
    return dict(zip(outings, bring_in(list(outings.values())), strict=True))


def _what_is_there(
    wishes: Wishes, who: Scope, at: datetime, shop: ShopId, left: dict[VariantId, int]
) -> tuple[Asked, ...]:
    """A basket of what earlier ones have left on the shelf; after so many wishes for what is sold out, nothing."""
    baskets = (enough(wishes.basket(who.communities[0], at, shop=shop), left) for _nth in range(_MOST_WISHES))
    return next((lines for lines in baskets if lines), ())


def _neighbours(town: Town) -> list[str]:
    """Somebody from each building, of one community after the other."""
    found: dict[tuple[int, str], str] = {}
    for nth, community in enumerate(town.communities):
        for each in community.neighbours:
            if each.phone != RESIDENT_PHONE:
                found.setdefault((nth, community.homes[each.home].building), each.phone)
    return list(found.values()) * len(_WISHES)


def _packed(town: Town, served: dict[str, Served], now: datetime) -> None:
    """The shops pack what goes at once; what comes in a slot they have only accepted."""
    keepers: dict[ShopId, Scope] = {}
    for plan in town.shops:
        scope = keeper(plan.owner.phone, now) if plan.by_couriers else None
        if scope is not None and scope.shop is not None:
            keepers[scope.shop] = scope
    for word, one in served.items():
        shop = keepers[one.standing.shop]
        orders.accept_order(shop, order=one.order, at=one.paid_at + _MINUTE)
        if not word.startswith("slot"):
            orders.finish_order(shop, order=one.order, at=one.paid_at + 8 * _MINUTE)


def _tasks(desk: Scope, served: dict[str, Served], now: datetime) -> dict[str, TaskId]:
    on_board = {task.number: task.task for task in queries.board(desk, wanted=Wanted(), at=now).tasks}
    numbers = {word: known.order_page(one.buyer, order=one.order).number for word, one in served.items()}
    return {word: on_board[number] for word, number in numbers.items() if number in on_board}


@dataclass(frozen=True, slots=True)
class _Riding:
    """The courier's morning: one order handed over, a run in hand, and one that is offered now."""

    desk: Scope
    courier: Scope
    tasks: dict[str, TaskId]
    served: dict[str, Served]
    now: datetime

    def carry(self) -> None:
        person = cast(PartyId, self.courier.person)
        if "done" in self.tasks:
            self._hand_over("done", person, self.now - 58 * _MINUTE)
        for wish in _WISHES:
            if (wish.spot or wish.boxed) and wish.word in self.tasks:
                self._leave(wish, person, self.now - (wish.ago - 12) * _MINUTE)
        run = [self.tasks[word] for word in ("mine", "riding", "next") if word in self.tasks]
        if run:
            actions.assign_tasks(self.desk, tasks=run, courier=person, at=self.now - 4 * _MINUTE)
        for word in ("mine", "riding"):
            if word in self.tasks:
                actions.collect_goods(self.courier, task=self.tasks[word], at=self.now - _MINUTE)
        lat, lon = _HUB
        actions.tell_position(self.courier, lat=lat, lon=lon, accuracy_m=12, said_at=self.now, at=self.now)
        if "offered" in self.tasks:
            self._offer("offered", person)

    def _hand_over(self, word: str, person: PartyId, at: datetime) -> None:
        task, one = self.tasks[word], self.served[word]
        actions.assign_tasks(self.desk, tasks=[task], courier=person, at=at)
        actions.collect_goods(self.courier, task=task, at=at + 4 * _MINUTE)
        actions.arrive_at_door(self.courier, tasks=[task], at=at + 11 * _MINUTE)
        code = known.order_page(one.buyer, order=one.order).code
        actions.hand_over(self.courier, task=task, code=code, at=at + 12 * _MINUTE)

    def _leave(self, wish: _Wish, person: PartyId, at: datetime) -> None:
        """On the shelf of the community's desk, with a picture, or in its locker, until its buyer comes."""
        task = self.tasks[wish.word]
        actions.assign_tasks(self.desk, tasks=[task], courier=person, at=at)
        actions.collect_goods(self.courier, task=task, at=at + 4 * _MINUTE)
        if wish.boxed and lockers.leave_order(self.courier, task, at=at + 13 * _MINUTE):
            return
        photo = ("shelf.png", picture("bread", 1))
        actions.hand_over(self.courier, task=task, photo=photo, spot=wish.spot, at=at + 14 * _MINUTE)

    def _offer(self, word: str, person: PartyId) -> None:
        """As the dispatcher would, who asks nobody that is busy."""
        task, one = self.tasks[word], self.served[word]
        city = cast(CityId, self.courier.city)
        waiting = queries.waiting(self.desk, city=city, timezone=places.city(city).timezone)
        found = next((each for each in waiting if each.task == task), None)
        building = places.buildings_of({one.buyer.homes[0]}).get(one.buyer.homes[0])
        if found is None or building is None:
            return
        way = rules.way_m(found.from_, found.to)
        there = self.now + timedelta(minutes=6 + way / _RIDES_M)
        stops = (
            rules.Stop(StopKind.COLLECT, found.shop, (task,), self.now + 5 * _MINUTE),
            rules.Stop(StopKind.DROP, building, (task,), there),
        )
        run = rules.Run(courier=None, stops=stops, distance_m=round(way))
        choice: dict[str, str | int | float] = {"why": rules.Why.NEAREST.value, "orders": 1, "free": 1}
        actions.offer_run(self.desk, run=run, courier=person, choice=choice, at=self.now)
