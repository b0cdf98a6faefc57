"""Placing: a locked checkout, or an order named in one call, becomes orders that wait for one payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from django.db import Error

from linli.ground.places.rules import business_day
from linli.kernel import ids
from linli.kernel.ids import BasketId, CheckoutId, CollectionId, HomeId, OrderId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import order_escrow
from linli.spine import decoding, sql
from linli.spine.action import action, conclude
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.spine.sql import Part, Question
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import events, rules
from linli.trade.orders.actions.bringing import insist_open, still_open
from linli.trade.orders.actions.held import facts_json
from linli.trade.orders.actions.placing_slots import held_slots
from linli.trade.orders.actions.pricing import Asked, buyer_of, community_of, make_quote, out_of_stock
from linli.trade.shops import queries as shops

_ITS = "FROM orders_checkout WHERE id = %s AND buyer = %s"
_ITS_SHOPS = (
    "community, coalesce((quote -> 'window' ->> 'start')::timestamptz, %s) AS at,"
    " ARRAY(SELECT (o -> 'terms' ->> 'shop')::uuid FROM jsonb_array_elements(quote -> 'orders') AS o) AS shops"
)


class LockExpired(Refusal):
    """The time for which the shown prices were kept is over."""

    says = _("These prices are no longer kept. Please look at them again.")


class BasketChanged(Refusal):
    """The basket is not the one that was shown at checkout."""

    says = _("Your basket has changed since. Please look at it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What was placed, and which collection pays for it."""

    checkout: CheckoutId
    collection: CollectionId
    orders: tuple[OrderId, ...]
    total: Money
    pay_before: datetime


@action(needs=May.PLACE_ORDER)
def place_checkout(scope: Scope, *, checkout: CheckoutId, at: datetime) -> Placed:
    """This will turn a locked checkout into one order per shop, with its goods held and one payment asked."""
    buyer = buyer_of(scope)
    its: tuple[object, ...] = (checkout, buyer)
    # The state is asked last: who placed it between the two emptied the quote, and is to be met by its state.
    terms, rows = sql.answers(
        shops.terms_question(Part(f"SELECT {_ITS_SHOPS} {_ITS}", (at, *its))),
        Question(f"SELECT state, due_at, quote, basket_id, basket_version {_ITS}", its, list),
    )
    if not rows:
        raise NotFound("checkout")
    state, due_at, kept, basket, version = rows[0]
    if state == rules.CheckoutState.EXPIRED:
        raise LockExpired(field="checkout")
    rules.CHECKOUT_LIFE.after(rules.CheckoutState(state), rules.CheckoutVerb.PLACE)
    if due_at <= at:
        raise LockExpired(field="checkout")
    quote = decoding.decode(kept, rules.Quote)
    insist_open([order.terms.shop for order in quote.orders if not order.terms.pools], terms)
    still_open(quote, at)
    return _write(scope, buyer, quote, checkout, basket=(basket, version), at=at)


@action(needs=May.PLACE_ORDER)
def order_now(
    scope: Scope,
    *,
    lines: Sequence[Asked],
    home: HomeId,
    fulfilment: rules.Fulfilment | None = None,
    window: rules.Window | None = None,
    drop_off: DropOff = DropOff.DOOR,
    at: datetime,
) -> Placed:
    """This will order goods in one call, without a basket: the programs' way in."""
    buyer = buyer_of(scope)
    community = community_of(scope, home)
    quote = make_quote(
        scope,
        community=community,
        home=home,
        asked=lines,
        otherwise=fulfilment,
        window=window,
        drop_off=drop_off,
        at=at,
    )
    return _write(scope, buyer, quote, CheckoutId(ids.new()), at=at)


def _write(
    scope: Scope,
    buyer: PartyId,
    quote: rules.Quote,
    checkout: CheckoutId,
    *,
    basket: tuple[BasketId, int] | None = None,
    at: datetime,
) -> Placed:
    collection = CollectionId(ids.new())
    due_at = at + timedelta(minutes=quote.patience.pay)
    placed = Placed(
        checkout=checkout,
        collection=collection,
        orders=tuple(order.order for order in quote.orders),
        total=quote.total,
        pay_before=due_at,
    )
    body = _body(scope, buyer, quote, placed, basket, at)
    if slots := held_slots(quote, placed.checkout, until=due_at, at=at):
        body["delivery"] = slots
    try:
        conclude(
            "SELECT orders_place(%s, %s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::bigint[], %s)",
            sql.as_json(body),
            sql.as_ids(order.order for order in quote.orders for _line in order.lines),
            sql.as_ids(line.goods.variant for order in quote.orders for line in order.lines),
            [line.goods.quantity for order in quote.orders for line in order.lines],
            [order_escrow(order.order) for order in quote.orders if order.total],
            [-order.total.minor for order in quote.orders if order.total],
            at,
        )
    except Error as error:
        raise _refusal(error, quote) from error
    return placed


def _refusal(error: Error, quote: rules.Quote) -> Exception:
    cause = error.__cause__
    if isinstance(cause, psycopg.Error):
        match cause.sqlstate:
            case "LC001":
                return LockExpired(field="checkout")
            case "LC002":
                return BasketChanged(field="checkout")
            case "LC003":
                variants = (line.goods.variant for order in quote.orders for line in order.lines)
                return out_of_stock(str(cause.diag.message_detail), variants)
    return delivery.refusal(error) or error


def _body(
    scope: Scope,
    buyer: PartyId,
    quote: rules.Quote,
    placed: Placed,
    basket: tuple[BasketId, int] | None,
    at: datetime,
) -> dict[str, object]:
    """The keys of the rows are the columns' names; `orders_place` writes them as they are."""
    fact = events.CheckoutPlaced(
        checkout=placed.checkout,
        orders=placed.orders,
        community=quote.community,
        buyer=buyer,
        total=placed.total,
        at=at,
    )
    return {
        "role": scope.role.value,
        "checkout": {
            "id": placed.checkout,
            "community": quote.community,
            "city": quote.city,
            "currency": quote.currency,
            "buyer": buyer,
            "home": quote.home,
            "basket_id": basket and basket[0],
            "basket_version": basket and basket[1],
            "state": rules.CheckoutState.PAYING,
            "total_minor": placed.total.minor,
            "collection": placed.collection,
            "due_at": placed.pay_before,
            "locked_at": at,
            "placed_at": at,
        },
        "orders": [_order_row(quote, order, placed, buyer, at) for order in quote.orders],
        "lines": [_line_row(order.order, nth, line) for order in quote.orders for nth, line in enumerate(order.lines)],
        "facts": facts_json([fact]),
    }


def _order_row(
    quote: rules.Quote, order: rules.PricedOrder, placed: Placed, buyer: PartyId, at: datetime
) -> dict[str, object]:
    terms = order.terms
    return {
        "id": order.order,
        "number": f"LO-{business_day(at, quote.timezone):%y%m%d}-",
        "checkout_id": placed.checkout,
        "collection": placed.collection,
        "community": quote.community,
        "shop": terms.shop,
        "shop_name": terms.name,
        "city": quote.city,
        "currency": quote.currency,
        "buyer": buyer,
        "home": quote.home,
        "merchant": terms.merchant,
        "company": terms.company,
        "carrier": None if order.fulfilment.way else terms.carrier,
        "commission_bp": terms.commission_bp,
        "property_share_bp": terms.property_share_bp,
        "fulfilment": order.fulfilment,
        "slot": order.slot,
        "drop_off": order.drop_off,
        "payment": rules.Payment.ONLINE,
        "state": rules.ORDER_LIFE.birth,
        "version": 1,
        "goods_minor": order.goods.minor,
        "delivery_fee_minor": order.delivery_fee.minor,
        "refunded_fee_minor": 0,
        "window_start": order.window and order.window.start,
        "window_end": order.window and order.window.end,
        "patience": quote.patience,
        "minutes_promised": terms.minutes_promised,
        "due_at": placed.pay_before,
        "placed_at": at,
        "changed_at": at,
    }


def _line_row(order: OrderId, nth: int, line: rules.PricedLine) -> dict[str, object]:
    goods = line.goods
    return {
        "id": line.line,
        "order_id": order,
        "nth": nth,
        "variant": goods.variant,
        "listing": goods.listing,
        "title": goods.title,
        "label": goods.label,
        "kind": goods.kind,
        "options": goods.choices,
        "quantity": goods.quantity,
        "stages": line.stages,
        "net_minor": line.net.minor,
        "merchant_minor": line.shares.merchant.minor,
        "company_minor": line.shares.company.minor,
        "platform_minor": line.shares.platform.minor,
        "refunded_quantity": 0,
        "refunded_minor": 0,
    }
