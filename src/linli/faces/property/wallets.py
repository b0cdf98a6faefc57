"""Wallets at the desk: who keeps what with the company, its statement, money put in and given back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import FILLED_BY_HAND, Bucket, Channel
from linli.faces.property.charging import community_here, community_of, till_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.TAKE_FEES
BY_HAND = (Channel.CASH, Channel.POS, Channel.QR, Channel.BANK)
BACK = (Channel.CASH, Channel.BANK, Channel.ONLINE)


@page("property", "GET", "wallets/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the wallets of a community, the latest opened first."""
    cards = own_communities(request)
    community, after = community_here(request, cards), request.query.maybe_id("after")
    found = billing.wallets(request.scope, community=community.id, after=after, limit=A_PAGE + 1)
    return request.render(
        "property/wallets.jinja",
        communities=cards,
        community=community,
        wallets=found[:A_PAGE],
        more=found[A_PAGE - 1].wallet if found[A_PAGE:] else None,
        names=people.names(request.scope, parties=[each.person for each in found[:A_PAGE]]),
    )


@page("property", "GET", "wallets/file/", name="wallets-file", needs=NEEDS)
def file(request: PropertyRequest) -> HttpResponse:
    """This will give the wallets of a community as a sheet."""
    community = community_here(request, own_communities(request))
    found = billing.wallets(request.scope, community=community.id, limit=most_rows())
    names = people.names(request.scope, parties=[each.person for each in found])
    columns = [_("Person"), _("Bucket"), _("Balance"), _("May go back")]
    rows = ((names.get(each.person, "–"), word(each.bucket), each.balance, each.refundable) for each in found)
    return sheet(request.query, "wallets", columns, rows)


@page("property", "GET", "wallets/<uuid:community>/<uuid:person>/", name="wallet", needs=NEEDS)
def show(request: PropertyRequest, community: CommunityId, person: PartyId) -> HttpResponse:
    """This will show somebody's wallet with its statement, and take or give back money."""
    card = community_of(request, community)
    after = request.query.raw("after")
    name = people.names(request.scope, parties=[person]).get(person)
    if name is None:
        raise NotFound("wallet")
    lines = billing.wallet_statement(
        request.scope,
        community=community,
        person=person,
        after=int(after) if after.isdecimal() else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/wallet.jinja",
        community=card,
        person=person,
        name=name,
        wallets=billing.wallets(request.scope, community=community, persons=(person,)),
        lines=lines[:A_PAGE],
        more=lines[A_PAGE - 1].entry if lines[A_PAGE:] else None,
        buckets=FILLED_BY_HAND,
        ways_in=BY_HAND,
        ways_back=BACK,
        once=ids.new(),
    )


@page("property", "POST", "wallets/<uuid:community>/<uuid:person>/", name="wallet", needs=NEEDS)
def take(request: PropertyRequest, community: CommunityId, person: PartyId) -> HttpResponse:
    """This will put money that somebody brings into their wallet."""
    form = request.form
    number = actions.take_topup(
        request.scope,
        community=community,
        person=person,
        bucket=form.choice("bucket", Bucket),
        amount=form.money("amount", low=Money(1)),
        channel=form.choice("channel", Channel),
        desk=till_of(form),
        at=request.at,
    )
    return see_other("property:wallet", community, person, said=_("Received. Its number is {number}.", number=number))


@page(
    "property",
    "POST",
    "wallets/<uuid:community>/<uuid:person>/refunds/",
    asks="property:wallet",
    name="wallet-refunds",
    needs=NEEDS,
)
def give_back(request: PropertyRequest, community: CommunityId, person: PartyId) -> HttpResponse:
    """This will give back what is not needed."""
    form = request.form
    wallet: UUID = form.id("wallet")
    back = actions.refund_wallet(
        request.scope,
        wallet=wallet,
        channel=form.choice("back_channel", Channel),
        amount=form.maybe_money("back"),
        desk=till_of(form),
        why=form.text("why", most=200),
        at=request.at,
    )
    said = _("{amount} went back.", amount=formats.money(back))
    return see_other("property:wallet", community, person, said=said)
