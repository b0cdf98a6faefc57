"""What is under way at a desk or ended lately: one page of each face that asks for long work, one for each piece."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpResponse

from linli.faces.shell import long_work, messages, waiting_work
from linli.faces.shell.answers import see_other
from linli.faces.shell.long_work import face_of
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.requests import PageRequest
from linli.ground.chores import actions, queries
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.kernel.ids import ChoreId, CommunityId
from linli.kernel.refusals import NotFound

A_PAGE = 30
_NOWHERE: Mapping[CommunityId, str] = MappingProxyType({})


def index(
    request: PageRequest, frame: str, communities: Mapping[CommunityId, str] = _NOWHERE, **values: Any
) -> HttpResponse:
    """This will list what is under way and what ended lately, one's own and the company's, the latest first."""
    after = request.query.maybe_id("after")
    found = queries.chores(request.scope, after=ChoreId(after) if after else None, limit=A_PAGE + 1)
    pieces = found[:A_PAGE]
    if not after:
        waiting_work.looked_over(request, [p.id for p in pieces if p.is_under_way and p.person == request.scope.person])
    who = {each.person for each in pieces if each.person}
    return request.render(
        "shell/under-way.jinja",
        frame=frame,
        face=face_of(request),
        pieces=pieces,
        look_of=long_work.look_of,
        outcome=long_work.outcome,
        communities=communities,
        names=people.names(request.scope, parties=who) if who else {},
        more=pieces[-1].id if found[A_PAGE:] else None,
        whose=request.scope.company or request.scope.person,
        **values,
    )


def show(
    request: PageRequest,
    chore: ChoreId,
    frame: str,
    communities: Mapping[CommunityId, str] = _NOWHERE,
    **values: Any,
) -> HttpResponse:
    """This will show how far one piece of work is, and when it has ended, what came of it."""
    card = queries.chore(request.scope, chore=chore)
    if not card.is_under_way:
        waiting_work.looked_at(request, chore)
    return request.render(
        "shell/piece-of-work.jinja",
        frame=frame,
        face=face_of(request),
        piece=card,
        look=long_work.look_of(card),
        told=long_work.outcome(card),
        community=communities.get(card.community, "") if card.community else "",
        refused=messages.words_of(card.refusal) if card.refusal else "",
        **values,
    )


def stop(request: PageRequest, chore: ChoreId) -> HttpResponse:
    """This will have a piece of work stopped; what it did so far is undone."""
    actions.stop_chore(request.scope, chore=chore, at=request.at)
    said = _("It is being stopped. Nothing of it will have happened.")
    return see_other(f"{face_of(request)}:piece-of-work", chore, said=said)


def take_away(request: PageRequest, chore: ChoreId) -> HttpResponse:
    """This will open the file that a piece of work made."""
    card = queries.chore(request.scope, chore=chore)
    waiting_work.looked_at(request, chore)
    if card.made is None:
        raise NotFound("file")
    return see_other("public:file", files.link(request.scope, file=card.made, at=request.at))
