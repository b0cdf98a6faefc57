"""The questions about charging, each shaped for the page that asks."""

from linli.estate.billing.queries.bills import BillCard, BillPage, LineCard, PaidBy, bill_page, my_bills
from linli.estate.billing.queries.owing import Account, Owed, accounts, owed
from linli.estate.billing.queries.payments import PaymentPage, payment_page
from linli.estate.billing.queries.receipts import ReceiptCard, ReceiptLine, ReceiptPage, my_receipts, receipt_page
from linli.estate.billing.queries.why import Why, WhyMonth, WhyReading, WhyStep

__all__ = [
    "Account",
    "BillCard",
    "BillPage",
    "LineCard",
    "Owed",
    "PaidBy",
    "PaymentPage",
    "ReceiptCard",
    "ReceiptLine",
    "ReceiptPage",
    "Why",
    "WhyMonth",
    "WhyReading",
    "WhyStep",
    "accounts",
    "bill_page",
    "my_bills",
    "my_receipts",
    "owed",
    "payment_page",
    "receipt_page",
]
