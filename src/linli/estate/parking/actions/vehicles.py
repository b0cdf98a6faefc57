"""The cars of homes: registered by those who live there, or at the desk, up to the number that the community allows."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from linli.estate.parking import events, rules
from linli.estate.parking.models import Vehicle
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId, VehicleId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks, sql
from linli.spine.action import action, query
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Role, Scope

LONGEST_ABOUT = 60


class TooManyVehicles(Refusal):
    """The home has as many cars as the community allows."""

    says = _("At most {most} cars may be registered for a home. Take one out first.")


class PlateTaken(Refusal):
    """Another home registered this plate; which one is not said."""

    says = _("This plate is registered here already. Please speak to the property desk.")


class DeskRegisters(Refusal):
    """The community registers cars at its desk."""

    says = _("Cars are registered at the property desk here.")


@action(needs=May.KEEP_OWN_VEHICLES, private=("plate", "about"))
def register_vehicle(scope: Scope, *, home: HomeId, plate: str, about: str = "", at: datetime) -> VehicleId:
    """This will register a car of a home that the person lives in."""
    if home not in scope.homes or scope.person is None:
        raise NotFound("home")
    terms = policy(scope, rules.ParkingPolicy, at=at, community=places.home(home).community)
    if not terms.owners_register:
        raise DeskRegisters
    return _register(scope, home, scope.person, plate, about, at)


@action(needs=May.KEEP_PARKING, private=("plate", "about"))
def register_vehicle_at_desk(
    scope: Scope, *, home: HomeId, party: PartyId, plate: str, about: str = "", at: datetime
) -> VehicleId:
    """This will register a car for a home at the desk, in the name of one of its people."""
    if places.home(home).community not in scope.communities:
        raise NotFound("home")
    return _register(scope, home, party, plate, about, at)


@action(needs=May.KEEP_OWN_VEHICLES)
def remove_vehicle(scope: Scope, *, vehicle: VehicleId, at: datetime) -> None:
    """This will take a car of one's own out; a stay that goes on stays as it is."""
    _remove(scope, vehicle, at)


@action(needs=May.KEEP_PARKING)
def remove_vehicle_at_desk(scope: Scope, *, vehicle: VehicleId, at: datetime) -> None:
    """This will take a car of a home out at the desk."""
    _remove(scope, vehicle, at)


@action(needs=May.RUN_CLOCKS)
def forget_person(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will forget the cars that an erased person registered, and their plates in stays that are settled."""
    sql.run("SELECT parking_forget(%s, %s)", person, at)


def _register(scope: Scope, home: HomeId, party: PartyId, plate: str, about: str, at: datetime) -> VehicleId:
    read = rules.plate(plate)
    if read.kind is rules.PlateKind.UNPLATED:
        raise Invalid("plate", _("A car without a plate cannot be registered."))
    if len(about.strip()) > LONGEST_ABOUT:
        raise Invalid("about", _("At most {most} characters."), most=LONGEST_ABOUT)
    community = places.home(home).community
    most = policy(scope, rules.ParkingPolicy, at=at, community=community).vehicles_per_home
    locks.hold(f"parking_home:{home}")
    if _cars_of(SYSTEM, home=home) >= most:
        raise TooManyVehicles(most=most)
    row = Vehicle(
        id=ids.new(),
        community=community,
        home=home,
        party=party,
        plate=read.text,
        plate_kind=read.kind.value,
        about=about.strip(),
        added_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise PlateTaken(field="plate") from error
    return VehicleId(row.pk)


def _remove(scope: Scope, vehicle: VehicleId, at: datetime) -> None:
    mine = Vehicle.objects.within(scope).filter(pk=vehicle, removed_at=None)
    if scope.role is Role.RESIDENT:
        mine = mine.filter(home__in=scope.homes)
    community = mine.values_list("community", flat=True).first()
    if community is None or not mine.update(removed_at=at):
        raise NotFound("car")
    tell(events.CarTakenOut(vehicle=vehicle, community=CommunityId(community), at=at))


@query
def _cars_of(_scope: Scope, *, home: HomeId) -> int:
    """Counted by the house: those who share a home do not see each other's rows."""
    return Vehicle.objects.inside().filter(home=home, removed_at=None).count()
