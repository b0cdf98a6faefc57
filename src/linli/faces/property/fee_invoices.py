"""Invoices that payers asked for: issued with a number and the paper, refused, taken back; listed and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import InvoiceCard
from linli.estate.billing.rules import InvoiceState
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.shell import messages
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.TAKE_FEES


@page("property", "GET", "fee-invoices/", name="fee-invoices", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the invoices asked for by state, number and title, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = _found(request, community, after=request.query.maybe_id("after"), limit=A_PAGE + 1)
    shown, chosen = found[:A_PAGE], _chosen(request)
    return request.render(
        "property/fee-invoices.jinja",
        communities=cards,
        community=community,
        invoices=shown,
        names=people.names(request.scope, parties={each.payer for each in shown}),
        states=list(InvoiceState),
        now=request.at,
        more=url("property:fee-invoices", **chosen, after=shown[-1].invoice) if found[A_PAGE:] else None,
        export=url("property:fee-invoices-sheet", **chosen),
    )


@page("property", "GET", "fee-invoices/sheet/", name="fee-invoices-sheet", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give the invoices that the list shows as a spreadsheet."""
    community = community_here(request, own_communities(request))
    columns = [_("Asked"), _("Title"), _("Tax number"), _("Payer"), _("Amount"), _("State"), _("Invoice number")]
    found = _found(request, community, after=None, limit=most_rows())
    return sheet(request.query, "invoices", [*columns, _("Decided"), _("Answer")], _rows(request, found))


@page("property", "GET", "fee-invoices/<uuid:invoice>/", name="fee-invoice", needs=NEEDS)
def show(request: PropertyRequest, invoice: UUID) -> HttpResponse:
    """This will show an invoice, the receipts that it is over, and what can be done with it now."""
    cards = {card.id: card for card in own_communities(request)}
    shown = billing.invoice_page(request.scope, invoice=invoice)
    card = shown.card
    return request.render(
        "property/fee-invoice.jinja",
        invoice=shown,
        community=cards[card.community],
        names=people.names(request.scope, parties=[each for each in (card.payer, card.decided_by) if each]),
        waits=card.state is InvoiceState.ASKED,
        once=ids.new(),
    )


@page("property", "GET", "fee-invoices/<uuid:invoice>/file/", name="fee-invoice-file", needs=NEEDS)
def open_file(request: PropertyRequest, invoice: UUID) -> HttpResponse:
    """This will open the file of an issued invoice."""
    own_communities(request)
    return see_other("public:file", billing.invoice_file(request.scope, invoice=invoice, at=request.at))


@page(
    "property",
    "POST",
    "fee-invoices/<uuid:invoice>/issue/",
    name="fee-invoice-issue",
    asks="property:fee-invoice",
    needs=NEEDS,
)
def issue(request: PropertyRequest, invoice: UUID) -> HttpResponse:
    """This will note the number of an invoice that the company has issued, and keep its file."""
    number, given = request.form.text("number", most=40), request.form.maybe_file("file")
    upload = [(given.name, given.content)] if given else []
    actions.issue_invoice(request.scope, invoice=invoice, number=number, upload=upload, at=request.at)
    return see_other("property:fee-invoice", invoice, said=_("Issued as {number}.", number=number))


@page(
    "property",
    "POST",
    "fee-invoices/<uuid:invoice>/refusal/",
    name="fee-invoice-refusal",
    asks="property:fee-invoice",
    needs=NEEDS,
)
def refuse(request: PropertyRequest, invoice: UUID) -> HttpResponse:
    """This will refuse to issue an invoice, or take an issued one back, and say why."""
    answer, shown = request.form.text("answer", most=200), billing.invoice_page(request.scope, invoice=invoice)
    if shown.card.state is InvoiceState.ISSUED:
        actions.revoke_invoice(request.scope, invoice=invoice, answer=answer, at=request.at)
        return see_other("property:fee-invoice", invoice, said=_("Taken back. Its payments can be invoiced anew."))
    actions.refuse_invoice(request.scope, invoice=invoice, answer=answer, at=request.at)
    return see_other("property:fee-invoice", invoice, said=_("Refused."))


def _found(
    request: PropertyRequest, community: CommunityCard, *, after: UUID | None, limit: int
) -> tuple[InvoiceCard, ...]:
    state = request.query.raw("state")
    return billing.invoices(
        request.scope,
        communities=[community.id],
        state=InvoiceState(state) if state in list(InvoiceState) else None,
        words=request.query.maybe_text("words", most=40) or "",
        after=after,
        limit=limit,
    )


def _chosen(request: PropertyRequest) -> dict[str, str]:
    return {name: request.query.raw(name) for name in ("community", "state", "words")}


def _rows(request: PropertyRequest, found: tuple[InvoiceCard, ...]) -> Iterator[list[object]]:
    names = people.names(request.scope, parties={each.payer for each in found})
    for each in found:
        yield [
            each.asked_at,
            each.title,
            each.tax_number,
            names.get(each.payer, ""),
            each.amount,
            messages.word(each.state),
            each.number,
            each.decided_at,
            each.answer,
        ]
