"""The parts of the house, as people call them: what the doctor looks at."""

from __future__ import annotations

from linli.kernel.words import _

PARTS = {
    "ledger": _("Ledger"),
    "payments": _("Payments"),
    "payouts": _("Payouts"),
    "stock": _("Stock"),
    "delivery": _("Delivery"),
    "lockers": _("Lockers"),
    "orders": _("Orders"),
    "billing": _("Billing"),
    "parking": _("Parking"),
    "outbox": _("Facts and the worker"),
    "chores": _("Long work"),
    "installation": _("Installation"),
}
"""The parts that the doctor knows, by name; a test holds the two together."""
