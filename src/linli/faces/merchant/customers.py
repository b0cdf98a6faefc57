"""Customers in numbers: regulars, lapsing and new homes of each community, as counts that tell of nobody."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.ground.places import queries as places
from linli.insight.dashboards import queries as figures
from linli.insight.dashboards.rules import Segment


@page("merchant", "GET", "customers/")
def customers(request: MerchantRequest) -> HttpResponse:
    """This will show the shop's buyers by how they buy, community by community."""
    found = figures.segments_of_shop(request.scope, shop=request.shop, at=request.at)
    named = {card.id: card.name for card in places.communities(ids={line.community for line in found.lines})}
    return show(request, "customers.jinja", found=found, named=named, segments=tuple(Segment))
