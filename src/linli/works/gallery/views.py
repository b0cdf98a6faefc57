"""Which pages are worth looking at, and who may see them. `linli bench pages` and the budgets of pages read it, too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linli.works.demo import town


@dataclass(frozen=True)
class Who:
    """One of the demo's people, the face they look at and the hat that opens it."""

    face: str
    phone: str | None
    role: str = ""
    answer: str = ""
    """What the second check hears from them: the number of their home, or the name of their workplace."""


@dataclass(frozen=True)
class View:
    """A page: its address, or what is reached from there by the first link that looks like each of `onward`."""

    who: str
    name: str
    address: str
    onward: tuple[str, ...] = ()
    """In each, `#` is a word with a figure in it, as an id or a month is, and `*` any word."""


_WORD = "[0-9a-z_-]+"
_FIGURE = "[0-9a-z-]*[0-9][0-9a-z-]*"


def looks_like(onward: str) -> re.Pattern[str]:
    """This will make a pattern of a link's address."""
    return re.compile(re.escape(onward).replace(r"\#", _FIGURE).replace(r"\*", _WORD))


PEOPLE: dict[str, Who] = {
    "guest": Who("public", None),
    "owner": Who("owner", town.RESIDENT_PHONE, "resident", "1-1-101"),
    "merchant": Who("merchant", town.MERCHANT_PHONE, "merchant", "转角超市"),
    "property": Who("property", town.COMPANY_PHONE, "property", "和睦物业 Harmony Property"),
    "technician": Who("property", town.TECHNICIAN_PHONE, "property", "和睦物业 Harmony Property"),
    "courier": Who("courier", town.COURIER_PHONE, "courier", "云汀市"),
    "platform": Who("platform", town.PLATFORM_PHONE, "platform", "云汀邻里平台 Linli of Yunting"),
}

_GUEST = """
front          /
sign-in        /sign-in/
no-page        /nowhere/
"""
_OWNER = """
home           /o/
communities    /o/communities/
community      /o/communities/         /o/communities/#/
shelf          /o/                     /o/communities/#/shelf/
shop           /o/shops/               /o/communities/#/shops/#/
listing        /o/                     /o/communities/#/shelf/  /o/communities/#/listings/#/
basket         /o/basket/
replenish      /o/replenish/
orders         /o/orders/
order          /o/orders/              /o/orders/#/
bills          /o/bills/
bill           /o/bills/               /o/bills/#/
receipts       /o/bills/receipts/
wallet         /o/wallet/
prepaid        /o/prepaid/
property       /o/property/
work-orders    /o/work-orders/
work-order     /o/work-orders/         /o/work-orders/#/
ask-for-work   /o/work-orders/new/
meters         /o/meters/
notices        /o/notices/
notice         /o/notices/             /o/notices/#/
parcels        /o/parcels/
visitors       /o/visitors/
new-visitor    /o/visitors/new/
permits        /o/permits/
venues         /o/venues/
votes          /o/votes/
vote           /o/votes/               /o/votes/#/
cars           /o/cars/
me             /o/me/
roles          /hats/
"""
_MERCHANT = """
board          /m/
orders         /m/orders/
under-way      /m/under-way/
order          /m/                     /m/orders/#/
slip           /m/                     /m/orders/#/  /m/orders/#/slip/
refunds        /m/refund-requests/
goods          /m/goods/
listing        /m/goods/               /m/goods/#/
new-listing    /m/goods/new/
goods-sheet    /m/goods/sheet/
stock          /m/goods/               /m/goods/#/stock/#/
stock-watch    /m/goods/watch/
proposals      /m/proposals/
proposal       /m/proposals/           /m/proposals/#/
what-to-carry  /m/carry/
settings       /m/settings/
kitchen        /m/settings/kitchen/
zone           /m/settings/zone/
picture        /m/settings/picture/
staff          /m/settings/staff/
numbers        /m/numbers/
customers      /m/customers/
statement      /m/statement/
earning        /m/statement/           /m/statement/orders/#/
cash           /m/statement/cash/
receiver       /m/statement/receiver/
reviews        /m/reviews/
vouchers       /m/parking-vouchers/
"""
_PROPERTY = """
today          /p/
under-way      /p/under-way/
residents      /p/residents/
home           /p/residents/           /p/homes/#/
intake         /p/intake/
staff          /p/staff/
cashier        /p/cashier/
bills          /p/bills/
bill           /p/bills/               /p/bills/#/
arrears        /p/arrears/
plans          /p/plans/
collection     /p/collection/
reports        /p/fee-report/
bank           /p/bank/
deposits       /p/deposits/
waivers        /p/waivers/
wallets        /p/wallets/
terms          /p/terms/
mandates       /p/mandates/
invoices       /p/fee-invoices/
months         /p/charging/
month          /p/charging/            /p/charging/#/#/
month-guide    /p/charging/            /p/charging/#/#/  /p/charging/#/#/guide/
fee-items      /p/fee-items/
meters         /p/meters/
readings       /p/readings/
work-board     /p/work-board/
work-orders    /p/work-orders/
work-order     /p/work-orders/         /p/work-orders/#/
punctuality    /p/punctuality/
work-types     /p/work-types/
workers        /p/workers/
outages        /p/outages/
gate           /p/gate/
visits         /p/visits/
visit-log      /p/visits/log/
parcels        /p/parcels/
order-pickups  /p/order-pickups/
notices        /p/notices/
deliveries     /p/deliveries/
couriers       /p/couriers/
courier-shifts /p/courier-shifts/
ways-in        /p/ways-in/
new-notice     /p/notices/new/
patrols        /p/patrols/
patrol-points  /p/patrols/points/
patrol-routes  /p/patrols/routes/
patrol-rates   /p/patrols/rates/
parking        /p/parking/
cars           /p/parking/cars/
parking-lists  /p/parking/lists/
stays          /p/parking/stays/
parking-shared /p/parking/shared/
parking-income /p/parking/income/
parking-tariffs /p/parking/tariffs/
vouchers       /p/parking/vouchers/
barrier        /p/parking/barrier/
permits        /p/permits/
moves          /p/moves/
goods-at-gate  /p/gate/goods/
contracts      /p/contracts/
contract-dues  /p/contracts/dues/
venues         /p/venues/
assets         /p/assets/
asset-tasks    /p/assets/tasks/
asset-plans    /p/assets/plans/
asset-takings  /p/assets/stock-takings/
meetings       /p/meetings/
commission     /p/commission/
payouts        /p/payouts/
settings       /p/policies/
subject        /p/policies/?about=billing
patterns       /p/patterns/
"""
_TECHNICIAN = """
today          /p/
jobs           /p/jobs/
job            /p/jobs/                /p/jobs/#/
walk           /p/walk/
patrol-walk    /p/patrols/walk/
asset-walk     /p/assets/walk/
"""
_COURIER = """
run            /c/
task           /c/                     /c/tasks/#/
shifts         /c/shifts/
earnings       /c/earnings/
"""
_PLATFORM = """
to-do          /platform/
under-way      /platform/under-way/
sales          /platform/sales/
figures        /platform/figures/
shops          /platform/shops/
shop           /platform/shops/?state=approved  /platform/shops/#/
commodities    /platform/commodities/
deliveries     /platform/deliveries/
couriers       /platform/couriers/
courier-shifts /platform/courier-shifts/
zones          /platform/zones/
waves          /platform/waves/
wave           /platform/waves/        /platform/waves/#/
disputes       /platform/disputes/
books          /platform/trial-balance/
accounts       /platform/trial-balance/  /platform/trial-balance/*/
differences    /platform/differences/
payouts        /platform/payouts/
payout         /platform/payouts/      /platform/payouts/#/
bank-files     /platform/bank-files/
cash           /platform/cash/
bills          /platform/bills/
places         /platform/places/
policies       /platform/policies/
policy         /platform/policies/?about=billing /platform/policies/*/*/
health         /platform/health/
audit          /platform/audit/
"""


def _read(who: str, lines: str) -> tuple[View, ...]:
    rows = (line.split() for line in lines.strip().splitlines())
    return tuple(View(who, name, address, tuple(onward)) for name, address, *onward in rows)


VIEWS: tuple[View, ...] = (
    *_read("guest", _GUEST),
    *_read("owner", _OWNER),
    *_read("merchant", _MERCHANT),
    *_read("property", _PROPERTY),
    *_read("technician", _TECHNICIAN),
    *_read("courier", _COURIER),
    *_read("platform", _PLATFORM),
)
