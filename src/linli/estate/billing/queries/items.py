"""What a company charges for, and what each of it costs since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linli.estate.billing import rules
from linli.estate.billing.rules import Payer
from linli.kernel.ids import CommunityId, ItemId, TariffId
from linli.kernel.refusals import NotFound
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ITEMS = 200
MOST_VERSIONS = 500


@dataclass(frozen=True, slots=True)
class ItemCard:
    """A fee item as the desk lists it: how many tariffs hold today, and to how many homes it is charged."""

    item: ItemId
    word: str
    name: dict[str, str]
    payer: Payer
    priority: int
    payable_online: bool
    retired_at: datetime | None
    tariffs: int
    charged: int


@dataclass(frozen=True, slots=True)
class TariffCard:
    """A version of what an item costs: everywhere, or in one community, whose own goes first."""

    tariff: TariffId
    community: CommunityId | None
    start_on: date
    end_on: date | None
    draft: rules.TariffDraft


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A fee item with all versions of its tariff, the latest first."""

    card: ItemCard
    tariffs: tuple[TariffCard, ...]


_ITEMS = """
    SELECT i.id, i.word, i.name, i.payer, i.priority, i.payable_online, i.retired_at,
           (SELECT count(*) FROM billing_tariff t
            WHERE t.item_id = i.id AND t.start_on <= %s AND (t.end_on IS NULL OR t.end_on > %s)),
           (SELECT count(*) FROM billing_assignment a
            WHERE a.item_id = i.id AND a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s))
    FROM billing_item i WHERE i.company = %s
"""
_TARIFFS = """
    SELECT id, community, start_on, end_on, preset, formula, basis, parameters, terms FROM billing_tariff
    WHERE item_id = %s AND company = %s ORDER BY start_on DESC, community NULLS FIRST LIMIT %s
"""


@query
def items(scope: Scope, *, on: date) -> tuple[ItemCard, ...]:
    """This will list the fee items of the company that asks, those still charged first."""
    rows = sql.fetch(
        _ITEMS + " ORDER BY i.retired_at NULLS FIRST, i.priority, i.word LIMIT %s",
        on,
        on,
        on,
        on,
        scope.company,
        MOST_ITEMS,
    )
    return tuple(_card(row) for row in rows)


@query
def item_page(scope: Scope, *, item: ItemId, on: date) -> ItemPage:
    """This will show a fee item with what it costs since when."""
    row = sql.fetch_one(_ITEMS + " AND i.id = %s", on, on, on, on, scope.company, item)
    if row is None:
        raise NotFound("item")
    versions = sql.fetch(_TARIFFS, item, scope.company, MOST_VERSIONS)
    return ItemPage(_card(row), tuple(_tariff(version) for version in versions))


def _card(row: tuple[Any, ...]) -> ItemCard:
    item, word, name, payer, priority, online, retired_at, tariffs, charged = row
    return ItemCard(
        ItemId(item), word, sql.from_json(name), Payer(payer), priority, online, retired_at, tariffs, charged
    )


def _tariff(row: tuple[Any, ...]) -> TariffCard:
    tariff, community, start_on, end_on, preset, formula, basis, parameters, terms = row
    return TariffCard(
        TariffId(tariff),
        community,
        start_on,
        end_on,
        draft_of(preset, formula, basis, sql.from_json(parameters), sql.from_json(terms)),
    )


def draft_of(
    preset: str, formula: str, basis: str, parameters: Mapping[str, str], terms: Mapping[str, Any]
) -> rules.TariffDraft:
    """This will read a version back as it was written down."""
    return rules.TariffDraft(
        preset=preset,
        formula=formula,
        basis=rules.Basis(basis),
        parameters=parameters,
        terms=decoding.convert(terms, rules.Terms),
    )
