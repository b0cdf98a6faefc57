"""The demo's venues: a court, a meeting room and a hall in each community, some slots of which are booked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.estate.billing import actions as billing
from linli.estate.billing.rules import Channel
from linli.estate.venues import actions, queries
from linli.estate.venues.actions import VenueDraft
from linli.estate.venues.rules import Hours
from linli.kernel.ids import VenueId
from linli.kernel.money import Money
from linli.works.demo.deskside import manager, owners
from linli.works.demo.town import Town

_DAILY = frozenset(range(7))
_COURT = VenueDraft(
    name={"zh": "羽毛球场", "en": "Badminton court"},
    text={"zh": "请穿软底鞋。", "en": "Soft soles, please."},
    capacity=4,
    hours=Hours(_DAILY, 8 * 60, 22 * 60, 60),
    price=Money(2_000),
)
_ROOM = VenueDraft(
    name={"zh": "邻里议事厅", "en": "Meeting room"}, capacity=20, hours=Hours(_DAILY, 9 * 60, 21 * 60, 120)
)
_HALL = VenueDraft(
    name={"zh": "多功能厅", "en": "Hall with a kitchen"},
    text={"zh": "使用后请打扫干净。", "en": "Please leave it clean."},
    capacity=40,
    hours=Hours(_DAILY, 9 * 60, 21 * 60, 180),
    price=Money(6_000),
    deposit=Money(20_000),
)


def open_up(town: Town, now: datetime) -> None:
    """This will open the venues and have some neighbours book slots of tomorrow."""
    desk, people = manager(now), owners(town, now, most=4)
    if desk is None:
        return
    courts: dict[object, VenueId] = {}
    halls: dict[object, VenueId] = {}
    for community in desk.communities:
        courts[community] = actions.keep_venue(desk, community=community, draft=_COURT, at=now)
        actions.keep_venue(desk, community=community, draft=_ROOM, at=now)
        halls[community] = actions.keep_venue(desk, community=community, draft=_HALL, at=now)
    zone = ZoneInfo(town.timezone)
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    for hour, scope in zip((10, 16, 19, 20), people, strict=False):
        start = tomorrow + timedelta(hours=hour)
        venue = courts[scope.communities[0]]
        actions.book(scope, venue=venue, start_at=start, home=scope.homes[0], persons=2, at=now)
    for nth, scope in enumerate(people[:2]):
        start = tomorrow + timedelta(days=4, hours=9 + 3 * nth)
        booking = actions.book(
            scope, venue=halls[scope.communities[0]], start_at=start, home=scope.homes[0], persons=12, at=now
        )
        card, _history = queries.booking_page(scope, booking=booking)
        if nth == 0 and card.deposit_id is not None:
            billing.take_deposit(desk, deposit=card.deposit_id, channel=Channel.CASH, at=now)
