"""The dispatcher: in each minute, what to tell which courier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linli.trade.delivery.rules.dispatch.legs import Legs
from linli.trade.delivery.rules.dispatch.moment import Moment
from linli.trade.delivery.rules.dispatch.setting import Setting
from linli.trade.delivery.rules.dispatch.world import (
    Courier,
    Deliver,
    Demand,
    Doing,
    Goto,
    Instruction,
    Order,
    Terms,
    Travel,
)

if TYPE_CHECKING:
    from linli.trade.delivery.rules.dispatch.planning import Plan


class Dispatcher:
    """Decides from a snapshot alone; what it remembers are only the minutes of ways that it has asked before."""

    def __init__(self, setting: Setting, *, terms: Terms, travel: Travel) -> None:
        self._setting, self._terms, self._travel = setting, terms, travel
        self._legs = Legs(travel)

    def step(
        self, at_min: float, orders: Sequence[Order], couriers: Sequence[Courier], demand: Sequence[Demand] = ()
    ) -> list[Instruction]:
        """This will tell couriers what to do in this minute, so that they do not have to be told before it.

        Nobody is bound earlier than needed: a courier goes when the way takes as long as the goods do, and is given
        orders when they can be picked up, so that until then his bundle may grow and a nearer courier may turn up.
        """
        from linli.trade.delivery.rules.dispatch.matching import crew
        from linli.trade.delivery.rules.dispatch.planning import plan
        from linli.trade.delivery.rules.dispatch.positioning import positions

        soon = sorted((c for c in couriers if self._is_at_hand(c, at_min)), key=lambda courier: courier.key)
        waiting = sorted((o for o in orders if self._is_in_sight(o, at_min)), key=lambda order: order.key)
        moment = self._moment(at_min, waiting, soon)
        told: list[Instruction] = []
        busy = set[str]()
        if soon and waiting:
            from linli.trade.delivery.rules.dispatch.bundles import bundles

            made = plan(
                crew(soon, at_min, self._terms),
                bundles([_expected(order, moment) for order in waiting], moment),
                moment,
            )
            busy = {soon[row].key for row in made.match if soon[row].doing not in (Doing.AWAY, Doing.BUSY)}
            told += self._carried_out(made, soon, moment)
        told += positions([courier for courier in soon if courier.key not in busy], demand, moment)
        return told

    def _is_at_hand(self, courier: Courier, at_min: float) -> bool:
        """A courier on the way somewhere always is: he cannot be thought away from where he goes."""
        is_soon = courier.free_min <= at_min + self._setting.soon_free_min or courier.doing is Doing.HEADING
        return is_soon and at_min <= courier.shift_ends_min

    def _is_in_sight(self, order: Order, at_min: float) -> bool:
        return order.first_min <= at_min + self._setting.horizon_min

    def _moment(self, at_min: float, orders: Sequence[Order], couriers: Sequence[Courier]) -> Moment:
        setting = self._setting
        urgent = sum(order.ready_min <= at_min + setting.urgent_min for order in orders)
        free = sum(courier.free_min <= at_min + setting.at_hand_min for courier in couriers)
        price = setting.price_slope * max(0.0, urgent / max(1, free) - setting.calm_load)
        return Moment(at_min, min(setting.price_limit, price), setting, self._terms, self._travel, self._legs)

    def _carried_out(self, made: Plan, couriers: Sequence[Courier], moment: Moment) -> Iterator[Instruction]:
        """What of a plan cannot wait for a later minute."""
        at_min, half_service = moment.at_min, self._terms.pickup_service_min / 2
        for row, column in sorted(made.match.items()):
            courier, one = couriers[row], made.weighed.bundles[column]
            if courier.doing in (Doing.AWAY, Doing.BUSY):
                continue
            if courier.shop == one.shop:
                if one.is_sure and made.weighed.pickup_min[row, column] <= at_min:
                    yield Deliver(courier.key, one.shop, tuple(order.key for order in one.orders))
            elif at_min + made.weighed.approach_min[row, column] + half_service >= one.first_min:
                yield Goto(courier.key, one.shop)


def _expected(order: Order, moment: Moment) -> Order:
    """An order with the minute at which to plan for it: of a belief an early one, unless couriers' minutes are dear."""
    if order.ready_min == order.first_min:
        return order
    dear = min(1.0, moment.price * moment.setting.dear)
    return replace(order, ready_min=order.first_min + (order.ready_min - order.first_min) * dear)
