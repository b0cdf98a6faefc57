"""Which communities a shop serves: those around it, on a small plan and as a list with their distances."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.surroundings import plan_km, spots
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.trade.shops import actions, queries, rules

MOST_KM = rules.REACH_M // 1000


@page("merchant", "GET", "settings/zone/", name="zone")
def zone(request: MerchantRequest) -> HttpResponse:
    """This will show the communities within reach, and beyond it those that the platform has added."""
    shop = queries.shop(request.scope, shop=request.shop)
    far = {each.community: each.distance_m for each in shop.zone}
    km = plan_km(far.values(), most_km=MOST_KM)
    for near in places.communities_near(lat=shop.lat, lon=shop.lon, distance_m=rules.REACH_M):
        far.setdefault(near.community, near.distance_m)
    shown = [each.community for each in shop.zone if each.visible]
    around = list(spots((shop.lat, shop.lon), far, shown, km=km, city=shop.city))
    terms = {each.community: each.commission_bp for each in shop.terms if request.at in each.period}
    return show(request, "zone.jinja", spots=around, plan_km=km, terms=terms, reach_m=rules.REACH_M)


@page("merchant", "POST", "settings/zone/", name="zone")
def set_zone(request: MerchantRequest) -> HttpResponse:
    """This will show the shop where it is ticked, and hide it where it was served before."""
    ticked = [CommunityId(each) for each in request.form.ids("communities")]
    before = queries.shop(request.scope, shop=request.shop).zone
    hidden = [each.community for each in before if each.community not in ticked]
    actions.set_communities(request.scope, shop=request.shop, communities=ticked, hidden=hidden, at=request.at)
    return see_other("merchant:zone", said=_("The communities are set."))
