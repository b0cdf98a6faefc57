"""A courier's day: what is offered, what is in hand and in which order, the shift, and what was earned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum

from linli.kernel.ids import BuildingId, CommunityId, OfferId, OrderId, PartyId, ShiftId, ShopId, TaskId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import rules
from linli.trade.delivery.models import Courier, Earning, Offer, RunStop, Shift, Task, WayIn
from linli.trade.delivery.queries.passes import code_of
from linli.trade.delivery.rules import Custody, DropOff, EarningKind, ShiftState, StopKind, TaskState

MOST_TASKS = 200
MOST_SHIFTS = 30
MOST_EARNINGS = 200
AHEAD = timedelta(days=7)
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class DayTask:
    """One order in a courier's hands, or offered. `gate_pass` is what they show at the gate while they bring it."""

    task: TaskId
    order: OrderId
    number: str
    shop: ShopId
    community: CommunityId
    building: BuildingId | None
    door: str
    drop_off: DropOff
    portions: int
    care: tuple[Care, ...]
    state: TaskState
    goods: Custody
    is_ready: bool
    ready_at: datetime
    promised_at: datetime
    due_at: datetime | None
    gate_pass: str
    from_: tuple[float, float]
    to: tuple[float, float]


@dataclass(frozen=True, slots=True)
class DayStop:
    """Where to go next and what for; `has_come`: the courier is there."""

    kind: StopKind
    place: UUID
    arrive_at: datetime
    has_come: bool
    tasks: tuple[DayTask, ...]
    point: tuple[float, float]


@dataclass(frozen=True, slots=True)
class DayOffer:
    """A run that may be taken until a deadline."""

    offer: OfferId
    due_at: datetime
    pays: Money
    why: str
    tasks: tuple[DayTask, ...]


@dataclass(frozen=True, slots=True)
class ShiftCard:
    shift: ShiftId
    starts_at: datetime
    ends_at: datetime
    state: ShiftState
    is_mine: bool
    communities: tuple[CommunityId, ...]
    top_up: Money


@dataclass(frozen=True, slots=True)
class WayInCard:
    """A code or a note for a community, or for one of its buildings."""

    community: CommunityId
    building: BuildingId | None
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Day:
    """All that the first page of a courier shows. `hint`: near this shop orders are likely soon."""

    shift: ShiftCard | None
    offers: tuple[DayOffer, ...]
    stops: tuple[DayStop, ...]
    to_return: tuple[DayTask, ...]
    earned: Money
    done: int
    ways_in: tuple[WayInCard, ...]
    hint: ShopId | None


@dataclass(frozen=True, slots=True)
class EarningCard:
    """What one task (or a shift's promise) paid, with its parts."""

    kind: EarningKind
    base: Money
    distance: Money
    order: Money
    top_up: Money
    amount: Money
    distance_m: int
    together: int
    at: datetime


@query
def my_day(scope: Scope, *, since: datetime, at: datetime) -> Day:
    """This will show a courier what is to be done now; `since` is when their day began. Six statements."""
    mine = _insist_courier(scope)
    carried = Q(courier=scope.person, state__in=[s.value for s in rules.IN_HAND])
    brought = Q(courier=scope.person, goods__in=[Custody.COURIER.value, Custody.POINT.value])
    rows = Task.objects.within(scope).filter(carried | brought | Q(offered_to=scope.person))
    tasks = {row.pk: row for row in rows.order_by("due_at", "id")[:MOST_TASKS]}
    in_hand = [row for row in tasks.values() if row.courier == scope.person and row.state in set(rules.IN_HAND)]
    shifts = Shift.objects.within(scope).filter(courier=scope.person, state__in=["on", "taken"], ends_at__gt=at - AHEAD)
    shift = min(shifts.order_by("starts_at")[:2], key=lambda each: (each.state != "on", each.starts_at), default=None)
    earned = Earning.objects.within(scope).filter(courier=_me(scope), earned_at__gte=since)
    ways = WayIn.objects.inside().filter(community__in={row.community for row in in_hand})
    return Day(
        shift=_shift(shift, scope) if shift else None,
        offers=_offers(scope, tasks, at),
        stops=_stops(scope, in_hand),
        to_return=tuple(
            _task(row)
            for row in tasks.values()
            if row.goods in ("courier", "point") and row.state in ("failed", "called_off")
        ),
        earned=Money(earned.aggregate(sum=Sum("amount_minor"))["sum"] or 0),
        done=Task.objects.within(scope).filter(courier=_me(scope), state="done", ended_at__gte=since).count(),
        ways_in=tuple(
            WayInCard(CommunityId(w.community), BuildingId(w.building) if w.building else None, w.code, w.note)
            for w in ways.order_by("building")
        ),
        hint=_hint(mine, at),
    )


def _hint(mine: Courier, at: datetime) -> ShopId | None:
    """Where to wait, as long as that is fresh."""
    is_fresh = mine.hint_at is not None and mine.hint_at > at - FRESH
    return ShopId(mine.hint_shop) if mine.hint_shop is not None and is_fresh else None


def _insist_courier(scope: Scope) -> Courier:
    mine = Courier.objects.within(scope).filter(person=_me(scope), left_at=None).first()
    if mine is None:
        raise NotFound("courier")
    return mine


def _me(scope: Scope) -> PartyId:
    if scope.person is None:
        raise NotFound("courier")
    return scope.person


def _stops(scope: Scope, in_hand: Sequence[Task]) -> tuple[DayStop, ...]:
    """What is left of the planned stops in their order; what stands in no plan comes last, by its promise."""
    left = {row.pk: row for row in in_hand}
    planned = (
        RunStop.objects.inside()
        .filter(run__courier=_me(scope), run__state__in=["given", "riding"], tasks__overlap=list(left))
        .order_by("run__starts_at", "run", "nth")
    )
    stops, placed = [], set()
    for stop in planned:
        kind = StopKind(stop.kind)
        theirs = [left[task] for task in stop.tasks if task in left]
        if kind is StopKind.COLLECT:
            theirs = [row for row in theirs if row.state == TaskState.ASSIGNED.value]
        else:
            placed |= {row.pk for row in theirs}
        if theirs:
            stops.append(_stop(kind, stop.place, stop.arrive_at, stop.arrived_at is not None, theirs))
    loose: dict[UUID, list[Task]] = defaultdict(list)
    for row in in_hand:
        if row.pk not in placed:
            loose[row.building or row.community].append(row)
    stops += [_stop(StopKind.DROP, place, rows[0].promised_at, False, rows) for place, rows in loose.items()]
    return tuple(stops)


def _stop(kind: StopKind, place: UUID, arrive_at: datetime, has_come: bool, rows: Sequence[Task]) -> DayStop:
    tasks = tuple(_task(row) for row in rows)
    point = tasks[0].from_ if kind is StopKind.COLLECT else tasks[0].to
    has_come = has_come or (kind is StopKind.DROP and all(row.state == TaskState.ARRIVED.value for row in rows))
    return DayStop(kind, place, arrive_at, has_come, tasks, point)


def _offers(scope: Scope, tasks: dict[UUID, Task], at: datetime) -> tuple[DayOffer, ...]:
    if not any(row.offered_to == scope.person for row in tasks.values()):
        return ()
    open_ = Offer.objects.within(scope).filter(courier=_me(scope), state="open", due_at__gt=at).order_by("due_at")
    stops = RunStop.objects.inside().filter(run__in=[row.run_id for row in open_], kind=StopKind.DROP.value)
    of_run: dict[UUID, list[UUID]] = defaultdict(list)
    for stop in stops:
        of_run[stop.run_id] += stop.tasks
    return tuple(
        DayOffer(
            OfferId(row.pk),
            row.due_at,
            Money(row.pays_minor),
            str((row.choice or {}).get("why", "")),
            tuple(_task(tasks[task]) for task in of_run[row.run_id] if task in tasks),
        )
        for row in open_
    )


@query
def my_shifts(scope: Scope, *, at: datetime) -> tuple[ShiftCard, ...]:
    """This will list a courier's own shifts of the week and those that may be taken, of equal ones the first."""
    mine = _insist_courier(scope)
    rows = Shift.objects.within(scope).filter(
        Q(courier=scope.person, state__in=["taken", "on"]) | Q(state="planned", city=mine.city, employer=mine.employer),
        ends_at__gt=at,
        starts_at__lt=at + AHEAD,
    )
    first: dict[object, ShiftCard] = {}
    for card in (_shift(row, scope) for row in rows.order_by("starts_at", "id")[:MOST_SHIFTS]):
        alike = card.shift if card.is_mine else (card.starts_at, card.ends_at, card.communities, card.top_up)
        first.setdefault(alike, card)
    return tuple(first.values())


@query
def my_earnings(scope: Scope, *, since: datetime, limit: int = MOST_EARNINGS) -> tuple[EarningCard, ...]:
    """This will list what a courier earned since a moment, the latest first, with its reckoning."""
    rows = Earning.objects.within(scope).filter(courier=_me(scope), earned_at__gte=since).order_by("-earned_at")
    return tuple(
        EarningCard(
            EarningKind(row.kind),
            Money(row.base_minor),
            Money(row.distance_minor),
            Money(row.order_minor),
            Money(row.top_up_minor),
            Money(row.amount_minor),
            row.distance_m,
            row.together,
            row.earned_at,
        )
        for row in rows[: min(limit, MOST_EARNINGS)]
    )


def _shift(row: Shift, scope: Scope) -> ShiftCard:
    return ShiftCard(
        ShiftId(row.pk),
        row.starts_at,
        row.ends_at,
        ShiftState(row.state),
        row.courier is not None and row.courier == scope.person,
        tuple(CommunityId(each) for each in row.communities),
        Money(row.top_up_minor),
    )


def _task(row: Task) -> DayTask:
    return DayTask(
        task=TaskId(row.pk),
        order=OrderId(row.order),
        number=row.number,
        shop=ShopId(row.shop),
        community=CommunityId(row.community),
        building=BuildingId(row.building) if row.building else None,
        door=row.door,
        drop_off=DropOff(row.drop_off),
        portions=row.portions,
        care=tuple(map(Care, row.care)),
        state=TaskState(row.state),
        goods=Custody(row.goods),
        is_ready=row.is_ready,
        ready_at=row.ready_at,
        promised_at=row.promised_at,
        due_at=row.due_at,
        gate_pass=code_of(row),
        from_=(row.from_lat, row.from_lon),
        to=(row.to_lat, row.to_lon),
    )
