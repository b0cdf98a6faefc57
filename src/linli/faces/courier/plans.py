"""The plan of a run: its stops on paper, north up, in the order in which they are ridden; drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from linli.trade.delivery.queries import DayStop
from linli.trade.delivery.rules import StopKind

WIDTH, HEIGHT, EDGE = 340, 190, 22


@dataclass(frozen=True, slots=True)
class Pin:
    """A stop on the paper; what stands at the same place shares a pin."""

    x: float
    y: float
    label: str
    is_shop: bool


def plan(stops: Sequence[DayStop]) -> tuple[Pin, ...]:
    """This will put stops on paper; fewer than two places make no plan."""
    if len({stop.point for stop in stops}) < 2:
        return ()
    lats, lons = [s.point[0] for s in stops], [s.point[1] for s in stops]
    narrow = cos(radians(sum(lats) / len(lats)))
    wide, high = (max(lons) - min(lons)) * narrow, max(lats) - min(lats)
    scale = min((WIDTH - 2 * EDGE) / wide if wide else 1e9, (HEIGHT - 2 * EDGE) / high if high else 1e9)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    return tuple(
        Pin(
            round(left + (stop.point[1] - min(lons)) * narrow * scale, 1),
            round(top + (max(lats) - stop.point[0]) * scale, 1),
            str(nth),
            stop.kind is StopKind.COLLECT,
        )
        for nth, stop in enumerate(stops, start=1)
    )
