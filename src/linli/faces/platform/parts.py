"""The parts of the house, as people call them: what the doctor looks at, and whose verbs the audit tells."""

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

AREAS = {
    "billing": _("Billing"),
    "catalogue": _("Goods"),
    "files": _("Files"),
    "handover": _("Hand-over"),
    "ledger": _("Ledger"),
    "notify": _("Messages"),
    "orders": _("Orders"),
    "payments": _("Payments"),
    "payouts": _("Payouts"),
    "people": _("People"),
    "places": _("Places"),
    "policies": _("Policies"),
    "read": _("Read in the clear"),
    "reviews": _("Reviews"),
    "shops": _("Shops"),
    "sign_in": _("Sign-in"),
    "stock": _("Stock"),
    "webhooks": _("Webhooks"),
}
"""Every module that has verbs, and readings of personal data; a test holds the two together."""
