"""What charging knows of homes: the values that formulas name, from one source for what is tried and what is billed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ATTRIBUTES = 200
SHARED = ("unit.area", "building.area", "community.area", "homes.count")
"""What a home has in common with others; asked for only where a formula names it."""
Values = tuple[tuple[str, Fraction], ...]
"""What formulas may ask of a home, in an order of its own, so that it can name a case."""


@dataclass(frozen=True, slots=True)
class KnownHome:
    """What charging knows of a home. What is not known is absent; `persons` is None where nobody counted them."""

    values: Values
    persons: int | None = None


NOTHING = KnownHome(())


@query
def known_attributes(scope: Scope) -> frozenset[str]:
    """This will name the attributes that some home of the asker's communities has."""
    rows = sql.fetch(
        "SELECT DISTINCT jsonb_object_keys(attributes) FROM billing_home WHERE community = ANY(%s::uuid[]) LIMIT %s",
        list(scope.communities),
        MOST_ATTRIBUTES,
    )
    return frozenset(row[0] for row in rows)


@query
def values_of_homes(
    scope: Scope, *, community: CommunityId, homes: Collection[HomeId]
) -> dict[HomeId, dict[str, Fraction]]:
    """This will give all that formulas may name of each home; what is not known of it is absent."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    known = HomeValues(community, shared=True).of(homes)
    return {home: dict(known.get(home, NOTHING).values) for home in homes}


class HomeValues:
    """What formulas may ask of the homes of one community. Whoever drafts, and whoever only tries, asks here."""

    def __init__(self, community: CommunityId, *, shared: bool) -> None:
        self._community = community
        self._areas = places.areas(community) if shared else None

    def of(self, homes: Collection[HomeId]) -> dict[HomeId, KnownHome]:
        """This will tell what is known of some homes, in two statements however many they are."""
        facts = _facts(self._community, homes)
        if self._areas is None:
            return {home: _known(area, facts.get(home), {}) for home, area in places.home_areas(homes).items()}
        shared = self._areas
        return {
            home: _known(
                card.area_m2,
                facts.get(home),
                {
                    "unit.area": shared.units.get((card.building, card.unit)),
                    "building.area": shared.buildings.get(card.building),
                    "community.area": shared.community,
                    "homes.count": shared.homes,
                },
            )
            for home, card in places.homes(homes).items()
        }


def _facts(community: CommunityId, homes: Collection[HomeId]) -> dict[HomeId, tuple[Any, ...]]:
    rows = sql.fetch(
        "SELECT id, inner_area_m2, coefficient, floor, attributes, persons FROM billing_home"
        " WHERE community = %s AND id = ANY(%s::uuid[])",
        community,
        sql.as_ids(homes),
    )
    return {HomeId(row[0]): row[1:] for row in rows}


def _known(
    area: Decimal | None, facts: tuple[Any, ...] | None, shared: Mapping[str, Decimal | int | None]
) -> KnownHome:
    known: dict[str, Decimal | int | None] = {"home.area": area, **shared}
    persons = None
    if facts is not None:
        inner, coefficient, floor, attributes, persons = facts
        known |= {"home.inner_area": inner, "home.coefficient": coefficient, "home.floor": floor}
        known |= {f"attr:{name}": Decimal(text) for name, text in sorted((sql.from_json(attributes) or {}).items())}
    return KnownHome(tuple((name, Fraction(value)) for name, value in known.items() if value is not None), persons)
