"""Works in homes at the desk and on foot: decided with reasons, looked at with photos, accepted, settled."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import Channel
from linli.estate.permits import actions, queries
from linli.estate.permits.rules import SETTLED_IN, Look, PermitState
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import PermitId
from linli.kernel.money import Money
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.DECIDE_PERMITS
_LOOKS = {
    PermitState.WORKING: (Look.FINE, Look.VIOLATION, Look.STOP),
    PermitState.STOPPED: (Look.VIOLATION, Look.RESUME),
    PermitState.FINISHED: (Look.ACCEPT, Look.SEND_BACK),
}
_BACK = (Channel.CASH, Channel.BANK, Channel.ONLINE)


@page("property", "GET", "permits/", needs=NEEDS)
def permits(request: PropertyRequest) -> HttpResponse:
    """This will list the permits, of all communities or of one, in one state or in all."""
    cards = own_communities(request)
    community, state, after = chosen_community(request, cards), _state(request), request.query.maybe_id("after")
    found = queries.permits(
        request.scope,
        community=community.id if community else None,
        state=state,
        words=_words(request),
        late_at=_late_at(request),
        after=PermitId(after) if after else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/permits.jinja",
        permits=found[:A_PAGE],
        more=found[A_PAGE - 1].permit if len(found) > A_PAGE else None,
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(PermitState),
        today=request.at,
    )


@page("property", "GET", "permits/file/", name="permits-file", needs=NEEDS)
def permits_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = {card.id: card for card in own_communities(request)}
    community = chosen_community(request, tuple(cards.values()))
    found = queries.permits(
        request.scope,
        community=community.id if community else None,
        state=_state(request),
        words=_words(request),
        late_at=_late_at(request),
        limit=most_rows(),
    )
    columns = [
        *(_("Number"), _("Community"), _("Door"), _("Works"), _("Contractor"), _("From"), _("To"), _("State")),
        _("Due by"),
    ]
    rows = (
        (
            *(p.label, in_language(cards[p.community].name), p.door, formats.listed(word(w) for w in p.works)),
            *(p.contractor, p.start_on, p.end_on, p.state, p.due_at),
        )
        for p in found
    )
    return sheet(request.query, "permits", columns, rows)


@page("property", "GET", "permits/<uuid:permit>/", name="permit", needs=NEEDS)
def show(request: PropertyRequest, permit: PermitId) -> HttpResponse:
    """This will show a permit and what can be done with it now."""
    cards = own_communities(request)
    shown = queries.permit_page(request.scope, permit=permit, at=request.at)
    names = movers(request, shown.history, shown.card.asker)
    return request.render(
        "property/permit.jinja",
        page=shown,
        community=next(card for card in cards if card.id == shown.card.community),
        names=names,
        asker=names.get(shown.card.asker, "") if shown.card.asker else "",
        may_find=_LOOKS.get(shown.card.state, ()),
        deposit=billing.deposit_page(request.scope, deposit=shown.deposit) if shown.deposit else None,
        may_settle=shown.deposit_held and shown.card.state in SETTLED_IN,
        channels=_BACK,
    )


@page("property", "POST", "permits/<uuid:permit>/decision/", asks="property:permit", name="decision", needs=NEEDS)
def decide(request: PropertyRequest, permit: PermitId) -> HttpResponse:
    """This will grant or refuse."""
    grant = request.form.raw("decision") == "grant"
    why = request.form.maybe_text("why") or ""
    actions.decide_permit(request.scope, permit=permit, grant=grant, why=why, at=request.at)
    said = _("Granted. It begins when everything is paid.") if grant else _("Refused. The owner reads why.")
    return see_other("property:permit", permit, said=said)


@page("property", "POST", "permits/<uuid:permit>/inspections/", asks="property:permit", name="inspections", needs=NEEDS)
def inspect(request: PropertyRequest, permit: PermitId) -> HttpResponse:
    """This will note what was seen."""
    photos = [(file.name, file.content) for file in request.form.uploads("photos", count=9)]
    actions.inspect_works(
        request.scope,
        permit=permit,
        look=request.form.choice("look", Look),
        text=request.form.text("text", most=1000),
        photos=photos,
        at=request.at,
    )
    return see_other("property:permit", permit, said=_("Noted."))


@page(
    "property",
    "POST",
    "permits/<uuid:permit>/extension-decision/",
    asks="property:permit",
    name="extension-decision",
    needs=NEEDS,
)
def decide_extension(request: PropertyRequest, permit: PermitId) -> HttpResponse:
    """This will give more time, or not."""
    grant, why = request.form.raw("decision") == "grant", request.form.maybe_text("extension_why") or ""
    actions.decide_extension(request.scope, permit=permit, grant=grant, why=why or _("not now"), at=request.at)
    return see_other("property:permit", permit, said=_("Decided. The owner hears of it."))


@page("property", "POST", "permits/<uuid:permit>/settlement/", asks="property:permit", name="settlement", needs=NEEDS)
def settle(request: PropertyRequest, permit: PermitId) -> HttpResponse:
    """This will give the deposit back, less what damage cost."""
    form = request.form
    back = actions.settle_deposit(
        request.scope,
        permit=permit,
        keep=form.maybe_money("keep") or Money.zero,
        why=form.maybe_text("keep_why") or "",
        channel=form.choice("channel", Channel),
        another_way=form.flag("another_way"),
        at=request.at,
    )
    return see_other("property:permit", permit, said=_("{amount} went back.", amount=formats.money(back)))


def _state(request: PropertyRequest) -> PermitState | None:
    asked = request.query.raw("state")
    return next((state for state in PermitState if state.value == asked), None)


def _late_at(request: PropertyRequest) -> datetime | None:
    return request.at if request.query.flag("late") else None


def _words(request: PropertyRequest) -> str:
    return request.query.maybe_text("words", most=40) or ""
