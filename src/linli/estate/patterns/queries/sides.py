"""How two communities are set up, side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from linli.estate.billing import queries as billing
from linli.estate.parking import queries as parking
from linli.estate.patrols import queries as patrols
from linli.estate.patterns.rules import PARTS, SETTINGS, Held, Row, compared
from linli.estate.venues import queries as venues
from linli.estate.workorders import queries as workorders
from linli.ground.places import queries as places
from linli.ground.policies import queries as policies
from linli.ground.policies.rules import Level
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.pieces import Piece
from linli.spine.scope import Scope

PIECES: dict[str, Callable[[Scope, CommunityId, date], tuple[Piece, ...]]] = {
    "tariffs": lambda scope, community, on: billing.template_of(scope, community=community, on=on),
    "promises": lambda scope, community, on: workorders.template_of(scope, community=community, on=on),
    "patrols": lambda scope, community, on: patrols.template_of(scope, community=community, on=on),
    "parking": lambda scope, community, on: parking.template_of(scope, community=community, on=on),
    "venues": lambda scope, community, _on: venues.template_of(scope, community=community),
}
"""Who tells of each part what is set up in a community on a day."""


@query
def likeness(
    scope: Scope, *, source: CommunityId, target: CommunityId, start_on: date, at: datetime
) -> tuple[Row, ...]:
    """This will set all that a source has set up beside what a target has, as both will be on a day."""
    insist(scope, source, target, start_on, at)
    rows: list[Row] = []
    here, there = settings_of(scope, source, start_on, at), settings_of(scope, target, start_on, at)
    for part, pieces in here.items():
        rows += compared(part, pieces, there[part])
    for part in PARTS:
        tell = PIECES[part]
        rows += compared(part, tell(scope, source, start_on), tell(scope, target, start_on))
    return tuple(rows)


def insist(scope: Scope, source: CommunityId, target: CommunityId, start_on: date, at: datetime) -> None:
    """This will refuse communities out of reach, one and the same, and a day that is over."""
    if source not in scope.communities or target not in scope.communities:
        raise NotFound("community")
    if source == target:
        raise Invalid("source", _("Choose another community to take from."))
    if start_on < places.day_in(target, at):
        raise Invalid("start_on", _("This begins today or later."))


def beginning(community: CommunityId, start_on: date, at: datetime) -> datetime:
    """This will give the midnight of a day in a community's zone, and now where that is over."""
    zone = ZoneInfo(places.community(community).timezone)
    return max(at, datetime.combine(start_on, time(), zone))


def settings_of(scope: Scope, community: CommunityId, start_on: date, at: datetime) -> dict[str, tuple[Piece, ...]]:
    """This will tell the values that hold in a community from a day on, of all policies that a company sets."""
    begin = beginning(community, start_on, at)
    book = policies.book(scope, level=Level.COMMUNITY, place=community, at=begin)
    return {
        f"{SETTINGS}{card.word}": tuple(
            Piece(SETTINGS, f"{card.word}.{one.setting}", {"says": one.says or one.setting}, Held(one.value))
            for one in card.settings
        )
        for card in book
        if card.of_company
    }
