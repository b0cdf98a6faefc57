"""What the palette of the operators finds: pages; shops, communities and companies by name; orders by number."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from linli.faces.shell import findings
from linli.faces.shell.addresses import url
from linli.faces.shell.findings import LEAST, MOST_OF_A_KIND, Found, Kind
from linli.faces.shell.formats import moment
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.spine.may import May
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.queries import Wanted
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops


@page("platform", "GET", "find/")
def find(request: PlatformRequest) -> HttpResponse:
    """This will find what somebody types, and every page of the menu where nothing is typed."""
    words = findings.words_of(request)
    kinds = tuple(_kinds(request, words)) if len(words) >= LEAST else ()
    return findings.show(request, "platform/find.jinja", words, kinds)


def _kinds(request: PlatformRequest, words: str) -> Iterator[Kind]:
    called = shops.shops_called(request.scope, words=words, limit=MOST_OF_A_KIND)
    yield Kind(
        _("Shops"),
        "store",
        tuple(Found(in_language(one.name), url("platform:shop", one.shop), word(one.state)) for one in called),
    )
    if request.scope.may(May.REFUND_ORDER):
        numbered = orders.orders_numbered(request.scope, number=words, limit=MOST_OF_A_KIND)
        yield Kind(
            _("Orders"),
            "receipt-text",
            tuple(
                Found(one.number, url("platform:order", one.order), f"{word(one.state)} · {moment(one.placed_at)}")
                for one in numbered
            ),
        )
    if request.scope.may(May.READ_SALES):
        cards = places.communities(city=request.scope.city)
        named = [card for card in cards if words.casefold() in " ".join(card.name.values()).casefold()]
        yield Kind(
            _("Communities"),
            "map-pin",
            tuple(
                Found(in_language(card.name), url("platform:community-figures", card.id), in_language(card.city_name))
                for card in named[:MOST_OF_A_KIND]
            ),
        )
    if request.scope.may(May.KEEP_COMPANIES):
        cared = people.companies(request.scope, called=words, at=request.at, limit=MOST_OF_A_KIND)
        yield Kind(
            _("Companies"),
            "building-2",
            tuple(Found(one.name, url("platform:company", one.company)) for one in cared),
        )
    if request.scope.may(May.DISPATCH_DELIVERY):
        board = delivery.board(request.scope, wanted=Wanted(number=words), at=request.at, limit=MOST_OF_A_KIND)
        yield Kind(
            _("Deliveries"),
            "bike",
            tuple(Found(one.number, url("platform:delivery", one.task), word(one.state)) for one in board.tasks),
        )
