"""Waivers at the desk: asked for from the account of a home, decided by somebody else, listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.actions import Waive
from linli.estate.billing.queries import WaiverCard
from linli.estate.billing.rules import WaiverState
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats, messages
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.open_rows import open_rows, picked_rows, spread
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.TAKE_FEES


@page("property", "GET", "waivers/", needs=NEEDS)
def waivers(request: PropertyRequest) -> HttpResponse:
    """This will list waivers by state, those that wait with until when."""
    cards = own_communities(request)
    community = community_here(request, cards)
    state, after = request.query.raw("state"), request.query.maybe_id("after")
    chosen = {"community": str(community.id), "state": state}
    found = billing.waivers(request.scope, community=community.id, state=_state(state), after=after, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return request.render(
        "property/waivers.jinja",
        communities=cards,
        community=community,
        waivers=shown,
        doors=doors([each.home for each in shown if each.home]),
        names=people.names(request.scope, parties={each.asked_by for each in shown if each.asked_by}),
        states=list(WaiverState),
        more=url("property:waivers", **chosen, after=shown[-1].waiver) if found[A_PAGE:] else None,
        export=url("property:fee-waivers-sheet", **chosen),
    )


@page("property", "GET", "waivers/sheet/", name="fee-waivers-sheet", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give the waivers that the list shows as a spreadsheet."""
    community = community_here(request, own_communities(request))
    state = _state(request.query.raw("state"))
    found = billing.waivers(request.scope, community=community.id, state=state, limit=most_rows())
    columns = [
        _("Asked"),
        _("Where"),
        _("Why"),
        _("Asked by"),
        _("Asked for"),
        _("Waived"),
        _("State"),
        _("Decided by"),
    ]
    return sheet(request.query, "waivers", [*columns, _("Decided"), _("Answer")], _rows(request, found))


@page("property", "GET", "accounts/<uuid:subject>/waiver/", name="fee-waiver-new", needs=NEEDS)
def new(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will show what is open, of which something shall not be paid."""
    account = billing.account_page(request.scope, subject=subject)
    return request.render(
        "property/waiver-new.jinja",
        account=account,
        rows=open_rows(account.open_lines),
        community=community_of(request, account.community),
        once=ids.new(),
    )


@page("property", "POST", "accounts/<uuid:subject>/waiver/", name="fee-waiver-new", needs=NEEDS)
def create(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will ask for a waiver, with its reason; somebody else decides."""
    form = request.form
    picked = picked_rows(form)
    if not picked:
        raise Invalid("lines", _("Please tick what shall not be paid."))
    opens = {each.line.line: each.line.open for each in billing.account_page(request.scope, subject=subject).open_lines}
    lines = [each for row in picked for each in _waived(row, form.maybe_money(f"amount.{row[0]}"), opens)]
    waiver = actions.ask_waiver(
        request.scope, subject=subject, lines=lines, why=form.text("why", most=200), at=request.at
    )
    return see_other("property:fee-waiver", waiver, said=_("Asked for. Somebody else decides."))


def _waived(row: tuple[int, ...], amount: Money | None, opens: Mapping[int, Money]) -> list[Waive]:
    if amount is None:
        return [Waive(line) for line in row]
    return [Waive(line, part) for line, part in spread(amount, row, opens)]


@page("property", "GET", "waivers/<uuid:waiver>/", name="fee-waiver", needs=NEEDS)
def show(request: PropertyRequest, waiver: UUID) -> HttpResponse:
    """This will show a waiver with its lines as they stand, and ask whoever may for a decision."""
    cards = {card.id: card for card in own_communities(request)}
    shown = billing.waiver_page(request.scope, waiver=waiver)
    card = shown.card
    waits = card.state is WaiverState.ASKED
    return request.render(
        "property/waiver.jinja",
        waiver=shown,
        community=cards[card.community],
        door=doors([card.home] if card.home else []).get(card.home or card.subject, ""),
        names=people.names(request.scope, parties=[each for each in (card.asked_by, card.decided_by) if each]),
        waits=waits,
        may_approve=waits and request.scope.may(May.WAIVE_FEES) and _may_approve(request, card),
        once=ids.new(),
    )


@page(
    "property",
    "POST",
    "waivers/<uuid:waiver>/decision/",
    name="fee-waiver-decision",
    asks="property:fee-waiver",
    needs=May.WAIVE_FEES,
)
def decide(request: PropertyRequest, waiver: UUID) -> HttpResponse:
    """This will waive what was asked for, or refuse to."""
    approve = request.form.raw("do") == "approve"
    answer = request.form.maybe_text("answer", most=200) or ""
    if not approve and not answer:
        raise Invalid("answer", _("Please say why not."))
    waived = actions.decide_waiver(request.scope, waiver=waiver, approve=approve, answer=answer, at=request.at)
    said = _("{amount} was waived, by credit lines.", amount=formats.money(waived)) if approve else _("Refused.")
    return see_other("property:fee-waiver", waiver, said=said)


def _may_approve(request: PropertyRequest, card: WaiverCard) -> bool:
    return billing.may_approve(request.scope, community=card.community, asked_by=card.asked_by, at=request.at)


def _state(word: str) -> WaiverState | None:
    return WaiverState(word) if word in list(WaiverState) else None


def _rows(request: PropertyRequest, found: tuple[WaiverCard, ...]) -> Iterator[list[object]]:
    parties = {who for each in found for who in (each.asked_by, each.decided_by) if who}
    names, named = people.names(request.scope, parties=parties), doors([each.home for each in found if each.home])
    for each in found:
        yield [
            each.asked_at,
            named.get(each.home or each.subject, ""),
            each.why,
            names.get(each.asked_by, "") if each.asked_by else "",
            each.asked,
            each.waived if each.state is WaiverState.APPROVED else Money.zero,
            messages.word(each.state),
            names.get(each.decided_by, "") if each.decided_by else "",
            each.decided_at,
            each.answer,
        ]
