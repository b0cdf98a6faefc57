"""Walking: patrols are made by the clock, points are checked on the phone, and what is late is absent by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.estate.patrols import events, rules
from linli.estate.patrols.actions.planning import walkers_of
from linli.estate.patrols.models import Answer, Check, Patrol, PatrolMove, Plan, Point, Route, Stop
from linli.estate.workorders import actions as workorders
from linli.estate.workorders.rules import Source
from linli.ground.files import actions as files
from linli.ground.files.rules import FileTooLarge, WrongKindOfFile
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, FileId, PartyId, PatrolId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import decoding, moves, sql
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import Duty, May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

PHOTO = "work_photo"
MOST_PHOTOS = 4


class NotNow(Refusal):
    """Outside its window a patrol is not walked."""

    says = _("This patrol is walked between {start} and {end}.")


class SomebodyElses(Refusal):
    """A patrol is walked by one person."""

    says = _("Somebody else is walking this patrol.")


class NotHere(Refusal):
    """The point is not one of those that are still open on this patrol."""

    says = _("This point is not open on your patrol.")


class OutOfOrder(Refusal):
    """The route is walked in its order."""

    says = _("The next point is {name}.")


class WrongCode(Refusal):
    """The display shows another code."""

    says = _("This is not the code that the display shows now.")


@dataclass(frozen=True, slots=True)
class Visited:
    """A point is checked: what makes it doubtful, the work orders of its findings, and how many points are left."""

    patrol: PatrolId
    doubts: tuple[rules.Doubt, ...]
    orders: tuple[WorkOrderId, ...]
    left: int


@action(needs=May.RUN_CLOCKS)
def open_patrol(scope: Scope, *, plan: UUID, on: date, at: datetime) -> PatrolId | None:
    """This will make the patrol of a plan on a day, once; none where the community has closed its patrols."""
    row = Plan.objects.within(scope).select_related("route").filter(pk=plan).first()
    if row is None or on.weekday() not in row.weekdays or on < row.start_on or (row.end_on and on > row.end_on):
        return None
    community = CommunityId(row.community)
    if not policy(SYSTEM, rules.PatrolPolicy, at=at, community=community).is_offered:
        return None
    zone = ZoneInfo(places.market_of(community).timezone)
    start, end = rules.window(on, row.start_minute, row.minutes, zone)
    if end <= at or Patrol.objects.within(scope).filter(plan=row, starts_at=start).exists():
        return None
    return _made(scope, row.route, start, end, Duty(row.duty), _walker(row, on, at), plan=row, at=at)


def _walker(row: Plan, on: date, at: datetime) -> UUID | None:
    """Whose turn it is; where that person works there no more, whoever is of the duty walks."""
    if not row.people:
        return None
    person = row.people[rules.whose_turn(len(row.people), row.weekdays, row.start_on, on)]
    return person if person in walkers_of(CommunityId(row.community), at) else None


@action(needs=May.KEEP_PATROLS)
def send_now(scope: Scope, *, route: UUID, minutes: int, duty: Duty = Duty.GUARD, at: datetime) -> PatrolId:
    """This will have a route walked now, outside of every plan."""
    row = Route.objects.within(scope).filter(pk=route, retired_at=None).first()
    if row is None:
        raise NotFound("route")
    if not 5 <= minutes <= 1440:
        raise Invalid("minutes", _("Between {low} and {high} minutes."), low=5, high=1440)
    return _made(scope, row, at, at + timedelta(minutes=minutes), duty, None, plan=None, at=at)


def _made(
    scope: Scope,
    route: Route,
    start: datetime,
    end: datetime,
    duty: Duty,
    person: UUID | None,
    *,
    plan: Plan | None,
    at: datetime,
) -> PatrolId:
    community = CommunityId(route.community)
    stops = list(Stop.objects.within(scope).filter(route=route).select_related("point").order_by("nth"))
    patrol = Patrol.objects.create(
        id=ids.new(),
        label=next_label("PT", place=community, day=places.day_in(community, start)),
        community=community,
        route=route,
        plan=plan,
        name=route.name,
        in_order=route.in_order,
        duty=duty.value,
        person=person,
        state=rules.PATROL_LIFE.birth.value,
        starts_at=start,
        ends_at=end,
    )
    before: Point | None = None
    checks = []
    for stop in stops:
        least = rules.least_seconds(position_of(before), position_of(stop.point), stop.least_minutes)
        checks.append(
            Check(
                id=ids.new(), patrol=patrol, community=community, nth=stop.nth, point=stop.point, name=stop.point.name,
                place=stop.point.place, items=stop.point.items, least_s=least, state=rules.CHECK_LIFE.birth.value,
            )
        )  # fmt: skip
        before = stop.point
    Check.objects.bulk_create(checks)
    moves.born(PatrolMove, patrol, "make", scope=scope, at=at)
    return PatrolId(patrol.pk)


@action(needs=May.WALK_PATROL, private=("secret", "display_code", "seen", "uploads"))
def visit_point(
    scope: Scope,
    *,
    patrol: PatrolId,
    secret: str,
    seen: Sequence[rules.Seen],
    display_code: str = "",
    stood: rules.Place | None = None,
    uploads: Sequence[tuple[str, bytes]] = (),
    said_at: datetime | None = None,
    at: datetime,
) -> Visited:
    """This will check a point of a patrol: the secret of its QR proves the place, every item is answered.

    The first check takes the patrol; the last one finishes it. Findings become work orders at once. `said_at` is the
    phone's own time, where it had no network when the point was checked.
    """
    row = _held(scope, patrol, at)
    check = _next_check(row, secret)
    last = Check.objects.within(scope).filter(patrol=row, visited_at__isnull=False).order_by("-visited_at").first()
    before = last.visited_at if last else None
    walked_at = rules.walked_at(said_at, before=before, at=at)
    if check.point.wants_code and not rules.proves(check.point.display, display_code, walked_at):
        raise WrongCode(field="display_code")
    found = rules.judged(items_of(check), seen)
    since = None if before is None else int((walked_at - before).total_seconds())
    terms = policy(scope, rules.PatrolPolicy, at=at, community=CommunityId(row.community))
    doubtful = rules.doubts(
        since_last_s=since,
        least_s=check.least_s if row.in_order or last is None else _least_between(last, check),
        here=position_of(check.point),
        stood=stood,
        far_m=terms.far_m,
        wants_position=terms.wants_position,
        late_code=check.point.wants_code and not rules.proves(check.point.display, display_code, at),
    )
    if row.state == rules.PatrolState.DUE:
        _take(scope, row, at)
    photos = _photos(scope, uploads, at)
    check.state = rules.CHECK_LIFE.after(rules.CheckState.OPEN, rules.CheckVerb.VISIT).value
    check.visited_at, check.person, check.since_last_s = walked_at, scope.person, since
    check.doubts, check.photos = [doubt.value for doubt in doubtful], list(photos)
    check.lat, check.lon = (stood.lat, stood.lon) if stood else (None, None)
    check.save(update_fields=["state", "visited_at", "person", "since_last_s", "doubts", "photos", "lat", "lon"])
    orders = _answered(scope, row, check, found, photos, at)
    left = Check.objects.within(scope).filter(patrol=row, state=rules.CheckState.OPEN.value).count()
    if not left:
        _move(scope, row, rules.PatrolVerb.FINISH, at, ended_at=at)
        tell(events.PatrolWalked(patrol=patrol, community=CommunityId(row.community), at=at))
    return Visited(patrol, doubtful, orders, left)


def _held(scope: Scope, patrol: PatrolId, at: datetime) -> Patrol:
    row = Patrol.objects.within(scope).select_for_update(of=("self",)).filter(pk=patrol).first()
    if row is None:
        raise NotFound("patrol")
    if row.state not in (rules.PatrolState.DUE, rules.PatrolState.WALKING) or not row.starts_at <= at < row.ends_at:
        zone = ZoneInfo(places.market_of(CommunityId(row.community)).timezone)
        raise NotNow(start=f"{row.starts_at.astimezone(zone):%H:%M}", end=f"{row.ends_at.astimezone(zone):%H:%M}")
    if row.person is not None and row.person != scope.person:
        raise SomebodyElses
    return row


def _next_check(row: Patrol, secret: str) -> Check:
    still_open = list(
        Check.objects.inside()
        .filter(patrol=row, state=rules.CheckState.OPEN.value)
        .select_related("point")
        .order_by("nth")
    )
    found = next((check for check in still_open if check.point.secret == secret), None)
    if found is None:
        raise NotHere(field="secret")
    if row.in_order and found is not still_open[0]:
        raise OutOfOrder(field="secret", name=still_open[0].name)
    return found


def _least_between(last: Check, here: Check) -> int:
    """Off the order of the route only the distance tells how long the way takes."""
    return rules.least_seconds(position_of(last.point), position_of(here.point), 0)


def _take(scope: Scope, row: Patrol, at: datetime) -> None:
    if scope.person is None:
        raise NotFound("patrol")
    _move(scope, row, rules.PatrolVerb.TAKE, at, person=scope.person, taken_at=at)


def _photos(scope: Scope, uploads: Sequence[tuple[str, bytes]], at: datetime) -> tuple[FileId, ...]:
    if len(uploads) > MOST_PHOTOS:
        raise Invalid("photos", _("At most {most} pictures."), most=MOST_PHOTOS)
    kept = []
    for name, content in uploads:
        try:
            kept.append(files.keep_file(scope, name=name, content=content, purpose=PHOTO, at=at))
        except (FileTooLarge, WrongKindOfFile) as refusal:
            refusal.field = "photos"
            raise
    return tuple(kept)


def _answered(
    scope: Scope, row: Patrol, check: Check, found: Sequence[rules.Judged], photos: Sequence[FileId], at: datetime
) -> tuple[WorkOrderId, ...]:
    answers, orders = [], []
    for each in found:
        order = _raised(scope, row, check, each, photos, at) if each.outcome is rules.Outcome.FINDING else None
        if order is not None:
            orders.append(order)
        answers.append(
            Answer(
                id=ids.new(), check_of=check, patrol=row.pk, community=row.community, item=each.item.words,
                outcome=each.outcome.value, value=each.value, measure=each.item.measure, words=each.words, order=order,
            )
        )  # fmt: skip
    Answer.objects.bulk_create(answers)
    return tuple(orders)


def _raised(
    scope: Scope, row: Patrol, check: Check, each: rules.Judged, photos: Sequence[FileId], at: datetime
) -> WorkOrderId:
    value = f" {each.value}{each.item.measure}" if each.value is not None else ""
    order = workorders.raise_work_order(
        scope,
        community=CommunityId(row.community),
        place=f"{check.name} · {check.place}",
        words=f"{each.item.words}{value}: {each.words}".rstrip(": "),
        photos=tuple(photos),
        source=Source.PATROL,
        about=row.pk,
        at=at,
    )
    tell(
        events.FindingReported(
            patrol=PatrolId(row.pk), community=CommunityId(row.community), point=check.point_id, order=order, at=at
        )
    )
    return order


@action(needs=May.KEEP_PATROLS, private=("why",))
def call_off_patrol(scope: Scope, *, patrol: PatrolId, why: str, at: datetime) -> None:
    """This will call a patrol off that is not over, for a reason; it counts as neither walked nor missed."""
    said = why.strip()
    if not 0 < len(said) <= rules.LONGEST_WORDS:
        raise Invalid("why", _("Say why, in at most {most} characters."), most=rules.LONGEST_WORDS)
    row = Patrol.objects.within(scope).select_for_update(of=("self",)).filter(pk=patrol).first()
    if row is None:
        raise NotFound("patrol")
    _move(scope, row, rules.PatrolVerb.CALL_OFF, at, why=said, ended_at=at)


@action(needs=May.RUN_CLOCKS)
def lapse_patrol(scope: Scope, *, patrol: PatrolId, at: datetime) -> int:
    """This will close a patrol whose window is over: what was not checked is absent."""
    row = Patrol.objects.within(scope).select_for_update(of=("self",)).filter(pk=patrol).first()
    if row is None or row.ends_at > at or row.state not in (rules.PatrolState.DUE, rules.PatrolState.WALKING):
        return 0
    absent = (
        Check.objects.within(scope)
        .filter(patrol=row, state=rules.CheckState.OPEN.value)
        .update(state=rules.CHECK_LIFE.after(rules.CheckState.OPEN, rules.CheckVerb.LAPSE).value)
    )
    verb = rules.PatrolVerb.MISS if row.state == rules.PatrolState.DUE else rules.PatrolVerb.BREAK_OFF
    _move(scope, row, verb, at, ended_at=row.ends_at)
    tell(events.PatrolMissed(patrol=patrol, community=CommunityId(row.community), absent=absent, at=at))
    return absent


@action(needs=May.RUN_CLOCKS)
def forget_person(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person typed on their walks; that they walked stays."""
    sql.run("SELECT patrols_forget(%s)", person)


def _move(scope: Scope, row: Patrol, verb: rules.PatrolVerb, at: datetime, why: str = "", **changes: Any) -> None:
    moves.take(
        PatrolMove, row, verb, life=rules.PATROL_LIFE, states=rules.PatrolState, scope=scope, at=at, why=why, **changes
    )


def position_of(point: Point | None) -> rules.Place | None:
    """This will say where a point is, where that is known."""
    if point is None or point.lat is None or point.lon is None:
        return None
    return rules.Place(point.lat, point.lon)


def items_of(row: Check | Point) -> tuple[rules.Item, ...]:
    """This will read the items of a point."""
    items: tuple[rules.Item, ...] = decoding.convert(row.items, tuple[rules.Item, ...], strict=True)
    return items
