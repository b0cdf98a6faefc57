"""What charging knows of homes: the values that formulas name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from linli.ground.places import queries as places
from linli.kernel.ids import HomeId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ATTRIBUTES = 200


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
def values_of_homes(scope: Scope, *, homes: Sequence[HomeId]) -> dict[HomeId, dict[str, Fraction]]:
    """This will give what formulas may name of each home; what is not known of it is absent."""
    cards = places.homes(homes)
    facts = {
        row[0]: row[1:]
        for row in sql.fetch(
            "SELECT id, inner_area_m2, coefficient, floor, persons, attributes FROM billing_home"
            " WHERE id = ANY(%s::uuid[])",
            sql.as_ids(homes),
        )
    }
    found = {}
    for home in homes:
        inner, coefficient, floor, _persons, attributes = facts.get(home, (None, None, None, None, None))
        known: dict[str, Decimal | int | None] = {
            "home.area": cards[home].area_m2 if home in cards else None,
            "home.inner_area": inner,
            "home.coefficient": coefficient,
            "home.floor": floor,
        }
        known |= {f"attr:{name}": Decimal(text) for name, text in (sql.from_json(attributes) or {}).items()}
        found[home] = {name: Fraction(value) for name, value in known.items() if value is not None}
    return found
