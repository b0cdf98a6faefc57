"""The lives of a checkout, an order and a refund: three axes, never one column for two of them."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class CheckoutState(StrEnum):
    LOCKED = "locked"
    PAYING = "paying"
    PLACED = "placed"
    EXPIRED = "expired"


class CheckoutVerb(StrEnum):
    PLACE = "place"
    PAY = "pay"
    PROMISE = "promise"
    EXPIRE = "expire"


CHECKOUT_LIFE: Life[CheckoutState, CheckoutVerb] = Life(
    birth=CheckoutState.LOCKED,
    moves={
        (CheckoutState.LOCKED, CheckoutVerb.PLACE): CheckoutState.PAYING,
        (CheckoutState.LOCKED, CheckoutVerb.EXPIRE): CheckoutState.EXPIRED,
        (CheckoutState.PAYING, CheckoutVerb.PAY): CheckoutState.PLACED,
        (CheckoutState.PAYING, CheckoutVerb.PROMISE): CheckoutState.PLACED,
        (CheckoutState.PAYING, CheckoutVerb.EXPIRE): CheckoutState.EXPIRED,
    },
)
"""The basket is the open checkout; a checkout is born when its prices are locked."""


class OrderState(StrEnum):
    PLACED = "placed"
    PROMISED = "promised"
    PAID = "paid"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    READY = "ready"
    IN_DELIVERY = "in_delivery"
    AT_PICKUP_POINT = "at_pickup_point"
    COMPLETED = "completed"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class OrderVerb(StrEnum):
    PAY = "pay"
    PROMISE = "promise"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PREPARE = "prepare"
    FINISH = "finish"
    DISPATCH = "dispatch"
    BRING_BACK = "bring_back"
    SHELVE = "shelve"
    COMPLETE = "complete"
    CLOSE = "close"
    CANCEL = "cancel"


_S, _V = OrderState, OrderVerb
ORDER_LIFE: Life[OrderState, OrderVerb] = Life(
    birth=_S.PLACED,
    moves={
        (_S.PLACED, _V.PAY): _S.PAID,
        (_S.PLACED, _V.PROMISE): _S.PROMISED,
        (_S.PAID, _V.ACCEPT): _S.ACCEPTED,
        (_S.PROMISED, _V.ACCEPT): _S.ACCEPTED,
        (_S.ACCEPTED, _V.PREPARE): _S.PREPARING,
        (_S.ACCEPTED, _V.FINISH): _S.READY,
        (_S.PREPARING, _V.FINISH): _S.READY,
        (_S.READY, _V.DISPATCH): _S.IN_DELIVERY,
        (_S.IN_DELIVERY, _V.BRING_BACK): _S.READY,
        (_S.IN_DELIVERY, _V.SHELVE): _S.AT_PICKUP_POINT,
        (_S.AT_PICKUP_POINT, _V.BRING_BACK): _S.READY,
        (_S.READY, _V.COMPLETE): _S.COMPLETED,
        (_S.IN_DELIVERY, _V.COMPLETE): _S.COMPLETED,
        (_S.AT_PICKUP_POINT, _V.COMPLETE): _S.COMPLETED,
        (_S.COMPLETED, _V.CLOSE): _S.CLOSED,
        (_S.PAID, _V.REFUSE): _S.REFUSED,
        (_S.PROMISED, _V.REFUSE): _S.REFUSED,
        (_S.PLACED, _V.CANCEL): _S.CANCELLED,
        (_S.PAID, _V.CANCEL): _S.CANCELLED,
        (_S.PROMISED, _V.CANCEL): _S.CANCELLED,
        (_S.ACCEPTED, _V.CANCEL): _S.CANCELLED,
        (_S.PREPARING, _V.CANCEL): _S.CANCELLED,
        (_S.READY, _V.CANCEL): _S.CANCELLED,
        (_S.IN_DELIVERY, _V.CANCEL): _S.CANCELLED,
        (_S.AT_PICKUP_POINT, _V.CANCEL): _S.CANCELLED,
    },
)
"""What couriers leave at a shelf, a locker or a desk waits at a pick-up point; who cancels when is `may_cancel`."""


class Payment(StrEnum):
    """How an order is paid. Whether it is, is another axis: a promised order is accepted, ready, on its way unpaid."""

    ONLINE = "online"
    CASH = "cash"


class Canceller(StrEnum):
    """On whose word an order is cancelled."""

    BUYER = "buyer"
    SHOP = "shop"
    PLATFORM = "platform"
    TIME = "time"


_CANCELS: dict[Canceller, frozenset[OrderState]] = {
    Canceller.BUYER: frozenset({_S.PAID, _S.PROMISED}),
    Canceller.SHOP: frozenset({_S.ACCEPTED, _S.PREPARING, _S.READY, _S.IN_DELIVERY}),
    Canceller.PLATFORM: frozenset(
        {_S.PAID, _S.PROMISED, _S.ACCEPTED, _S.PREPARING, _S.READY, _S.IN_DELIVERY, _S.AT_PICKUP_POINT}
    ),
    Canceller.TIME: frozenset({_S.PAID, _S.PROMISED, _S.ACCEPTED, _S.PREPARING, _S.READY}),
}


def may_cancel(who: Canceller, state: OrderState, *, to_pay: bool = False, by_courier: bool = False) -> bool:
    """This will tell whether the word of `who` cancels an order in this state (an unpaid one ends with its checkout).

    The buyer until the shop accepts; the shop afterwards (before that it refuses); the clock where the shop is waited
    for (`deadlines.when_time_is_up`): also on the way, where the shop has still `to_pay`, that is, to take the money,
    or where one of the platform's couriers (`by_courier`) never handed the goods over.
    """
    late_on_its_way = who is Canceller.TIME and state is _S.IN_DELIVERY and (to_pay or by_courier)
    return late_on_its_way or state in _CANCELS[who]


class RefundState(StrEnum):
    ASKED = "asked"
    DISPUTED = "disputed"
    GRANTED = "granted"
    REPAID = "repaid"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RefundVerb(StrEnum):
    GRANT = "grant"
    DECLINE = "decline"
    LAPSE = "lapse"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REPAY = "repay"


REFUND_LIFE: Life[RefundState, RefundVerb] = Life(
    birth=RefundState.ASKED,
    moves={
        (RefundState.ASKED, RefundVerb.GRANT): RefundState.GRANTED,
        (RefundState.ASKED, RefundVerb.DECLINE): RefundState.DISPUTED,
        (RefundState.ASKED, RefundVerb.LAPSE): RefundState.DISPUTED,
        (RefundState.ASKED, RefundVerb.WITHDRAW): RefundState.WITHDRAWN,
        (RefundState.DISPUTED, RefundVerb.GRANT): RefundState.GRANTED,
        (RefundState.DISPUTED, RefundVerb.REJECT): RefundState.REJECTED,
        (RefundState.DISPUTED, RefundVerb.LAPSE): RefundState.GRANTED,
        (RefundState.DISPUTED, RefundVerb.WITHDRAW): RefundState.WITHDRAWN,
        (RefundState.GRANTED, RefundVerb.REPAY): RefundState.REPAID,
    },
)
"""The shop answers a request; what it declines or leaves unanswered the platform decides; what the platform leaves
undecided is granted, because silence may not cost the buyer."""

OPEN_REFUNDS = (RefundState.ASKED, RefundState.DISPUTED)
"""An order is not closed while one of these waits for an answer."""


class WaitsFor(StrEnum):
    """Whom a waiting state waits for."""

    BUYER = "buyer"
    SHOP = "shop"
    COURIER = "courier"
    PLATFORM = "platform"
    NOBODY = "nobody"
