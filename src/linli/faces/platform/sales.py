"""How a city, or one of its communities, has been buying: orders, turnover and shares day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import formats, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard, CommunityCard
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import SoldDay

DAYS = 28


@page("platform", "GET", "sales/", needs=May.READ_SALES)
def sales(request: PlatformRequest) -> HttpResponse:
    """This will draw the last four weeks, with the same figures as a table."""
    city, cities = chosen_city(request)
    cards = places.communities(city=city.id)
    days = _days(request, city, cards)
    return request.render(
        "platform/sales.jinja",
        city=city,
        cities=cities,
        communities=cards,
        community=request.query.maybe_id("community"),
        days=days,
        labels=[formats.day(each.day) for each in days],
        turnover=Money.total(each.turnover for each in days),
        merchants=Money.total(each.merchants for each in days),
        companies=Money.total(each.companies for each in days),
        platform=Money.total(each.platform for each in days),
    )


@page("platform", "GET", "sales/file/", name="sales-file", needs=May.READ_SALES)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the last four weeks as a sheet, a day to a row."""
    city, _cities = chosen_city(request)
    columns = [
        _("Day"),
        _("Orders"),
        _("Turnover"),
        _("To merchants"),
        _("To property companies"),
        _("To the platform"),
    ]
    rows = (
        (each.day, each.orders, each.turnover, each.merchants, each.companies, each.platform)
        for each in _days(request, city, places.communities(city=city.id))
    )
    return sheet(request.query, "sales", columns, rows)


def _days(request: PlatformRequest, city: CityCard, cards: Sequence[CommunityCard]) -> list[SoldDay]:
    """The last four weeks of a city, or of the community that the address names, without a gap."""
    asked = request.query.maybe_id("community")
    if asked is not None and asked not in {card.id for card in cards}:
        raise NotFound("community")
    chosen = tuple(card.id for card in cards) if asked is None else (CommunityId(asked),)
    zone = voice.current().zone
    today = request.at.astimezone(zone).date()
    first = today - timedelta(days=DAYS - 1)
    start, end = (datetime.combine(on, time(), zone) for on in (first, today + timedelta(days=1)))
    sold = orders.sold_days(request.scope, communities=chosen, timezone=city.timezone, start=start, end=end)
    known = {each.day: each for each in sold}
    nothing = Money.zero
    return [
        known.get(on, SoldDay(on, 0, nothing, nothing, nothing, nothing))
        for on in (first + timedelta(days=n) for n in range(DAYS))
    ]
