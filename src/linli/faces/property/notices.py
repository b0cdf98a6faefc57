"""Notices at the desk: the list, one with who has read it, a poster for the wall, and the receipts as a sheet."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from django.http import HttpResponse

from linli.estate.notices import queries as notices
from linli.estate.notices.rules import SAMPLES, NoticeKind, NoticePolicy, NoticeState
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import NoticeId, PartyId
from linli.spine.may import May

E = TypeVar("E", bound=StrEnum)
MOST = 50


@page("property", "GET", "notices/", needs=May.KEEP_NOTICES)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the notices of the communities with how many have read each."""
    cards = own_communities(request)
    community, query = chosen_community(request, cards), request.query
    found = notices.notices(
        request.scope,
        communities=[card.id for card in cards if community in (None, card)],
        state=maybe(query, "state", NoticeState),
        kind=maybe(query, "kind", NoticeKind),
        words=query.maybe_text("words", most=40) or "",
        after=query.maybe_id("after"),
        limit=MOST + 1,
    )
    return request.render(
        "property/notices.jinja",
        communities=cards,
        community=community,
        names={card.id: card.name for card in cards},
        states=tuple(NoticeState),
        kinds=tuple(NoticeKind),
        words=query.raw("words"),
        notices=found[:MOST],
        samples=SAMPLES,
        more=found[MOST - 1].notice if len(found) > MOST else None,
    )


@page("property", "GET", "notices/file/", name="notices-file", needs=May.KEEP_NOTICES)
def index_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = own_communities(request)
    names = {card.id: in_language(card.name) for card in cards}
    found = notices.notices(request.scope, communities=list(names), limit=notices.MOST_OF_SHEET)
    columns = [
        _("Number"),
        _("Community"),
        _("Kind"),
        _("Title"),
        _("State"),
        _("Written"),
        _("For people"),
        _("Have read"),
    ]
    rows = (
        (
            one.label,
            names[one.community],
            word(one.kind),
            in_language(one.title),
            word(one.state),
            one.written_at,
            one.recipients,
            one.read,
        )
        for one in found
    )
    return sheet(request.query, "notices", columns, rows)


@page("property", "GET", "notices/<uuid:notice>/", name="notice", needs=May.KEEP_NOTICES)
def show(request: PropertyRequest, notice: NoticeId) -> HttpResponse:
    """This will show a notice, who has read it by building, and what may be done with it now."""
    own_communities(request)
    found = notices.notice_page(request.scope, notice=notice, at=request.at)
    who = {PartyId(move.person) for move in found.moves if move.person}
    rule = policy(request.scope, NoticePolicy, at=request.at, community=found.line.community)
    return request.render(
        "property/notice.jinja",
        found=found,
        line=found.line,
        community=places.community(found.line.community),
        names=people.names(request.scope, parties=who),
        needs_approval=rule.needs_approval,
    )


@page("property", "GET", "notices/<uuid:notice>/poster/", name="notice-poster", needs=May.KEEP_NOTICES)
def poster(request: PropertyRequest, notice: NoticeId) -> HttpResponse:
    """This will make a page to hang up: the words large, and a picture that leads a phone to the same notice."""
    own_communities(request)
    found = notices.notice_page(request.scope, notice=notice, at=request.at)
    names = people.names(request.scope, parties=[request.company])
    return request.render(
        "property/notice-poster.jinja",
        found=found,
        line=found.line,
        community=places.community(found.line.community),
        company=names.get(request.company, ""),
        link=request.http.build_absolute_uri(url("owner:notice", notice)),
    )


@page("property", "GET", "notices/<uuid:notice>/receipts/file/", name="notice-receipts", needs=May.KEEP_NOTICES)
def receipts_file(request: PropertyRequest, notice: NoticeId) -> HttpResponse:
    """This will list by door who has read a notice, as a sheet."""
    own_communities(request)
    columns = [_("Door"), _("Told"), _("Have read"), _("Said so")]
    rows = (
        (one.door, one.told_at, one.read_at, one.acknowledged_at)
        for one in notices.receipts(request.scope, notice=notice)
    )
    return sheet(request.query, "notice-receipts", columns, rows)


def maybe(query: Fields, name: str, choices: type[E]) -> E | None:
    """This will read a filter; a value that is not offered is left out."""
    raw = query.raw(name)
    return choices(raw) if raw in tuple(choices) else None
