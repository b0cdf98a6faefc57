"""The shop's kitchen: what it prepares in a quarter of an hour, what is ordered of that, and when it takes a breath."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.trade.delivery import actions, queries, rules
from linli.trade.shops import queries as shops

USUAL_MINUTES, USUAL_QUEUE = 15, 60


@page("merchant", "GET", "settings/kitchen/", name="kitchen")
def kitchen(request: MerchantRequest) -> HttpResponse:
    """This will show what the kitchen can do, and what the next two hours hold."""
    found = queries.kitchen(request.scope, shop=request.shop, at=request.at)
    shop = shops.shop(request.scope, shop=request.shop)
    zone = ZoneInfo(shop.hours.timezone)
    return show(
        request,
        "kitchen.jinja",
        kitchen=found,
        shop=shop,
        is_paused=shop.paused_until is not None and shop.paused_until > request.at,
        labels=[f"{start.astimezone(zone):%H:%M}" for start, _taken in found.quarters],
        minutes=found.terms.minutes if found.terms else USUAL_MINUTES,
        queue=found.terms.queue_minutes if found.terms else USUAL_QUEUE,
    )


@page("merchant", "POST", "settings/kitchen/", name="kitchen")
def set_kitchen(request: MerchantRequest) -> HttpResponse:
    """This will say what the kitchen can do; without a value, that it takes whatever is ordered."""
    value = request.form.maybe_money("value")
    terms = value and rules.KitchenTerms(
        value=value,
        minutes=request.form.whole("minutes", low=1),
        pauses_by_itself=request.form.flag("pauses_by_itself"),
        queue_minutes=request.form.whole("queue_minutes", low=1),
    )
    actions.set_kitchen(request.scope, shop=request.shop, kitchen=terms or None, at=request.at)
    return see_other("merchant:kitchen", said=_("Set for what is ordered from now on."))
