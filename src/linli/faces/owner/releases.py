"""Goods through the gate and people who move, as the owner asks for them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.permits import actions, queries
from linli.estate.permits.rules import Direction, PermitPolicy, ReleaseState, RelocationState
from linli.faces.owner.attachments import beside
from linli.faces.owner.counters import insist_offered
from linli.faces.owner.permits import own_doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.ground.people.rules import ResidencyKind
from linli.kernel.ids import HomeId, PartyId, PermitId
from linli.spine.scope import SYSTEM


@page("owner", "GET", "permits/goods/", name="new-release")
def new(request: OwnerRequest) -> HttpResponse:
    """This will ask which goods leave which home."""
    community = insist_offered(request, PermitPolicy)
    lives = people.residents_homes(request.scope, person=request.person, at=request.at)
    homes = [(each.home.id, each.home.door) for each in lives if each.home.community == community.id]
    return request.render("owner/release-new.jinja", community=community, homes=homes)


@page("owner", "POST", "permits/goods/", name="new-release")
def create(request: OwnerRequest) -> HttpResponse:
    """This will give a slip."""
    insist_offered(request, PermitPolicy)
    form = request.form
    slip = actions.ask_release(
        request.scope,
        home=HomeId(form.id("home")),
        goods=form.text("goods", most=1000),
        carrier=form.maybe_text("carrier", most=80) or "",
        at=request.at,
    )
    return see_other("owner:release", slip)


@page("owner", "GET", "permits/goods/<uuid:release>/", name="release")
def show(request: OwnerRequest, release: PermitId) -> HttpResponse:
    """This will show a slip with its code."""
    community = insist_offered(request, PermitPolicy)
    card, history = queries.release_page(request.scope, release=release)
    open_now = card.state is ReleaseState.ISSUED and card.due_at is not None and request.at < card.due_at
    attached = beside(request, card)
    return request.render(
        "owner/release.jinja", community=community, card=card, history=history, is_open=open_now, attached=attached
    )


@page("owner", "POST", "permits/goods/<uuid:release>/revocation/", asks="owner:release", name="release-revocation")
def revoke(request: OwnerRequest, release: PermitId) -> HttpResponse:
    """This will take a slip back."""
    insist_offered(request, PermitPolicy)
    actions.revoke_release(request.scope, release=release, at=request.at)
    return see_other("owner:permits", said=_("The slip opens nothing any more."))


@page("owner", "GET", "permits/moves/", name="new-relocation")
def new_move(request: OwnerRequest) -> HttpResponse:
    """This will ask who moves, in or out."""
    community = insist_offered(request, PermitPolicy)
    homes = own_doors(request, community.id)
    living = [
        (f"{home}.{each.party}", f"{door} · {each.name}")
        for home, door in homes
        for each in people.household(SYSTEM, home=HomeId(home), at=request.at)
        if each.kind != ResidencyKind.OWNER
    ]
    return request.render("owner/relocation-new.jinja", community=community, homes=homes, living=living)


@page("owner", "POST", "permits/moves/in/", asks="owner:new-relocation", name="relocation-in")
def move_in(request: OwnerRequest) -> HttpResponse:
    """This will ask for somebody to move in."""
    insist_offered(request, PermitPolicy)
    form = request.form
    move = actions.ask_relocation(
        request.scope,
        home=HomeId(form.id("home")),
        direction=Direction.MOVE_IN,
        residency=form.choice("residency", ResidencyKind).value,
        day=form.day("day"),
        name=form.text("name", most=80),
        phone=form.text("phone", most=32),
        at=request.at,
    )
    return see_other("owner:relocation", move, said=_("Asked for. The desk goes through its list with you."))


@page("owner", "POST", "permits/moves/out/", asks="owner:new-relocation", name="relocation-out")
def move_out(request: OwnerRequest) -> HttpResponse:
    """This will ask for a resident to move out."""
    community = insist_offered(request, PermitPolicy)
    home, _dot, person = request.form.text("person").partition(".")
    owned = dict(own_doors(request, community.id))
    found = next((each for each in owned if str(each) == home), None)
    lives = people.household(SYSTEM, home=HomeId(found), at=request.at) if found else ()
    one = next((each for each in lives if str(each.party) == person), None)
    move = actions.ask_relocation(
        request.scope,
        home=HomeId(found) if found else HomeId(request.person),
        direction=Direction.MOVE_OUT,
        residency=one.kind if one else "",
        day=request.form.day("day"),
        person=PartyId(one.party) if one else None,
        at=request.at,
    )
    return see_other("owner:relocation", move, said=_("Asked for. The desk goes through its list with you."))


@page("owner", "GET", "permits/moves/<uuid:relocation>/", name="relocation")
def show_move(request: OwnerRequest, relocation: PermitId) -> HttpResponse:
    """This will show a move and its checklist."""
    community = insist_offered(request, PermitPolicy)
    shown = queries.relocation_page(request.scope, relocation=relocation)
    is_open = shown.card.state is RelocationState.OPEN
    attached = beside(request, shown.card)
    return request.render("owner/relocation.jinja", community=community, page=shown, is_open=is_open, attached=attached)


@page("owner", "POST", "permits/moves/<uuid:relocation>/calling-off/", asks="owner:relocation", name="calling-off")
def call_off(request: OwnerRequest, relocation: PermitId) -> HttpResponse:
    """This will call a move off."""
    insist_offered(request, PermitPolicy)
    actions.call_off_relocation(request.scope, relocation=relocation, at=request.at)
    return see_other("owner:permits", said=_("Called off."))
