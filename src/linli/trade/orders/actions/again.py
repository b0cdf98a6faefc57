"""Ordering again: what is still sold of an earlier order goes into the basket, and what is not is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel import ids
from linli.kernel.ids import CommunityId, OptionId, OrderId, VariantId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import PricedVariant
from linli.trade.catalogue.rules import ChoiceGroup, WrongChoices, check_choices
from linli.trade.orders import rules
from linli.trade.orders.actions.basket import full_baskets, limits_of
from linli.trade.orders.actions.pricing import Asked, buyer_of, reached
from linli.trade.stock import queries as stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How many lines went into the basket, and the names of those that did not."""

    community: CommunityId
    put: int
    missing: tuple[rules.Names, ...]


class _Line(msgspec.Struct):
    variant: VariantId
    title: rules.Names
    options: tuple[rules.Choice, ...]
    quantity: int

    @property
    def chosen(self) -> tuple[OptionId, ...]:
        return tuple(sorted(choice.option for choice in self.options))


_lines = msgspec.json.Decoder(list[_Line])


@action(needs=May.SHOP_FOR_GOODS)
def order_again(scope: Scope, *, order: OrderId, at: datetime) -> Again:
    """This will put the lines of the buyer's own order that are still sold into the basket, at the prices of now."""
    person = buyer_of(scope)
    row = sql.fetch_one(
        "SELECT community, (SELECT jsonb_agg(jsonb_build_object('variant', l.variant, 'title', l.title,"
        " 'options', l.options, 'quantity', l.quantity) ORDER BY l.nth)::text FROM orders_line AS l"
        " WHERE l.order_id = o.id) FROM orders_order AS o WHERE o.id = %s AND o.buyer = %s",
        order,
        person,
    )
    if row is None:
        raise NotFound("order")
    community = CommunityId(row[0])
    reached(scope, community)
    bought = _lines.decode(row[1])
    wanted = [line.variant for line in bought]
    prices = catalogue.prices(community=community, variants=wanted)
    left = stock.available(variants=list(prices), at=at)
    there = [line for line in bought if _is_sold(line, prices.get(line.variant)) and left.get(line.variant, 0)]
    if there:
        again = [Asked(variant=line.variant, quantity=line.quantity, options=line.chosen) for line in there]
        _put(scope, community, again, left, at)
    missing = tuple(line.title for line in bought if line not in there)
    return Again(community=community, put=len(there), missing=missing)


@action(needs=May.SHOP_FOR_GOODS)
def fill_basket(scope: Scope, *, community: CommunityId, wanted: Sequence[Asked], at: datetime) -> int:
    """This will put what is still sold of several plain things into the basket at once, and tell of how many."""
    buyer_of(scope)
    reached(scope, community)
    prices = catalogue.prices(community=community, variants=[each.variant for each in wanted])
    left = stock.available(variants=list(prices), at=at)
    plain = [each for each in wanted if each.variant in prices and not any(g.least for g in _groups(prices, each))]
    there = [each for each in plain if left.get(each.variant, 0)]
    if there:
        _put(scope, community, there, left, at)
    return len(there)


def _groups(prices: dict[VariantId, PricedVariant], each: Asked) -> Iterable[ChoiceGroup]:
    return prices[each.variant].groups.values()


def _is_sold(line: _Line, priced: PricedVariant | None) -> bool:
    if priced is None:
        return False
    try:
        check_choices(priced.groups, priced.options, line.chosen)
    except WrongChoices:
        return False
    return True


def _put(
    scope: Scope, community: CommunityId, lines: Sequence[Asked], left: dict[VariantId, int], at: datetime
) -> None:
    """All of them in one statement, of each no more than there is."""
    limits = limits_of(scope, community, at)
    with full_baskets(limits):
        sql.fetch(
            "SELECT orders_basket_put(%s, %s, %s, x.line, x.variant,"
            " ARRAY(SELECT jsonb_array_elements_text(x.options)::uuid), x.quantity, %s, %s, %s)"
            " FROM jsonb_to_recordset(%s::jsonb) AS x(line uuid, variant uuid, options jsonb, quantity integer)",
            ids.new(),
            scope.person,
            community,
            limits.basket_lines,
            limits.line_quantity,
            at,
            sql.as_json(
                [
                    {
                        "line": ids.new(),
                        "variant": line.variant,
                        "options": line.options,
                        "quantity": min(line.quantity, left[line.variant], limits.line_quantity),
                    }
                    for line in lines
                ]
            ),
        )
