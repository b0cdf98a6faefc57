"""Bills at the desk: found by month, door and standing; one with the reason of each line, and a line credited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import BillCard, BillOrder, Standing
from linli.estate.billing.rules import Channel
from linli.faces.property.charging import community_here, month_of, ways_back
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import called
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.people import actions as people_actions
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import BillId, ItemId
from linli.spine.may import May

A_PAGE = 50
SORTED_BY = ("amount", "open", "due")
_NUMBER = re.compile(r"\d{6}-\d{6}|[A-Z]\d{4}-\d{6}")


@page("property", "GET", "bills/", needs=May.TAKE_FEES)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list bills by month, standing and door, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = _found(request, community, after=request.query.maybe_id("after"), limit=A_PAGE + 1)
    bills = found[:A_PAGE]
    chosen = _chosen(request)
    sorting = _sorting(request)
    return request.render(
        "property/bills.jinja",
        communities=cards,
        community=community,
        bills=bills,
        names=called(bills),
        obligors=people.names(request.scope, parties={each.obligor for each in bills}),
        standings=list(Standing),
        chosen=chosen,
        sorting=sorting,
        more=url("property:bills", **chosen, by=sorting.word, after=bills[-1].bill) if found[A_PAGE:] else None,
        export=url("property:bills-sheet", **chosen, by=sorting.word),
    )


@page("property", "GET", "bills/sheet/", name="bills-sheet", needs=May.TAKE_FEES)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give the bills that the list shows as a spreadsheet."""
    community = community_here(request, own_communities(request))
    found = _found(request, community, after=None, limit=most_rows())
    columns = [_("Number"), _("Month"), _("Where"), _("Who owes"), _("Amount"), _("Open"), _("Due")]
    return sheet(request.query, "bills", columns, _rows(request, found))


@page("property", "GET", "bills/<uuid:bill>/", name="bill", needs=May.TAKE_FEES)
def show(request: PropertyRequest, bill: BillId) -> HttpResponse:
    """This will show a bill with the reason of each line; it prints as the owner's paper."""
    return _shown(request, bill)


@page(
    "property",
    "POST",
    "bills/<uuid:bill>/obligor/",
    name="bill-obligor",
    asks="property:bill",
    needs=May.READ_PERSONAL_DATA,
)
def reveal(request: PropertyRequest, bill: BillId) -> HttpResponse:
    """This will show the whole name of who owes a bill, once, and write down who read it and why."""
    card = billing.bill_page(request.scope, bill=bill).card
    why = request.form.text("why_name", most=200)
    return _shown(
        request, bill, named=people_actions.reveal_name(request.scope, party=card.obligor, why=why, at=request.at)
    )


def _shown(request: PropertyRequest, bill: BillId, *, named: str = "") -> HttpResponse:
    own_communities(request)
    shown = billing.bill_page(request.scope, bill=bill)
    parties = people.names(request.scope, parties=[shown.card.obligor, request.company])
    return request.render(
        "property/bill.jinja",
        bill=shown,
        door=called([shown.card])[shown.card.subject],
        obligor=named or parties.get(shown.card.obligor, ""),
        is_named=bool(named),
        company=parties.get(request.company, ""),
        community=places.community(shown.card.community),
        back=ways_back(shown.paid_by[0].channel if shown.paid_by else Channel.CASH),
        once=ids.new(),
    )


@page(
    "property",
    "POST",
    "bills/<uuid:bill>/lines/<int:line>/credit/",
    name="line-credit",
    asks="property:bill",
    needs=May.ISSUE_BILLS,
)
def credit(request: PropertyRequest, bill: BillId, line: int) -> HttpResponse:
    """This will take back a line, or a part of it, and say why."""
    actions.credit_line(
        request.scope,
        line=line,
        amount=request.form.maybe_money(f"amount.{line}"),
        why=request.form.text(f"why.{line}", most=200),
        at=request.at,
    )
    return see_other("property:bill", bill, said=_("Taken back by a line of its own."))


@page(
    "property",
    "POST",
    "bills/<uuid:bill>/lines/<int:line>/refund/",
    name="line-refund",
    asks="property:bill",
    needs=May.TAKE_FEES,
)
def refund(request: PropertyRequest, bill: BillId, line: int) -> HttpResponse:
    """This will give back what was paid of a line, or a part of it; the line is open again by so much."""
    back = actions.refund_line(
        request.scope,
        line=line,
        channel=request.form.choice(f"channel.{line}", Channel),
        amount=request.form.maybe_money(f"back.{line}"),
        desk=request.form.maybe_text(f"desk.{line}", most=20) or "front",
        why=request.form.text(f"back_why.{line}", most=200),
        another_way=request.form.flag(f"another_way.{line}"),
        at=request.at,
    )
    return see_other(
        "property:bill",
        bill,
        said=_("{amount} went back. The line is open again by so much.", amount=formats.money(back)),
    )


def _found(
    request: PropertyRequest, community: CommunityCard, *, after: UUID | None, limit: int
) -> tuple[BillCard, ...]:
    words = request.query.maybe_text("words", most=40) or ""
    number = words if _NUMBER.fullmatch(words) else ""
    homes, sorting = None, _sorting(request)
    if words and not number:
        homes = [home.id for home in places.find_homes(community.id, words=words, limit=places.MOST_HOMES)]
    standing = request.query.raw("standing")
    return billing.bills(
        request.scope,
        communities=[community.id],
        on=places.day_in(community.id, request.at),
        month=_month(request, "month"),
        standing=Standing(standing) if standing in list(Standing) else None,
        homes=homes,
        number=number,
        issued=_month(request, "issued"),
        item=None if (item := request.query.maybe_id("item")) is None else ItemId(item),
        order=BillOrder(sorting.key) if sorting.key else BillOrder.NEWEST,
        is_rising=sorting.is_rising,
        after=None if after is None else BillId(after),
        limit=limit,
    )


def _sorting(request: PropertyRequest) -> Sorting:
    return Sorting.of(request, "property:bills", SORTED_BY, _chosen(request))


def _month(request: PropertyRequest, name: str) -> date | None:
    word = request.query.raw(name)
    return month_of(word) if word else None


def _chosen(request: PropertyRequest) -> dict[str, str]:
    return {name: request.query.raw(name) for name in ("community", "month", "standing", "words", "issued", "item")}


def _rows(request: PropertyRequest, found: tuple[BillCard, ...]) -> Iterator[list[object]]:
    doors, obligors = called(found), people.names(request.scope, parties={each.obligor for each in found})
    for each in found:
        yield [
            each.number,
            f"{each.month:%Y-%m}",
            doors[each.subject],
            obligors.get(each.obligor, ""),
            each.amount,
            each.open,
            each.due_on,
        ]
