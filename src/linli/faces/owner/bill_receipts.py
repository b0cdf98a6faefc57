"""Receipts: what a resident has paid the property company, and what each payment paid."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import InvoiceCard, ReceiptPage
from linli.estate.billing.rules import BillingPolicy, Channel, InvoiceState
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.charging import called
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.ids import ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound

A_PAGE = 24


@page("owner", "GET", "bills/receipts/", name="bill-receipts")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list a resident's receipts, the latest first."""
    community = insist_offered(request, BillingPolicy)
    after = request.query.maybe_id("after")
    found = billing.my_receipts(request.scope, after=ReceiptId(after) if after else None, limit=A_PAGE + 1)
    return request.render(
        "owner/bill-receipts.jinja",
        community=community,
        receipts=found[:A_PAGE],
        names=called(found),
        more=found[A_PAGE - 1].receipt if found[A_PAGE:] else None,
    )


@page("owner", "GET", "bills/receipts/<uuid:receipt>/", name="bill-receipt")
def show(request: OwnerRequest, receipt: ReceiptId) -> HttpResponse:
    """This will show a receipt with what it paid, what went back of it, and its invoice."""
    community = insist_offered(request, BillingPolicy)
    shown = billing.receipt_page(request.scope, receipt=receipt)
    invoice = billing.my_invoice(request.scope, receipt=receipt)
    return request.render(
        "owner/bill-receipt.jinja",
        community=community,
        receipt=shown,
        door=called([shown.card])[shown.card.subject],
        company=people.names(request.scope, parties=[shown.card.company]).get(shown.card.company, ""),
        invoice=invoice,
        may_ask=_may_ask(shown, invoice),
        once=ids.new(),
    )


@page(
    "owner",
    "POST",
    "bills/receipts/<uuid:receipt>/invoice/",
    name="bill-receipt-invoice",
    asks="owner:bill-receipt",
)
def ask_invoice(request: OwnerRequest, receipt: ReceiptId) -> HttpResponse:
    """This will ask the company for an invoice over a receipt."""
    insist_offered(request, BillingPolicy)
    form = request.form
    actions.ask_invoice(
        request.scope,
        receipts=[receipt],
        title=form.text("title", most=100),
        tax_number=form.maybe_text("tax_number", most=30) or "",
        at=request.at,
    )
    return see_other("owner:bill-receipt", receipt, said=_("Asked for. You find it here as soon as it is issued."))


@page("owner", "GET", "bills/receipts/<uuid:receipt>/invoice/", name="bill-receipt-invoice")
def open_invoice(request: OwnerRequest, receipt: ReceiptId) -> HttpResponse:
    """This will open the paper of an issued invoice."""
    insist_offered(request, BillingPolicy)
    invoice = billing.my_invoice(request.scope, receipt=receipt)
    if invoice is None:
        raise NotFound("invoice")
    return see_other("public:file", billing.invoice_file(request.scope, invoice=invoice.invoice, at=request.at))


def _may_ask(shown: ReceiptPage, invoice: InvoiceCard | None) -> bool:
    """Something of it was paid for and did not go back, and no invoice over it is asked for or issued."""
    card = shown.card
    back = Money.total(each.amount for each in shown.given_back)
    is_live = invoice is not None and invoice.state in (InvoiceState.ASKED, InvoiceState.ISSUED)
    return not is_live and card.channel is not Channel.TAKEN_OVER and (card.amount - card.kept - back).minor > 0
