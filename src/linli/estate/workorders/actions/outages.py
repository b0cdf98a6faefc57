"""Outages and planned works: told to the homes they touch when announced, when changed and when over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.estate.workorders import events
from linli.estate.workorders.actions.held import MOST_WORDS, said
from linli.estate.workorders.models import Outage, OutageMove
from linli.estate.workorders.rules import OUTAGE_LIFE, OutageState, OutageVerb, Supply
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

LONGEST = timedelta(days=60)
FURTHEST = timedelta(days=90)
CALLED: dict[Supply, tuple[str, str]] = {
    Supply.WATER: ("停水", "no water"),
    Supply.HOT_WATER: ("停热水", "no hot water"),
    Supply.POWER: ("停电", "no power"),
    Supply.GAS: ("停气", "no gas"),
    Supply.HEATING: ("停暖", "no heating"),
    Supply.LIFT: ("电梯停运", "no lift"),
    Supply.NETWORK: ("网络中断", "no network"),
    Supply.ROAD: ("道路封闭", "a closed road"),
    Supply.OTHER: ("施工", "works"),
}


@action(needs=May.KEEP_NOTICES, private=("words",))
def announce_outage(
    scope: Scope,
    *,
    community: CommunityId,
    supply: Supply,
    starts_at: datetime,
    ends_at: datetime,
    is_planned: bool = True,
    buildings: Sequence[str] = (),
    units: Sequence[tuple[str, str]] = (),
    homes: Sequence[HomeId] = (),
    words: str = "",
    at: datetime,
) -> UUID:
    """This will announce what is off for some homes, and tell who lives there.

    `buildings` by their labels, `units` by building and unit, single `homes`, or nothing for the whole community.
    """
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    _insist_on_times(starts_at, ends_at, at)
    company = people.company_of([community], at=at).get(community)
    if company is None:
        raise NotFound("company")
    touched, place = _touched(community, buildings, units, homes)
    row = Outage.objects.create(
        company=company,
        community=community,
        supply=supply.value,
        is_planned=is_planned,
        place=place,
        words=said(words, MOST_WORDS),
        homes=touched,
        starts_at=starts_at,
        ends_at=ends_at,
        state=OUTAGE_LIFE.birth.value,
        announced_at=at,
    )
    moves.born(OutageMove, row, OutageVerb.ANNOUNCE.value, scope=scope, at=at)
    _tell_residents(row, "outage_announced", at)
    tell(
        events.OutageAnnounced(
            outage=row.pk, community=community, supply=supply.value, starts_at=starts_at, ends_at=ends_at, at=at
        )
    )
    outage: UUID = row.pk
    return outage


@action(needs=May.KEEP_NOTICES, private=("why",))
def change_outage(
    scope: Scope, *, outage: UUID, starts_at: datetime, ends_at: datetime, why: str = "", at: datetime
) -> None:
    """This will move the times of an outage and tell who lives there."""
    row = _held(scope, outage)
    _insist_on_times(starts_at, ends_at, at)
    _take(scope, row, OutageVerb.CHANGE, at, why, starts_at=starts_at, ends_at=ends_at)
    _tell_residents(row, "outage_changed", at)


@action(needs=May.KEEP_NOTICES)
def end_outage(scope: Scope, *, outage: UUID, at: datetime) -> None:
    """This will say that it is over, before its time."""
    _end(scope, _held(scope, outage), OutageVerb.END, at, "")


@action(needs=May.KEEP_NOTICES, private=("why",))
def call_off_outage(scope: Scope, *, outage: UUID, why: str, at: datetime) -> None:
    """This will say that nothing is turned off after all."""
    _end(scope, _held(scope, outage), OutageVerb.CALL_OFF, at, said(why, 200, field="why", needed=True))


@action(needs=May.RUN_CLOCKS)
def end_outage_in_time(scope: Scope, *, outage: UUID, at: datetime) -> int:
    """This will close an outage whose time is over; safe to repeat."""
    rows = Outage.objects.within(scope).select_for_update()
    row = rows.filter(pk=outage, state=OutageState.ANNOUNCED.value, ends_at__lte=at).first()
    if row is None:
        return 0
    _end(scope, row, OutageVerb.END, at, "")
    return 1


def _end(scope: Scope, row: Outage, verb: OutageVerb, at: datetime, why: str) -> None:
    _take(scope, row, verb, at, why, over_at=at)
    _tell_residents(row, "outage_over" if verb is OutageVerb.END else "outage_called_off", at)
    tell(events.OutageEnded(outage=row.pk, community=CommunityId(row.community), supply=row.supply, at=at))


def _take(scope: Scope, row: Outage, verb: OutageVerb, at: datetime, why: str, **changes: object) -> None:
    moves.take(
        OutageMove,
        row,
        verb,
        life=OUTAGE_LIFE,
        states=OutageState,
        scope=scope,
        at=at,
        why=said(why, 200, field="why"),
        **changes,
    )


def _held(scope: Scope, outage: UUID) -> Outage:
    row = Outage.objects.within(scope).select_for_update().filter(pk=outage).first()
    if row is None:
        raise NotFound("outage")
    return row


def _insist_on_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid("ends_at", _("It ends after it begins, and within {most} days."), most=LONGEST.days)
    if ends_at <= at or starts_at > at + FURTHEST:
        raise Invalid("starts_at", _("It is not over yet, and begins within {most} days."), most=FURTHEST.days)


def _touched(
    community: CommunityId, buildings: Sequence[str], units: Sequence[tuple[str, str]], homes: Sequence[HomeId]
) -> tuple[list[HomeId], str]:
    """The homes, and how the place is called; a building, unit or home that is not there is refused."""
    doors = places.doors(community)
    if not (buildings or units or homes):
        chosen = list(doors.values())
        called: list[str] = []
    else:
        known, here = {door[0] for door in doors}, set(doors.values())
        if not known.issuperset(buildings) or not {door[:2] for door in doors}.issuperset(units):
            raise NotFound("building", field="buildings")
        if not here.issuperset(homes):
            raise NotFound("home", field="homes")
        wanted, single = set(units), set(homes)
        chosen = [home for door, home in doors.items() if door[0] in buildings or door[:2] in wanted or home in single]
        picked = ["-".join(part for part in door if part) for door, home in doors.items() if home in single]
        called = [*buildings, *("-".join(unit) for unit in units), *picked]
    if not chosen:
        raise Invalid("buildings", _("No home lies there."))
    return chosen, ", ".join(called)[:200]


def _tell_residents(row: Outage, template: str, at: datetime) -> None:
    """Everybody who lives there now, once; three statements whatever their number."""
    community = CommunityId(row.community)
    zone = ZoneInfo(places.market_of(community).timezone)
    day = at.astimezone(zone).date()
    lives = people.lived_in(
        SYSTEM, homes=[HomeId(home) for home in row.homes], since=day, until=day + timedelta(days=1)
    )
    to: list[PartyId] = sorted({party for each in lives.values() for party, _kind, _days in each})
    zh, en = CALLED[Supply(row.supply)]
    times = {
        "from": f"{row.starts_at.astimezone(zone):%m-%d %H:%M}",
        "until": f"{row.ends_at.astimezone(zone):%m-%d %H:%M}",
    }
    if to:
        values = {"what_zh": zh, "what_en": en, **times}
        notify.queue_messages(SYSTEM, to=to, template=template, values=values, at=at)
