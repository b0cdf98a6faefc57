"""Moving in and out at the desk: a checklist, and at its end a residency that begins or ends."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from linli.estate.permits import actions, queries
from linli.estate.permits.rules import Check, RelocationState
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.property.permits import NEEDS
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import PermitId

A_PAGE = 50


@page("property", "GET", "moves/", name="moves", needs=NEEDS)
def moves(request: PropertyRequest) -> HttpResponse:
    """This will list who moves."""
    cards = own_communities(request)
    community, state, after = chosen_community(request, cards), _state(request), request.query.maybe_id("after")
    found = queries.relocations(
        request.scope,
        community=community.id if community else None,
        state=state,
        words=_words(request),
        late_at=_late_at(request),
        after=PermitId(after) if after else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/moves.jinja",
        moves=found[:A_PAGE],
        more=found[A_PAGE - 1].relocation if len(found) > A_PAGE else None,
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(RelocationState),
        now=request.at,
    )


@page("property", "GET", "moves/walk/", name="moves-walk", needs=NEEDS)
def walk(request: PropertyRequest) -> HttpResponse:
    """This will list what is still to be gone through with those who move, on the phone of whoever goes there."""
    cards = own_communities(request)
    found = queries.relocations(request.scope, state=RelocationState.OPEN, limit=A_PAGE)
    return request.render(
        "property/moves-walk.jinja",
        moves=sorted(found, key=lambda one: (one.day, one.label)),
        communities={card.id: card for card in cards},
        now=request.at,
    )


@page("property", "GET", "moves/file/", name="moves-file", needs=NEEDS)
def moves_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = {card.id: card for card in own_communities(request)}
    community = chosen_community(request, tuple(cards.values()))
    found = queries.relocations(
        request.scope,
        community=community.id if community else None,
        state=_state(request),
        words=_words(request),
        late_at=_late_at(request),
        limit=most_rows(),
    )
    columns = [
        _("Number"),
        _("Community"),
        _("Door"),
        _("Direction"),
        _("As"),
        _("Full name"),
        _("Day"),
        _("State"),
        _("Due by"),
    ]
    rows = (
        (
            *(m.label, in_language(cards[m.community].name), m.door, m.direction, m.residency, m.name, m.day),
            *(m.state, m.due_at),
        )
        for m in found
    )
    return sheet(request.query, "moves", columns, rows)


@page("property", "GET", "moves/<uuid:relocation>/", name="move", needs=NEEDS)
def show(request: PropertyRequest, relocation: PermitId) -> HttpResponse:
    """This will show a move with its checklist."""
    own_communities(request)
    shown = queries.relocation_page(request.scope, relocation=relocation)
    is_open = shown.card.state is RelocationState.OPEN
    is_ready = is_open and all(done for _check, _note, done in shown.checks)
    attached = beside(request, shown.card)
    names = movers(request, shown.history, *(one.person for one in attached))
    return request.render(
        "property/move.jinja",
        page=shown,
        is_open=is_open,
        is_ready=is_ready,
        names=names,
        attached=attached,
        now=request.at,
    )


@page("property", "POST", "moves/<uuid:relocation>/checks/", asks="property:move", name="checks", needs=NEEDS)
def check(request: PropertyRequest, relocation: PermitId) -> HttpResponse:
    """This will tick off an item."""
    item = request.form.choice("item", Check)
    note = request.form.maybe_text(f"note.{item.value}") or ""
    actions.check_relocation(request.scope, relocation=relocation, item=item, note=note, at=request.at)
    return see_other("property:move", relocation)


@page("property", "POST", "moves/<uuid:relocation>/finish/", asks="property:move", name="move-finish", needs=NEEDS)
def finish(request: PropertyRequest, relocation: PermitId) -> HttpResponse:
    """This will begin or end the residency."""
    actions.finish_relocation(request.scope, relocation=relocation, at=request.at)
    return see_other("property:move", relocation, said=_("Done. It is written into the home's residents."))


@page("property", "POST", "moves/<uuid:relocation>/calling-off/", asks="property:move", name="calling-off", needs=NEEDS)
def call_off(request: PropertyRequest, relocation: PermitId) -> HttpResponse:
    """This will call a move off."""
    why = request.form.text("why")
    actions.call_off_relocation(request.scope, relocation=relocation, why=why, at=request.at)
    return see_other("property:move", relocation, said=_("Called off."))


def _state(request: PropertyRequest) -> RelocationState | None:
    asked = request.query.raw("state")
    return next((state for state in RelocationState if state.value == asked), None)


def _late_at(request: PropertyRequest) -> datetime | None:
    return request.at if request.query.flag("late") else None


def _words(request: PropertyRequest) -> str:
    return request.query.maybe_text("words", most=40) or ""
