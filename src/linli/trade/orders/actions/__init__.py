"""The verbs of orders: fill a basket, lock its prices, place, fulfil, deliver, complete, cancel, refund."""

from linli.trade.orders.actions.again import Again, fill_basket, order_again
from linli.trade.orders.actions.at_points import AgeUnseen, hand_out_order, remind_of_orders
from linli.trade.orders.actions.basket import (
    BasketFull,
    add_to_basket,
    change_basket_line,
    choose_delivery,
    choose_fulfilment,
    choose_window,
    remove_basket_line,
    set_basket_home,
)
from linli.trade.orders.actions.bringing import NoDelivery
from linli.trade.orders.actions.cancel import (
    call_off_order,
    cancel_checkout,
    cancel_order,
    cancel_overdue_order,
    expire_checkouts,
)
from linli.trade.orders.actions.carried import note_done, note_failed, note_taken, send_again
from linli.trade.orders.actions.cash import (
    CashNotTaken,
    CashTooMuch,
    TooManyPromises,
    TransferNotTaken,
    choose_transfer,
    hand_back_cash,
    mark_collected,
    promise_cash,
)
from linli.trade.orders.actions.checkout import NoHome, expire_locks, lock_checkout
from linli.trade.orders.actions.coming_back import NothingCameBack, chase_shops, count_in, note_back, write_off_unseen
from linli.trade.orders.actions.complete import close_orders, complete_overdue_orders, confirm_receipt
from linli.trade.orders.actions.deliver import (
    ByCourier,
    PickedUpOnly,
    bring_back_order,
    dispatch_order,
    hand_over_order,
)
from linli.trade.orders.actions.forget import forget_person
from linli.trade.orders.actions.fulfil import GoodsGone, accept_order, finish_order, prepare_order, refuse_order
from linli.trade.orders.actions.owed import CashDue, PaidAlready, PaidMeanwhile
from linli.trade.orders.actions.paid import mark_paid
from linli.trade.orders.actions.place import BasketChanged, LockExpired, Placed, order_now, place_checkout
from linli.trade.orders.actions.pricing import Asked, NotBuyer, NotForSale, NothingToOrder, OutOfStock
from linli.trade.orders.actions.refund import (
    REFUNDABLE,
    NotRefundable,
    RefundAskedAlready,
    RefundsOver,
    answer_refund,
    decide_refund,
    grant_refund,
    lapse_refund,
    mark_repaid,
    request_refund,
    withdraw_refund,
)
from linli.trade.orders.actions.together import Taken, catch_up, take_step_with_many

__all__ = [
    "REFUNDABLE",
    "Again",
    "AgeUnseen",
    "Asked",
    "BasketChanged",
    "BasketFull",
    "ByCourier",
    "CashDue",
    "CashNotTaken",
    "CashTooMuch",
    "GoodsGone",
    "LockExpired",
    "NoDelivery",
    "NoHome",
    "NotBuyer",
    "NotForSale",
    "NotRefundable",
    "NothingCameBack",
    "NothingToOrder",
    "OutOfStock",
    "PaidAlready",
    "PaidMeanwhile",
    "PickedUpOnly",
    "Placed",
    "RefundAskedAlready",
    "RefundsOver",
    "Taken",
    "TooManyPromises",
    "TransferNotTaken",
    "accept_order",
    "add_to_basket",
    "answer_refund",
    "bring_back_order",
    "call_off_order",
    "cancel_checkout",
    "cancel_order",
    "cancel_overdue_order",
    "catch_up",
    "change_basket_line",
    "chase_shops",
    "choose_delivery",
    "choose_fulfilment",
    "choose_transfer",
    "choose_window",
    "close_orders",
    "complete_overdue_orders",
    "confirm_receipt",
    "count_in",
    "decide_refund",
    "dispatch_order",
    "expire_checkouts",
    "expire_locks",
    "fill_basket",
    "finish_order",
    "forget_person",
    "grant_refund",
    "hand_back_cash",
    "hand_out_order",
    "hand_over_order",
    "lapse_refund",
    "lock_checkout",
    "mark_collected",
    "mark_paid",
    "mark_repaid",
    "note_back",
    "note_done",
    "note_failed",
    "note_taken",
    "order_again",
    "order_now",
    "place_checkout",
    "prepare_order",
    "promise_cash",
    "refuse_order",
    "remind_of_orders",
    "remove_basket_line",
    "request_refund",
    "send_again",
    "set_basket_home",
    "take_step_with_many",
    "withdraw_refund",
    "write_off_unseen",
]
