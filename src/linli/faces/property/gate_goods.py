"""Slips for goods: the list at the desk, and the gate on the guard's phone: a code or a slip that waits, one button."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.permits import actions, queries
from linli.estate.permits.rules import ReleaseState
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import PermitId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 50
A_GATE = 20
NEEDS = May.CHECK_GOODS_RELEASE


@page("property", "GET", "goods/", needs=NEEDS)
def goods(request: PropertyRequest) -> HttpResponse:
    """This will list the slips."""
    cards = own_communities(request)
    community, state, after = chosen_community(request, cards), _state(request), request.query.maybe_id("after")
    found = queries.releases(
        request.scope,
        community=community.id if community else None,
        state=state,
        words=_words(request),
        after=PermitId(after) if after else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/goods.jinja",
        releases=found[:A_PAGE],
        more=found[A_PAGE - 1].release if len(found) > A_PAGE else None,
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(ReleaseState),
    )


@page("property", "GET", "gate/goods/", name="gate-goods", needs=NEEDS)
def gate(request: PropertyRequest) -> HttpResponse:
    """This will ask the guard for a code, and show under it what may still leave, the newest first."""
    cards = own_communities(request)
    waiting = queries.releases(request.scope, state=ReleaseState.ISSUED, limit=A_GATE)
    return request.render("property/gate-goods.jinja", waiting=waiting, communities={card.id: card for card in cards})


@page("property", "POST", "gate/goods/", name="gate-goods", needs=NEEDS)
def find(request: PropertyRequest) -> HttpResponse:
    """This will lead from a code to its slip."""
    own_communities(request)
    found = queries.release_by_code(request.scope, code=request.form.text("code", most=12), at=request.at)
    if found is None:
        raise Invalid("code", "No open slip has this code.")
    return see_other("property:release", found)


@page("property", "GET", "goods/file/", name="goods-file", needs=NEEDS)
def goods_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = {card.id: card for card in own_communities(request)}
    community = chosen_community(request, tuple(cards.values()))
    found = queries.releases(
        request.scope,
        community=community.id if community else None,
        state=_state(request),
        words=_words(request),
        limit=most_rows(),
    )
    columns = [_("Number"), _("Community"), _("Door"), _("Goods"), _("Carrier"), _("Asked"), _("State")]
    rows = (
        (r.label, in_language(cards[r.community].name), r.door, r.goods, r.carrier, r.asked_at, r.state) for r in found
    )
    return sheet(request.query, "goods", columns, rows)


@page("property", "GET", "goods/<uuid:release>/", name="release", needs=NEEDS)
def show(request: PropertyRequest, release: PermitId) -> HttpResponse:
    """This will show what may leave, and let it out."""
    own_communities(request)
    card, history = queries.release_page(request.scope, release=release)
    is_open = card.state is ReleaseState.ISSUED and card.due_at is not None and request.at < card.due_at
    attached = beside(request, card)
    names = movers(request, history, *(one.person for one in attached))
    return request.render(
        "property/release.jinja", card=card, history=history, is_open=is_open, names=names, attached=attached
    )


@page("property", "POST", "goods/<uuid:release>/", name="release", needs=NEEDS)
def let_out(request: PropertyRequest, release: PermitId) -> HttpResponse:
    """This will let the goods out."""
    actions.let_out(request.scope, release=release, at=request.at)
    return see_other("property:gate-goods", said=_("Let out. The slip is used."))


def _state(request: PropertyRequest) -> ReleaseState | None:
    asked = request.query.raw("state")
    return next((state for state in ReleaseState if state.value == asked), None)


def _words(request: PropertyRequest) -> str:
    return request.query.maybe_text("words", most=40) or ""
