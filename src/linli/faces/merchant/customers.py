"""Customers in numbers: regulars, lapsing and new homes of each community, as counts that tell of nobody."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.segment_sheets import segments_sheet
from linli.ground.places import queries as places
from linli.insight.dashboards import queries as figures


@page("merchant", "GET", "customers/")
def customers(request: MerchantRequest) -> HttpResponse:
    """This will show the shop's buyers by how they buy, community by community."""
    found = figures.segments_of_shop(request.scope, shop=request.shop, at=request.at)
    named = {card.id: card.name for card in places.communities(ids={line.community for line in found.lines})}
    return show(request, "customers.jinja", found=found, named=named)


@page("merchant", "GET", "customers/sheet/", name="customers-sheet")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give the buyers by how they buy as a sheet, without the groups that are too small to be told."""
    found = figures.segments_of_shop(request.scope, shop=request.shop, at=request.at)
    named = {card.id: card.name for card in places.communities(ids={line.community for line in found.lines})}
    lines = [(in_language(named.get(line.community, {})), line.shown) for line in found.lines]
    return segments_sheet(request.query, _("Community"), lines)
