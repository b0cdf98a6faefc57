"""Locking: a basket is priced, and the prices shown are kept until it is placed or the lock runs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.kernel import ids
from linli.kernel.ids import BasketId, CheckoutId, CommunityId, HomeId, ShopId, VariantId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine import decoding, sql
from linli.spine.action import action, conclude
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.spine.sql import Part, Question, Rows
from linli.trade.catalogue import queries as catalogue
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.actions.pricing import (
    Asked,
    NothingToOrder,
    Offered,
    buyer_of,
    make_quote,
    out_of_stock,
    reached,
)
from linli.trade.orders.queries.basket import only_home
from linli.trade.shops import queries as shops
from linli.trade.stock import queries as stock

_MINE = "orders_basket AS b WHERE b.person = %s AND b.community = %s"
_OF_IT = "FROM orders_basket_line AS l WHERE l.basket_id = b.id"
_LINES = f"FROM orders_basket_line AS l WHERE l.basket_id = (SELECT b.id FROM {_MINE})"


class NoHome(Refusal):
    """The goods have to go somewhere."""

    says = _("Please choose one of your homes.")
    status = 422


@dataclass(frozen=True, slots=True)
class _Basket:
    id: BasketId
    home: HomeId | None
    choices: dict[ShopId, rules.Fulfilment]
    window: rules.Window | None
    drop_off: DropOff | None
    wished: tuple[DropOff, ...]
    version: int


@action(needs=May.SHOP_FOR_GOODS)
def lock_checkout(scope: Scope, *, community: CommunityId, at: datetime) -> CheckoutId:
    """This will price the basket and keep these prices for some minutes; an earlier lock of it ends.

    A buyer with one home need not say which.
    """
    buyer = buyer_of(scope)
    reached(scope, community)
    basket, asked, known, left = _read(scope, community, at)
    home = basket.home or only_home(scope)
    if home is None or home not in scope.homes:
        raise NoHome(field="home")
    quote = make_quote(
        scope,
        community=community,
        home=home,
        asked=asked,
        known=known,
        fulfilments=basket.choices,
        window=basket.window,
        drop_off=basket.drop_off,
        wished=basket.wished,
        at=at,
    )
    _insist_in_stock(asked, left)
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


def _read(
    scope: Scope, community: CommunityId, at: datetime
) -> tuple[_Basket, list[Asked], Offered, dict[VariantId, int]]:
    """The basket, what is in it in the order it was put in, what that costs and how much of it there is: one trip.

    The basket is held first, so that what is read of it after is what its version stands for.
    """
    mine: tuple[object, ...] = (scope.person, community)
    variants = Part(f"(SELECT array_agg(l.variant) {_LINES})", mine)
    basket, asked, prices, terms, left = sql.answers(
        Question(
            "SELECT b.id, home, choices, window_start, window_end, drop_off, delivery_wished(coalesce(home, %s)),"
            f" version FROM {_MINE} FOR NO KEY UPDATE",
            (only_home(scope), *mine),
            _basket,
        ),
        Question(f"SELECT l.variant, l.quantity, l.options {_LINES} ORDER BY l.id", mine, _asked),
        catalogue.prices_question(community=community, variants=variants),
        shops.terms_question(
            Part(
                "SELECT coalesce(b.window_start, %s) AS at, b.community,"
                f" catalogue_shops((SELECT array_agg(l.variant) {_OF_IT})) AS shops FROM {_MINE}",
                (at, *mine),
            )
        ),
        stock.available_question(variants=variants, at=at),
    )
    if basket is None:
        raise NothingToOrder(field="lines")
    return basket, asked, Offered(prices, terms), left


def _basket(rows: Rows) -> _Basket | None:
    for id_, home, choices, start, end, drop_off, wished, version in rows:
        window = rules.Window(start, end) if start and end else None
        ways = decoding.decode(choices, dict[ShopId, rules.Fulfilment])
        return _Basket(
            id_, home, ways, window, DropOff(drop_off) if drop_off else None, tuple(map(DropOff, wished)), version
        )
    return None


def _asked(rows: Rows) -> list[Asked]:
    return [Asked(variant=variant, quantity=quantity, options=tuple(options)) for variant, quantity, options in rows]


def _insist_in_stock(asked: Sequence[Asked], left: Mapping[VariantId, int]) -> None:
    """Nothing is held yet: this only spares the buyer a checkout that cannot be placed."""
    wanted: Counter[VariantId] = Counter()
    for each in asked:
        wanted[each.variant] += each.quantity
    for variant, quantity in wanted.items():
        if left.get(variant, 0) < quantity:
            raise out_of_stock(str(variant), [each.variant for each in asked])


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
