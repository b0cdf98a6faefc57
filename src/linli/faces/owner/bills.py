"""What a resident owes the property company, and the bills it stands on."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest


def waiting(request: OwnerRequest) -> str:
    """This will say what is due, for the page of counters."""
    owed = billing.owed(request.scope, at=request.at)
    return _("{amount} due", amount=formats.money(owed.amount)) if owed.amount else ""


@page("owner", "GET", "bills/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what is owed now."""
    return request.render(
        "owner/bills.jinja",
        community=insist_offered(request, BillingPolicy),
        owed=billing.owed(request.scope, at=request.at),
    )
