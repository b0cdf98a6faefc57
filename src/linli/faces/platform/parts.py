"""The parts of the house, as people call them: what the doctor looks at, and whose verbs the audit tells."""

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

AREAS = {
    "assembly": _("Owners' assembly"),
    "assets": _("Assets"),
    "attachments": _("Photos and papers"),
    "billing": _("Billing"),
    "catalogue": _("Goods"),
    "chores": _("Long work"),
    "contracts": _("Contracts"),
    "delivery": _("Delivery"),
    "demand": _("Fresh demand"),
    "files": _("Files"),
    "handover": _("Hand-over"),
    "intake": _("Sheets of a community"),
    "ledger": _("Ledger"),
    "lockers": _("Lockers"),
    "metering": _("Meters"),
    "notices": _("Notices"),
    "notify": _("Messages"),
    "orders": _("Orders"),
    "parcels": _("Parcels"),
    "parking": _("Parking"),
    "patrols": _("Patrols"),
    "patterns": _("Communities set up alike"),
    "payments": _("Payments"),
    "payouts": _("Payouts"),
    "people": _("People"),
    "permits": _("Permits"),
    "places": _("Places"),
    "policies": _("Policies"),
    "read": _("Read in the clear"),
    "replenish": _("What runs out soon"),
    "reviews": _("Reviews"),
    "shops": _("Shops"),
    "sign_in": _("Sign-in"),
    "stock": _("Stock"),
    "venues": _("Venues"),
    "visits": _("Visitors"),
    "webhooks": _("Webhooks"),
    "workorders": _("Work orders"),
}
"""Every module that has verbs, and readings of personal data; a test holds the two together."""
