"""Questions about parcels, shaped for the resident's phone, the drop-off point and the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import F
from django.db.models.expressions import Combinable

from linli.estate.parcels import models, rules
from linli.estate.parcels.rules import Carrier, ParcelState
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ParcelId
from linli.kernel.refusals import NotFound
from linli.reach.lockers import queries as doors
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.spine.sorting import in_order

MOST_MINE = 50
MOST_OF_SHEET = 20_000
MOST_IN_LOCKERS = 1_000


class ParcelSort(StrEnum):
    """By what a list of parcels is sorted."""

    NEWEST = "arrived"
    DUE = "due"
    SHELF = "shelf"


_SORTED_BY: dict[ParcelSort, Combinable] = {ParcelSort.DUE: F("due_at"), ParcelSort.SHELF: F("shelf")}


@dataclass(frozen=True, slots=True)
class ParcelCard:
    """A parcel in a list; the code only for those it is for."""

    parcel: ParcelId
    community: CommunityId
    label: str
    door: str
    carrier: Carrier
    tracking: str
    shelf: str
    state: ParcelState
    arrived_at: datetime
    due_at: datetime
    left_at: datetime | None
    by_code: bool | None
    age_days: int
    in_locker: bool
    code: str = ""


@dataclass(frozen=True, slots=True)
class ParcelPage:
    """A parcel with its history; `opened` is the compartment that stands open for it, while it is not in."""

    card: ParcelCard
    taker: str
    reminded: int
    moves: tuple[moves.Moved, ...]
    opened: str


@dataclass(frozen=True, slots=True)
class Ages:
    """How many parcels wait, and for how long."""

    waiting: int
    over_two_days: int
    overdue: int
    left_today: int


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    """A parcel as whom it was for takes it along."""

    label: str
    carrier: str
    tracking: str
    state: str
    arrived_at: datetime
    left_at: datetime | None
    taker: str


@query
def my_parcels(scope: Scope, *, at: datetime, limit: int = MOST_MINE) -> tuple[ParcelCard, ...]:
    """This will list the parcels that wait for the asker's home with their codes, then what left lately."""
    mine = models.Parcel.objects.within(scope).filter(people__contains=[scope.person])
    rows = sorted(mine.order_by("-id")[: min(limit, MOST_MINE)], key=lambda row: row.state != ParcelState.WAITING)
    codes = _codes(SYSTEM, parcels=[row.id for row in rows if row.state == ParcelState.WAITING])
    return _cards(rows, at, codes)


@query
def _codes(_scope: Scope, *, parcels: Sequence[UUID]) -> dict[UUID, str]:
    if not parcels:
        return {}
    return dict(sql.fetch("SELECT p, handover_code(p) FROM unnest(%s::uuid[]) p", sql.as_ids(parcels)))


@query
def waiting(scope: Scope) -> int:
    """This will count the parcels that wait for the asker, for the page of counters."""
    return models.Parcel.objects.within(scope).filter(people__contains=[scope.person], state="waiting").count()


@query
def parcels(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    at: datetime,
    state: ParcelState | None = None,
    carrier: Carrier | None = None,
    homes: Iterable[HomeId] | None = None,
    words: str = "",
    only_overdue: bool = False,
    order: ParcelSort = ParcelSort.NEWEST,
    is_rising: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[ParcelCard, ...]:
    """This will list parcels of communities, the newest first or as `order` says; `words` begin a tracking number."""
    rows = models.Parcel.objects.within(scope).filter(community__in=communities)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(carrier=carrier) if carrier else rows
    rows = rows.filter(home__in=list(homes)) if homes is not None else rows
    rows = rows.filter(tracking__startswith=words.upper()) if words else rows
    rows = rows.filter(state="waiting", due_at__lte=at) if only_overdue else rows
    every = models.Parcel.objects.within(scope)
    rows = in_order(rows, every, _SORTED_BY.get(order), is_rising=is_rising, after=after)
    return _cards(rows[: min(limit, MOST_OF_SHEET)], at, {})


@query
def labels_of(scope: Scope, *, parcels: Sequence[ParcelId]) -> dict[UUID, str]:
    """This will tell what parcels are called."""
    if not parcels:
        return {}
    return dict(models.Parcel.objects.within(scope).filter(id__in=parcels).values_list("id", "label"))


@query
def parcel_page(scope: Scope, *, parcel: ParcelId, at: datetime) -> ParcelPage:
    """This will show one parcel to the staff of its community."""
    row = models.Parcel.objects.within(scope).filter(id=parcel).first()
    if row is None:
        raise NotFound("parcel")
    steps = moves.history(models.ParcelMove, parcel, scope=scope)
    return ParcelPage(_cards([row], at, {})[0], row.taker, row.reminded, steps, _opened(row))


def _opened(row: models.Parcel) -> str:
    if row.state != ParcelState.WAITING or row.in_locker:
        return ""
    lies = doors.compartment_of(SYSTEM, subject=row.id)
    return lies.spot if lies else ""


@query
def in_lockers(scope: Scope, *, community: CommunityId, at: datetime) -> tuple[ParcelCard, ...]:
    """This will list what waits in the lockers of a community, for its desk."""
    rows = models.Parcel.objects.within(scope).filter(community=community, state="waiting", in_locker=True)
    return _cards(rows.order_by("arrived_at")[:MOST_IN_LOCKERS], at, {})


@query
def ages(scope: Scope, *, communities: Sequence[CommunityId], at: datetime) -> Ages:
    """This will count what waits, and for how long, in one statement."""
    ((waits, old, overdue, left),) = sql.fetch(
        "SELECT count(*) FILTER (WHERE state = 'waiting'),"
        " count(*) FILTER (WHERE state = 'waiting' AND arrived_at < %s - interval '2 days'),"
        " count(*) FILTER (WHERE state = 'waiting' AND due_at <= %s),"
        " count(*) FILTER (WHERE left_at > %s - interval '1 day')"
        " FROM parcels_parcel WHERE community = ANY (%s::uuid[])"
        " AND (state = 'waiting' OR left_at > %s - interval '1 day')",
        at,
        at,
        at,
        sql.as_ids(communities),
        at,
    )
    return Ages(waits, old, overdue, left)


def _cards(rows: Iterable[models.Parcel], at: datetime, codes: dict[UUID, str]) -> tuple[ParcelCard, ...]:
    found = list(rows)
    doors = places.homes({HomeId(row.home) for row in found}) if found else {}
    return tuple(
        ParcelCard(
            ParcelId(row.id),
            CommunityId(row.community),
            row.label,
            doors[HomeId(row.home)].door,
            Carrier(row.carrier),
            row.tracking,
            row.shelf,
            ParcelState(row.state),
            row.arrived_at,
            row.due_at,
            row.left_at,
            row.by_code,
            rules.age_of(row.arrived_at, row.left_at or at),
            row.in_locker,
            codes.get(row.id) or "",
        )
        for row in found
    )


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the parcels that wait on the shelves."""
    rows = models.Parcel.objects.within(scope).filter(community__in=communities, state=ParcelState.WAITING.value)
    return rows.count()


@query
def my_parcel_records(scope: Scope, *, limit: int = 5_000) -> tuple[ParcelRecord, ...]:
    """This will list the parcels that came for the asker, the latest first, for them to take along."""
    rows = models.Parcel.objects.within(scope).filter(people__contains=[scope.person]).order_by("-id")
    columns = ("label", "carrier", "tracking", "state", "arrived_at", "left_at", "taker")
    return tuple(ParcelRecord(*row) for row in rows.values_list(*columns)[: min(limit, MOST_OF_SHEET)])
