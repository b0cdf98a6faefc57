"""Lists of shops: a person's own, those that wait for the platform, those whose papers have run out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from linli.kernel.ids import CityId, ShopId
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.scope import Scope
from linli.trade.shops import rules

MOST_SHOPS = 200
MOST_ROWS = 20_000
"""Of a sheet of shops."""

_SUMMARY = """
    SELECT s.id, s.name, s.kind, s.city, s.state, s.applied_at,
        (SELECT count(*) FROM shops_licence l WHERE l.shop_id = s.id)
    FROM shops_shop s
"""


class ShopSort(StrEnum):
    """By what the platform's list of shops is sorted."""

    APPLIED = "applied"
    NAME = "name"


_SORTED_BY = {ShopSort.APPLIED: "s.applied_at", ShopSort.NAME: "coalesce(s.name->>'zh', s.name->>'en', '')"}


@dataclass(frozen=True, slots=True)
class ShopSummary:
    """A shop in the merchant's switch and in the platform's list of applications."""

    shop: ShopId
    name: dict[str, str]
    kind: rules.ShopKind
    city: CityId
    state: rules.ShopState
    applied_at: datetime
    licences: int


@query
def my_shops(scope: Scope) -> tuple[ShopSummary, ...]:
    """This will list the shops of the person: applied for, owned, or signed in to."""
    rows = sql.fetch(
        f"{_SUMMARY} WHERE s.merchant = %s OR s.applicant = %s OR s.id = %s ORDER BY s.applied_at DESC LIMIT %s",
        scope.person,
        scope.person,
        scope.shop,
        MOST_SHOPS,
    )
    return tuple(_summary(row) for row in rows)


@query
def applications(
    scope: Scope,
    *,
    state: rules.ShopState = rules.ShopState.APPLIED,
    words: str = "",
    order: ShopSort = ShopSort.APPLIED,
    is_rising: bool = True,
    after: ShopId | None = None,
    limit: int = 50,
) -> tuple[ShopSummary, ...]:
    """This will list shops in a state for the platform, oldest first or as `order` says; others see none.

    `words` are a part of a name in either language; names are sorted as the Chinese ones are written.
    """
    if not scope.is_inside:
        return ()
    by, (way, beyond) = _SORTED_BY[order], ("ASC", ">") if is_rising else ("DESC", "<")
    rows = sql.fetch(
        f"{_SUMMARY} WHERE s.state = %s AND (%s::uuid IS NULL OR s.city = %s::uuid) AND s.name::text ILIKE %s"
        f" AND (%s::uuid IS NULL OR ({by}, s.id) {beyond} (SELECT {by}, s.id FROM shops_shop s WHERE s.id = %s::uuid))"
        f" ORDER BY {by} {way}, s.id {way} LIMIT %s",
        *(state.value, scope.city, scope.city, _containing(words), after, after, min(limit, MOST_ROWS)),
    )
    return tuple(_summary(row) for row in rows)


@query
def shops_called(scope: Scope, *, words: str, limit: int = 10) -> tuple[ShopSummary, ...]:
    """This will find shops by a part of their names for the platform; others find none."""
    if not scope.is_inside:
        return ()
    rows = sql.fetch(
        f"{_SUMMARY} WHERE s.name::text ILIKE %s AND (%s::uuid IS NULL OR s.city = %s::uuid) ORDER BY s.id LIMIT %s",
        _containing(words),
        scope.city,
        scope.city,
        min(limit, MOST_SHOPS),
    )
    return tuple(_summary(row) for row in rows)


@query
def unlicensed(_scope: Scope, *, at: datetime, limit: int = MOST_SHOPS) -> tuple[ShopId, ...]:
    """This will list the approved shops that lack a required licence which is accepted and valid now."""
    required = [(kind.value, licence.value) for kind in rules.ShopKind for licence in rules.required_licences(kind)]
    rows = sql.fetch(
        "SELECT DISTINCT s.id FROM shops_shop s JOIN unnest(%s::text[], %s::text[]) AS r(kind, licence)"
        " ON r.kind = s.kind WHERE s.state = 'approved' AND NOT EXISTS (SELECT FROM shops_licence l"
        " WHERE l.shop_id = s.id AND l.kind = r.licence AND l.state = 'accepted'"
        " AND (l.expires_on IS NULL OR l.expires_on > (%s AT TIME ZONE s.timezone)::date)) ORDER BY s.id LIMIT %s",
        [kind for kind, _licence in required],
        [licence for _kind, licence in required],
        at,
        limit,
    )
    return tuple(row[0] for row in rows)


@open_query
def whereabouts(*, shops: Iterable[ShopId]) -> dict[ShopId, tuple[float, float]]:
    """This will say where shops are, as every neighbour may see; unknown ones are absent."""
    rows = sql.fetch("SELECT id, lat, lon FROM shops_shop WHERE id = ANY(%s::uuid[])", sql.as_ids(shops))
    return {ShopId(id_): (float(lat), float(lon)) for id_, lat, lon in rows}


def _containing(words: str) -> str:
    return "%" + words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def _summary(row: tuple[Any, ...]) -> ShopSummary:
    shop, name, kind, city, state, applied_at, licences = row
    return ShopSummary(
        shop, sql.from_json(name), rules.ShopKind(kind), city, rules.ShopState(state), applied_at, licences
    )
