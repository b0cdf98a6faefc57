"""One car and one held space, for the desk of their community and for those who live in the home they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.estate.parking import rules
from linli.kernel.ids import CommunityId, HomeId, LotId, PartyId, SpaceId, VehicleId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Role, Scope


@dataclass(frozen=True, slots=True)
class CarPage:
    """A registered car, and in whose name."""

    vehicle: VehicleId
    community: CommunityId
    home: HomeId
    party: PartyId
    plate: str
    plate_kind: rules.PlateKind
    about: str
    added_at: datetime

    @property
    def shown(self) -> str:
        return rules.shown(self.plate)


@dataclass(frozen=True, slots=True)
class HeldSpace:
    """A space that a home has for a time; another home's time with it is another one."""

    holding: UUID
    space: SpaceId
    label: str
    kind: rules.SpaceKind
    lot: LotId
    lot_name: dict[str, str]
    community: CommunityId
    home: HomeId
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class HadSpace:
    """A home's time with a space, past ones too."""

    holding: UUID
    home: HomeId
    party: PartyId
    start_on: date
    end_on: date | None
    held_at: datetime


@query
def car(scope: Scope, *, vehicle: VehicleId) -> CarPage:
    """This will show one registered car."""
    found = _car(SYSTEM, vehicle=vehicle)
    if found is None or not _reaches(scope, found.community, found.home):
        raise NotFound("car")
    return found


@query
def held_space(scope: Scope, *, holding: UUID) -> HeldSpace:
    """This will show one space with the time for which a home has it."""
    found = _held(SYSTEM, holding=holding)
    if found is None or not _reaches(scope, found.community, found.home):
        raise NotFound("space")
    return found


@query
def had_space(scope: Scope, *, space: SpaceId, limit: int = 50) -> tuple[HadSpace, ...]:
    """This will tell who has had a space, and who has it, the latest first."""
    rows = sql.fetch(
        "SELECT id, home, party, start_on, end_on, held_at FROM parking_holding"
        " WHERE space_id = %s AND community = ANY(%s::uuid[]) ORDER BY start_on DESC LIMIT %s",
        space,
        list(scope.communities),
        limit,
    )
    return tuple(HadSpace(*row) for row in rows)


def _reaches(scope: Scope, community: CommunityId, home: HomeId) -> bool:
    return community in scope.communities if scope.role is Role.PROPERTY else home in scope.homes


@query
def _car(_scope: Scope, *, vehicle: VehicleId) -> CarPage | None:
    """As the house: those who share a home see its cars, whoever registered them."""
    row = sql.fetch_one(
        "SELECT id, community, home, party, plate, plate_kind, about, added_at FROM parking_vehicle"
        " WHERE id = %s AND removed_at IS NULL",
        vehicle,
    )
    if row is None:
        return None
    vehicle, community, home, party, plate, kind, about, added_at = row
    return CarPage(vehicle, community, home, party, plate, rules.PlateKind(kind), about, added_at)


@query
def _held(_scope: Scope, *, holding: UUID) -> HeldSpace | None:
    row = sql.fetch_one(
        "SELECT h.id, p.id, p.label, p.kind, l.id, l.name::text, l.community, h.home, h.start_on, h.end_on"
        " FROM parking_holding h JOIN parking_space p ON p.id = h.space_id JOIN parking_lot l ON l.id = p.lot_id"
        " WHERE h.id = %s",
        holding,
    )
    if row is None:
        return None
    holding, space, label, kind, lot, name, *rest = row
    return HeldSpace(holding, space, label, rules.SpaceKind(kind), lot, sql.from_json(name), *rest)
