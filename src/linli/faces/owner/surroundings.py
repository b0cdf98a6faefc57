"""What lies round a resident's home: the plan of their community, the shops near it, and the communities next to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell import formats
from linli.faces.shell.addresses import url
from linli.faces.shell.maps import STRIP, Plan, Spot, plan
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.remembered import Remembered
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import BuildingPoint, CommunityCard
from linli.kernel.ids import BuildingId, HomeId, ShopId
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import ShopCard

MOST_BUILDINGS = 60
MOST_SHOPS = 20
MOST_NEIGHBOURS = 8
WITHIN_M = 3000
Way = tuple[tuple[float, float], tuple[float, float]]
_ways: Remembered[tuple[ShopId, HomeId], Way | None] = Remembered(seconds=60.0, most=1000)


@page("owner", "GET", "neighbourhood/")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show the community's buildings, the shops round it and its neighbours, each on a plan with its list."""
    if not request.communities:
        return request.render("owner/home-without-a-home.jinja")
    community = neighbourhoods.look_at(neighbourhoods.own(request))
    near = shops.shops_near(community=community.id, at=request.at, limit=MOST_SHOPS)
    next_door = places.neighbours(community.id, within_m=WITHIN_M, limit=MOST_NEIGHBOURS)
    cards = {each.id: each for each in places.communities(ids=[each.community for each in next_door])}
    return request.render(
        "owner/neighbourhood.jinja",
        community=community,
        buildings=_buildings(
            places.building_points([community.id], limit=MOST_BUILDINGS),
            places.buildings_of(request.homes).values(),
        ),
        around=_around(community, near, shops.whereabouts(shops=[each.shop for each in near])),
        neighbours=[(cards[each.community], each.distance_m) for each in next_door if each.community in cards],
    )


def way_of(
    shop: ShopId, shop_name: dict[str, str], home: HomeId, door: str, *, near: tuple[float, float] | None = None
) -> Plan | None:
    """This will draw the way from a shop to a home, and about where its courier is; None where the ends are unknown."""
    ends = _ways.get((shop, home), lambda: _ends(shop, home))
    if ends is None:
        return None
    (shop_lat, shop_lon), (lat, lon) = ends
    spots: tuple[Spot, ...] = (
        Spot(kind="shop", lat=shop_lat, lon=shop_lon, mark="A", name=in_language(shop_name), about=_("the shop")),
        Spot(kind="home", lat=lat, lon=lon, mark="B", name=door, about=_("your home")),
    )
    if near:
        courier = Spot(
            kind="courier", lat=near[0], lon=near[1], mark="C", name=_("Your courier"), about=_("roughly, just now")
        )
        spots = (spots[0], courier, spots[1])
    drawn = plan(spots, height=STRIP)
    return drawn if drawn.tells else None


def _ends(shop: ShopId, home: HomeId) -> Way | None:
    begins, ends = shops.whereabouts(shops=[shop]).get(shop), places.positions([home]).get(home)
    return (begins, ends) if begins and ends else None


def _buildings(points: Iterable[BuildingPoint], mine: Iterable[BuildingId]) -> Plan:
    own = set(mine)
    spots = [
        Spot(
            kind="home" if each.building in own else "building",
            lat=each.lat,
            lon=each.lon,
            mark=each.label[:4],
            name=_("Building {label}", label=each.label),
            about=_("your home") if each.building in own else "",
        )
        for each in sorted(points, key=lambda point: (len(point.label), point.label))
    ]
    return plan(spots)


def _around(community: CommunityCard, near: Iterable[ShopCard], stand: dict[ShopId, tuple[float, float]]) -> Plan:
    middle = Spot(kind="home", lat=community.lat, lon=community.lon, mark="", name=in_language(community.name))
    found = [each for each in near if each.shop in stand]
    spots = [
        Spot(
            kind="shop",
            lat=stand[each.shop][0],
            lon=stand[each.shop][1],
            mark=str(nth),
            name=in_language(each.name),
            about=_("{way} away", way=formats.far(each.distance_m)),
            href=url("owner:shop", community.id, each.shop),
        )
        for nth, each in enumerate(found, start=1)
    ]
    return plan([middle, *spots])
