"""The city that a page is about: the operator's own, the one in the address, or the first."""

from __future__ import annotations

from linli.faces.shell import voice
from linli.faces.shell.requests import PlatformRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard
from linli.kernel.refusals import NotFound


def chosen_city(request: PlatformRequest) -> tuple[CityCard, tuple[CityCard, ...]]:
    """This will give the city and all that may be chosen; an operator of one city has no other."""
    own, asked = request.scope.city, request.query.maybe_id("city")
    offered = tuple(city for city in places.cities() if own is None or city.id == own)
    found = next((city for city in offered if asked is None or city.id == asked), None)
    if found is None:
        raise NotFound("city")
    voice.move_to(found.timezone)
    return found, offered
