"""Communities and the shops that sell in them; open to everybody."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Latitude, Listed, Longitude, Query
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard, CommunityCard, NearCommunity
from linli.kernel.ids import CityId, CommunityId
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import ShopCard


class OfCity(Query):
    city: CityId | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Around(Query):
    lat: Latitude
    lon: Longitude
    distance_m: Annotated[int, Meta(ge=1, le=20_000)] = 3000
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Some(Query):
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@endpoint("GET", "cities", shared_s=60, summary="List the cities.")
def list_cities(request: ApiRequest) -> Listed[CityCard]:
    return Listed(places.cities())


@endpoint("GET", "communities", shared_s=60, summary="List communities by name, of all cities or of one.")
def list_communities(request: ApiRequest, query: OfCity) -> Listed[CommunityCard]:
    return Listed(places.communities(city=query.city, limit=query.limit))


@endpoint("GET", "communities/near", shared_s=10, summary="List the communities around a point, nearest first.")
def list_near_communities(request: ApiRequest, query: Around) -> Listed[NearCommunity]:
    return Listed(places.communities_near(lat=query.lat, lon=query.lon, distance_m=query.distance_m, limit=query.limit))


@endpoint("GET", "communities/<uuid:community>", shared_s=60, summary="Describe a community.")
def show_community(request: ApiRequest, community: CommunityId) -> CommunityCard:
    return places.community(community)


@endpoint(
    "GET",
    "communities/<uuid:community>/shops",
    shared_s=2,
    summary="List the shops that sell in a community: the open ones first, then by distance.",
)
def list_shops_near(request: ApiRequest, community: CommunityId, query: Some) -> Listed[ShopCard]:
    return Listed(shops.shops_near(community=community, at=request.at, limit=query.limit))
