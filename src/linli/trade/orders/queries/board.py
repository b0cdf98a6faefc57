"""The shop's board of what is to be done now, and the requests for refunds that wait for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from linli.kernel.ids import HomeId, LineId, OrderId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.queries.owed import TO_PAY

MOST_CARDS = 200
MOST_ROWS = 20_000
"""Of a sheet of requests."""
_ACTIVE = "state IN ('promised', 'paid', 'accepted', 'preparing', 'ready', 'in_delivery')"


@dataclass(frozen=True, slots=True)
class BoardLine:
    title: rules.Names
    label: rules.Names
    options: tuple[rules.Choice, ...]
    quantity: int


@dataclass(frozen=True, slots=True)
class BoardCard:
    """An order on the board: what to pack, for when, and until when the next step is due. The code is not here.

    `to_pay` is what the shop still has to take in cash when it hands the goods over.
    """

    order: OrderId
    number: str
    state: rules.OrderState
    fulfilment: rules.Fulfilment
    buyer: PartyId
    home: HomeId
    total: Money
    payment: rules.Payment
    to_pay: Money
    window_start: datetime | None
    window_end: datetime | None
    promised_at: datetime | None
    due_at: datetime
    placed_at: datetime
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Four columns, each with what is due first on top; `version` changes when any card does."""

    new: tuple[BoardCard, ...]
    preparing: tuple[BoardCard, ...]
    ready: tuple[BoardCard, ...]
    on_its_way: tuple[BoardCard, ...]
    version: str


@dataclass(frozen=True, slots=True)
class RefundCardLine:
    line: LineId
    title: rules.Names
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundCard:
    """A request for money back, for whoever has to answer it."""

    refund: RefundId
    order: OrderId
    number: str
    shop_name: rules.Names
    state: rules.RefundState
    amount: Money
    fee: Money
    reason: str
    asked_at: datetime
    due_at: datetime | None
    lines: tuple[RefundCardLine, ...]
    taken_by: PartyId | None = None
    taken_at: datetime | None = None
    """Who of the platform works on it, and since when."""


class Whose(StrEnum):
    """Which disputes are listed: those that the asker works on, or those that nobody does."""

    MINE = "mine"
    NOBODYS = "nobodys"


_cards = msgspec.json.Decoder(BoardCard)
_requests = msgspec.json.Decoder(RefundCard)


def _insist_shop(scope: Scope) -> None:
    if scope.shop is None:
        raise NotFound("shop")


@query
def board_version(scope: Scope) -> str:
    """This will give a word that changes when any card on the board does: how many, how often and when last changed."""
    _insist_shop(scope)
    row = sql.fetch_one(
        "SELECT count(*), coalesce(sum(version), 0), coalesce(extract(epoch FROM max(changed_at)), 0)"
        f" FROM orders_order WHERE shop = %s AND {_ACTIVE}",
        scope.shop,
    )
    return "-".join(str(part) for part in row or ())


@query
def shop_board(scope: Scope, *, limit: int = 100) -> Board:
    """This will show a shop what is to be done: new, being prepared, ready, on its way."""
    _insist_shop(scope)
    version = board_version(scope)
    rows = sql.fetch(
        "SELECT jsonb_build_object('order', o.id, 'number', o.number, 'state', o.state, 'fulfilment', o.fulfilment,"
        " 'buyer', o.buyer, 'home', o.home,"
        " 'total', jsonb_build_object('minor', o.goods_minor + o.delivery_fee_minor),"
        f" 'payment', o.payment, 'to_pay', {TO_PAY},"
        " 'window_start', o.window_start, 'window_end', o.window_end, 'promised_at', o.promised_at,"
        " 'due_at', o.due_at, 'placed_at', o.placed_at, 'lines', (SELECT jsonb_agg(jsonb_build_object("
        "'title', l.title, 'label', l.label, 'options', l.options, 'quantity', l.quantity) ORDER BY l.nth)"
        " FROM orders_line AS l WHERE l.order_id = o.id))::text"
        f" FROM orders_order AS o WHERE o.shop = %s AND {_ACTIVE} ORDER BY o.due_at, o.id LIMIT %s",
        scope.shop,
        min(limit, MOST_CARDS),
    )
    cards = [_cards.decode(row[0]) for row in rows]

    def column(*states: rules.OrderState) -> tuple[BoardCard, ...]:
        return tuple(card for card in cards if card.state in states)

    return Board(
        new=column(rules.OrderState.PROMISED, rules.OrderState.PAID),
        preparing=column(rules.OrderState.ACCEPTED, rules.OrderState.PREPARING),
        ready=column(rules.OrderState.READY),
        on_its_way=column(rules.OrderState.IN_DELIVERY),
        version=version,
    )


_REQUESTS = (
    "SELECT jsonb_build_object('refund', r.id, 'order', r.order_id, 'number', o.number, 'shop_name', o.shop_name,"
    " 'state', r.state, 'amount', jsonb_build_object('minor', r.amount_minor),"
    " 'fee', jsonb_build_object('minor', r.fee_minor), 'reason', r.reason,"
    " 'asked_at', r.asked_at, 'due_at', r.due_at, 'taken_by', r.taken_by, 'taken_at', r.taken_at,"
    " 'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object("
    "'line', l.id, 'title', l.title, 'quantity', x.quantity,"
    " 'amount', jsonb_build_object('minor', x.amount_minor)) ORDER BY l.nth), '[]')"
    " FROM orders_refund_line AS x JOIN orders_line AS l ON l.id = x.line_id WHERE x.refund_id = r.id))::text"
    " FROM orders_refund AS r JOIN orders_order AS o ON o.id = r.order_id"
)


@query
def refund_requests(scope: Scope, *, whose: Whose | None = None, limit: int = 50) -> tuple[RefundCard, ...]:
    """This will list what waits for an answer, due first: of its shop to a merchant, disputes to the platform.

    `whose` narrows disputes to those of one person, or to those that nobody works on.
    """
    if not scope.is_inside:
        _insist_shop(scope)
    rows = sql.fetch(
        _REQUESTS + " WHERE CASE WHEN %s THEN r.state = 'disputed' AND (%s::uuid IS NULL OR o.city = %s::uuid)"
        " ELSE r.shop = %s AND r.state = 'asked' END"
        " AND CASE %s WHEN 'mine' THEN r.taken_by = %s WHEN 'nobodys' THEN r.taken_by IS NULL ELSE true END"
        " ORDER BY r.due_at, r.id LIMIT %s",
        scope.is_inside,
        scope.city,
        scope.city,
        scope.shop,
        whose.value if whose else "",
        scope.person,
        min(limit, MOST_ROWS),
    )
    return tuple(_requests.decode(row[0]) for row in rows)


@query
def dispute(scope: Scope, *, refund: RefundId) -> RefundCard:
    """This will show the platform one request that came to a dispute, also when it is decided."""
    row = sql.fetch_one(
        _REQUESTS + " WHERE r.id = %s AND %s AND (%s::uuid IS NULL OR o.city = %s::uuid)"
        " AND EXISTS (SELECT FROM orders_move AS m WHERE m.refund_id = r.id AND m.state = 'disputed')",
        refund,
        scope.is_inside,
        scope.city,
        scope.city,
    )
    if row is None:
        raise NotFound("refund")
    return _requests.decode(row[0])
