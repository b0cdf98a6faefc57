"""Reports of charging: charged and received by month, as a page, a spreadsheet or a PDF from the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.queries import ChargedSum, MoneySum, ReceiptOrder, ReceivedSum
from linli.estate.billing.rules import Channel, add_months
from linli.faces.property.charging import community_here, month_of
from linli.faces.property.communities import own_communities
from linli.faces.property.money_moves import sums as money_sums
from linli.faces.shell import formats, messages
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import called
from linli.faces.shell.downloads import download
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import pgettext
from linli.faces.shell.pages import page
from linli.faces.shell.papers import PDF, Paper, Table, pdf
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import ReceiptId
from linli.kernel.money import Money
from linli.spine.may import May

A_PAGE = 100
RECEIVED, MONEY = "received", "money"
Found = tuple[CommunityCard, date, date, tuple[ChargedSum, ...], tuple[ReceivedSum, ...], tuple[MoneySum, ...]]


@page("property", "GET", "fee-report/", needs=May.CHASE_ARREARS)
def show(request: PropertyRequest) -> HttpResponse:
    """This will show what was charged and what came in, month by month; each figure leads to its lines."""
    community, since, until, charged, received, money = _found(request)
    chosen = {"community": community.id, "since": f"{since:%Y-%m}", "until": f"{until:%Y-%m}"}
    return request.render(
        "property/fee-report.jinja",
        communities=own_communities(request),
        community=community,
        since=since,
        until=until,
        charged=charged,
        received=received,
        total=Money.total(each.charged for each in charged),
        credited=Money.total(each.credited for each in charged),
        paid=Money.total(each.paid for each in charged),
        money=money,
        came=Money.total(each.came for each in money),
        back=Money.total(each.back for each in money),
        sheet=url("property:fee-report-sheet", **chosen),
        received_sheet=url("property:fee-report-sheet", **chosen, of=RECEIVED),
        money_sheet=url("property:fee-report-sheet", **chosen, of=MONEY),
        paper=url("property:fee-report-paper", **chosen),
    )


@page("property", "GET", "fee-report/sheet/", name="fee-report-sheet", needs=May.CHASE_ARREARS)
def take_sheet(request: PropertyRequest) -> HttpResponse:
    """This will give what was charged, what was received, or what money moved and for what, as a spreadsheet."""
    _community, _since, _until, charged, received, money = _found(request)
    if request.query.raw("of") == MONEY:
        moved = ([f"{one.month:%Y-%m}", one.purpose, one.channel, one.moves, *_ways(one)] for one in money)
        return sheet(request.query, "money", _money_columns(), moved)
    if request.query.raw("of") == RECEIVED:
        came = ([f"{one.month:%Y-%m}", one.channel, one.receipts, *_parts(one)] for one in received)
        return sheet(request.query, "received", _received_columns(), came)
    rows = (
        [f"{one.month:%Y-%m}", messages.in_language(one.name), one.charged, one.credited, one.paid, one.open]
        for one in charged
    )
    return sheet(request.query, "charged", _columns(), rows)


@page("property", "GET", "fee-report/paper/", name="fee-report-paper", needs=May.CHASE_ARREARS)
def take_paper(request: PropertyRequest) -> HttpResponse:
    """This will give the report as a PDF."""
    community, since, until, charged, received, money = _found(request)
    title = f"{messages.in_language(community.name)} {since:%Y-%m} - {until:%Y-%m}"
    parts = (
        *(_("Charged"), Table(_columns(), _charged_rows(charged), 4)),
        *(_("Money by what it was for"), _money_table(money)),
        *(_("Received"), _received_table(received)),
    )
    return download("report.pdf", PDF, pdf([Paper(title, parts)], title=title))


@page("property", "GET", "fee-receipts/", name="fee-receipts", needs=May.TAKE_FEES)
def receipts(request: PropertyRequest) -> HttpResponse:
    """This will list the receipts of a month and a channel: those behind a figure of the report."""
    cards = own_communities(request)
    community = community_here(request, cards)
    word, channel = request.query.raw("month"), request.query.raw("channel")
    after = request.query.maybe_id("after")
    chosen = {"community": community.id, "month": word, "channel": channel}
    sorting = Sorting.of(request, "property:fee-receipts", ("received", "amount"), chosen)
    found = billing.receipts(
        request.scope,
        communities=[community.id],
        month=month_of(word) if word else None,
        channel=Channel(channel) if channel in list(Channel) else None,
        order=ReceiptOrder(sorting.key) if sorting.key else ReceiptOrder.NEWEST,
        is_rising=sorting.is_rising,
        after=ReceiptId(after) if after else None,
        limit=most_rows() if request.query.raw("form") else A_PAGE + 1,
    )
    names = called(found)
    if request.query.raw("form"):
        columns = [_("Number"), _("Received"), _("Where"), _("Way of paying"), _("Amount"), _("Kept for bills to come")]
        rows = ([one.number, one.received_at, names[one.subject], one.channel, one.amount, one.kept] for one in found)
        return sheet(request.query, "receipts", columns, rows)
    said = {**chosen, "by": sorting.word or None}
    return request.render(
        "property/fee-receipts.jinja",
        communities=cards,
        community=community,
        receipts=found[:A_PAGE],
        names=names,
        channels=list(Channel),
        chosen=chosen,
        sorting=sorting,
        more=url("property:fee-receipts", **said, after=found[A_PAGE - 1].receipt) if found[A_PAGE:] else None,
        export=url("property:fee-receipts", **said, form="xlsx"),
    )


def _found(request: PropertyRequest) -> Found:
    community = community_here(request, own_communities(request))
    today = places.day_in(community.id, request.at).replace(day=1)
    until = month_of(word) if (word := request.query.raw("until")) else today
    since = month_of(word) if (word := request.query.raw("since")) else add_months(until, -5)
    charged = billing.charged_sums(request.scope, communities=[community.id], since=since, until=until)
    received = billing.received_sums(request.scope, communities=[community.id], since=since, until=until)
    money = money_sums(request, community.id, since, until)
    return community, since, until, charged, received, money


def _columns() -> list[str]:
    return [_("Month"), _("Item"), _("Charged"), pgettext("bill", "Taken back"), _("Paid"), _("Open")]


def _charged_rows(charged: Sequence[ChargedSum]) -> list[list[str]]:
    rows = [
        [
            f"{one.month:%Y-%m}",
            messages.in_language(one.name),
            *(formats.money(each) for each in (one.charged, one.credited, one.paid, one.open)),
        ]
        for one in charged
    ]
    sums = (
        Money.total(one.charged for one in charged),
        Money.total(one.credited for one in charged),
        Money.total(one.paid for one in charged),
        Money.total(one.open for one in charged),
    )
    return [*rows, [_("In all"), "", *(formats.money(each) for each in sums)]]


def _received_columns() -> list[str]:
    return [
        _("Month"), _("Way of paying"), _("Receipts"), _("Amount"), _("For bills"), _("For months ahead"),
        _("Kept for bills to come"), _("Given back"),
    ]  # fmt: skip


def _parts(one: ReceivedSum) -> tuple[Money, ...]:
    """What came in, and the four parts that it is the sum of."""
    return one.amount, one.for_bills, one.ahead, one.kept, one.returned


def _received_table(received: Sequence[ReceivedSum]) -> Table:
    rows = [
        [f"{one.month:%Y-%m}", messages.word(one.channel), str(one.receipts), *map(formats.money, _parts(one))]
        for one in received
    ]
    totals = [formats.money(Money.total(part)) for part in zip(*map(_parts, received), strict=True)]
    return Table(_received_columns(), [*rows, [_("In all"), "", "", *totals]] if rows else [], 6)


def _money_columns() -> list[str]:
    return [_("Month"), _("For"), _("Way of paying"), _("Moves of money"), _("Money in"), _("Money back"), _("Net")]


def _ways(one: MoneySum) -> tuple[Money, Money, Money]:
    return one.came, one.back, one.net


def _money_table(money: Sequence[MoneySum]) -> Table:
    rows = [
        [
            *(f"{one.month:%Y-%m}", messages.word(one.purpose), messages.word(one.channel), str(one.moves)),
            *map(formats.money, _ways(one)),
        ]
        for one in money
    ]
    totals = [formats.money(Money.total(part)) for part in zip(*map(_ways, money), strict=True)]
    return Table(_money_columns(), [*rows, [_("In all"), "", "", "", *totals]] if rows else [], 4)
