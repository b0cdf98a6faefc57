"""What a resident owes the property company, the bills it stands on, and why each line costs what it does."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy, payable_from
from linli.faces.owner.counters import insist_offered
from linli.faces.shell import formats, voice
from linli.faces.shell.charging import called
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import BillId
from linli.kernel.money import Money

A_PAGE = 24


def waiting(request: OwnerRequest) -> str:
    """This will say what is due, for the page of counters."""
    owed = billing.owed(request.scope, at=request.at)
    return _("{amount} due", amount=formats.money(owed.amount)) if owed.amount else ""


@page("owner", "GET", "bills/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what is owed now, and all bills, the latest first."""
    community = insist_offered(request, BillingPolicy)
    after = request.query.maybe_id("after")
    accounts = billing.accounts(request.scope, at=request.at)
    wallets = billing.my_wallets(request.scope, community=community.id)
    balances = {wallet.bucket: wallet.balance for wallet in wallets}
    credit = billing.my_credit(request.scope)
    bills = billing.my_bills(request.scope, after=BillId(after) if after else None, limit=A_PAGE + 1)
    return request.render(
        "owner/bills.jinja",
        community=community,
        accounts=accounts,
        kept=Money.total(wallet.balance for wallet in wallets),
        from_wallet={
            one.subject: payable_from(balances, of_homes=one.of_homes, other=one.amount - one.of_homes)
            for one in accounts
            if one.community == community.id
        },
        credit=credit,
        bills=bills[:A_PAGE],
        names=called([*accounts, *credit, *bills]),
        more=bills[A_PAGE - 1].bill if bills[A_PAGE:] else None,
    )


@page("owner", "GET", "bills/<uuid:bill>/", name="bill")
def show(request: OwnerRequest, bill: BillId) -> HttpResponse:
    """This will show a bill, line by line, and why each line costs what it does."""
    community = insist_offered(request, BillingPolicy)
    shown = billing.bill_page(request.scope, bill=bill)
    today = request.at.astimezone(voice.current().zone).date()
    return request.render(
        "owner/bill.jinja",
        community=community,
        bill=shown,
        door=called([shown.card])[shown.card.subject],
        is_late=shown.card.due_on is not None and shown.card.due_on < today,
        payable=Money.total(line.open for line in shown.lines if line.is_online),
    )
