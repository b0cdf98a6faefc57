"""The menu of the desk: each place with the permission that its page needs."""

from __future__ import annotations

from linli.faces.shell import waiting_work
from linli.faces.shell.menus import Group, Menu, Place, register
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.words import _
from linli.spine.may import May

MENU: Menu = (
    Place("property:home", _("Today"), "building-2"),
    Place("property:under-way", _("Under way"), "hourglass", May.ASK_FOR_LONG_WORK, waiting_work.count),
    Group(
        _("People"),
        "users",
        (
            Place("property:residents", _("Residents"), needs=May.KEEP_PEOPLE, holds=("/p/homes/", "/p/persons/")),
            Place("property:intake", _("Homes from one sheet"), needs=May.IMPORT_ESTATE),
            Place("property:staff", _("Team"), needs=May.KEEP_STAFF),
            Place("property:deeds", _("What was done"), needs=May.READ_DEEDS),
        ),
    ),
    Group(
        _("Charging"),
        "receipt",
        (
            Place(
                "property:cashier",
                _("Take money"),
                needs=May.TAKE_FEES,
                holds=("/p/accounts/", "/p/payment-codes/", "/p/persons/"),
            ),
            Place("property:bills", _("Bills"), needs=May.TAKE_FEES),
            Place("property:terms", _("Paid ahead"), needs=May.TAKE_FEES, holds=("/p/term-offers/",)),
            Place("property:wallets", _("Wallets"), needs=May.TAKE_FEES),
            Place("property:mandates", _("Automatic payment"), needs=May.TAKE_FEES),
            Place("property:arrears", _("Arrears"), needs=May.CHASE_ARREARS, holds=("/p/accounts/",)),
            Place("property:plans", _("Instalment plans"), needs=May.CHASE_ARREARS),
            Place("property:collection", _("Collection"), needs=May.CHASE_ARREARS),
            Place(
                "property:fee-report",
                _("Reports"),
                needs=May.CHASE_ARREARS,
                holds=("/p/fee-receipts/", "/p/money-moves/"),
            ),
            Place("property:bank", _("Bank lines"), needs=May.MATCH_BANK),
            Place("property:deposits", _("Deposits"), needs=May.TAKE_FEES),
            Place("property:waivers", _("Waivers"), needs=May.TAKE_FEES),
            Place("property:fee-invoices", _("Invoices"), needs=May.TAKE_FEES),
            Place("property:charging", _("Months"), needs=May.ISSUE_BILLS, holds=("/p/costs/", "/p/home-facts/")),
            Place("property:fee-items", _("Fee items"), needs=May.KEEP_TARIFFS),
        ),
    ),
    Group(
        _("Meters"),
        "gauge",
        (
            Place("property:meters", _("Meters"), needs=May.READ_METERS),
            Place("property:readings", _("Readings"), needs=May.READ_METERS),
            Place("property:walk", _("Read on foot"), needs=May.READ_METERS),
        ),
    ),
    Group(
        _("Work"),
        "wrench",
        (
            Place("property:work-board", _("Board"), needs=May.DISPATCH_WORK),
            Place("property:work-orders", _("Work orders"), needs=May.DISPATCH_WORK),
            Place("property:jobs", _("My jobs"), needs=May.DO_WORK),
            Place("property:outages", _("Outages"), needs=May.KEEP_NOTICES),
            Place("property:punctuality", _("Punctuality"), needs=May.DISPATCH_WORK),
            Place("property:work-types", _("Types and promises"), needs=May.KEEP_WORK_RULES),
            Place("property:workers", _("Workers and rota"), needs=May.KEEP_WORK_RULES),
        ),
    ),
    Group(
        _("Gate and service"),
        "shield-check",
        (
            Place("property:gate", _("Gate"), needs=May.CHECK_VISITORS),
            Place("property:visits", _("Visitors"), needs=May.CHECK_VISITORS),
            Place("property:parcels", _("Parcels"), needs=May.RUN_PARCELS),
            Place("property:lockers", _("Lockers"), needs=May.RUN_PARCELS),
            Place("property:order-pickups", _("Orders to be fetched"), needs=May.RUN_PARCELS),
            Place("property:notices", _("Notices"), needs=May.KEEP_NOTICES),
        ),
    ),
    Group(
        _("Delivery"),
        "bike",
        (
            Place("property:deliveries", _("On their way"), needs=May.DISPATCH_DELIVERY),
            Place("property:ways-in", _("Ways in"), needs=May.DISPATCH_DELIVERY),
            Place("property:couriers", _("Couriers"), needs=May.KEEP_COURIERS),
            Place("property:courier-shifts", _("Shifts"), needs=May.DISPATCH_DELIVERY),
        ),
    ),
    Group(
        _("Patrols"),
        "footprints",
        (
            Place("property:patrols", _("Patrols"), needs=May.KEEP_PATROLS),
            Place("property:patrol-points", _("Points"), needs=May.KEEP_PATROLS),
            Place("property:patrol-walks", _("Walk the rounds"), needs=May.WALK_PATROL, holds=("/p/patrols/",)),
        ),
    ),
    Group(
        _("Parking"),
        "square-parking",
        (
            Place("property:parking", _("Car parks"), needs=May.KEEP_PARKING),
            Place("property:parking-stays", _("Stays"), needs=May.RUN_BARRIER),
            Place("property:barrier", _("Barrier"), needs=May.RUN_BARRIER),
        ),
    ),
    Group(
        _("Permits and registers"),
        "book-open",
        (
            Place("property:permits", _("Works in homes"), needs=May.DECIDE_PERMITS),
            Place("property:moves", _("Moving in and out"), needs=May.DECIDE_PERMITS),
            Place("property:goods", _("Goods at the gate"), needs=May.CHECK_GOODS_RELEASE),
            Place("property:contracts", _("Contracts"), needs=May.KEEP_CONTRACTS),
            Place("property:venues", _("Venues"), needs=May.KEEP_VENUES),
        ),
    ),
    Group(
        _("Assets"),
        "boxes",
        (
            Place("property:assets", _("Register"), needs=May.KEEP_ASSETS),
            Place("property:asset-tasks", _("Maintenance"), needs=May.KEEP_ASSETS),
            Place("property:asset-takings", _("Stock-taking"), needs=May.KEEP_ASSETS),
            Place("property:asset-walk", _("Assets on foot"), needs=May.MAINTAIN_ASSETS, holds=("/p/assets/",)),
        ),
    ),
    Group(
        _("Owners' assembly"),
        "vote",
        (Place("property:meetings", _("Votes and surveys"), needs=May.HOLD_ASSEMBLY),),
    ),
    Group(
        _("Company"),
        "landmark",
        (
            Place("property:commission", _("Commission"), needs=May.READ_OWN_STATEMENTS),
            Place("property:payouts", _("Payouts"), needs=May.READ_OWN_STATEMENTS),
            Place("property:policies", _("Settings"), needs=May.SET_POLICIES),
            Place("property:patterns", _("Set up as another"), needs=May.SET_POLICIES),
        ),
    ),
)

register(PropertyRequest, MENU)
