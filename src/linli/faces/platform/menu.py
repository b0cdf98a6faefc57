"""The menu of the desk: each place with the permission that its page needs."""

from __future__ import annotations

from linli.faces.shell.menus import Group, Menu, Place, register
from linli.faces.shell.requests import PlatformRequest
from linli.kernel.words import _
from linli.spine.may import May

MENU: Menu = (
    Place("platform:home", _("To do"), "list-checks"),
    Place("platform:under-way", _("Under way"), "hourglass"),
    Place("platform:sales", _("Sales"), "chart-column"),
    Place("platform:figures", _("Communities in numbers"), "chart-no-axes-column"),
    Place("platform:shops", _("Shops"), "store"),
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
    Place("platform:disputes", _("Disputes"), "scale"),
    Place("platform:trial-balance", _("Trial balance"), "book-open"),
    Place("platform:differences", _("Differences"), "diff"),
    Place("platform:payouts", _("Payouts"), "landmark"),
    Place("platform:places", _("Places"), "map-pin"),
    Place("platform:commodities", _("Commodities"), "package"),
    Place("platform:policies", _("Policies"), "sliders-horizontal"),
    Place("platform:health", _("Health"), "heart-pulse"),
    Place("platform:audit", _("Audit"), "scroll-text"),
)

register(PlatformRequest, MENU)
