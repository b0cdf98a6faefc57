"""When the shop is open, when it takes no orders for a while, and who brings the goods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.refusals import Invalid
from linli.trade.shops import actions, queries, rules

WEEK = range(7)


@page("merchant", "GET", "hours/")
def hours(request: MerchantRequest) -> HttpResponse:
    """This will show the week, the pause and the delivery."""
    shop = queries.shop(request.scope, shop=request.shop)
    return show(
        request,
        "hours.jinja",
        shop=shop,
        week=[(day, ", ".join(_written(shop.hours, day))) for day in WEEK],
        is_paused=shop.paused_until is not None and shop.paused_until > request.at,
        carriers=sorted(rules.OFFERED_CARRIERS),
    )


@page("merchant", "POST", "hours/")
def set_hours(request: MerchantRequest) -> HttpResponse:
    """This will set the week anew."""
    openings = [opening for day in WEEK for opening in _read(request.form, day)]
    actions.set_opening(request.scope, shop=request.shop, openings=openings, at=request.at)
    return see_other("merchant:hours", said=_("The week is set."))


@page("merchant", "POST", "hours/pause/", asks="merchant:hours")
def pause(request: MerchantRequest) -> HttpResponse:
    """This will take no orders for some minutes."""
    until = request.at + timedelta(minutes=request.form.whole("minutes", low=5, high=24 * 60))
    actions.pause(request.scope, shop=request.shop, until=until, at=request.at)
    return see_other("merchant:hours", said=_("Paused. The shop opens again by itself."))


@page("merchant", "POST", "hours/resumption/", asks="merchant:hours")
def resume(request: MerchantRequest) -> HttpResponse:
    """This will end the pause."""
    actions.resume(request.scope, shop=request.shop, at=request.at)
    return see_other("merchant:hours", said=_("Orders are taken again."))


@page("merchant", "POST", "hours/delivery/", asks="merchant:hours")
def set_delivery(request: MerchantRequest) -> HttpResponse:
    """This will set who brings the goods, for how much, and how fast."""
    actions.set_delivery(
        request.scope,
        shop=request.shop,
        carrier=request.form.choice("carrier", rules.Carrier),
        fee=request.form.money("fee"),
        free_from=request.form.maybe_money("free_from"),
        minutes_promised=request.form.whole("minutes_promised", low=1),
        at=request.at,
    )
    return see_other("merchant:hours", said=_("The delivery is set."))


def _read(form: Fields, day: int) -> Iterator[rules.Opening]:
    """The intervals of a day as people write them: 08:00-12:30, 14:00-20:00."""
    name = f"day.{day}"
    for written in (form.maybe_text(name) or "").replace("，", ",").split(","):
        if not written.strip():
            continue
        opens, dash, closes = written.strip().partition("-")
        if not dash:
            raise Invalid(name, _("Please write it like 08:00-12:30, 14:00-20:00."))
        try:
            yield rules.opening(day, opens.strip(), closes.strip())
        except Invalid as wrong:
            raise Invalid(name, _("Please write it like 08:00-12:30, 14:00-20:00.")) from wrong


def _written(hours: rules.Hours, day: int) -> Iterator[str]:
    for each in hours.openings:
        if each.weekday == day:
            yield f"{_clock(each.opens_min)}-{_clock(each.closes_min % (24 * 60))}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
