"""The shop's side until the goods are ready: accept or refuse, prepare, finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import Error

from linli.kernel.ids import OrderId, ShopId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.cancel import end_unserved
from linli.trade.orders.actions.carried import tell_ready
from linli.trade.orders.actions.held import Step, facts_json, hold_for_shop, step, take
from linli.trade.orders.actions.reasons import reason_of
from linli.trade.orders.events import OrderFact


class GoodsGone(Refusal):
    """What was held has expired on the shelf; the shop refunds the line or calls the order off."""

    says = _("Some of these goods have expired since. Give them back to the buyer, then go on.")


@action(needs=May.FULFIL_ORDER)
def accept_order(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will take a paid order on: from now on its buyer cannot cancel it."""
    held = hold_for_shop(scope, order)
    take([step(scope, held, rules.OrderVerb.ACCEPT, at=at)], [held.told(events.OrderAccepted, at)])


@action(needs=May.FULFIL_ORDER, private=("reason",))
def refuse_order(scope: Scope, *, order: OrderId, reason: str, at: datetime) -> None:
    """This will turn a paid order down; its buyer has all back, and no other order of the checkout changes."""
    said = reason_of(reason)
    held = hold_for_shop(scope, order)
    fact = held.told(events.OrderRefused, at)
    end_unserved(scope, held, rules.OrderVerb.REFUSE, why=said, told=fact, at=at)


@action(needs=May.FULFIL_ORDER)
def prepare_order(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will tell the buyer that the shop has begun to pack or cook."""
    held = hold_for_shop(scope, order)
    take([step(scope, held, rules.OrderVerb.PREPARE, at=at)], [held.told(events.OrderBegun, at)])


@action(needs=May.FULFIL_ORDER)
def finish_order(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will mark an order as packed: its goods leave the stock, and its buyer gets the code to fetch it with."""
    held = hold_for_shop(scope, order)
    write_finished([step(scope, held, rules.OrderVerb.FINISH, at=at)], [held.told(events.OrderReady, at)], held.shop)
    tell_ready(held, at)


def write_finished(steps: Sequence[Step], facts: Sequence[OrderFact], shop: ShopId) -> None:
    """This will write that orders of one shop are packed; their goods leave the stock at the last of the instants."""
    last = max(each.at for each in steps)
    try:
        sql.fetch(
            "SELECT orders_finish(%s, %s, %s, %s)", sql.as_json(list(steps)), sql.as_json(facts_json(facts)), shop, last
        )
    except Error as error:
        if getattr(error.__cause__, "sqlstate", None) == "LS001":
            raise GoodsGone(variant=str(error.__cause__.diag.message_detail)) from error  # type: ignore[union-attr]
        raise
