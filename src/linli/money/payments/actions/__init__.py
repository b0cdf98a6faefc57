"""The verbs of payments: collecting, paying at a provider, giving back, reconciling."""

from linli.money.payments.actions.collecting import (
    AmountOff,
    close_collection,
    record_bank_transfer,
    record_event,
    record_told,
    request_collection,
    take_cash,
)
from linli.money.payments.actions.paying import (
    CannotPay,
    PayPage,
    begin_payment,
    read_callback,
    sweep_pending,
)
from linli.money.payments.actions.refunding import (
    NothingCaptured,
    RefundTooLarge,
    hand_back_cash,
    request_refund,
    retry_refund,
    send_refunds,
)
from linli.money.payments.actions.transfers import fetch_bank_lines, request_transfer
from linli.money.payments.gateways.protocol import (
    BankKind,
    BankLine,
    ForgedCallback,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    StaleCallback,
    TransferState,
    TransferStatus,
)

__all__ = [
    "AmountOff",
    "BankKind",
    "BankLine",
    "CannotPay",
    "ForgedCallback",
    "GatewayEvent",
    "GatewayRefused",
    "GatewayUnavailable",
    "NothingCaptured",
    "PayPage",
    "RefundTooLarge",
    "StaleCallback",
    "TransferState",
    "TransferStatus",
    "begin_payment",
    "close_collection",
    "fetch_bank_lines",
    "hand_back_cash",
    "read_callback",
    "record_bank_transfer",
    "record_event",
    "record_told",
    "request_collection",
    "request_refund",
    "request_transfer",
    "retry_refund",
    "send_refunds",
    "sweep_pending",
    "take_cash",
]
