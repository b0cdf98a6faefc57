"""Cities, communities and homes for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count

from builders.clock import AT
from builders.people import a_person
from linli.ground.people import actions as people
from linli.ground.places import actions as places
from linli.kernel.ids import CityId, CommunityId, DistrictId, HomeId, PartyId
from linli.spine.scope import SYSTEM, Role, Scope

_number = count(1)


@dataclass(frozen=True)
class City:
    id: CityId
    district: DistrictId


@dataclass(frozen=True)
class Community:
    id: CommunityId
    city: CityId
    district: DistrictId
    lat: float
    lon: float


@dataclass(frozen=True)
class Home:
    id: HomeId
    community: Community
    owner: PartyId | None = None

    def with_owner(self, owner: PartyId | None = None, *, since: date = date(2020, 1, 1)) -> Home:
        return self._with(owner or a_person(), "owner", since)

    def with_tenant(self, tenant: PartyId | None = None, *, since: date = date(2020, 1, 1)) -> Home:
        return self._with(tenant or a_person(), "tenant", since)

    def _with(self, person: PartyId, kind: str, since: date) -> Home:
        people.move_in(SYSTEM, party=person, home=self.id, kind=kind, start_on=since, at=AT)
        return replace(self, owner=person) if kind == "owner" else self

    @property
    def scope(self) -> Scope:
        """The owner's scope, as a sign-in would make it."""
        return Scope(
            role=Role.RESIDENT,
            person=self.owner,
            city=self.community.city,
            communities=(self.community.id,),
            homes=(self.id,),
        )


def a_city(name: str | None = None, *, timezone: str = "Asia/Shanghai", currency: str = "CNY") -> City:
    called = name or f"江城{next(_number)}"
    city = places.add_city(SYSTEM, name={"zh": called}, timezone=timezone, currency=currency, at=AT)
    return City(city, places.add_district(SYSTEM, city=city, name={"zh": "滨江区", "en": "Riverside"}, at=AT))


def a_community(
    name: str | None = None, *, city: City | None = None, lat: float = 30.25, lon: float = 120.16
) -> Community:
    city = city or a_city()
    called = {"zh": name or f"幸福家园{next(_number)}"}
    community = places.add_community(
        SYSTEM, district=city.district, name=called, lat=lat, lon=lon, address="滨江路8号", at=AT
    )
    return Community(community, city.id, city.district, lat, lon)


def a_home(
    door: str | None = None, *, community: Community | None = None, area_m2: str | Decimal | None = "89.37"
) -> Home:
    community = community or a_community()
    building, unit, label = (door or f"1-1-{next(_number)}").split("-")
    area = None if area_m2 is None else Decimal(area_m2)
    row = places.HomeRow(building, unit, label, area)
    (home,) = places.add_homes(SYSTEM, community=community.id, rows=(row,), at=AT)
    return Home(home, community)
