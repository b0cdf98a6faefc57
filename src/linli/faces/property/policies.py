"""What the platform has settled for the company's communities, in words, with where each value comes from."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import policies as shown
from linli.faces.shell.pages import page
from linli.faces.shell.policies import Map, key_of
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.ground.policies import queries
from linli.kernel.refusals import NotFound


@page("property", "GET", "policies/")
def policies(request: PropertyRequest) -> HttpResponse:
    """This will list every policy as it holds in one of the company's communities; the platform sets them."""
    cards = own_communities(request)
    names = people.names(request.scope, parties=[request.company])
    known = Map(names={})
    known.add(communities=cards, companies=names.items())
    if not known.names:
        raise NotFound("community")
    where = known.chosen(request.query) if request.query.raw("where") else next(iter(reversed(known.names)))
    level, place = where
    return request.render(
        "property/policies.jinja",
        map=known,
        where=key_of(where),
        place=known.called(level, place),
        book=queries.book(request.scope, level=level, place=place, at=request.at),
        written=shown.written,
    )
