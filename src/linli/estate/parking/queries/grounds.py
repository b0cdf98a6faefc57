"""Lots, spaces, cars, lists and tariffs as the desk shows them, and what a resident has here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.estate.parking import rules
from linli.estate.parking.models import Listed, TariffVersion
from linli.kernel.ids import CommunityId, HomeId, ItemId, LotId, PartyId, SpaceId, VehicleId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 500


@dataclass(frozen=True, slots=True)
class LotCard:
    """A lot with what is in it now."""

    lot: LotId
    community: CommunityId
    name: dict[str, str]
    code: str
    takes_temporary: bool
    temporary_places: int
    temporary: int
    residents: int
    listed: int
    spaces: int
    held: int
    booked: int = 0
    """Cars on shared spaces."""

    @property
    def free(self) -> int:
        """How many guests may still come in."""
        return max(0, self.temporary_places - self.temporary)


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A space and who has it today."""

    space: SpaceId
    label: str
    kind: rules.SpaceKind
    mother: str | None
    home: HomeId | None
    party: PartyId | None
    item: ItemId | None
    start_on: date | None
    end_on: date | None
    holding: UUID | None


@dataclass(frozen=True, slots=True)
class CarRow:
    """A registered car; `is_inside` is whether a stay of it goes on."""

    vehicle: VehicleId
    home: HomeId
    plate: str
    plate_kind: rules.PlateKind
    about: str
    added_at: datetime
    is_inside: bool

    @property
    def shown(self) -> str:
        return rules.shown(self.plate)


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A plate on a list."""

    listed: UUID
    kind: rules.ListKind
    plate: str
    reason: str
    start_at: datetime
    end_at: datetime | None
    by: PartyId | None

    @property
    def shown(self) -> str:
        return rules.shown(self.plate)


@dataclass(frozen=True, slots=True)
class TariffRow:
    """A version of a tariff; without a lot it holds in all lots that have none of their own."""

    tariff: UUID
    lot: LotId | None
    lot_name: dict[str, str]
    start_on: date
    end_on: date | None
    terms: rules.ParkingTariff
    by: PartyId | None


@dataclass(frozen=True, slots=True)
class MySpace:
    """A space of a resident's home."""

    space: SpaceId
    label: str
    kind: rules.SpaceKind
    lot_name: dict[str, str]
    start_on: date
    end_on: date | None
    holding: UUID


@dataclass(frozen=True, slots=True)
class MyParking:
    """What a resident has here: cars of the homes, spaces, how many cars there may be, and what stays left owing."""

    cars: tuple[CarRow, ...]
    spaces: tuple[MySpace, ...]
    owed: Money


_LOTS = """
    SELECT l.id, l.community, l.name::text, l.code, l.takes_temporary, l.temporary_places,
      coalesce(s.temporary, 0)::int, coalesce(s.residents, 0)::int, coalesce(s.listed, 0)::int,
      coalesce(p.spaces, 0)::int, coalesce(p.held, 0)::int, coalesce(s.booked, 0)::int
    FROM parking_lot l
    LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE kind = 'temporary') AS temporary,
               count(*) FILTER (WHERE kind = 'resident') AS residents,
               count(*) FILTER (WHERE kind = 'listed') AS listed,
               count(*) FILTER (WHERE kind = 'booked') AS booked
        FROM parking_session WHERE lot_id = l.id AND state = 'inside') s ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS spaces, count(h.id) AS held FROM parking_space x
        LEFT JOIN parking_holding h ON h.space_id = x.id AND h.start_on <= places_day(l.community, %s)
          AND (h.end_on IS NULL OR h.end_on > places_day(l.community, %s))
        WHERE x.lot_id = l.id AND x.retired_at IS NULL) p ON true
    WHERE l.closed_at IS NULL AND l.community = ANY(%s::uuid[]) AND (%s::uuid IS NULL OR l.id = %s)
    ORDER BY l.id LIMIT %s
"""


@query
def lots(scope: Scope, *, at: datetime, community: CommunityId | None = None) -> tuple[LotCard, ...]:
    """This will list the open lots with what is in them now."""
    reach = [one for one in scope.communities if community is None or one == community]
    return tuple(_lot(*row) for row in sql.fetch(_LOTS, at, at, reach, None, None, MOST))


@query
def lot(scope: Scope, *, lot: LotId, at: datetime) -> LotCard:
    """This will show one lot."""
    rows = sql.fetch(_LOTS, at, at, list(scope.communities), lot, lot, 1)
    if not rows:
        raise NotFound("lot")
    return _lot(*rows[0])


def _lot(lot: LotId, community: CommunityId, name: str, *rest: object) -> LotCard:
    return LotCard(lot, community, sql.from_json(name), *rest)  # type: ignore[arg-type]


@query
def spaces(
    scope: Scope, *, lot: LotId, on: date, words: str = "", after: str | None = None, limit: int = 100
) -> tuple[SpaceRow, ...]:
    """This will list the spaces of a lot by their labels, with who has them on a day."""
    rows = sql.fetch(
        "SELECT p.id, p.label, p.kind, m.label, h.home, h.party, h.item, h.start_on, h.end_on, h.id"
        " FROM parking_space p"
        " JOIN parking_lot l ON l.id = p.lot_id LEFT JOIN parking_space m ON m.id = p.mother_id"
        " LEFT JOIN parking_holding h ON h.space_id = p.id AND h.start_on <= %s AND (h.end_on IS NULL OR h.end_on > %s)"
        " WHERE p.lot_id = %s AND l.community = ANY(%s::uuid[]) AND p.retired_at IS NULL AND p.label ILIKE %s"
        " AND (%s::text IS NULL OR p.label > %s) ORDER BY p.label LIMIT %s",
        on, on, lot, list(scope.communities), _like(words), after, after, min(limit, 20_000),
    )  # fmt: skip
    return tuple(SpaceRow(row[0], row[1], rules.SpaceKind(row[2]), *row[3:]) for row in rows)


_CARS = (
    "SELECT v.id, v.home, v.plate, v.plate_kind, v.about, v.added_at, EXISTS (SELECT FROM parking_session s"
    " WHERE s.community = v.community AND s.plate = v.plate AND s.state = 'inside') FROM parking_vehicle v"
    " WHERE v.removed_at IS NULL AND "
)


@query
def cars(
    scope: Scope, *, community: CommunityId, words: str = "", after: VehicleId | None = None, limit: int = 100
) -> tuple[CarRow, ...]:
    """This will list the registered cars of a community, the latest first."""
    rows = sql.fetch(
        _CARS + "v.community = %s AND v.community = ANY(%s::uuid[]) AND v.plate ILIKE %s"
        " AND (%s::uuid IS NULL OR v.id < %s) ORDER BY v.id DESC LIMIT %s",
        community, list(scope.communities), _like(words), after, after, min(limit, 20_000),
    )  # fmt: skip
    return tuple(_car(*row) for row in rows)


def _car(vehicle: VehicleId, home: HomeId, plate: str, kind: str, *rest: object) -> CarRow:
    return CarRow(vehicle, home, plate, rules.PlateKind(kind), *rest)  # type: ignore[arg-type]


@query
def listed(
    scope: Scope, *, community: CommunityId, at: datetime, ended: bool = False, limit: int = MOST
) -> tuple[ListedRow, ...]:
    """This will list the plates that are let in always or never, the latest first; with `ended`, those of the past."""
    rows = sql.fetch(
        "SELECT id, kind, plate, reason, start_at, end_at, listed_by FROM parking_listed"
        " WHERE community = %s AND community = ANY(%s::uuid[]) AND (end_at IS NOT NULL AND end_at <= %s) = %s"
        " ORDER BY id DESC LIMIT %s",
        community, list(scope.communities), at, ended, min(limit, 20_000),
    )  # fmt: skip
    return tuple(ListedRow(row[0], rules.ListKind(row[1]), *row[2:]) for row in rows)


@query
def plates_listed(scope: Scope, *, listed: Sequence[UUID]) -> dict[UUID, str]:
    """This will tell of which plates entries of the lists are."""
    if not listed:
        return {}
    return dict(Listed.objects.within(scope).filter(pk__in=listed).values_list("pk", "plate"))


@query
def tariffs(scope: Scope, *, community: CommunityId, limit: int = 100) -> tuple[TariffRow, ...]:
    """This will list the versions of a community's tariffs, the latest first."""
    rows = TariffVersion.objects.within(scope).filter(community=community).select_related("lot")
    return tuple(
        TariffRow(
            row.pk,
            LotId(row.lot_id) if row.lot_id else None,
            row.lot.name if row.lot else {},
            row.start_on,
            row.end_on,
            rules.read_tariff(row.terms),
            PartyId(row.set_by) if row.set_by else None,
        )
        for row in rows.order_by("-start_on", "-id")[: min(limit, MOST)]
    )


@query
def my_parking(scope: Scope, *, on: date) -> MyParking:
    """This will show a resident the cars and the spaces of their homes, and what the cars left owing."""
    return _of_homes(SYSTEM, homes=scope.homes, on=on)


@query
def _of_homes(_scope: Scope, *, homes: tuple[HomeId, ...], on: date) -> MyParking:
    """As the house: those who share a home see its cars, whoever registered them."""
    found = tuple(
        _car(*row) for row in sql.fetch(_CARS + "v.home = ANY(%s::uuid[]) ORDER BY v.id LIMIT 100", list(homes))
    )
    held = sql.fetch(
        "SELECT p.id, p.label, p.kind, l.name::text, h.start_on, h.end_on, h.id FROM parking_holding h"
        " JOIN parking_space p ON p.id = h.space_id JOIN parking_lot l ON l.id = p.lot_id"
        " WHERE h.home = ANY(%s::uuid[]) AND (h.end_on IS NULL OR h.end_on > %s) ORDER BY p.label LIMIT 100",
        list(homes),
        on,
    )
    ((owed,),) = sql.fetch(
        "SELECT coalesce(sum(s.unpaid_minor), 0)::bigint FROM parking_session s JOIN parking_vehicle v"
        " ON v.community = s.community AND v.plate = s.plate AND v.removed_at IS NULL"
        " WHERE v.home = ANY(%s::uuid[]) AND s.unpaid_minor > 0",
        list(homes),
    )
    spaces = tuple(
        MySpace(space, label, rules.SpaceKind(kind), sql.from_json(name), *rest)
        for space, label, kind, name, *rest in held
    )
    return MyParking(found, spaces, Money(owed))


def _like(words: str) -> str:
    plain = words.strip().replace("·", "").replace("\\", "").replace("%", "").replace("_", "")
    return f"%{plain}%"
