"""What the palette of the company's desk finds: pages, homes by their doors, people, staff, work orders by number.

Each kind is found by those only whose duty opens the page it leads to.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from linli.estate.workorders import queries as work
from linli.estate.workorders.queries import Wanted
from linli.faces.property.communities import own_communities
from linli.faces.shell import findings
from linli.faces.shell.addresses import url
from linli.faces.shell.findings import LEAST, MOST_OF_A_KIND, Found, Kind
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.spine.may import May


@page("property", "GET", "find/")
def find(request: PropertyRequest) -> HttpResponse:
    """This will find what somebody types, and every page of the menu where nothing is typed."""
    words = findings.words_of(request)
    kinds = tuple(_kinds(request, words)) if len(words) >= LEAST else ()
    return findings.show(request, "property/find.jinja", words, kinds)


def _kinds(request: PropertyRequest, words: str) -> Iterator[Kind]:
    may = request.scope.may
    if may(May.KEEP_PEOPLE):
        names = {card.id: in_language(card.name) for card in own_communities(request)}
        homes = places.find_homes(*request.communities, words=words, limit=MOST_OF_A_KIND)
        yield Kind(
            _("Homes"),
            "house",
            tuple(Found(one.door, url("property:home-page", one.id), names.get(one.community, "")) for one in homes),
        )
        yield _residents(request, words, names)
    if may(May.DISPATCH_WORK):
        found = work.work_orders(
            request.scope, wanted=Wanted(number=words.upper()), at=request.at, limit=MOST_OF_A_KIND
        )
        yield Kind(
            _("Work orders"),
            "wrench",
            tuple(
                Found(
                    one.number,
                    url("property:work-order", one.order),
                    f"{in_language(one.type_name)} · {word(one.state)}",
                )
                for one in found
            ),
        )


def _residents(request: PropertyRequest, words: str, names: dict[CommunityId, str]) -> Kind:
    called = people.residents_called(
        request.scope, communities=request.communities, words=words, at=request.at, limit=MOST_OF_A_KIND
    )
    homes = places.homes([home for _name, home in called]) if called else {}
    return Kind(
        _("People"),
        "users",
        tuple(
            Found(name, url("property:home-page", home), f"{names.get(homes[home].community, '')} {homes[home].door}")
            for name, home in called
            if home in homes
        ),
    )
