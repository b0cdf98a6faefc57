"""The menu of the desk: each place with the permission that its page needs."""

from __future__ import annotations

from linli.faces.shell import waiting_work
from linli.faces.shell.menus import Group, Menu, Place, register
from linli.faces.shell.requests import PlatformRequest
from linli.kernel.words import _
from linli.spine.may import May

MENU: Menu = (
    Place("platform:home", _("To do"), "list-checks"),
    Place("platform:under-way", _("Under way"), "hourglass", May.ASK_FOR_LONG_WORK, waiting_work.count),
    Place("platform:sales", _("Sales"), "chart-column", needs=May.READ_SALES),
    Place("platform:figures", _("Communities"), "chart-no-axes-column", needs=May.READ_SALES),
    Place("platform:shops", _("Shops"), "store", needs=May.APPROVE_SHOPS, holds=("/platform/papers/",)),
    Group(
        _("Delivery"),
        "bike",
        (
            Place("platform:deliveries", _("Deliveries"), needs=May.DISPATCH_DELIVERY),
            Place("platform:waves", _("Waves"), needs=May.DISPATCH_DELIVERY),
            Place("platform:zones", _("Zones"), needs=May.KEEP_ZONES),
            Place("platform:couriers", _("Couriers"), needs=May.KEEP_COURIERS),
            Place("platform:courier-shifts", _("Shifts"), needs=May.DISPATCH_DELIVERY),
        ),
    ),
    Place("platform:disputes", _("Disputes"), "scale", needs=May.REFUND_ORDER, holds=("/platform/orders/",)),
    Place(
        "platform:trial-balance",
        _("Trial balance"),
        "book-open",
        needs=May.READ_LEDGER,
        holds=("/platform/account", "/platform/journals/", "/platform/trial-balance"),
    ),
    Place(
        "platform:differences",
        _("Differences"),
        "diff",
        needs=May.RECONCILE,
        holds=("/platform/bills/", "/platform/bank-files/", "/platform/cash/"),
    ),
    Place("platform:payouts", _("Payouts"), "landmark", needs=May.RUN_PAYOUTS, holds=("/platform/payees/",)),
    Place("platform:places", _("Places"), "map-pin", needs=May.KEEP_PLACES),
    Place("platform:companies", _("Companies"), "building-2", needs=May.KEEP_COMPANIES),
    Place("platform:team", _("Operators"), "users", needs=May.KEEP_OPERATORS, holds=("/platform/losses/",)),
    Place(
        "platform:commodities",
        _("Commodities"),
        "package",
        needs=May.KEEP_CATEGORIES,
        holds=("/platform/new-commodity/",),
    ),
    Place("platform:policies", _("Policies"), "sliders-horizontal", needs=May.SET_POLICIES),
    Place("platform:health", _("Health"), "heart-pulse", needs=May.RECONCILE),
    Place("platform:audit", _("Audit"), "scroll-text", needs=May.READ_PERSONAL_DATA),
)

BENEATH = (
    Group(
        _("Differences"),
        "diff",
        (
            Place("platform:bills", _("Bills of the providers"), needs=May.RECONCILE),
            Place("platform:bank-files", _("A file of the bank"), needs=May.RECONCILE),
            Place("platform:cash", _("Cash"), needs=May.RECONCILE),
        ),
    ),
    Group(_("Operators"), "users", (Place("platform:losses", _("Lost authenticators"), needs=May.KEEP_STAFF),)),
    Group(
        _("Commodities"),
        "package",
        (Place("platform:new-commodity", _("A new commodity"), needs=May.KEEP_CATEGORIES),),
    ),
)

register(PlatformRequest, MENU, beneath=BENEATH)
