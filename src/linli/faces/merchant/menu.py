"""The menu of the desk: each place with the permission that its page needs."""

from __future__ import annotations

from linli.faces.shell import waiting_work
from linli.faces.shell.menus import Group, Menu, Place, register
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.words import _
from linli.spine.may import May

MENU: Menu = (
    Place("merchant:home", _("Order board"), "columns-3"),
    Place("merchant:under-way", _("Under way"), "hourglass", counts=waiting_work.count),
    Place("merchant:orders", _("Orders"), "clipboard-list"),
    Place("merchant:refund-requests", _("Refund requests"), "undo-2"),
    Place("merchant:goods", _("Goods and stock"), "package", holds=("/m/carry/", "/m/proposals/")),
    Place("merchant:goods-returns", _("Returned goods"), "package-check", May.FULFIL_ORDER),
    Place("merchant:hours", _("Shop settings"), "settings"),
    Place("merchant:numbers", _("Numbers of the day"), "chart-column"),
    Place("merchant:customers", _("Customers"), "users"),
    Place("merchant:statement", _("Statement"), "receipt-text"),
    Place("merchant:reviews", _("Reviews"), "star"),
    Place("merchant:parking-vouchers", _("Parking vouchers"), "ticket", May.GIVE_PARKING_VOUCHERS),
)

BENEATH = (
    Group(
        _("Goods and stock"),
        "package",
        (
            Place("merchant:new-listing", _("New listing")),
            Place("merchant:goods-sheet", _("Goods from a spreadsheet")),
            Place("merchant:stock-watch", _("Low or soon out of date")),
            Place("merchant:order-proposals", _("What to order for tomorrow")),
            Place("merchant:what-to-carry", _("What to carry")),
        ),
    ),
    Group(
        _("Shop settings"),
        "settings",
        (
            Place("merchant:kitchen", _("Kitchen")),
            Place("merchant:zone", _("Where it sells")),
            Place("merchant:staff", _("Staff")),
            Place("merchant:shop-picture", _("Picture")),
        ),
    ),
    Group(
        _("Statement"),
        "receipt-text",
        (Place("merchant:cash", _("Cash in hand")), Place("merchant:receiver", _("Bank account"))),
    ),
)

register(MerchantRequest, MENU, beneath=BENEATH)
