"""The order: how much to have brought, when what is not sold in its life is lost, and the oldest is sold first.

A day's demand is drawn from its quantiles along evenly spread ways through the days; on each way the stock is sold
first in, first out. That is plain arithmetic on some hundred numbers, so a page can show the whole curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEVELS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
WAYS = 64
_GOLDEN = 0.6180339887498949
POINTS = 13
MOST_DAYS = 14
FIRST_MARKDOWN_BP, LAST_MARKDOWN_BP = 1_500, 5_000
"""What is proposed off the price of a batch that will hardly be sold in time: from 15 %, on its last day 50 %."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Goods that can be sold today and on `days_left - 1` days after it."""

    quantity: float
    days_left: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is needed to order: each day's quantiles, what is there, the life of what comes, days to the next order."""

    days: tuple[tuple[float, ...], ...]
    stock: tuple[Batch, ...]
    life_d: int
    cover_d: int = 1


@dataclass(frozen=True, slots=True)
class Point:
    """One place on the curve: what is ordered, the part of demand it serves, and what of all goods is thrown away."""

    order: int
    fill: float
    waste: float
    wasted_part: float


def aged(stock: Sequence[Batch], sold: float) -> tuple[Batch, ...]:
    """This will say what is left tomorrow of today's stock when so much is sold, the oldest first."""
    left = []
    for batch in sorted(stock, key=lambda each: each.days_left):
        taken = min(batch.quantity, sold) if batch.days_left > 0 else 0.0
        sold -= taken
        if batch.days_left > 1 and batch.quantity > taken:
            left.append(Batch(batch.quantity - taken, batch.days_left - 1))
    return tuple(left)


def curve(outlook: Outlook) -> tuple[Point, ...]:
    """This will say what is served and what is lost for orders from nothing up to what hardly ever runs out."""
    top = round(sum(day[-1] for day in outlook.days[: max(outlook.cover_d, 1)]))
    step = max(-(-top // (POINTS - 1)), 1)
    demands = _ways(outlook.days)
    return tuple(_point(outlook, demands, order) for order in range(0, top + step, step))


def propose(outlook: Outlook, fill: float) -> Point:
    """This will propose the least order that serves `fill` of the demand, or the most of the curve."""
    demands = _ways(outlook.days)
    top = round(sum(day[-1] for day in outlook.days[: max(outlook.cover_d, 1)]))
    low, high = 0, max(top, 0)
    while low < high:
        middle = (low + high) // 2
        if _point(outlook, demands, middle).fill >= fill:
            high = middle
        else:
            low = middle + 1
    return _point(outlook, demands, low)


def markdown_bp(days: Sequence[tuple[float, ...]], stock: Sequence[Batch], batch: int) -> int:
    """This will propose how much to take off a batch's price: nothing while it will be sold in time anyway.

    What stands before it is sold first. The fewer the days and the more that would be left, the more is taken off.
    """
    ours = stock[batch]
    before = sum(each.quantity for each in stock if each.days_left < ours.days_left)
    before += sum(each.quantity for each in stock[:batch] if each.days_left == ours.days_left)
    usual = sum(day[0] for day in days[: max(ours.days_left, 0)])
    left = min(max(before + ours.quantity - usual, 0.0), ours.quantity)
    if ours.quantity <= 0 or left < 0.1 * ours.quantity or ours.days_left > len(days):
        return 0
    share = left / ours.quantity / max(ours.days_left, 1)
    return round((FIRST_MARKDOWN_BP + (LAST_MARKDOWN_BP - FIRST_MARKDOWN_BP) * min(share, 1.0)) / 500) * 500


def demand_at(day: Sequence[float], chance: float) -> float:
    """This will read a day's demand at a chance between nought and one, straight between its quantiles."""
    ends = [(0.0, 0.0), *zip(LEVELS, day, strict=True), (1.0, day[-1] * 1.1)]
    for (low, least), (high, most) in pairwise(ends):
        if chance <= high:
            return least + (most - least) * (chance - low) / (high - low)
    return ends[-1][1]


def _ways(days: Sequence[tuple[float, ...]]) -> list[list[float]]:
    """Evenly spread ways through the days; each day is spread evenly by itself, and the days against each other."""
    return [
        [demand_at(day, ((way + 0.5) / WAYS + place * _GOLDEN * (way + 1)) % 1.0) for place, day in enumerate(days)]
        for way in range(WAYS)
    ]


def _point(outlook: Outlook, demands: Sequence[Sequence[float]], order: int) -> Point:
    sold = wanted = wasted = 0.0
    for way in demands:
        of_way = _sell(outlook, way, order)
        sold, wanted, wasted = sold + of_way[0], wanted + of_way[1], wasted + of_way[2]
    goods = order + sum(batch.quantity for batch in outlook.stock)
    waste = wasted / WAYS
    return Point(order, sold / wanted if wanted else 1.0, waste, waste / goods if goods else 0.0)


def _sell(outlook: Outlook, way: Sequence[float], order: int) -> tuple[float, float, float]:
    """Sold and wanted until the next order comes, and wasted until the life of this one ends, on one way."""
    shelf = sorted([[batch.days_left, batch.quantity] for batch in outlook.stock if batch.days_left > 0])
    shelf.append([outlook.life_d, float(order)])
    shelf.sort(key=lambda each: each[0])
    sold = wanted = wasted = 0.0
    for day, demand in enumerate(way[: max(outlook.life_d, outlook.cover_d)]):
        need = demand
        for batch in shelf:
            taken = min(batch[1], need)
            batch[1] -= taken
            need -= taken
            if batch[0] == day + 1:
                wasted += batch[1]
                batch[1] = 0.0
        if day < outlook.cover_d:
            sold, wanted = sold + demand - need, wanted + demand
    return sold, wanted, wasted
