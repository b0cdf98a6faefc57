"""The city that a page is about: the operator's own, the one in the address, or the first."""

from __future__ import annotations

from linli.faces.shell import voice
from linli.faces.shell.requests import PlatformRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard
from linli.kernel.refusals import NotFound


def offered_cities(request: PlatformRequest) -> tuple[CityCard, ...]:
    """This will list the cities that an operator works for; an operator of one city has no other."""
    own = request.scope.city
    return tuple(city for city in places.cities() if own is None or city.id == own)


def chosen_city(
    request: PlatformRequest, offered: tuple[CityCard, ...] | None = None
) -> tuple[CityCard, tuple[CityCard, ...]]:
    """This will give the city and all that may be chosen."""
    asked, offered = request.query.maybe_id("city"), offered_cities(request) if offered is None else offered
    found = next((city for city in offered if asked is None or city.id == asked), None)
    if found is None:
        raise NotFound("city")
    voice.move_to(found.timezone)
    return found, offered
