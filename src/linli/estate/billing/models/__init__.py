"""The tables of billing: what is charged, to whom, what was issued, and what was paid."""

from linli.estate.billing.models.charging import Assignment, HomeFacts, Item, TariffVersion
from linli.estate.billing.models.issuing import Bill, DraftLine, Line, Month
from linli.estate.billing.models.paying import Allocation, Payment, Receipt, Series

__all__ = [
    "Allocation",
    "Assignment",
    "Bill",
    "DraftLine",
    "HomeFacts",
    "Item",
    "Line",
    "Month",
    "Payment",
    "Receipt",
    "Series",
    "TariffVersion",
]
