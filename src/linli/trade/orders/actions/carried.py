"""Orders that couriers of the platform carry: asked of delivery when paid, moved by what it tells of them.

What delivery tells comes late, twice or of an order that ended meanwhile: each step is taken only from the state it is
meant for, so that a late success never revives what was cancelled and paid back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import OrderId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.rules import Asked, DeliveryPolicy, DropOff, Kind
from linli.trade.orders import events, rules
from linli.trade.orders.actions.at_points import leave_at_points
from linli.trade.orders.actions.complete import complete_held
from linli.trade.orders.actions.held import HeldOrder, hold, step, take

_S, _V = rules.OrderState, rules.OrderVerb


def ask_couriers(paid: Sequence[HeldOrder], at: datetime) -> None:
    """This will keep the places of paid orders for good and have couriers carry them, where couriers do."""
    ours = [held for held in paid if held.fulfilment.way]
    if not ours:
        return
    delivery.keep_slots(SYSTEM, orders=[held.id for held in ours])
    buildings = places.buildings_of({held.home for held in ours})
    care = catalogue.care_of(variants={line.variant for held in ours for line in held.lines})
    asked = []
    for held in ours:
        promised = rules.promised_at(at, held.minutes_promised, held.window)
        asks = rules.care_in((care[line.variant], line.quantity) for line in held.lines if line.variant in care)
        asked.append(
            Asked(
                order=held.id,
                shop=held.shop,
                community=held.community,
                building=buildings.get(held.home),
                home=held.home,
                kind=Kind.POOLED if held.fulfilment is rules.Fulfilment.POOLED else Kind.NOW,
                slot=held.slot,
                # Until the shop says more: when the slot begins, or half of what was promised.
                ready_at=held.window.start if held.window else at + timedelta(minutes=held.minutes_promised) / 2,
                promised_at=promised,
                portions=1,
                fee=held.fee_left,
                number=held.number,
                drop_off=held.drop_off or DropOff.DOOR,
                needs=rules.skills_for(asks, _terms(held, at)) if asks else frozenset(),
                care=asks,
            )
        )
    delivery.ask_delivery(SYSTEM, asked=asked, at=at)


def _terms(held: HeldOrder, at: datetime) -> DeliveryPolicy:
    return policy(SYSTEM, DeliveryPolicy, at=at, community=held.community, city=held.city)


def tell_ready(held: HeldOrder, at: datetime) -> None:
    """This will tell the courier of an order that its goods are packed."""
    if held.fulfilment.way:
        delivery.goods_ready(SYSTEM, order=held.id, at=at)


def call_courier_off(held: HeldOrder, why: str, at: datetime) -> None:
    """This will tell delivery that nobody wants an order any more."""
    if held.fulfilment.way:
        delivery.call_off(SYSTEM, order=held.id, why=why, at=at)


@action(needs=May.DELIVER_ORDER)
def note_taken(
    scope: Scope, *, orders: Sequence[OrderId], moments: Mapping[OrderId, datetime] | None = None, at: datetime
) -> int:
    """This will note that couriers have collected orders, and tell of how many; they are on their way.

    `moments` says when each was collected, where several are told together.
    """
    return _move(scope, orders, _V.DISPATCH, moments=moments or {}, at=at)


@action(needs=May.DELIVER_ORDER, private=("why",))
def note_failed(scope: Scope, *, order: OrderId, why: str, at: datetime) -> int:
    """This will note that an order could not be handed over and comes back to its shop; it can be sent out again."""
    return _move(scope, [order], _V.BRING_BACK, at=at, why=why)


@action(needs=May.DELIVER_ORDER)
def send_again(_scope: Scope, *, order: OrderId, at: datetime) -> bool:
    """This will have couriers try once more what came back to its shop, and tell whether they do.

    After a second time it is the shop that calls the order off, or the clock, and the buyer has the money back.
    """
    held = [each for each in hold((order,)) if each.fulfilment.way and each.state is _S.READY]
    row = sql.fetch_one(
        "SELECT count(*) FROM orders_move WHERE order_id = %s AND verb = %s", order, _V.BRING_BACK.value
    )
    if not held or row is None or row[0] != 1:
        return False
    ask_couriers(held, at)
    return True


@action(needs=May.DELIVER_ORDER)
def note_done(
    scope: Scope,
    *,
    orders: Sequence[OrderId],
    to_buyer: Sequence[OrderId] = (),
    spots: Mapping[OrderId, str] | None = None,
    left: Mapping[OrderId, DropOff] | None = None,
    moments: Mapping[OrderId, datetime] | None = None,
    at: datetime,
) -> int:
    """This will note that couriers have handed orders over, which completes them, or left them at a pick-up point.

    `spots` says where exactly they lie there; of what was `left` elsewhere than asked for, the buyer is told. What went
    `to_buyer`, against their code, waits nowhere. An order that is not on its way, because it was cancelled meanwhile,
    stays as it is. `moments` says when each was done, where several are told together.
    """
    _move(scope, orders, _V.DISPATCH, moments=moments or {}, at=at)  # whoever handed over has collected
    arrived = [held for held in hold(orders) if held.state is _S.IN_DELIVERY and held.fulfilment.way]
    lies = {held.id: (left or {}).get(held.id, held.drop_off) for held in arrived}
    handed = [held for held in arrived if lies[held.id] in (None, DropOff.DOOR) or held.id in to_buyer]
    waiting = [held for held in arrived if held not in handed]
    if handed:
        complete_held(scope, handed, why="courier", moments=moments, at=at)
    if waiting:
        leave_at_points(scope, waiting, spots or {}, left or {}, moments or {}, at=at)
    return len(arrived)


def _move(
    scope: Scope,
    orders: Sequence[OrderId],
    verb: rules.OrderVerb,
    *,
    moments: Mapping[OrderId, datetime] | None = None,
    at: datetime,
    why: str = "",
) -> int:
    """Those that may take the verb where they stand; the others are passed over."""
    held = [each for each in hold(orders) if each.fulfilment.way and rules.ORDER_LIFE.allows(each.state, verb)]
    if held:
        told = [each.told(events.OrderDispatched, at) for each in held] if verb is _V.DISPATCH else []
        when = moments or {}
        take([step(scope, each, verb, at=when.get(each.id, at), why=why) for each in held], told)
    return len(held)
