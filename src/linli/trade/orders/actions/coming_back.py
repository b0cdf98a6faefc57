"""Goods of orders that ended on their way: back at their shop they are counted in, to be sold again or as lost.

What nobody counts in does not lie for ever: the shop is told again after some hours, and after some days it is written
off (`OrderPolicy.count_in_hours`, `write_off_days`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from linli.kernel.ids import OrderId, VariantId
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import rules
from linli.trade.orders.actions.held import HeldOrder, hold, hold_for_shop
from linli.trade.orders.actions.reasons import LONGEST_REASON
from linli.trade.orders.models import Move
from linli.trade.stock import actions as stock
from linli.trade.stock import queries as levels
from linli.trade.stock.actions import Back

COME_BACK, COUNT_IN, CHASE = "come_back", "count_in", "chase"
_ENDED = frozenset({rules.OrderState.CANCELLED, rules.OrderState.COMPLETED, rules.OrderState.CLOSED})


class NothingCameBack(Refusal):
    """The goods are not back, or were counted in already."""

    says = _("Nothing of this order waits to be counted in.")


@action(needs=May.DELIVER_ORDER)
def note_back(scope: Scope, *, order: OrderId, at: datetime) -> bool:
    """This will have the goods of an order that ended counted in at their shop, where they are again; once.

    What is still to be served is not among it, nor what no stock is kept of.
    """
    held = next(iter(hold((order,))), None)
    if held is None or held.state not in _ENDED or _noted(order, COME_BACK):
        return False
    if not levels.out_with(SYSTEM, orders=[order]):
        return False
    _note(scope, held, COME_BACK, at=at)
    return True


@action(needs=May.FULFIL_ORDER, private=("why",))
def count_in(scope: Scope, *, order: OrderId, sellable: Mapping[VariantId, int], why: str = "", at: datetime) -> None:
    """This will put what came back of an order on the shelf again, and write off the rest of it, in one go."""
    held = hold_for_shop(scope, order)
    if not _noted(order, COME_BACK) or _noted(order, COUNT_IN):
        raise NothingCameBack
    if len(why) > LONGEST_REASON:
        raise Invalid("why", _("At most {most} characters."), most=LONGEST_REASON)
    out = {each: units for (_order, each), units in levels.out_with(scope, orders=[order]).items()}
    for variant, count in sellable.items():
        if not 0 <= count <= out.get(variant, 0):
            raise Invalid(f"sellable.{variant}", _("Not more than came back."))
    _count(scope, held, out, sellable, why.strip() or held.number, at=at)


@action(needs=May.RUN_CLOCKS)
def chase_shops(scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> int:
    """This will tell shops once more of what came back and still waits to be counted in; tells of how many orders."""
    late = [held for held in hold(orders) if _waits(held) and not _noted(held.id, CHASE)]
    for held in late:
        _note(scope, held, CHASE, at=at)
        notify.queue_message(SYSTEM, to=held.merchant, template="goods_back", values={"number": held.number}, at=at)
    return len(late)


@action(needs=May.RUN_CLOCKS)
def write_off_unseen(scope: Scope, *, order: OrderId, at: datetime) -> int:
    """This will write off what came back so long ago that nobody will look at it; counted in meanwhile, it is left."""
    held = next(iter(hold((order,))), None)
    if held is None or not _waits(held):
        return 0
    out = {each: units for (_order, each), units in levels.out_with(scope, orders=[order]).items()}
    _count(scope, held, out, {}, held.number, at=at)
    return 1


def _waits(held: HeldOrder) -> bool:
    return _noted(held.id, COME_BACK) and not _noted(held.id, COUNT_IN)


def _count(
    scope: Scope,
    held: HeldOrder,
    out: Mapping[VariantId, int],
    sellable: Mapping[VariantId, int],
    why: str,
    *,
    at: datetime,
) -> None:
    lines = [Back(each, sellable.get(each, 0), quantity - sellable.get(each, 0)) for each, quantity in out.items()]
    stock.count_back(scope, order=held.id, lines=lines, why=why, at=at)
    _note(scope, held, COUNT_IN, at=at)


def _noted(order: OrderId, verb: str) -> bool:
    return Move.objects.inside().filter(order=order, verb=verb).exists()


def _note(scope: Scope, held: HeldOrder, verb: str, *, at: datetime) -> None:
    Move.objects.create(
        order_id=held.id, verb=verb, state=held.state.value, role=scope.role.value, person=scope.person, moved_at=at
    )
