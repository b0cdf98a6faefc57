"""The plan of a minute: which bundles there are, and who fetches them first and who later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from linli.trade.delivery.rules.dispatch.bundles import Bundle, inserted
from linli.trade.delivery.rules.dispatch.matching import NEVER, Crew, Match, Numbers, Weighed, assign, weigh
from linli.trade.delivery.rules.dispatch.moment import Moment

SLIGHTLY_LATE_MIN = 1.0
"""While nobody is fetched later than this, there is nothing to better."""
FAR_AWAY_MIN = 30.0
"""When a bundle that nobody can fetch in this plan is thought to be fetched."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who fetches what as his next task; bundles that are nobody's next wait for a courier of a later minute."""

    weighed: Weighed
    match: Match


@dataclass(frozen=True, slots=True)
class _Later:
    """For each bundle: the best of being fetched after what is matched now, by somebody who then is free."""

    cost: Numbers
    pickup_min: Numbers
    approach_min: Numbers


def plan(crew: Crew, found: Sequence[Bundle], moment: Moment) -> Plan:
    """This will match couriers with bundles, see which are better fetched later, and let late orders join others."""
    made, merged = _matched(crew, found, moment)
    return _matched(crew, merged, moment)[0] if merged else made


def _matched(crew: Crew, found: Sequence[Bundle], moment: Moment) -> tuple[Plan, list[Bundle]]:
    """The plan with these bundles, and those that would be better."""
    weighed = weigh(crew, found, moment)
    match = assign(weighed.cost)
    if not match or not _is_late(weighed, match):
        return Plan(weighed, match), []
    later = _later(crew, weighed, match, moment)
    match = _rather_later(weighed, later)
    return Plan(weighed, match), _merged(crew, weighed, match, later, moment)


def _is_late(weighed: Weighed, match: Match) -> bool:
    """Whether anybody of the match is fetched late, or not at all."""
    late = (weighed.pickup_min[i, j] > weighed.bundles[j].ready_min + SLIGHTLY_LATE_MIN for i, j in match.items())
    return len(match) < len(weighed.bundles) or any(late)


def _later(crew: Crew, weighed: Weighed, match: Match, moment: Moment) -> _Later:
    second = weigh(crew.after(match, weighed), weighed.bundles, moment)
    cost = second.cost
    for row, column in match.items():
        cost[row, column] = NEVER
    best, columns = cost.argmin(axis=0), np.arange(len(weighed.bundles))
    return _Later(cost[best, columns], second.pickup_min[best, columns], second.approach_min[best, columns])


def _rather_later(weighed: Weighed, later: _Later) -> Match:
    """Match again, where a bundle may also wait for the courier who fetches it best as his second."""
    couriers, bundles = weighed.cost.shape
    cost = np.full((couriers + bundles, bundles), NEVER)
    cost[:couriers] = weighed.cost
    cost[couriers + np.arange(bundles), np.arange(bundles)] = later.cost
    return {row: column for row, column in assign(cost).items() if row < couriers}


def _merged(crew: Crew, weighed: Weighed, match: Match, later: _Later, moment: Moment) -> list[Bundle]:
    """The bundles after single orders have joined others of their shop where that is better by the plan; or none."""
    by_shop = defaultdict[str, list[int]](list)
    for nth, one in enumerate(weighed.bundles):
        by_shop[one.shop].append(nth)
    fetched_by = {column: row for row, column in match.items()}
    options = [
        (gain, single, host, both)
        for columns in by_shop.values()
        if len(columns) > 1
        for host in columns
        if host in fetched_by
        for single in columns
        for gain, both in _joining(crew, weighed, fetched_by, later, single, host, moment)
    ]
    joined: dict[int, Bundle | None] = {}
    for _, single, host, both in sorted(options, key=lambda option: (-option[0], option[1], option[2])):
        if single not in joined and host not in joined:
            joined[single], joined[host] = None, both
    if not joined:
        return []
    after = [joined.get(nth, old) for nth, old in enumerate(weighed.bundles)]
    return [one for one in after if one is not None]


def _joining(
    crew: Crew, weighed: Weighed, fetched_by: dict[int, int], later: _Later, single: int, host: int, moment: Moment
) -> Iterator[tuple[float, Bundle]]:
    """What is gained when this single order joins that bundle, with the bundle of both, if it is and may be."""
    alone, mates, row = weighed.bundles[single], weighed.bundles[host], fetched_by[host]
    courier = crew.couriers[row]
    is_allowed = mates.size < moment.setting.most_orders and mates.is_sure == alone.is_sure
    if single == host or alone.size > 1 or not is_allowed:
        return
    both = inserted(alone.orders[0], mates, moment)
    pickup = max(float(weighed.pickup_min[row, host]), both.ready_min)
    if pickup > courier.shift_ends_min or both.portions > courier.capacity:
        return
    approach = float(weighed.approach_min[row, host])
    if single in fetched_by:
        at = fetched_by[single], single
        apart = _worth(alone, float(weighed.pickup_min[at]), float(weighed.approach_min[at]), moment)
    elif later.cost[single] < NEVER / 2:
        apart = _worth(alone, float(later.pickup_min[single]), float(later.approach_min[single]), moment)
    else:
        apart = _worth(alone, max(alone.ready_min, moment.at_min) + FAR_AWAY_MIN, 0.0, moment)
    apart += _worth(mates, float(weighed.pickup_min[row, host]), approach, moment)
    if (gain := apart - _worth(both, pickup, approach, moment)) > 0:
        yield gain, both


def _worth(one: Bundle, pickup_min: float, approach_min: float, moment: Moment) -> float:
    """What it costs customers and couriers to fetch a bundle then."""
    price = moment.setting.work * moment.price
    return one.dropped_min(pickup_min) + (price + moment.setting.approach) * approach_min + price * one.lasts_min
