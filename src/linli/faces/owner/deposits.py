"""Deposits on the phone: what the company asks for and keeps, what it deducted and gave back, and paying one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.charging import called
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest


@page("owner", "GET", "deposits/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list the resident's deposits, those first that wait to be paid."""
    community = insist_offered(request, BillingPolicy)
    deposits = billing.my_deposits(request.scope)
    return request.render(
        "owner/deposits.jinja", community=community, deposits=deposits, doors=called([each.card for each in deposits])
    )


@page("owner", "POST", "deposits/<uuid:deposit>/payment/", name="deposit-payment", asks="owner:deposits")
def pay(request: OwnerRequest, deposit: UUID) -> HttpResponse:
    """This will ask for one payment of a deposit."""
    insist_offered(request, BillingPolicy)
    return see_other("owner:bill-payment", actions.begin_deposit(request.scope, deposit=deposit, at=request.at))
