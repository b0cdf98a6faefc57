"""Meters and readings for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from builders.billing import Desk
from builders.clock import AT
from builders.places import Home
from linli.estate.metering import actions
from linli.estate.metering.rules import Kind, MeterDraft, ReadingState, Serves
from linli.kernel.ids import MeterId

_number = count(1)
IN_PLACE = date(2025, 9, 27)


def at(day: date) -> datetime:
    """Noon of a day in Shanghai."""
    return datetime.combine(day, time(12), ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Meter:
    """A meter and the desk that reads it."""

    id: MeterId
    desk: Desk
    label: str

    def reads(self, value: object, on: date, *, sure: bool = True) -> ReadingState:
        """The displays show this (several with `/` between) on a day, and somebody takes it."""
        shown = [Decimal(part) for part in str(value).split("/")]
        return actions.take_reading(self.desk.scope, meter=self.id, shown=shown, read_on=on, sure=sure, at=at(on))


def a_meter(desk: Desk, home: Home | None = None, **given: object) -> Meter:
    label = str(given.pop("label", f"M{next(_number):06}"))
    kind = given.pop("kind", Kind.COLD_WATER)
    start_on = given.pop("start_on", IN_PLACE)
    first = tuple(Decimal(part) for part in str(given.pop("first", "0")).split("/"))
    serves = given.pop("serves", Serves.HOME if home else Serves.BUILDING)
    draft = MeterDraft(
        kind=kind,
        start_on=start_on,
        home=home.id if home else None,
        serves=serves,
        label=label,
        first=first,
        **given,
    )
    (meter,) = actions.add_meters(desk.scope, community=desk.community.id, drafts=[draft], at=AT)
    return Meter(meter, desk, label)
