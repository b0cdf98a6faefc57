"""Who carries now: for the board that sends them, and for whoever lets them carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, CityId, CommunityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Courier, Shift, Task, WayIn
from linli.trade.delivery.queries.day import WayInCard
from linli.trade.delivery.rules import Employment, Vehicle

MOST_COURIERS = 20_000
SHOWN_COURIERS = 500


@dataclass(frozen=True, slots=True)
class CourierCard:
    """A courier as a dispatcher sees one: on shift or not, how much in hand, when last heard of."""

    person: PartyId
    name: str
    city: CityId
    employment: Employment
    vehicle: Vehicle
    capacity: int
    in_hand: int
    is_on: bool
    seen_at: datetime | None
    communities: tuple[CommunityId, ...]
    skills: tuple[str, ...]


@query
def crew(scope: Scope, *, city: CityId | None = None, limit: int = SHOWN_COURIERS) -> tuple[CourierCard, ...]:
    """This will list the couriers whom the scope may send, those on shift first; two statements with the names."""
    carried = (
        Task.objects.inside()
        .filter(courier=OuterRef("person"), state__in=[s.value for s in rules.IN_HAND])
        .order_by()
        .values("courier")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Courier.objects.within(scope).filter(left_at=None)
    if city is not None:
        rows = rows.filter(city=city)
    if scope.is_inside and scope.city is not None:
        rows = rows.filter(city=scope.city)
    found = list(
        rows.annotate(
            in_hand=Coalesce(Subquery(carried), 0),
            is_on=Exists(Shift.objects.inside().filter(Q(courier=OuterRef("person")), state="on")),
        ).order_by("-is_on", "in_hand", "id")[: min(limit, MOST_COURIERS)]
    )
    names = people.names(SYSTEM, parties={PartyId(row.person) for row in found}) if found else {}
    return tuple(
        CourierCard(
            PartyId(row.person),
            names.get(PartyId(row.person), ""),
            CityId(row.city),
            Employment(row.employment),
            Vehicle(row.vehicle),
            row.capacity,
            row.in_hand,
            row.is_on,
            row.seen_at,
            tuple(CommunityId(each) for each in row.communities),
            tuple(row.skills),
        )
        for row in found
    )


@query
def ways_in(scope: Scope, *, community: CommunityId) -> tuple[WayInCard, ...]:
    """This will list the codes and notes of a community and its buildings, for who keeps them."""
    reached = scope.works_in(places.community(community).city) if scope.is_inside else community in scope.communities
    if not reached:
        raise NotFound("community")
    return tuple(
        WayInCard(community, BuildingId(row.building) if row.building else None, row.code, row.note)
        for row in WayIn.objects.within(scope).filter(community=community)[:MOST_COURIERS]
    )
