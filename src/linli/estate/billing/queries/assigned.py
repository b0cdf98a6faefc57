"""What is charged to whom: the homes of an item in a community, and the items of a home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import SubjectKind
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Charged:
    """An item is charged to something for a time; `own` are amounts that replace the tariff's."""

    item: ItemId
    name: dict[str, str]
    subject: UUID
    kind: SubjectKind
    home: HomeId | None
    start_on: date
    end_on: date | None
    own: dict[str, str]


@dataclass(frozen=True, slots=True)
class HomeFactsCard:
    """What charging knows of a home; None is not known."""

    home: HomeId
    inner_area_m2: Any
    coefficient: Any
    floor: int | None
    persons: int | None
    attributes: dict[str, str]


_CHARGED = """
    SELECT a.item_id, i.name, a.subject, a.subject_kind, a.home, a.start_on, a.end_on, a.parameters
    FROM billing_assignment a JOIN billing_item i ON i.id = a.item_id
"""


@query
def charged_homes(
    scope: Scope, *, item: ItemId, community: CommunityId, on: date, limit: int = MOST
) -> tuple[Charged, ...]:
    """This will list what an item is charged to in a community on a day, and later."""
    rows = sql.fetch(
        _CHARGED + " WHERE a.community = %s AND a.item_id = %s AND (a.end_on IS NULL OR a.end_on > %s)"
        " AND a.community = ANY(%s::uuid[]) ORDER BY a.subject LIMIT %s",
        community,
        item,
        on,
        sql.as_ids(scope.communities),
        min(limit, MOST),
    )
    return tuple(_charged(row) for row in rows)


@query
def charged_items(scope: Scope, *, subject: UUID, community: CommunityId) -> tuple[Charged, ...]:
    """This will list what a home (or a space, a contract) is charged, the latest first."""
    rows = sql.fetch(
        _CHARGED + " WHERE a.community = %s AND (a.subject = %s OR a.home = %s) AND a.community = ANY(%s::uuid[])"
        " ORDER BY a.start_on DESC, i.priority LIMIT 200",
        community,
        subject,
        subject,
        sql.as_ids(scope.communities),
    )
    return tuple(_charged(row) for row in rows)


@query
def home_facts(scope: Scope, *, community: CommunityId, limit: int = MOST) -> dict[HomeId, HomeFactsCard]:
    """This will tell what charging knows of the homes of a community besides their built-up area."""
    rows = sql.fetch(
        "SELECT id, inner_area_m2, coefficient, floor, persons, attributes FROM billing_home"
        " WHERE community = %s AND community = ANY(%s::uuid[]) LIMIT %s",
        community,
        sql.as_ids(scope.communities),
        min(limit, MOST),
    )
    return {
        HomeId(home): HomeFactsCard(HomeId(home), inner, coefficient, floor, persons, sql.from_json(attributes))
        for home, inner, coefficient, floor, persons, attributes in rows
    }


def _charged(row: tuple[Any, ...]) -> Charged:
    item, name, subject, kind, home, start_on, end_on, own = row
    return Charged(
        ItemId(item), sql.from_json(name), subject, SubjectKind(kind), home, start_on, end_on, sql.from_json(own)
    )
