"""The parts of the house that the doctor looks at, as people call them."""

from __future__ import annotations

from linli.kernel.words import _

PARTS = {
    "ledger": _("Ledger"),
    "payments": _("Payments"),
    "payouts": _("Payouts"),
    "stock": _("Stock"),
    "orders": _("Orders"),
    "outbox": _("Facts and the worker"),
    "installation": _("Installation"),
}
"""The parts that the doctor knows, by name; a test holds the two together."""
