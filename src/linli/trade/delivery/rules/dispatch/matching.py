"""Who should fetch which bundle: every courier is weighed against every bundle, and the cheapest whole is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from linli.trade.delivery.rules.dispatch.bundles import Bundle
from linli.trade.delivery.rules.dispatch.moment import Moment
from linli.trade.delivery.rules.dispatch.world import Courier, Doing, Place, Terms

Numbers = NDArray[np.float64]
NEVER = 1e6
"""The cost of what cannot be."""
Match = dict[int, int]
"""The bundle of each courier who has one, by their places in their lists."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Couriers who are free or soon will be: when, and where."""

    couriers: Sequence[Courier]
    free_min: Numbers
    places: Sequence[Place]
    paid_more: Numbers
    """One for each courier whom a further order brings above the guaranteed pay, nothing for the others."""
    is_fresh: bool = True
    """Whether this is how they stand now, or how they will stand after what was matched."""

    def after(self, match: Match, weighed: Weighed) -> Crew:
        """This will tell how they will stand once each has delivered the bundle of the match."""
        free, places = self.free_min.copy(), list(self.places)
        for row, column in match.items():
            one = weighed.bundles[column]
            free[row], places[row] = weighed.pickup_min[row, column] + one.lasts_min, one.last
        return Crew(self.couriers, free, places, self.paid_more, is_fresh=False)


@dataclass(frozen=True, slots=True)
class Weighed:
    """For every courier (row) and bundle (column): minutes of approach, minute of pick-up, and what it costs."""

    bundles: Sequence[Bundle]
    approach_min: Numbers
    pickup_min: Numbers
    cost: Numbers


def crew(couriers: Sequence[Courier], at_min: float, terms: Terms) -> Crew:
    """This will tell how these couriers stand in this minute."""
    return Crew(
        couriers,
        np.array([max(at_min, courier.free_min) for courier in couriers]),
        [courier.place for courier in couriers],
        np.array([float(terms.pay_per_order * (c.done + 1) > guarantee(c, terms)) for c in couriers]),
    )


def guarantee(courier: Courier, terms: Terms) -> float:
    """This will tell what a courier's shift is paid however few orders he has."""
    return terms.pay_per_hour * (courier.shift_ends_min - courier.shift_began_min) / 60


def weigh(crew: Crew, found: Sequence[Bundle], moment: Moment) -> Weighed:
    """This will weigh every courier against every bundle, in minutes that customers wait."""
    setting, at_min = moment.setting, moment.at_min
    approach, arrival = _approach(crew, found, moment)
    ready = np.array([one.ready_min for one in found])
    size = np.array([float(one.size) for one in found])
    lasts = np.array([one.lasts_min for one in found])
    waited = np.array([max(0.0, at_min - one.placed_min) for one in found])
    pickup = np.maximum(np.maximum(arrival + moment.terms.pickup_service_min / 2, ready), at_min)
    idling = np.maximum(0.0, pickup - crew.free_min[:, None] - approach)
    price = setting.work * moment.price
    cost = (
        (pickup - ready) * (size * (1 + setting.ageing * waited))
        + (setting.approach + price) * approach
        + (setting.idling + setting.idle_share * price) * idling
        + price * lasts
        + setting.pay * crew.paid_more[:, None] * size
        + setting.foresight * np.maximum(0.0, ready - at_min)
        - setting.patience_min * size
    )
    cost[_impossible(crew, found, pickup)] = NEVER
    return Weighed(found, approach, pickup, cost)


def _approach(crew: Crew, found: Sequence[Bundle], moment: Moment) -> tuple[Numbers, Numbers]:
    """Minutes to the shop of each bundle, and the minute of being there; who waits there came before now."""
    shops = {one.shop: one.pickup for one in found}
    column = {shop: nth for nth, shop in enumerate(shops)}
    approach = np.array(moment.travel(crew.places, list(shops.values())))
    arrival = crew.free_min[:, None] + approach
    if crew.is_fresh:
        for row, courier in enumerate(crew.couriers):
            if courier.doing is Doing.WAITING and courier.shop in column:
                approach[row, column[courier.shop]] = 0.0
                arrival[row, column[courier.shop]] = courier.free_min
    of_bundle = [column[one.shop] for one in found]
    return approach[:, of_bundle], arrival[:, of_bundle]


def _impossible(crew: Crew, found: Sequence[Bundle], pickup: Numbers) -> NDArray[np.bool_]:
    """Which pairs break a rule: too late in the shift, on the way elsewhere, too much, unskilled, or refused before."""
    ends = np.array([courier.shift_ends_min for courier in crew.couriers])
    never: NDArray[np.bool_] = pickup > ends[:, None]
    shops = np.array([one.shop for one in found])
    portions = np.array([one.portions for one in found])
    never |= portions[None, :] > np.array([courier.capacity for courier in crew.couriers])[:, None]
    skilled = [(nth, needs) for nth, one in enumerate(found) if (needs := frozenset[str]().union(*_needs(one)))]
    for row, courier in enumerate(crew.couriers):
        if crew.is_fresh and courier.doing is Doing.HEADING:
            never[row] |= shops != courier.shop
        if courier.refused:
            never[row] |= [not courier.refused.isdisjoint(_keys(one)) for one in found]
        for column, needs in skilled:
            never[row, column] |= not needs <= courier.skills
    return never


def _needs(one: Bundle) -> list[frozenset[str]]:
    return [order.needs for order in one.orders]


def _keys(one: Bundle) -> set[str]:
    return {one.shop, *(order.key for order in one.orders)}


def assign(cost: Numbers) -> Match:
    """This will match rows and columns so that the sum is least; what cannot be is left out."""
    rows, columns = linear_sum_assignment(cost)
    return {int(row): int(column) for row, column in zip(rows, columns, strict=True) if cost[row, column] < NEVER / 2}
