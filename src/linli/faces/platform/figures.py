"""Communities in numbers: orders, who comes again, baskets, delivery, waste, and what a neighbour would change."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.segment_sheets import segments_sheet
from linli.faces.shell.sheets import sheet
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.insight.dashboards import queries as figures
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.trade.shops import queries as shops

WEEKS = 4
A_PAGE = 50


@page("platform", "GET", "figures/", needs=May.READ_SALES)
def index(request: PlatformRequest) -> HttpResponse:
    """This will list the communities of a city with their figures of the last four weeks."""
    city, cities = chosen_city(request)
    cards = places.communities(city=city.id)
    first = request.query.whole("from", default=0, low=0, high=100_000)
    shown = cards[first : first + A_PAGE]
    start, end = _weeks(request.at)
    found = figures.communities_in_numbers(request.scope, communities=[card.id for card in shown], start=start, end=end)
    return request.render(
        "platform/figures.jinja",
        city=city,
        cities=cities,
        rows=list(zip(shown, found, strict=True)),
        next=first + A_PAGE if cards[first + A_PAGE :] else None,
    )


@page("platform", "GET", "figures/sheet/", name="figures-sheet", needs=May.READ_SALES)
def download(request: PlatformRequest) -> HttpResponse:
    """This will give the figures of all communities of a city as a sheet."""
    city, _cities = chosen_city(request)
    cards = places.communities(city=city.id)
    start, end = _weeks(request.at)
    found = figures.communities_in_numbers(request.scope, communities=[card.id for card in cards], start=start, end=end)
    columns = [
        _("Community"), _("Orders"), _("Homes that bought"), _("Came again, %"), _("Basket value"),
        _("Turnover"), _("Refunded"),
        _("Brought by couriers"), _("Paid to couriers"), _("Delivery fees"), _("Thrown away, %"),
    ]  # fmt: skip
    rows = [
        [
            in_language(card.name), one.orders, one.homes, _part(one.again_bp), one.basket, one.turnover, one.refunded,
            one.brought, one.paid, one.fees, _part(one.waste_bp),
        ]
        for card, one in zip(cards, found, strict=True)
    ]  # fmt: skip
    return sheet(request.query, f"communities-{end:%Y-%m-%d}", columns, rows)


@page("platform", "GET", "figures/<uuid:community>/neighbours/", name="neighbours-sheet", needs=May.READ_SALES)
def take_neighbours(request: PlatformRequest, community: CommunityId) -> HttpResponse:
    """This will give what each neighbour would change as a sheet."""
    _card(request, community)
    lines = figures.neighbours_joining(request.scope, community=community, at=request.at).lines
    named = {each.id: each.name for each in places.communities(ids={line.community for line in lines})} if lines else {}
    columns = [_("Neighbour"), _("Distance, m"), _("Orders a slot"), _("Supposed"), _("An order here, now")]
    columns += [_("An order, together"), _("Saved a slot"), _("Should join")]
    rows = (
        (
            *(in_language(named.get(line.community, {})), line.distance_m, line.orders, line.is_supposed),
            *(line.joined.here_each if line.joined.here.orders else "", line.joined.together_each),
            *(line.joined.saving, line.joined.is_better),
        )
        for line in lines
    )
    return sheet(request.query, "neighbours", columns, rows)


@page("platform", "GET", "figures/<uuid:community>/buyers/", name="buyers-sheet", needs=May.READ_SALES)
def take_buyers(request: PlatformRequest, community: CommunityId) -> HttpResponse:
    """This will give who buys here as a sheet, without the groups that are too small to be told."""
    _card(request, community)
    found = figures.segments_of_community(request.scope, community=community, at=request.at)
    called = shops.names(shops=[line.shop for line in found.lines if line.shop])
    return segments_sheet(
        request.query,
        _("Shop"),
        [(in_language(called.get(line.shop, {})) if line.shop else _("All shops"), line.shown) for line in found.lines],
    )


@page("platform", "GET", "figures/<uuid:community>/", name="community-figures", needs=May.READ_SALES)
def show(request: PlatformRequest, community: CommunityId) -> HttpResponse:
    """This will show one community: against the four weeks before, who buys how, and what a neighbour would change."""
    card = _card(request, community)
    voice.move_to(card.timezone)
    start, end = _weeks(request.at)
    before = start - timedelta(weeks=WEEKS)
    now = figures.community_in_numbers(request.scope, community=community, start=start, end=end)
    then = figures.community_in_numbers(request.scope, community=community, start=before, end=start)
    segments = figures.segments_of_community(request.scope, community=community, at=request.at)
    joining = figures.neighbours_joining(request.scope, community=community, at=request.at)
    others = {line.community for line in joining.lines} | set(joining.here)
    named = {each.id: each.name for each in places.communities(ids=others)}
    called = shops.names(shops=[line.shop for line in segments.lines if line.shop])
    return request.render(
        "platform/community-figures.jinja",
        card=card,
        now=now,
        then=then,
        segments=segments,
        joining=joining,
        named=named,
        shops=called,
    )


def _card(request: PlatformRequest, community: CommunityId) -> CommunityCard:
    card = places.community(community)
    if request.scope.city not in (None, card.city):
        raise NotFound("community")
    return card


def _weeks(at: datetime) -> tuple[datetime, datetime]:
    return at - timedelta(weeks=WEEKS), at


def _part(basis_points: int | None) -> str | None:
    return None if basis_points is None else f"{basis_points / 100:.1f}"
