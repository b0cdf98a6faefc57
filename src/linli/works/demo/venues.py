"""The demo's venues: a court and a meeting room in each community, some slots of which are booked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.estate.venues import actions
from linli.estate.venues.actions import VenueDraft
from linli.estate.venues.rules import Hours
from linli.kernel.ids import VenueId
from linli.kernel.money import Money
from linli.works.demo.deskside import manager, owners
from linli.works.demo.town import Town

_DAILY = frozenset(range(7))
_COURT = VenueDraft(
    name="羽毛球场 Badminton court",
    text="请穿软底鞋。 Soft soles, please.",
    capacity=4,
    hours=Hours(_DAILY, 8 * 60, 22 * 60, 60),
    price=Money(2_000),
)
_ROOM = VenueDraft(name="邻里议事厅 Meeting room", capacity=20, hours=Hours(_DAILY, 9 * 60, 21 * 60, 120))


def open_up(town: Town, now: datetime) -> None:
    """This will open the venues and have some neighbours book slots of tomorrow."""
    desk, people = manager(now), owners(town, now, most=4)
    if desk is None:
        return
    courts: dict[object, VenueId] = {}
    for community in desk.communities:
        courts[community] = actions.keep_venue(desk, community=community, draft=_COURT, at=now)
        actions.keep_venue(desk, community=community, draft=_ROOM, at=now)
    zone = ZoneInfo(town.timezone)
    tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    for hour, scope in zip((10, 16, 19, 20), people, strict=False):
        start = tomorrow + timedelta(hours=hour)
        venue = courts[scope.communities[0]]
        actions.book(scope, venue=venue, start_at=start, home=scope.homes[0], persons=2, at=now)
