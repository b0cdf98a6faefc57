"""What the company earned of its communities' shopping, line by line, and what was paid out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpResponse

from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import download
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.payout_sheets import payouts_sheet
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, LineId, PayoutId
from linli.kernel.money import Money
from linli.money.payouts import queries as payouts
from linli.spine.may import May
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import CommissionSort

A_PAGE = 100
PAYOUTS_A_PAGE = 50


@page("property", "GET", "commission/", needs=May.READ_OWN_STATEMENTS)
def commission(request: PropertyRequest) -> HttpResponse:
    """This will list the sold lines of a month, of all communities or of one."""
    cards = own_communities(request)
    community = chosen_community(request, cards)
    month, after = chosen_month(request.query, at=request.at), request.query.maybe_id("after")
    sums = payouts.earned_by_community(request.scope, payee=request.company, period=month.period)
    shown = tuple(dict.fromkeys((*request.communities, *sums))) if community is None else (community.id,)
    reach = replace(request.scope, communities=shown)  # also what it earned where it worked until lately
    start, end = month.bounds
    chosen = community.id if community else None
    same = {"month": month.word, "community": chosen}
    sorting = Sorting.of(request, "property:commission", tuple(CommissionSort), same)
    found = orders.commission_lines(
        reach,
        start=start,
        end=end,
        order=CommissionSort(sorting.key) if sorting.key else None,
        is_rising=sorting.is_rising,
        after=LineId(after) if after else None,
        limit=A_PAGE + 1,
    )
    lines = found[:A_PAGE]
    more = (
        url("property:commission", **same, by=sorting.word or None, after=lines[-1].line)
        if len(found) > A_PAGE
        else None
    )
    return request.render(
        "property/commission.jinja",
        lines=lines,
        here=Money.total(line.company for line in lines),
        month=month,
        community=community,
        cards=cards,
        communities={card.id: card for card in (*cards, *_others(cards, sums))},
        earned=Money.total(earned for where, (earned, _back) in sums.items() if where in shown),
        taken_back=Money.total(back for where, (_earned, back) in sums.items() if where in shown),
        more=more,
        sorting=sorting,
    )


def _others(cards: Iterable[CommunityCard], earned_in: Iterable[CommunityId]) -> tuple[CommunityCard, ...]:
    """Communities in which the company earned in a month and which it does not look after any more."""
    others = set(earned_in) - {card.id for card in cards}
    return places.communities(ids=others) if others else ()


@page("property", "GET", "commission/file/", name="commission-file", needs=May.READ_OWN_STATEMENTS)
def file(request: PropertyRequest) -> HttpResponse:
    """This will give the month's settlement lines, of all communities or of one, as a file to take away."""
    community = chosen_community(request, own_communities(request))
    month = chosen_month(request.query, at=request.at)
    found = payouts.statement_file(
        request.scope,
        payee=request.company,
        period=month.period,
        form=request.query.raw("form"),
        community=community.id if community else None,
    )
    return download(found.name, found.mime, found.content)


@page("property", "GET", "payouts/", needs=May.READ_OWN_STATEMENTS)
def payouts_of_company(request: PropertyRequest) -> HttpResponse:
    """This will list what left for the company's bank, the newest first."""
    own_communities(request)
    after = request.query.maybe_id("after")
    found = payouts.payouts(
        request.scope, payee=request.company, after=PayoutId(after) if after else None, limit=PAYOUTS_A_PAGE + 1
    )
    shown = found[:PAYOUTS_A_PAGE]
    return request.render(
        "property/payouts.jinja",
        payouts=shown,
        more=url("property:payouts", after=shown[-1].id) if len(found) > len(shown) else None,
        receiver=payouts.payee(request.scope, payee=request.company),
    )


@page("property", "GET", "payouts/file/", name="payouts-file", needs=May.READ_OWN_STATEMENTS)
def payouts_file(request: PropertyRequest) -> HttpResponse:
    """This will give what left for the company's bank as a sheet."""
    own_communities(request)
    return payouts_sheet(request, payouts.payouts(request.scope, payee=request.company, limit=most_rows()))
