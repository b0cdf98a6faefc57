"""Paying what is owed: one payment for a home, or for one bill of it, at the provider's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.owner import neighbourhoods
from linli.faces.owner.counters import insist_offered
from linli.faces.owner.payments import CHANNELS
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.open_rows import open_rows, picked_rows
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel import ids
from linli.kernel.ids import BillId, CollectionId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payments import actions as payments


@page("owner", "POST", "bills/payments/", name="bill-payments", asks="owner:bills")
def create(request: OwnerRequest) -> HttpResponse:
    """This will ask for one payment of all that the resident owes for a home."""
    insist_offered(request, BillingPolicy)
    collection = actions.begin_payment(request.scope, subject=request.form.id("subject"), at=request.at)
    return see_other("owner:bill-payment", collection)


@page("owner", "POST", "bills/<uuid:bill>/payments/", name="payments-of-bill", asks="owner:bill")
def create_of_bill(request: OwnerRequest, bill: BillId) -> HttpResponse:
    """This will ask for one payment of what is open on a bill and may be paid on the phone."""
    insist_offered(request, BillingPolicy)
    shown = billing.bill_page(request.scope, bill=bill)
    lines = [line.line for line in shown.lines if line.open and line.is_online]
    account: UUID = shown.card.home or shown.card.subject
    collection = actions.begin_payment(request.scope, subject=account, lines=lines, at=request.at)
    return see_other("owner:bill-payment", collection)


@page("owner", "GET", "bills/choices/<uuid:subject>/", name="bill-choice")
def choose(request: OwnerRequest, subject: UUID) -> HttpResponse:
    """This will ask what of a home is paid now: some of its lines, or a part of them."""
    community = insist_offered(request, BillingPolicy)
    lines = billing.my_open_lines(request.scope, subject=subject)
    if not lines:
        raise NotFound("account")
    card, rows = lines[0].line, open_rows(lines)
    payable = [row for row in rows if row.line.is_online]
    picked = set(request.form.many("lines")) if request.refusal else {row.word for row in payable}
    return request.render(
        "owner/bill-choice.jinja",
        community=community,
        subject=subject,
        door=doors([subject]).get(subject) or word(card.subject_kind),
        rows=rows,
        picked=picked,
        ticked=Money.total(row.line.open for row in payable if row.word in picked),
        once=ids.new(),
    )


@page("owner", "POST", "bills/choices/<uuid:subject>/", name="bill-choice")
def create_of_choice(request: OwnerRequest, subject: UUID) -> HttpResponse:
    """This will ask for one payment of what was picked, or of the part that was typed."""
    insist_offered(request, BillingPolicy)
    picked = [line for row in picked_rows(request.form) for line in row]
    if not picked:
        raise Invalid("lines", _("Please tick what you want to pay."))
    collection = actions.begin_payment(
        request.scope, subject=subject, lines=picked, amount=request.form.maybe_money("amount"), at=request.at
    )
    return see_other("owner:bill-payment", collection)


@page("owner", "GET", "bills/payments/<uuid:collection>/", name="bill-payment")
def show(request: OwnerRequest, collection: CollectionId) -> HttpResponse:
    """This will show what is to be paid and how; once it is paid, it says so by itself."""
    return _standing(request, collection, is_back=False)


@page("owner", "GET", "bills/payments/<uuid:collection>/return/", name="bill-payment-return")
def show_return(request: OwnerRequest, collection: CollectionId) -> HttpResponse:
    """This will wait for the provider's word: only what the provider tells us itself counts as paid."""
    return _standing(request, collection, is_back=True)


@page("owner", "POST", "bills/payments/<uuid:collection>/", name="bill-payment")
def begin(request: OwnerRequest, collection: CollectionId) -> HttpResponse:
    """This will prepare the payment and send the payer to the provider's page."""
    billing.payment_page(request.scope, collection=collection)
    pay_page = payments.begin_payment(
        request.scope,
        collection=collection,
        channel=request.form.text("channel", most=20),
        return_url=request.http.build_absolute_uri(url("owner:bill-payment-return", collection)),
        at=request.at,
    )
    return HttpResponseRedirect(pay_page.url, status=303)


def _standing(request: OwnerRequest, collection: CollectionId, *, is_back: bool) -> HttpResponse:
    community = neighbourhoods.look_at(neighbourhoods.own(request))
    payment = billing.payment_page(request.scope, collection=collection)
    return request.render(
        "owner/bill-payment.jinja",
        community=community,
        payment=payment,
        door=doors([payment.subject]).get(payment.subject) or _called(payment),
        channels=CHANNELS,
        is_back=is_back,
        is_over=payment.is_open and payment.expires_at <= request.at,
    )


def _called(payment: billing.PaymentPage) -> str:
    return _("Wallet") if payment.kind is None else word(payment.kind)
