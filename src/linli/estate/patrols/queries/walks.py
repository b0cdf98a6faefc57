"""Points, routes, plans and patrols as the desk and the walker see them; rates by route and person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from linli.estate.patrols import rules
from linli.estate.patrols.models import Answer, Check, Patrol, PatrolMove, Plan, Point, Stop
from linli.ground.files import queries as files
from linli.kernel.ids import CommunityId, FileId, PartyId, PatrolId, WorkOrderId
from linli.kernel.refusals import NotFound
from linli.spine import decoding, moves, sql
from linli.spine.action import query
from linli.spine.may import Duty
from linli.spine.moves import Moved
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class PointCard:
    """A point as the desk keeps it; `secret` is what its QR says."""

    point: UUID
    community: CommunityId
    name: str
    place: str
    secret: str
    wants_code: bool
    position: rules.Place | None
    items: tuple[rules.Item, ...]


@dataclass(frozen=True, slots=True)
class StopCard:
    nth: int
    point: UUID
    name: str
    least_minutes: int


@dataclass(frozen=True, slots=True)
class RouteCard:
    """A route with its points."""

    route: UUID
    community: CommunityId
    name: str
    in_order: bool
    stops: tuple[StopCard, ...]


@dataclass(frozen=True, slots=True)
class PlanCard:
    """When a route is walked, and by whom."""

    plan: UUID
    route: UUID
    route_name: str
    weekdays: tuple[int, ...]
    start_minute: int
    minutes: int
    duty: Duty
    people: tuple[PartyId, ...]
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class PatrolRow:
    """A patrol in a list."""

    patrol: PatrolId
    label: str
    community: CommunityId
    name: str
    state: rules.PatrolState
    duty: Duty
    person: PartyId | None
    starts_at: datetime
    ends_at: datetime
    points: int
    visited: int
    doubts: int
    findings: int


@dataclass(frozen=True, slots=True)
class AnswerCard:
    item: str
    outcome: rules.Outcome
    value: Decimal | None
    measure: str
    words: str
    order: WorkOrderId | None


@dataclass(frozen=True, slots=True)
class CheckCard:
    """A point of a patrol: when it was checked and what was seen; `photos` are words that open them.

    `mark` tells who has scanned the point's secret that this is its check, and tells nobody else the secret.
    """

    check: UUID
    nth: int
    point: UUID
    name: str
    place: str
    state: rules.CheckState
    visited_at: datetime | None
    doubts: tuple[rules.Doubt, ...]
    since_last_s: int | None
    least_s: int
    items: tuple[rules.Item, ...]
    wants_code: bool
    mark: str
    answers: tuple[AnswerCard, ...]
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolPage:
    row: PatrolRow
    in_order: bool
    checks: tuple[CheckCard, ...]
    moves: tuple[Moved, ...]

    @property
    def next(self) -> CheckCard | None:
        """The point to go to."""
        return next((check for check in self.checks if check.state is rules.CheckState.OPEN), None)


@dataclass(frozen=True, slots=True)
class Rate:
    """How a route, or a person, did: patrols that were to be walked, and how they ended."""

    about: str
    person: PartyId | None
    planned: int
    done: int
    incomplete: int
    missed: int
    points: int
    visited: int
    doubts: int
    findings: int

    @property
    def done_bp(self) -> int:
        """Patrols walked whole, of those that are over, in basis points."""
        return self.done * 10_000 // self.planned if self.planned else 0


def _point(row: Point) -> PointCard:
    position = rules.Place(row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return PointCard(
        row.pk, CommunityId(row.community), row.name, row.place, row.secret, row.wants_code, position, _items(row.items)
    )


def _items(kept: object) -> tuple[rules.Item, ...]:
    items: tuple[rules.Item, ...] = decoding.convert(kept, tuple[rules.Item, ...], strict=True)
    return items


@query
def points(scope: Scope, *, community: CommunityId, limit: int = 500) -> tuple[PointCard, ...]:
    """This will list the points of a community by name."""
    rows = Point.objects.within(scope).filter(community=community, retired_at=None).order_by("name", "id")
    return tuple(_point(row) for row in rows[: min(limit, 2_000)])


@query
def point(scope: Scope, *, point: UUID) -> PointCard:
    """This will show one point."""
    row = Point.objects.within(scope).filter(pk=point, retired_at=None).first()
    if row is None:
        raise NotFound("point")
    return _point(row)


@query
def display_code(scope: Scope, *, point: UUID, at: datetime) -> str:
    """This will give the code that the display at a point shows now."""
    row = Point.objects.within(scope).filter(pk=point, retired_at=None, wants_code=True).first()
    if row is None:
        raise NotFound("point")
    return rules.rotating_code(row.display, at)


@query
def routes(scope: Scope, *, community: CommunityId, limit: int = 200) -> tuple[RouteCard, ...]:
    """This will list the routes of a community with their points, in two statements."""
    rows = sql.fetch(
        "SELECT id, community, name, in_order FROM patrols_route WHERE community = %s AND community = ANY(%s::uuid[])"
        " AND retired_at IS NULL ORDER BY name, id LIMIT %s",
        community, list(scope.communities), min(limit, 500),
    )  # fmt: skip
    stops = Stop.objects.within(scope).filter(route__in=[row[0] for row in rows]).select_related("point")
    by_route: dict[UUID, list[StopCard]] = {}
    for stop in stops.order_by("route", "nth"):
        card = StopCard(stop.nth, stop.point_id, stop.point.name, stop.least_minutes)
        by_route.setdefault(stop.route_id, []).append(card)
    return tuple(
        RouteCard(route, place, name, in_order, tuple(by_route.get(route, ()))) for route, place, name, in_order in rows
    )


@query
def plans(scope: Scope, *, community: CommunityId, on: date, limit: int = 200) -> tuple[PlanCard, ...]:
    """This will list the plans of a community that hold on a day or later."""
    rows = Plan.objects.within(scope).filter(community=community).exclude(end_on__lt=on).select_related("route")
    return tuple(
        PlanCard(
            row.pk, row.route_id, row.route.name, tuple(row.weekdays), row.start_minute, row.minutes, Duty(row.duty),
            tuple(PartyId(each) for each in row.people), row.start_on, row.end_on,
        )
        for row in rows.order_by("route__name", "start_minute")[: min(limit, 500)]
    )  # fmt: skip


_ROWS = """
    SELECT p.id, p.label, p.community, p.name, p.state, p.duty, p.person, p.starts_at, p.ends_at, c.points::int,
        c.visited::int, c.doubts::int, (SELECT count(*) FROM patrols_answer a
        WHERE a.patrol = p.id AND a.outcome = 'finding')::int
    FROM patrols_patrol p LEFT JOIN LATERAL (
        SELECT count(*) AS points, count(*) FILTER (WHERE k.state = 'visited') AS visited,
            count(*) FILTER (WHERE cardinality(k.doubts) > 0) AS doubts
        FROM patrols_check k WHERE k.patrol_id = p.id) c ON true
    WHERE p.community = ANY(%s::uuid[])
"""


def _row(
    patrol: PatrolId, label: str, community: CommunityId, name: str, state: str, duty: str, *rest: object
) -> PatrolRow:
    return PatrolRow(patrol, label, community, name, rules.PatrolState(state), Duty(duty), *rest)  # type: ignore[arg-type]


@query
def patrols(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.PatrolState | None = None,
    doubtful: bool = False,
    after: PatrolId | None = None,
    limit: int = 100,
) -> tuple[PatrolRow, ...]:
    """This will list patrols, the latest first."""
    reach = [one for one in scope.communities if community is None or one == community]
    rows = sql.fetch(
        _ROWS + " AND (%s::text IS NULL OR p.state = %s) AND (NOT %s OR c.doubts > 0)"
        " AND (%s::uuid IS NULL OR p.id < %s) ORDER BY p.id DESC LIMIT %s",
        reach, state, state, doubtful, after, after, min(limit, MOST),
    )  # fmt: skip
    return tuple(_row(*row) for row in rows)


@query
def my_patrols(scope: Scope, *, at: datetime, limit: int = 50) -> tuple[PatrolRow, ...]:
    """This will list what the asker walks now or next: their own, and those of their duty that nobody took."""
    duty = scope.duty.value if scope.duty is not None else None
    rows = sql.fetch(
        _ROWS + " AND p.state IN ('due', 'walking') AND p.ends_at > %s"
        " AND (p.person = %s OR (p.person IS NULL AND (%s::text IS NULL OR p.duty = %s)))"
        " ORDER BY p.starts_at, p.id LIMIT %s",
        list(scope.communities), at, scope.person, duty, duty, min(limit, 200),
    )  # fmt: skip
    return tuple(_row(*row) for row in rows)


@query
def patrol(scope: Scope, *, patrol: PatrolId, at: datetime) -> PatrolPage:
    """This will show one patrol with every point and answer."""
    found = sql.fetch(_ROWS + " AND p.id = %s LIMIT 1", list(scope.communities), patrol)
    if not found:
        raise NotFound("patrol")
    row = Patrol.objects.within(scope).get(pk=patrol)
    checks = list(Check.objects.within(scope).filter(patrol=row).select_related("point").order_by("nth"))
    by_check: dict[UUID, list[AnswerCard]] = {}
    for answer in Answer.objects.within(scope).filter(patrol=patrol).order_by("id"):
        by_check.setdefault(answer.check_of_id, []).append(
            AnswerCard(
                answer.item, rules.Outcome(answer.outcome), answer.value, answer.measure, answer.words,
                WorkOrderId(answer.order) if answer.order else None,
            )
        )  # fmt: skip
    shown = {FileId(photo) for check in checks for photo in check.photos}
    links = files.links(scope, files=shown, at=at) if shown else {}
    return PatrolPage(
        _row(*found[0]),
        row.in_order,
        tuple(_check(check, by_check.get(check.pk, []), links) for check in checks),
        moves.history(PatrolMove, row.pk, scope=scope),
    )


def _check(row: Check, answers: list[AnswerCard], links: dict[FileId, str]) -> CheckCard:
    return CheckCard(
        row.pk, row.nth, row.point_id, row.name, row.place, rules.CheckState(row.state), row.visited_at,
        tuple(rules.Doubt(doubt) for doubt in row.doubts), row.since_last_s, row.least_s, _items(row.items),
        row.point.wants_code, rules.mark_of(row.point.secret), tuple(answers),
        tuple(links[FileId(p)] for p in row.photos if FileId(p) in links),
    )  # fmt: skip


@query
def scanned(scope: Scope, *, secret: str, at: datetime) -> tuple[PatrolId, UUID] | None:
    """This will find the patrol of the asker on which the point of a QR is open now, and the check; their own first."""
    duty = scope.duty.value if scope.duty is not None else None
    row = sql.fetch_one(
        "SELECT p.id, k.id FROM patrols_point x JOIN patrols_check k ON k.point_id = x.id"
        " JOIN patrols_patrol p ON p.id = k.patrol_id WHERE x.secret = %s AND k.state = 'open'"
        " AND p.state IN ('due', 'walking') AND p.starts_at <= %s AND p.ends_at > %s"
        " AND p.community = ANY(%s::uuid[])"
        " AND (p.person = %s OR (p.person IS NULL AND (%s::text IS NULL OR p.duty = %s)))"
        " ORDER BY p.state = 'walking' DESC, p.ends_at LIMIT 1",
        secret, at, at, list(scope.communities), scope.person, duty, duty,
    )  # fmt: skip
    return None if row is None else (PatrolId(row[0]), row[1])


_RATES = """
    SELECT {about}, {person}, count(*)::int, count(*) FILTER (WHERE p.state = 'done')::int,
        count(*) FILTER (WHERE p.state = 'incomplete')::int, count(*) FILTER (WHERE p.state = 'missed')::int,
        coalesce(sum(c.points), 0)::int, coalesce(sum(c.visited), 0)::int, coalesce(sum(c.doubts), 0)::int,
        coalesce(sum(f.findings), 0)::int
    FROM patrols_patrol p LEFT JOIN LATERAL (
        SELECT count(*) AS points, count(*) FILTER (WHERE k.state = 'visited') AS visited,
            count(*) FILTER (WHERE cardinality(k.doubts) > 0) AS doubts
        FROM patrols_check k WHERE k.patrol_id = p.id) c ON true
    LEFT JOIN LATERAL (SELECT count(*) AS findings FROM patrols_answer a
        WHERE a.patrol = p.id AND a.outcome = 'finding') f ON true
    WHERE p.community = %s AND p.community = ANY(%s::uuid[]) AND p.starts_at >= %s AND p.starts_at < %s
      AND p.state IN ('done', 'incomplete', 'missed')
    GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 500
"""
_BY_ROUTE = _RATES.format(about="p.name", person="NULL::uuid")
_BY_PERSON = _RATES.format(about="p.duty", person="p.person")


@query
def rates(
    scope: Scope, *, community: CommunityId, start: datetime, end: datetime, by_person: bool = False
) -> tuple[Rate, ...]:
    """This will tell how patrols that are over went, by route or by whoever walked; what nobody took is the duty's."""
    asked = (community, list(scope.communities), start, end)
    rows = sql.fetch(_BY_PERSON, *asked) if by_person else sql.fetch(_BY_ROUTE, *asked)
    return tuple(Rate(*row) for row in rows)


# ---- what the clock asks ----


@query
def plans_in_force(_scope: Scope, *, since: date, until: date) -> tuple[tuple[UUID, CommunityId], ...]:
    """This will list the plans that hold on one of these days."""
    rows = sql.fetch(
        "SELECT id, community FROM patrols_plan WHERE start_on <= %s AND (end_on IS NULL OR end_on >= %s)"
        " ORDER BY id LIMIT 20000",
        until,
        since,
    )
    return tuple((plan, CommunityId(community)) for plan, community in rows)


@query
def overdue(_scope: Scope, *, at: datetime, limit: int) -> tuple[PatrolId, ...]:
    """This will list the patrols whose window is over."""
    rows = sql.fetch(
        "SELECT id FROM patrols_patrol WHERE state IN ('due', 'walking') AND ends_at <= %s ORDER BY ends_at LIMIT %s",
        at,
        limit,
    )
    return tuple(PatrolId(row[0]) for row in rows)


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the patrols that are due or being walked."""
    states = [state.value for state in rules.PATROL_LIFE.ends]
    return Patrol.objects.within(scope).filter(community__in=communities).exclude(state__in=states).count()
