"""Locking: a basket is priced, and the prices shown are kept until it is placed or the lock runs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from linli.kernel import ids
from linli.kernel.ids import BasketId, CheckoutId, CommunityId, HomeId, OptionId, ShopId, VariantId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine import decoding, sql
from linli.spine.action import action, conclude
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.actions.pricing import (
    Asked,
    NothingToOrder,
    buyer_of,
    make_quote,
    out_of_stock,
    reached,
)
from linli.trade.stock import queries as stock


class NoHome(Refusal):
    """The goods have to go somewhere."""

    says = _("Please choose one of your homes.")
    status = 422


class _Line(msgspec.Struct):
    variant: VariantId
    quantity: int
    options: tuple[OptionId, ...]


class _Basket(msgspec.Struct):
    id: BasketId
    home: HomeId | None
    choices: dict[ShopId, rules.Fulfilment]
    window_start: datetime | None
    window_end: datetime | None
    version: int
    lines: list[_Line]


@action(needs=May.SHOP_FOR_GOODS)
def lock_checkout(scope: Scope, *, community: CommunityId, at: datetime) -> CheckoutId:
    """This will price the basket and keep these prices for some minutes; an earlier lock of it ends.

    A buyer with one home need not say which.
    """
    buyer = buyer_of(scope)
    reached(scope, community)
    basket = _basket(scope, community)
    home = basket.home or (scope.homes[0] if len(scope.homes) == 1 else None)
    if home is None or home not in scope.homes:
        raise NoHome(field="home")
    window = None
    if basket.window_start and basket.window_end:
        window = rules.Window(basket.window_start, basket.window_end)
    quote = make_quote(
        scope,
        community=community,
        home=home,
        asked=[Asked(variant=x.variant, quantity=x.quantity, options=x.options) for x in basket.lines],
        fulfilments=basket.choices,
        window=window,
        at=at,
    )
    _insist_in_stock(basket.lines, at)
    sql.ahead(
        "UPDATE orders_checkout SET state = 'expired', quote = NULL, due_at = NULL, ended_at = %s"
        " WHERE basket_id = %s AND state = 'locked'",
        at,
        basket.id,
    )
    checkout = CheckoutId(ids.new())
    conclude(
        "INSERT INTO orders_checkout (id, community, city, currency, buyer, home, basket_id, basket_version, state,"
        " quote, total_minor, due_at, locked_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        checkout,
        community,
        quote.city,
        quote.currency,
        buyer,
        quote.home,
        basket.id,
        basket.version,
        rules.CHECKOUT_LIFE.birth.value,
        sql.as_json(quote),
        quote.total.minor,
        at + timedelta(minutes=quote.patience.lock),
        at,
    )
    return checkout


def _basket(scope: Scope, community: CommunityId) -> _Basket:
    """The basket with its lines in the order they were put in. A change from now on raises its version."""
    row = sql.fetch_one(
        "SELECT (to_jsonb(b) || jsonb_build_object('lines', (SELECT coalesce(jsonb_agg(jsonb_build_object("
        "'variant', l.variant, 'quantity', l.quantity, 'options', l.options) ORDER BY l.id), '[]')"
        " FROM orders_basket_line AS l WHERE l.basket_id = b.id)))::text"
        " FROM orders_basket AS b WHERE b.person = %s AND b.community = %s",
        scope.person,
        community,
    )
    if row is None:
        raise NothingToOrder(field="lines")
    return decoding.decode(row[0], _Basket)


def _insist_in_stock(lines: Sequence[_Line], at: datetime) -> None:
    """Nothing is held yet: this only spares the buyer a checkout that cannot be placed."""
    wanted: Counter[VariantId] = Counter()
    for line in lines:
        wanted[line.variant] += line.quantity
    left = stock.available(variants=list(wanted), at=at)
    for variant, quantity in wanted.items():
        if left.get(variant, 0) < quantity:
            raise out_of_stock(str(variant), [line.variant for line in lines])


@action(needs=May.RUN_CLOCKS)
def expire_locks(scope: Scope, *, at: datetime, limit: int = 200) -> int:
    """This will end locks whose time is over, and tell how many; the baskets stay as they are.

    What was shown stays for a day, so that a buyer who comes back is told what has changed since.
    """
    sql.run(
        "UPDATE orders_checkout SET quote = NULL WHERE id IN (SELECT id FROM orders_checkout WHERE state = 'expired'"
        " AND quote IS NOT NULL AND ended_at <= %s ORDER BY ended_at LIMIT %s FOR UPDATE SKIP LOCKED)",
        at - rules.QUOTE_REMEMBERED,
        limit,
    )
    return sql.run(
        "UPDATE orders_checkout SET state = 'expired', due_at = NULL, ended_at = %s WHERE id IN ("
        "SELECT id FROM orders_checkout WHERE state = 'locked' AND due_at <= %s ORDER BY due_at LIMIT %s"
        " FOR UPDATE SKIP LOCKED)",
        at,
        at,
        limit,
    )
