"""Serving: what was paid is refused, cancelled, or packed, brought, handed over, and sometimes complained about.

A shop's counter writes down what it did with a portion of orders in one go; the codes are its buyers', one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linli.kernel.ids import OrderId, RefundId, ShopId
from linli.kernel.money import Money
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.actions import Taken
from linli.trade.orders.queries import OrderPage, Standing
from linli.trade.orders.rules import Fulfilment, OrderState, OrderVerb, RefundAsk, RefundState
from linli.works.clockwork.fates import Asks, End, Fate, Receipt

SENT_AGAIN_AFTER = timedelta(minutes=10)
_WAITS = (OrderState.READY, OrderState.IN_DELIVERY)


class NotHandedOver(RuntimeError):
    """The buyer's own code did not open the handover: a defect of the house."""


@dataclass(frozen=True, slots=True)
class Served:
    """An order that was paid, with its buyer, its fate and where it stands."""

    order: OrderId
    buyer: Scope
    paid_at: datetime
    fate: Fate
    standing: Standing

    @property
    def is_brought(self) -> bool:
        return self.standing.fulfilment is Fulfilment.SHOP_DELIVERY

    @property
    def decided_at(self) -> datetime:
        return self.paid_at + self.fate.decided_after

    @property
    def ready_at(self) -> datetime:
        return self.decided_at + self.fate.ready_after

    @property
    def sent_at(self) -> datetime:
        return self.ready_at + self.fate.sent_after

    @property
    def handed_at(self) -> datetime:
        return self.sent_at + self.fate.handed_after

    def stands(self, state: OrderState) -> Served:
        """This will give it as it stands after a step."""
        return replace(self, standing=replace(self.standing, state=state))


Counter = Callable[[ShopId], Scope]
"""Gives the scope of whoever stands behind a shop's counter."""


def serve(served: Sequence[Served], counter: Counter) -> list[Served]:
    """This will take orders from where they stand to their ends, and give those that their buyers have now."""
    by_shop: dict[ShopId, list[Served]] = defaultdict(list)
    for one in served:
        if one.standing.state is OrderState.PAID and one.fate.end is not End.SERVED:
            _end(one, counter(one.standing.shop))
        else:
            by_shop[one.standing.shop].append(one)
    packed = [one for shop, theirs in sorted(by_shop.items()) for one in _pack(counter(shop), theirs)]
    for one in packed:
        if one.is_brought and one.fate.is_brought_back and one.standing.state is OrderState.IN_DELIVERY:
            _knock_in_vain(one, counter(one.standing.shop))
    return [done for buyer, theirs in _by_buyer(packed) for done in _hand_over(buyer, theirs, counter)]


def _end(one: Served, shop: Scope) -> None:
    if one.fate.end is End.REFUSED:
        orders.refuse_order(shop, order=one.order, reason="Sold out on the shelf.", at=one.decided_at)
    else:
        orders.cancel_order(one.buyer, order=one.order, at=one.decided_at)


def _pack(shop: Scope, theirs: Sequence[Served]) -> list[Served]:
    """Accepted, packed and sent out, each at its own instant; whatever of it is done already is left as it is."""
    taken = [step for one in theirs for step in _steps(one)]
    if taken:
        orders.catch_up(shop, taken=taken, at=max(step.at for step in taken))
    moved = {step.order for step in taken}
    after = {one.order: OrderState.IN_DELIVERY if one.is_brought else OrderState.READY for one in theirs}
    return [one.stands(after[one.order]) if one.order in moved else one for one in theirs]


def _steps(one: Served) -> list[Taken]:
    steps = []
    if one.standing.state is OrderState.PAID:
        steps.append(Taken(order=one.order, verb=OrderVerb.ACCEPT, at=one.decided_at))
    if one.standing.state in (OrderState.PAID, OrderState.ACCEPTED):
        steps.append(Taken(order=one.order, verb=OrderVerb.FINISH, at=one.ready_at))
    if one.is_brought and one.standing.state in (OrderState.PAID, OrderState.ACCEPTED, OrderState.READY):
        steps.append(Taken(order=one.order, verb=OrderVerb.DISPATCH, at=one.sent_at))
    return steps


def _knock_in_vain(one: Served, shop: Scope) -> None:
    """Nobody is at home the first time: back to the shop, and out again a little later."""
    moments = known.order_page(SYSTEM, order=one.order).moments
    if not any(moment.verb == OrderVerb.BRING_BACK for moment in moments):
        back_at = one.sent_at + SENT_AGAIN_AFTER / 2
        orders.bring_back_order(shop, order=one.order, reason="Nobody at home.", at=back_at)
        orders.dispatch_order(shop, order=one.order, at=one.sent_at + SENT_AGAIN_AFTER)


def _by_buyer(packed: Sequence[Served]) -> list[tuple[Scope, list[Served]]]:
    by_buyer: dict[Scope, list[Served]] = defaultdict(list)
    for one in packed:
        by_buyer[one.buyer].append(one)
    return list(by_buyer.items())


def _hand_over(buyer: Scope, theirs: Sequence[Served], counter: Counter) -> list[Served]:
    """The goods against the code, or on the buyer's word; an order that nobody speaks of is left to the clock."""
    waiting = [one for one in theirs if one.standing.state in _WAITS]
    codes = known.my_codes(buyer) if any(one.fate.receipt is Receipt.CODE for one in waiting) else {}
    done = [one for one in theirs if one.standing.state is OrderState.COMPLETED]
    for one in waiting:
        match one.fate.receipt:
            case Receipt.CODE:
                shop, code = counter(one.standing.shop), codes.get(one.order, "")
                if orders.hand_over_order(shop, order=one.order, code=code, at=one.handed_at) is not Redeemed.OK:
                    raise NotHandedOver(str(one.order))
            case Receipt.BUYER:
                orders.confirm_receipt(buyer, order=one.order, at=one.handed_at)
            case Receipt.TIME:
                continue
        done.append(one.stands(OrderState.COMPLETED))
    return done


def complain(one: Served, shop: Scope) -> None:
    """This will have a buyer whose fate it is ask for money back, and the shop answer."""
    if one.fate.refund_after is None:
        return
    at = one.handed_at + one.fate.refund_after
    page = known.order_page(one.buyer, order=one.order)
    refund = orders.request_refund(
        one.buyer.keyed(f"refund-{one.order}"),
        order=one.order,
        lines=_asked(one.fate, page),
        with_fee=one.fate.asks is Asks.WHOLE,
        reason="Not as it should be.",
        at=at,
    )
    if _state_of(refund, one.order) is RefundState.ASKED:
        granted = one.fate.refund_granted
        reason = "" if granted else "It was whole when it left us."
        orders.answer_refund(shop, refund=refund, grant=granted, reason=reason, at=at + timedelta(minutes=5))


def _asked(fate: Fate, page: OrderPage) -> tuple[RefundAsk, ...]:
    first = page.lines[0]
    match fate.asks:
        case Asks.PART if first.net.minor > 1:
            return (RefundAsk(line=first.line, amount=Money(first.net.minor // 2)),)
        case Asks.WHOLE:
            return tuple(RefundAsk(line=line.line, quantity=line.quantity) for line in page.lines)
        case _:
            return (RefundAsk(line=first.line, quantity=1),)


def _state_of(refund: RefundId, order: OrderId) -> RefundState:
    page = known.order_page(SYSTEM, order=order)
    return next(each.state for each in page.refunds if each.refund == refund)
