"""The desk's board with its clocks, and the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from linli.estate.workorders.models import Order
from linli.estate.workorders.rules import HURRIED, OPEN, Kind, WorkState
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, HomeId, PartyId, WorkOrderId
from linli.kernel.money import Money
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.spine.sorting import in_order

MOST = 20_000
COLUMNS: dict[str, tuple[WorkState, ...]] = {
    "raised": (WorkState.RAISED,),
    "given": (WorkState.ASSIGNED, WorkState.ACCEPTED),
    "working": (WorkState.WORKING,),
    "stopped": (WorkState.PAUSED, WorkState.QUOTED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; nothing of it is everything that the asker sees."""

    community: CommunityId | None = None
    states: tuple[WorkState, ...] = ()
    kind: Kind | None = None
    assignee: PartyId | None = None
    is_late: bool = False
    number: str = ""


class WorkSort(StrEnum):
    """By what a list of work orders is sorted."""

    NEWEST = "newest"
    DUE = "due"
    PRICE = "price"


_SORTED_BY: dict[WorkSort, Combinable] = {  # what has no deadline any more stands with the oldest
    WorkSort.DUE: Coalesce("due_at", Value(datetime(1970, 1, 1, tzinfo=UTC))),
    WorkSort.PRICE: F("price_minor"),
}


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One order at a glance."""

    order: WorkOrderId
    number: str
    community: CommunityId
    kind: Kind
    type_name: dict[str, str]
    home: HomeId | None
    place: str
    state: WorkState
    raised_at: datetime
    clock_at: datetime
    due_at: datetime | None
    is_late: bool
    told: int
    assignee: PartyId | None
    assignee_name: str
    done_at: datetime | None
    finish_due_at: datetime
    stars: int | None
    price: Money
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What is open now, in columns, those due first on top; and how much of it there is."""

    columns: dict[str, tuple[BoardCard, ...]]
    counts: dict[str, int]
    late: int


@query
def board(scope: Scope, *, wanted: Wanted, at: datetime, limit: int = 50) -> Board:
    """This will show the open orders by what they wait for, `limit` in each column; two statements and the names."""
    rows = _narrowed(scope, wanted, at).filter(state__in=[state.value for state in OPEN])
    late = Q(state__in=[state.value for state in HURRIED], due_at__lt=at)
    totals = rows.aggregate(
        late=Count("pk", filter=late),
        **{name: Count("pk", filter=_among(states)) for name, states in COLUMNS.items()},
    )
    found = {name: list(_shown(rows.filter(_among(states)), limit)) for name, states in COLUMNS.items()}
    names = _names(row for each in found.values() for row in each)
    return Board(
        {name: tuple(_card(row, at, names) for row in each) for name, each in found.items()},
        {name: totals[name] for name in COLUMNS},
        totals["late"],
    )


@query
def numbers_of(scope: Scope, *, orders: Sequence[WorkOrderId]) -> dict[UUID, str]:
    """This will tell what orders are called."""
    if not orders:
        return {}
    return dict(Order.objects.within(scope).filter(pk__in=orders).values_list("pk", "number"))


@query
def work_orders(
    scope: Scope,
    *,
    wanted: Wanted,
    order: WorkSort = WorkSort.NEWEST,
    is_rising: bool = False,
    after: WorkOrderId | None = None,
    at: datetime,
    limit: int = 50,
) -> tuple[BoardCard, ...]:
    """This will list orders, the latest first or as `order` says, those after a given one."""
    narrowed, every = _narrowed(scope, wanted, at), Order.objects.within(scope)
    rows = in_order(narrowed, every, _SORTED_BY.get(order), is_rising=is_rising, after=after)
    found = list(rows.select_related("type")[: min(limit, MOST)])
    names = _names(found)
    return tuple(_card(row, at, names) for row in found)


def _narrowed(scope: Scope, wanted: Wanted, at: datetime) -> QuerySet[Order]:
    rows = Order.objects.within(scope).filter(community__in=scope.communities)
    if wanted.community is not None:
        rows = rows.filter(community=wanted.community)
    if wanted.states:
        rows = rows.filter(_among(wanted.states))
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind.value)
    if wanted.assignee is not None:
        rows = rows.filter(assignee=wanted.assignee)
    if wanted.is_late:
        rows = rows.filter(state__in=[state.value for state in HURRIED], due_at__lt=at)
    if wanted.number:
        rows = rows.filter(number__endswith=wanted.number)
    return rows


def _among(states: Sequence[WorkState]) -> Q:
    return Q(state__in=[state.value for state in states])


def _shown(rows: QuerySet[Order], limit: int) -> QuerySet[Order]:
    return rows.order_by("due_at", "id").select_related("type")[:limit]


def _names(rows: object) -> dict[PartyId, str]:
    parties = {PartyId(row.assignee) for row in rows if row.assignee}  # type: ignore[attr-defined]
    return people.masked_names(SYSTEM, parties=parties) if parties else {}


def _card(row: Order, at: datetime, names: dict[PartyId, str]) -> BoardCard:
    state = WorkState(row.state)
    who = PartyId(row.assignee) if row.assignee else None
    return BoardCard(
        order=WorkOrderId(row.pk),
        number=row.number,
        community=CommunityId(row.community),
        kind=Kind(row.kind),
        type_name=row.type.name,
        home=HomeId(row.home) if row.home else None,
        place=row.place,
        state=state,
        raised_at=row.raised_at,
        clock_at=row.clock_at,
        due_at=row.due_at,
        is_late=state in HURRIED and row.due_at is not None and row.due_at < at,
        told=row.told,
        assignee=who,
        assignee_name=names.get(who, "") if who else "",
        done_at=row.done_at,
        finish_due_at=row.finish_due_at,
        stars=row.stars,
        price=Money(row.price_minor),
        is_paid=row.paid_at is not None,
    )
