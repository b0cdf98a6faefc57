"""The numbers of the day, beside those of the two weeks before: by hour and by day, with how punctual the shop was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import sheet
from linli.kernel.money import Money
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import ShopHour

DAYS = 14


@dataclass(frozen=True)
class Sum:
    """What some hours come to."""

    orders: int
    turnover: Money
    packed: int
    punctual: int
    lost: int

    @property
    def punctual_bp(self) -> int | None:
        """The part that was packed in time, where anything was packed."""
        return self.punctual * 10_000 // self.packed if self.packed else None


@page("merchant", "GET", "numbers/")
def numbers(request: MerchantRequest) -> HttpResponse:
    """This will show today by the hour and the last two weeks by the day."""
    hours, days = _hours(request)
    today = days[-1]
    return show(
        request,
        "numbers.jinja",
        today=summed(one for one in hours if one.day == today),
        before=summed(one for one in hours if one.day == today - timedelta(days=7)),
        by_hour=by_hour(hours, today),
        usual=usual_by_hour(hours, today),
        days=[(day, summed(one for one in hours if one.day == day)) for day in days],
    )


@page("merchant", "GET", "numbers/file/", name="numbers-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give the last two weeks as a sheet, a day to a row."""
    hours, days = _hours(request)
    columns = [_("Day"), _("Orders"), _("Turnover"), _("Packed"), _("Packed in time"), _("Refused or called off")]
    sums = ((day, summed(one for one in hours if one.day == day)) for day in days)
    rows = ((day, each.orders, each.turnover, each.packed, each.punctual, each.lost) for day, each in sums)
    return sheet(request.query, "numbers", columns, rows)


def _hours(request: MerchantRequest) -> tuple[Sequence[ShopHour], list[date]]:
    """The hours of the last two weeks, and their days, today the last."""
    zone = voice.current().zone
    today = request.at.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    hours = orders.shop_hours(
        request.scope, timezone=zone.key, start=_start_of(first), end=_start_of(today + timedelta(days=1))
    )
    return hours, [first + timedelta(days=nth) for nth in range(DAYS)]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), voice.current().zone)


def summed(hours: Iterable[ShopHour]) -> Sum:
    """This will add hours up."""
    found = list(hours)
    return Sum(
        sum(one.orders for one in found),
        sum((one.turnover for one in found), Money(0)),
        sum(one.packed for one in found),
        sum(one.punctual for one in found),
        sum(one.lost for one in found),
    )


def by_hour(hours: Sequence[ShopHour], day: date) -> list[int]:
    """This will give a day's orders of each of its hours."""
    found = {one.hour: one.orders for one in hours if one.day == day}
    return [found.get(hour, 0) for hour in range(24)]


def usual_by_hour(hours: Sequence[ShopHour], today: date) -> list[float]:
    """This will give what an hour of the days before had on average."""
    before = [one for one in hours if one.day != today]
    return [round(sum(one.orders for one in before if one.hour == hour) / (DAYS - 1), 1) for hour in range(24)]
