"""Receipts: what a resident has paid the property company, and what each payment paid."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.charging import called
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.kernel.ids import ReceiptId

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
    """This will show a receipt with what it paid."""
    community = insist_offered(request, BillingPolicy)
    shown = billing.receipt_page(request.scope, receipt=receipt)
    return request.render(
        "owner/bill-receipt.jinja",
        community=community,
        receipt=shown,
        door=called([shown.card])[shown.card.subject],
        company=people.names(request.scope, parties=[shown.card.company]).get(shown.card.company, ""),
    )
