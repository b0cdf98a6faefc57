"""Who carries: let in, changed, let go; and how to get into a community."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.ground.people import actions as people
from linli.ground.people import queries as who
from linli.ground.people.rules import Level
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, CityId, CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.actions.held import of_the_city, said
from linli.trade.delivery.actions.overruling import take_back_held
from linli.trade.delivery.models import Courier, Task, WayIn
from linli.trade.delivery.rules import Employment, TaskState, Vehicle

MOST_SKILLS = 10
MOST_COMMUNITIES = 500
MOST_CODE = 40


@action(needs=May.KEEP_COURIERS, private=("name", "phone"))
def add_courier(
    scope: Scope,
    *,
    name: str,
    phone: str,
    city: CityId,
    vehicle: Vehicle,
    capacity: int | None = None,
    communities: Sequence[CommunityId] = (),
    skills: Sequence[str] = (),
    at: datetime,
) -> PartyId:
    """This will let a person carry for who asks: the platform, its company, its shop. Known by phone, they stay."""
    person = people.register_person(SYSTEM, name=name, phone=phone, at=at)
    keep_courier(
        scope, person=person, city=city, vehicle=vehicle, capacity=capacity, communities=communities, skills=skills,
        at=at,
    )  # fmt: skip
    return person


@action(needs=May.KEEP_COURIERS)
def keep_courier(
    scope: Scope,
    *,
    person: PartyId,
    city: CityId,
    vehicle: Vehicle,
    capacity: int | None = None,
    communities: Sequence[CommunityId] = (),
    skills: Sequence[str] = (),
    at: datetime,
) -> None:
    """This will let a known person carry, or change how; who carries for somebody else is nobody's to change."""
    of_the_city(scope, city, "city")
    employment, employer = employer_of(scope)
    most = capacity or rules.CAPACITY[vehicle]
    if not 1 <= most <= rules.MOST_CAPACITY:
        raise Invalid("capacity", _("A courier carries between 1 and {most} orders."), most=rules.MOST_CAPACITY)
    if len(skills) > MOST_SKILLS or len(communities) > MOST_COMMUNITIES:
        raise Invalid("communities", _("At most {most} of these."), most=MOST_COMMUNITIES)
    if scope.role is Role.PROPERTY and not communities:
        raise NotFound("community", field="communities")
    communities = own_communities(scope, city, communities)
    with as_the_house():
        row = Courier.objects.inside().select_for_update().filter(person=person).first()
        if row is None:
            row = Courier(person=person, joined_at=at)
        elif row.left_at is None and (
            (row.employment, row.employer) != (employment.value, employer) or scope.city not in (None, row.city)
        ):
            raise Invalid("phone", _("This person carries for somebody else."))
        row.city, row.employment, row.employer, row.left_at = city, employment.value, employer, None
        row.vehicle, row.capacity = vehicle.value, most
        row.communities, row.skills = list(communities), list(skills)
        row.save()
        people.grant_role(SYSTEM, party=person, role=Role.COURIER, level=Level.CITY, place=city, at=at)


def own_communities(scope: Scope, city: CityId, communities: Sequence[CommunityId]) -> tuple[CommunityId, ...]:
    """This will give the communities that an asker means, or refuse one that is not theirs, or not of the city.

    A company that names none means all of its own there; whoever else names none means the whole city.
    """
    wanted = set(communities)
    if scope.role is Role.PROPERTY:
        wanted = wanted or set(scope.communities)
        if not wanted <= set(scope.communities):
            raise NotFound("community", field="communities")
    if not wanted:
        return ()
    found = {card.id for card in places.communities(ids=wanted, city=city, limit=len(wanted))}
    if not found or (communities and found != wanted):
        raise NotFound("community", field="communities")
    return tuple(sorted(found))


def employer_of(scope: Scope) -> tuple[Employment, UUID | None]:
    """This will tell for whom somebody carries whom this scope lets in."""
    if scope.shop is not None:
        return Employment.SHOP, scope.shop
    if scope.role is Role.PROPERTY:
        return Employment.COMPANY, scope.company
    return Employment.PLATFORM, None


@action(needs=May.KEEP_COURIERS)
def remove_courier(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will let a courier go; what they had not collected waits on the board again."""
    row = Courier.objects.within(scope).select_for_update().filter(person=person, left_at__isnull=True).first()
    if row is None or person == scope.person:
        raise NotFound("courier")
    of_the_city(scope, CityId(row.city), "courier")
    row.left_at = at
    row.save(update_fields=["left_at"])
    with as_the_house():
        rows = Task.objects.inside().select_for_update().filter(courier=person, state=TaskState.ASSIGNED.value)
        take_back_held(scope, list(rows.order_by("id")), why="courier_gone", at=at)
        hats = who.hats(SYSTEM, person=person, at=at)
        if any(hat.role is Role.COURIER and hat.place == row.city for hat in hats):
            people.revoke_role(SYSTEM, party=person, role=Role.COURIER, level=Level.CITY, place=row.city, at=at)


def insist_reached(scope: Scope, community: CommunityId) -> None:
    """This will refuse a community that a company does not look after, or that lies in another operator's city."""
    if scope.is_inside:
        of_the_city(scope, places.community(community).city, "community")
    elif community not in scope.communities:
        raise NotFound("community")


@action(needs=May.DISPATCH_DELIVERY, private=("code", "note"))
def keep_way_in(
    scope: Scope, *, community: CommunityId, building: BuildingId | None = None, code: str, note: str, at: datetime
) -> None:
    """This will keep how to get into a community or a building of it, for whoever has something to bring there."""
    insist_reached(scope, community)
    if building is not None and places.community_of_building(building) != community:
        raise NotFound("building", field="building")
    if len(code) > MOST_CODE:
        raise Invalid("code", _("At most {most} characters."), most=MOST_CODE)
    values = {"code": code.strip(), "note": said(note, field="note"), "kept_at": at}
    WayIn.objects.within(scope).update_or_create(community=community, building=building, defaults=values)
