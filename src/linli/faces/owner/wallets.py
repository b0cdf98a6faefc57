"""A resident's wallet with the property company: buckets, statement, putting money in, and paying bills with it."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import FILLED_BY_HAND, BillingPolicy, Bucket
from linli.faces.owner import neighbourhoods
from linli.faces.owner.counters import insist_offered
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money

A_PAGE = 30


@page("owner", "GET", "wallet/")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show what the resident keeps here or where else they keep money, and every movement of it."""
    here = insist_offered(request, BillingPolicy)
    elsewhere, asked = billing.wallets_elsewhere(request.scope, community=here.id), request.query.maybe_id("community")
    community = neighbourhoods.look_at(CommunityId(asked)) if asked in elsewhere else here
    after = request.query.raw("after")
    wallets = billing.my_wallets(request.scope, community=community.id)
    lines = billing.wallet_statement(
        request.scope,
        community=community.id,
        person=request.person,
        after=int(after) if after.isdecimal() else None,
        limit=A_PAGE + 1,
    )
    terms = policy(request.scope, BillingPolicy, at=request.at, community=community.id)
    return request.render(
        "owner/wallet.jinja",
        community=community,
        wallets=wallets,
        balance=Money.total(wallet.balance for wallet in wallets),
        lines=lines[:A_PAGE],
        more=lines[A_PAGE - 1].entry if lines[A_PAGE:] else None,
        buckets=FILLED_BY_HAND,
        others=[] if not elsewhere else places.communities(ids={here.id, *elsewhere} - {community.id}),
        has_wallet=terms.has_wallet and community is here,
        most=terms.topup_most,
    )


@page("owner", "POST", "wallet/", name="wallet")
def create(request: OwnerRequest) -> HttpResponse:
    """This will ask for one payment into a bucket."""
    community = insist_offered(request, BillingPolicy)
    collection = actions.begin_topup(
        request.scope,
        community=community.id,
        bucket=request.form.choice("bucket", Bucket),
        amount=request.form.money("amount", low=Money(1)),
        at=request.at,
    )
    return see_other("owner:bill-payment", collection)


@page("owner", "POST", "bills/wallet-payments/", name="wallet-payments", asks="owner:bills")
def pay(request: OwnerRequest) -> HttpResponse:
    """This will pay what is owed for a home out of the wallet, as far as it reaches."""
    insist_offered(request, BillingPolicy)
    paid = actions.pay_from_wallet(request.scope, subject=request.form.id("subject"), at=request.at)
    return see_other("owner:bills", said=_("{amount} was paid from your wallet.", amount=formats.money(paid)))
