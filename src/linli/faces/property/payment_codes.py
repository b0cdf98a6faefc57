"""Money by a code at the desk: the cashier shows it, the payer scans it, and the page sees the money arrive."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.faces.property.charging import community_of, till_of
from linli.faces.shell.charging import called
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.open_rows import picked_rows
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import CollectionId, PartyId
from linli.kernel.money import Money
from linli.spine.may import May

CODES = ("wechat", "alipay")


@page(
    "property",
    "POST",
    "accounts/<uuid:subject>/codes/",
    name="payment-codes",
    asks="property:fee-payment",
    needs=May.TAKE_FEES,
)
def create(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will have a code made for what was ticked, or for the amount that was typed."""
    form = request.form
    payer = form.maybe_id("payer")
    collection = actions.take_by_code(
        request.scope,
        subject=subject,
        amount=form.money("amount", low=Money(1)),
        channel=form.text("by", most=20),
        desk=till_of(form),
        lines=[line for row in picked_rows(form) for line in row],
        payer=None if payer is None else PartyId(payer),
        at=request.at,
    )
    return see_other("property:payment-code", collection)


@page("property", "GET", "payment-codes/<uuid:collection>/", name="payment-code", needs=May.TAKE_FEES)
def show(request: PropertyRequest, collection: CollectionId) -> HttpResponse:
    """This will show the code, until it is paid or over; the page sees that by itself."""
    shown = billing.code_page(request.scope, collection=collection)
    payment = shown.payment
    return request.render(
        "property/payment-code.jinja",
        payment=payment,
        community=community_of(request, shown.community),
        door=called([payment])[payment.subject],
        codes=shown.codes,
        is_over=payment.is_open and payment.expires_at <= request.at,
    )


@page(
    "property",
    "POST",
    "payment-codes/<uuid:collection>/withdrawal/",
    name="code-withdrawal",
    asks="property:payment-code",
    needs=May.TAKE_FEES,
)
def withdraw(request: PropertyRequest, collection: CollectionId) -> HttpResponse:
    """This will make the code worthless, and ask anew how the money comes; the money may have been quicker."""
    shown = billing.code_page(request.scope, collection=collection)
    if actions.withdraw_code(request.scope, collection=collection, at=request.at):
        return see_other("property:fee-payment", shown.payment.subject, said=_("The code is worth nothing any more."))
    return see_other("property:payment-code", collection, said=_("It was paid already."))
