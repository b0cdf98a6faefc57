"""The desk's view of visitors: passes with their filters, what happened at the gates, and both as a sheet."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from django.http import HttpResponse

from linli.estate.visits import actions
from linli.estate.visits import queries as visits
from linli.estate.visits.queries import MOST_OF_SHEET, DeskPass, PassingLine, PassSort
from linli.estate.visits.rules import PassKind, PassState, Way
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, pgettext, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import HomeId, VisitPassId
from linli.spine.may import May

E = TypeVar("E", bound=StrEnum)
MOST = 50


@page("property", "GET", "visits/", needs=May.CHECK_VISITORS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the passes of the communities."""
    cards = own_communities(request)
    community = chosen_community(request, cards)
    words = request.query.maybe_text("words", most=40) or ""
    sorting = _sorting(request)
    found = _passes(request, cards, sorting, limit=MOST + 1)
    return request.render(
        "property/visits.jinja",
        communities=cards,
        community=community,
        names={card.id: card.name for card in cards},
        states=tuple(PassState),
        kinds=tuple(PassKind),
        words=words,
        passes=found[:MOST],
        more=found[MOST - 1].visit_pass if len(found) > MOST else None,
        sorting=sorting,
    )


@page("property", "GET", "visits/<uuid:visit_pass>/", name="visit", needs=May.CHECK_VISITORS)
def show(request: PropertyRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will show one pass: when it is good, who checked it, and every step of its life."""
    cards = own_communities(request)
    found = visits.desk_pass(request.scope, visit_pass=visit_pass, at=request.at)
    community = next(card for card in cards if card.id == found.card.community)
    attached = beside(request, found.card)
    names = movers(request, (), *(one.person for one in attached))
    return request.render("property/visit-pass.jinja", found=found, community=community, attached=attached, names=names)


@page(
    "property",
    "POST",
    "visits/<uuid:visit_pass>/revocation/",
    name="visit-revocation",
    asks="property:visit",
    needs=May.CHECK_VISITORS,
)
def revoke(request: PropertyRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will end a pass at once."""
    actions.revoke_at_desk(request.scope, visit_pass=visit_pass, at=request.at)
    return see_other("property:visit", visit_pass, said=_("The pass has ended."))


@page("property", "GET", "visits/file/", name="visits-file", needs=May.CHECK_VISITORS)
def passes_file(request: PropertyRequest) -> HttpResponse:
    """This will give the passes as a sheet."""
    cards = own_communities(request)
    names = {card.id: in_language(card.name) for card in cards}
    columns = [_("Door"), _("Community"), _("Kind"), _("From"), _("Until"), _("Entries"), _("State"), _("Invited")]
    rows = (
        (
            *(one.door, names[one.community], word(one.kind), one.window.start_on, one.window.last_on),
            *(one.entered, word(one.state), one.invited_at),
        )
        for one in _passes(request, cards, _sorting(request), limit=MOST_OF_SHEET)
    )
    return sheet(request.query, "passes", columns, rows)


@page("property", "GET", "visits/log/", name="visit-log", needs=May.CHECK_VISITORS)
def log(request: PropertyRequest) -> HttpResponse:
    """This will list what happened at the gates."""
    cards = own_communities(request)
    found = _lines(request, cards, MOST + 1)
    return request.render(
        "property/visit-log.jinja",
        communities=cards,
        community=chosen_community(request, cards),
        names={card.id: card.name for card in cards},
        ways=tuple(Way),
        words=request.query.maybe_text("words", most=40) or "",
        lines=found[:MOST],
        more=found[MOST - 1].passing if len(found) > MOST else None,
        asked={name: request.query.raw(name) for name in ("community", "way", "words", "since", "until")},
    )


@page("property", "GET", "visits/log/file/", name="visit-log-file", needs=May.CHECK_VISITORS)
def log_file(request: PropertyRequest) -> HttpResponse:
    """This will give the same lines as a sheet."""
    cards = own_communities(request)
    names = {card.id: in_language(card.name) for card in cards}
    columns = [
        _("Time"),
        _("Community"),
        _("Gate"),
        _("What"),
        _("Door"),
        _("Pass"),
        pgettext("pass", "Why not"),
        _("Guard"),
    ]
    rows = (
        (each.at, names[each.community], each.gate, each.way, each.door, word(each.kind), word(each.why), each.guard)
        for each in _lines(request, cards, MOST_OF_SHEET)
    )
    return sheet(request.query, "visits", columns, rows)


def _sorting(request: PropertyRequest) -> Sorting:
    asked = {name: request.query.raw(name) for name in ("community", "state", "kind", "words")}
    return Sorting.of(request, "property:visits", tuple(PassSort), asked)


def _passes(
    request: PropertyRequest, cards: tuple[CommunityCard, ...], sorting: Sorting, limit: int
) -> tuple[DeskPass, ...]:
    community = chosen_community(request, cards)
    return visits.passes(
        request.scope,
        communities=[card.id for card in cards if community in (None, card)],
        state=_maybe(request.query, "state", PassState),
        kind=_maybe(request.query, "kind", PassKind),
        homes=_homes(cards, community, request.query.maybe_text("words", most=40) or ""),
        order=PassSort(sorting.key) if sorting.key else PassSort.NEWEST,
        is_rising=sorting.is_rising,
        after=request.query.maybe_id("after"),
        limit=limit,
    )


def _lines(request: PropertyRequest, cards: tuple[CommunityCard, ...], limit: int) -> tuple[PassingLine, ...]:
    community, query = chosen_community(request, cards), request.query
    since, until = query.maybe_day("since"), query.maybe_day("until")
    zone = voice.current().zone
    return visits.passings(
        request.scope,
        communities=[card.id for card in cards if community in (None, card)],
        way=_maybe(query, "way", Way),
        since=datetime.combine(since, datetime.min.time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), datetime.min.time(), zone) if until else None,
        homes=_homes(cards, community, query.maybe_text("words", most=40) or ""),
        after=query.maybe_id("after"),
        limit=limit,
    )


def _homes(cards: tuple[CommunityCard, ...], community: CommunityCard | None, words: str) -> list[HomeId] | None:
    """The homes that a door's words find, in the chosen community or the first; None where nothing was typed."""
    if not words or not cards:
        return None
    return [home.id for home in places.find_homes((community or cards[0]).id, words=words, limit=places.MOST_HOMES)]


def _maybe(query: Fields, name: str, choices: type[E]) -> E | None:
    """A filter that is not offered is left out."""
    raw = query.raw(name)
    return choices(raw) if raw in tuple(choices) else None
