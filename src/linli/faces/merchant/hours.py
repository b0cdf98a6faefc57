"""When the shop is open, on which days it is not, when it takes no orders for a while, and who brings the goods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import PartyId
from linli.kernel.period import Period, first_overlap
from linli.kernel.refusals import Invalid
from linli.trade.shops import actions, queries, rules

WEEK = range(7)


@page("merchant", "GET", "settings/", name="hours")
def hours(request: MerchantRequest) -> HttpResponse:
    """This will show the week, the pause and the delivery."""
    shop = queries.shop(request.scope, shop=request.shop)
    today = request.at.astimezone(ZoneInfo(shop.hours.timezone)).date()
    return show(
        request,
        "hours.jinja",
        holidays=[each for each in shop.hours.holidays if each.end is None or each.end > today],
        last_day=timedelta(days=1),
        shop=shop,
        week=[(day, ", ".join(_written(shop.hours, day))) for day in WEEK],
        suspended_because=_suspended_because(shop),
        is_paused=shop.paused_until is not None and shop.paused_until > request.at,
        carriers=list(rules.Carrier),
        by_shop=shop.carrier is rules.Carrier.SHOP,
        couriers=queries.couriers(request.scope, shop=request.shop, at=request.at),
    )


def _suspended_because(shop: queries.ShopPage) -> str:
    """Why the platform has suspended a shop; nothing where it has not."""
    if shop.state is not rules.ShopState.SUSPENDED:
        return ""
    return next((move.why for move in shop.moves if move.verb == rules.ShopVerb.SUSPEND), "")


@page("merchant", "POST", "settings/", name="hours")
def set_hours(request: MerchantRequest) -> HttpResponse:
    """This will set the week anew."""
    openings = [opening for day in WEEK for opening in _read(request.form, day)]
    actions.set_opening(request.scope, shop=request.shop, openings=openings, at=request.at)
    return see_other("merchant:hours", said=_("The week is set."))


@page("merchant", "POST", "settings/holidays/", asks="merchant:hours")
def add_holiday(request: MerchantRequest) -> HttpResponse:
    """This will close the shop from a day to a last day."""
    first = request.form.day("first")
    last = request.form.maybe_day("last") or first
    if last < first:
        raise Invalid("last", _("The last day is not before the first."))
    kept = queries.shop(request.scope, shop=request.shop).hours.holidays
    holidays = [*kept, Period(first, last + timedelta(days=1))]
    if first_overlap(holidays):
        raise Invalid("first", _("The shop is closed on one of these days already."))
    actions.set_holidays(request.scope, shop=request.shop, holidays=holidays, at=request.at)
    return see_other("merchant:hours", said=_("Closed on these days."))


@page("merchant", "POST", "settings/holiday-ends/", asks="merchant:hours")
def drop_holiday(request: MerchantRequest) -> HttpResponse:
    """This will open the shop again on days that were a holiday."""
    first = request.form.day("first")
    kept = queries.shop(request.scope, shop=request.shop).hours.holidays
    left = [each for each in kept if each.start != first]
    actions.set_holidays(request.scope, shop=request.shop, holidays=left, at=request.at)
    return see_other("merchant:hours", said=_("Open again on these days."))


@page("merchant", "POST", "settings/pause/", asks="merchant:hours")
def pause(request: MerchantRequest) -> HttpResponse:
    """This will take no orders for some minutes."""
    until = request.at + timedelta(minutes=request.form.whole("minutes", low=5, high=24 * 60))
    actions.pause(request.scope, shop=request.shop, until=until, at=request.at)
    return see_other("merchant:hours", said=_("Paused. The shop opens again by itself."))


@page("merchant", "POST", "settings/resumption/", asks="merchant:hours")
def resume(request: MerchantRequest) -> HttpResponse:
    """This will end the pause."""
    actions.resume(request.scope, shop=request.shop, at=request.at)
    return see_other("merchant:hours", said=_("Orders are taken again."))


@page("merchant", "POST", "settings/delivery/", asks="merchant:hours")
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


@page("merchant", "POST", "settings/courier/", asks="merchant:hours")
def entrust(request: MerchantRequest) -> HttpResponse:
    """This will have a courier bring the goods and earn the fee, or the shop itself."""
    courier = request.form.maybe_id("courier")
    actions.entrust_delivery(
        request.scope, shop=request.shop, courier=PartyId(courier) if courier else None, at=request.at
    )
    return see_other("merchant:hours", said=_("Set for what is sold from now on."))


@page("merchant", "POST", "settings/cash/", name="cash-at-the-door", asks="merchant:hours")
def set_cash(request: MerchantRequest) -> HttpResponse:
    """This will take cash at the door, or no more."""
    takes_cash = request.form.flag("takes_cash")
    actions.set_cash(request.scope, shop=request.shop, takes_cash=takes_cash, at=request.at)
    return see_other("merchant:hours", said=_("Cash is taken.") if takes_cash else _("No cash is taken any more."))


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
