"""The words to buyers: their order is ready, will not come, or money of theirs goes back that nobody waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import OrderId, PartyId
from linli.kernel.money import Money
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.held import HeldOrder
from linli.trade.shops import queries as shops


@action(needs=May.RUN_CLOCKS)
def tell_ready_to_fetch(scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> int:
    """This will tell buyers that their order waits at the shop's counter; what is brought is told of on its way."""
    rows = sql.fetch(
        "SELECT buyer, number, shop FROM orders_order WHERE id = ANY(%s::uuid[]) AND fulfilment = %s AND state = %s"
        " ORDER BY id",
        list(orders),
        rules.Fulfilment.PICK_UP.value,
        rules.OrderState.READY.value,
    )
    if not rows:
        return 0
    called = shops.names(shops={shop for _buyer, _number, shop in rows})
    letters = [(PartyId(buyer), {"number": number, **named("shop", called[shop])}) for buyer, number, shop in rows]
    return notify.queue_letters(SYSTEM, letters=letters, template="order_ready", at=at)


@action(needs=May.RUN_CLOCKS)
def tell_goes_back(scope: Scope, *, for_: UUID, amount: Money, at: datetime) -> int:
    """This will tell the buyer of a checkout or an order that money of theirs goes back which nobody waited for."""
    rows = sql.fetch(
        "SELECT buyer FROM orders_checkout WHERE id = %s UNION SELECT buyer FROM orders_order WHERE id = %s", for_, for_
    )
    letters = [(PartyId(row[0]), {"amount": str(amount)}) for row in rows]
    return notify.queue_letters(SYSTEM, letters=letters, template="payment_goes_back", at=at) if letters else 0


def tell_unserved(held: HeldOrder, told: events.OrderFact, at: datetime, *, is_repaid: bool) -> None:
    """This will tell a buyer that their order will not come, unless it was they who cancelled it; of money going back
    it speaks only where something was paid."""
    if isinstance(told, events.OrderCancelled) and told.by == rules.Canceller.BUYER:
        return
    template = "order_refused" if isinstance(told, events.OrderRefused) else "order_called_off"
    template += "" if is_repaid else "_unpaid"
    notify.queue_message(SYSTEM, to=held.buyer, template=template, values={"number": held.number}, at=at)


def tell_repaid(rows: Sequence[tuple[UUID, str, int]], at: datetime) -> None:
    """This will tell buyers, each with the number of the order and the amount in fen, that the money has gone back."""
    letters = [(PartyId(buyer), {"number": number, "amount": str(Money(minor))}) for buyer, number, minor in rows]
    if letters:
        notify.queue_letters(SYSTEM, letters=letters, template="refund_done", at=at)
