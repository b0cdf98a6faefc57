"""Where couriers without a task should be: near the shops that will soon ask for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from linli.trade.delivery.rules.dispatch.moment import Moment
from linli.trade.delivery.rules.dispatch.world import Courier, Demand, Doing, Goto

ALREADY_THERE_MIN = 1.0
"""A way that is not longer is not worth an instruction."""


def positions(couriers: Sequence[Courier], demand: Sequence[Demand], moment: Moment) -> Iterator[Goto]:
    """This will send idle couriers where the orders expected next would otherwise wait longest for somebody.

    Each expected order is a place to be filled, worth the chance that it comes: a shop's first more than its second.
    Whoever has no task fills places, also those who soon will be free and are told nothing yet, so that two couriers
    do not stand in for the same order.
    """
    setting = moment.setting
    places = [(shop, chance) for shop, one in enumerate(demand) for chance in _chances(one.expected, moment)]
    if not places or not any(courier.doing is Doing.IDLE for courier in couriers):
        return
    shops = [shop for shop, _ in places]
    way = moment.travel([courier.place for courier in couriers], [one.place for one in demand])[:, shops]
    free_in = np.array([max(0.0, courier.free_min - moment.at_min) for courier in couriers])[:, None]
    left = np.array([courier.shift_ends_min - moment.at_min for courier in couriers])[:, None]
    chance = np.array([chance for _, chance in places])[None, :]
    gain = chance * np.maximum(0.0, setting.reach_min - free_in - way) - setting.stroll * way
    gain[free_in + way > left - setting.last_minutes] = 0.0
    rows, columns = linear_sum_assignment(-np.maximum(gain, 0.0))
    for row, column in zip(rows, columns, strict=True):
        courier, shop = couriers[row], demand[shops[column]].shop
        is_worth_it = gain[row, column] > 0 and way[row, column] > ALREADY_THERE_MIN
        if courier.doing is Doing.IDLE and is_worth_it and shop not in courier.refused:
            yield Goto(courier.key, shop)


def _chances(expected: float, moment: Moment) -> Iterator[float]:
    """The chance that a shop has at least one order, at least two, and so on: orders come as in a Poisson process."""
    exactly, fewer = math.exp(-expected), 0.0
    for nth in range(1, moment.setting.most_waiting + 1):
        fewer += exactly
        exactly *= expected / nth
        if 1 - fewer < moment.setting.least_chance:
            return
        yield 1 - fewer
