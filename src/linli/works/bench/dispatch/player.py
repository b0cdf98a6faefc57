"""Remembers from minute to minute what the dispatcher has to be told: open orders, orders done, refusals, habits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linli.trade.delivery.rules.dispatch import Courier, Deliver, Dispatcher, Doing, Goto, Order, Setting, Terms
from linli.trade.delivery.rules.dispatch.demand import RecentOrders
from linli.trade.delivery.rules.dispatch.preparation import Preparation
from linli.works.bench.dispatch.messages import Init, New, Now, Step, Told

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DOING = {
    "off": Doing.AWAY,
    "idle": Doing.IDLE,
    "moving": Doing.HEADING,
    "at": Doing.WAITING,
    "busy": Doing.BUSY,
}
REFUSED_FOR_MIN = 10
"""An instruction that was refused is not given again for so long."""


class Player:
    """The product's dispatcher, told of a day minute by minute."""

    def __init__(self, init: Init, setting: Setting | None = None) -> None:
        self._init, self._setting = init, setting or Setting()
        terms = Terms(init.pickup_service, init.dropoff_service, init.pay_order, init.pay_hour)
        self._dispatcher = Dispatcher(self._setting, terms=terms, travel=self._travel)
        self._open: dict[str, Order] = {}
        self._usual: dict[str, float] = {}
        self._done = dict.fromkeys(init.couriers, 0)
        self._given: dict[tuple[str, tuple[str, ...]], tuple[Order, ...]] = {}
        self._refused: dict[tuple[str, str], int] = {}
        self._recent, self._preparation = RecentOrders(), Preparation()

    def __call__(self, step: Step) -> list[Told]:
        """This will decide what couriers are told in this minute."""
        self._take_back(step)
        for new in step.new:
            self._open[new.id] = self._order(new, believed=new.id in step.ready_updates)
            self._recent.saw(shop=new.rest, place=self._init.restaurants[new.rest], placed_min=new.placed)
        self._look_again(step)
        couriers = [
            self._courier(key, now, step.t)
            for key, now in step.couriers.items()
            if now.state != "off" or now.free >= step.t
        ]
        given = self._dispatcher.step(step.t, list(self._open.values()), couriers, list(self._recent.expected(step.t)))
        return [self._told(one) for one in given]

    def _travel(
        self, origins: Sequence[tuple[float, float]], places: Sequence[tuple[float, float]], /
    ) -> NDArray[np.float64]:
        import numpy as np

        a, b = np.asarray(origins, float).reshape(-1, 1, 2), np.asarray(places, float).reshape(1, -1, 2)
        metres = np.hypot(a[:, :, 0] - b[:, :, 0], a[:, :, 1] - b[:, :, 1])
        minutes: NDArray[np.float64] = np.ceil(metres / self._init.meters_per_minute)
        return minutes

    def _order(self, new: New, *, believed: bool) -> Order:
        if believed:
            self._usual[new.id] = new.ready - new.placed
        pickup = self._init.restaurants[new.rest]
        return Order(new.id, new.rest, pickup, (new.x, new.y), new.placed, new.ready, is_sure=not believed)

    def _look_again(self, step: Step) -> None:
        """Take in what is ready now, and believe anew of the rest when it will be."""
        for key, told in step.ready_updates.items():
            order = self._open.get(key)
            if order is None or order.is_sure:
                continue
            usual = self._usual[key]
            if told <= step.t:
                self._preparation.learn(usual_min=usual, took_min=told - order.placed_min)
                self._open[key] = replace(order, ready_min=told, is_sure=True)
            else:
                ready, maybe = (
                    self._preparation.ready_min(placed_min=order.placed_min, usual_min=usual, at_min=step.t, part=part)
                    for part in (self._setting.likely, self._setting.early)
                )
                first = max(step.t + 1, maybe)
                self._open[key] = replace(order, ready_min=max(first, ready), maybe_min=first)

    def _courier(self, key: str, now: Now, at: int) -> Courier:
        shift = self._init.couriers[key]
        refused = frozenset(what for (who, what), until in self._refused.items() if who == key and until > at)
        return Courier(
            key, _DOING[now.state], now.loc, now.free, shift.on, shift.off, now.rest, self._done[key], refused=refused
        )

    def _told(self, given: Goto | Deliver) -> Told:
        if isinstance(given, Goto):
            return Told(courier=given.courier, goto=given.shop)
        self._given[given.courier, given.orders] = tuple(self._open.pop(key) for key in given.orders)
        self._done[given.courier] += len(given.orders)
        return Told(courier=given.courier, deliver=list(given.orders))

    def _take_back(self, step: Step) -> None:
        """Open again what could not be carried out, and ask somebody else for a while."""
        for told in step.rejected:
            keys = tuple(told.deliver or ())
            for order in self._given.pop((told.courier, keys), ()):
                self._open[order.key] = order
                self._done[told.courier] -= 1
            for what in keys or (told.goto or "",):
                self._refused[told.courier, what] = step.t + REFUSED_FOR_MIN
        self._given.clear()
