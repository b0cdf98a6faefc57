"""Which communities a shop serves: those around it, on a small plan and as a list with their distances."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.trade.shops import actions, queries, rules

PLAN = 150
"""The reach of a shop on the plan, in its own units."""
METRES_A_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Spot:
    """A community around the shop; `x` and `y` are its place on the plan, the shop in the middle, north up."""

    community: CommunityId
    name: dict[str, str]
    district: dict[str, str]
    distance_m: int
    serves: bool
    x: float
    y: float


@page("merchant", "GET", "settings/zone/", name="zone")
def zone(request: MerchantRequest) -> HttpResponse:
    """This will show the communities within reach, and beyond it those that the platform has added."""
    shop = queries.shop(request.scope, shop=request.shop)
    spots = list(_spots(shop))
    terms = {each.community: each.commission_bp for each in shop.terms if request.at in each.period}
    return show(request, "zone.jinja", spots=spots, plan_km=_plan_km(shop), terms=terms, reach_m=rules.REACH_M)


@page("merchant", "POST", "settings/zone/", name="zone")
def set_zone(request: MerchantRequest) -> HttpResponse:
    """This will show the shop where it is ticked, and hide it where it was served before."""
    ticked = [CommunityId(each) for each in request.form.ids("communities")]
    before = queries.shop(request.scope, shop=request.shop).zone
    hidden = [each.community for each in before if each.community not in ticked]
    actions.set_communities(request.scope, shop=request.shop, communities=ticked, hidden=hidden, at=request.at)
    return see_other("merchant:zone", said=_("The communities are set."))


def _spots(shop: queries.ShopPage) -> Iterator[Spot]:
    served = {each.community: each.visible for each in shop.zone}
    far = {each.community: each.distance_m for each in shop.zone}
    for near in places.communities_near(lat=shop.lat, lon=shop.lon, distance_m=rules.REACH_M):
        far.setdefault(near.community, near.distance_m)
    for card in sorted(places.communities(ids=far, city=shop.city), key=lambda card: far[card.id]):
        x, y = _on_plan(shop, card)
        yield Spot(card.id, card.name, card.district, far[card.id], served.get(card.id, False), x, y)


def _plan_km(shop: queries.ShopPage) -> int:
    """The plan shows no more than it has to, so that near communities stand apart."""
    farthest = max((each.distance_m for each in shop.zone), default=rules.REACH_M)
    return max(1, min(rules.REACH_M // 1000, math.ceil(farthest / 1000)))


def _on_plan(shop: queries.ShopPage, card: places.CommunityCard) -> tuple[float, float]:
    """East and north of the shop in plan units; what lies beyond its reach is drawn at the edge."""
    east = (card.lon - shop.lon) * METRES_A_DEGREE * math.cos(math.radians(shop.lat))
    north = (card.lat - shop.lat) * METRES_A_DEGREE
    scale = PLAN / max(_plan_km(shop) * 1000, math.hypot(east, north))
    return round(east * scale, 1), round(-north * scale, 1)
