"""What programs of merchants and of the platform hear: facts about orders become webhook messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID, uuid5

import msgspec

from linli.reach.webhooks import actions as webhooks
from linli.reach.webhooks.rules import EventKind, Message
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.orders import events
from linli.trade.orders.events import OrderFact

TOLD: dict[type[OrderFact], EventKind] = {
    events.OrderPaid: EventKind.ORDER_PAID,
    events.OrderPromised: EventKind.ORDER_PROMISED,
    events.OrderAccepted: EventKind.ORDER_ACCEPTED,
    events.OrderRefused: EventKind.ORDER_REFUSED,
    events.OrderCancelled: EventKind.ORDER_CANCELLED,
    events.OrderReady: EventKind.ORDER_READY,
    events.OrderDispatched: EventKind.ORDER_DISPATCHED,
    events.OrderCompleted: EventKind.ORDER_COMPLETED,
    events.OrderRefunded: EventKind.ORDER_REFUNDED,
    events.OrderClosed: EventKind.ORDER_CLOSED,
    events.RefundAsked: EventKind.REFUND_ASKED,
}
_MESSAGES = UUID("01930000-0000-7000-8000-0000776562c8")
"""The name space of message ids: the same fact gives the same id, however often it is told."""


def message_of(fact: OrderFact, kind: EventKind) -> Message:
    """This will put a fact into the shape of the specification: ids and values, never persons or words of theirs."""
    data = msgspec.to_builtins(fact)
    at = data.pop("at")
    body = msgspec.json.encode({"type": kind.value, "timestamp": at, "data": data}).decode()
    return Message(id=uuid5(_MESSAGES, body), kind=kind, shop=fact.shop, body=body)


def _listening(kind: EventKind) -> Callable[[Sequence[OrderFact]], None]:
    def queue(facts: Sequence[OrderFact]) -> None:
        webhooks.queue(SYSTEM, messages=[message_of(fact, kind) for fact in facts], at=facts[-1].at)

    queue.__name__ = "send_" + kind.value.replace(".", "_")
    return queue


for _fact, _kind in TOLD.items():
    reacts_to(_fact, together=True)(_listening(_kind))
