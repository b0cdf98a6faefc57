"""The town's meters: cold water of the homes that the company began with, read month by month, and one lift's meter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from linli.estate.billing.rules import add_months
from linli.estate.metering import actions
from linli.estate.metering.actions import Exchange, ReadingRow
from linli.estate.metering.rules import Kind, MeterDraft, Serves
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, MeterId
from linli.spine.scope import Scope

READ_BACK = 5
"""So many whole months before the present one were read: fewer would not tell what is usual."""
_STARTS = 100
_READ_OF_FOUR = 3
"""Of so many meters all but one are read where the present month is still being read."""
_A_DAY = timedelta(days=1)


def put_in(
    scope: Scope, *, community: CommunityId, homes: Sequence[HomeId], names: Sequence[str], present: date, at: datetime
) -> tuple[MeterId, ...]:
    """This will put a cold water meter into each home and read all of them at the end of each past month."""
    begins = add_months(present, -READ_BACK)
    drafts = [
        MeterDraft(kind=Kind.COLD_WATER, start_on=begins, home=home, label=f"W-{name}", first=(Decimal(_STARTS),))
        for home, name in zip(homes, names, strict=True)
    ]
    meters = actions.add_meters(scope, community=community, drafts=drafts, at=at)
    for month in range(1, READ_BACK + 1):
        _read(scope, community, meters, month, add_months(begins, month) - _A_DAY, at)
    _lift(scope, community, begins, at)
    return tuple(meters)


def read_all(scope: Scope, *, community: CommunityId, meters: Sequence[MeterId], at: datetime) -> None:
    """This will read every meter in the present month, as before its bills go out."""
    _read(scope, community, meters, READ_BACK + 1, places.day_in(community, at), at)


def read_some(scope: Scope, *, community: CommunityId, meters: Sequence[MeterId], at: datetime) -> None:
    """This will read most, find one display that nobody believes, and exchange one meter: a walk that is under way."""
    today = places.day_in(community, at)
    stuck, broken, *others = meters
    read = [meter for nth, meter in enumerate(others) if nth % (_READ_OF_FOUR + 1) < _READ_OF_FOUR]
    _read(scope, community, read, READ_BACK + 1, today, at)
    leaking = ReadingRow(stuck, (_shows(stuck, READ_BACK) + 180,), today)
    actions.take_readings(scope, community=community, rows=[leaking], at=at)
    new = Exchange(final=(_shows(broken, READ_BACK) + 2,), label="W-2026-0001", first=(Decimal(0),))
    actions.exchange_meter(scope, meter=broken, exchange=new, on=today, at=at)


def _read(scope: Scope, community: CommunityId, meters: Sequence[MeterId], months: int, on: date, at: datetime) -> None:
    rows = [ReadingRow(meter, (_shows(meter, months),), on) for meter in meters]
    if rows:
        actions.take_readings(scope, community=community, rows=rows, at=at)


def _shows(meter: MeterId, months: int) -> Decimal:
    """A household uses much the same each month: between six and fifteen cubic metres, a little more in some."""
    usual = 6 + meter.int % 9
    return Decimal(_STARTS + usual * months + months // 2)


def _lift(scope: Scope, community: CommunityId, start_on: date, at: datetime) -> None:
    """The lifts of the first building count together; its homes share what they count."""
    doors = places.doors(community)
    building = min(door[0] for door in doors)
    draft = MeterDraft(
        kind=Kind.ELECTRICITY,
        start_on=start_on,
        serves=Serves.LIFT,
        label=f"E-{building}-LIFT",
        place=f"{building} 栋电梯机房",
        factor=Decimal(20),
        digits=6,
    )
    (meter,) = actions.add_meters(scope, community=community, drafts=[draft], at=at)
    shares = {home: Decimal(1) for door, home in doors.items() if door[0] == building}
    actions.set_shares(scope, meter=meter, shares=shares, at=at)
