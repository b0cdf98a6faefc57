"""The account of a home: what it was charged and has paid, and money taken for it at the desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import AccountPage, Entry
from linli.estate.billing.rules import Channel
from linli.faces.property.charging import community_here, community_of, till_of, ways_back
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats
from linli.faces.shell.charging import called
from linli.faces.shell.days import local_time
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.open_rows import open_rows, picked_rows
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import PartyId, ReceiptId
from linli.kernel.money import Money
from linli.spine.may import May

MOST_HOMES = 30
BY_HAND = (Channel.CASH, Channel.POS, Channel.QR, Channel.BANK)


@page("property", "GET", "cashier/", needs=May.TAKE_FEES)
def find(request: PropertyRequest) -> HttpResponse:
    """This will find the home that somebody comes to pay for."""
    cards = own_communities(request)
    community = community_here(request, cards)
    words = request.query.maybe_text("words", most=40) or ""
    homes = places.find_homes(community.id, words=words, limit=MOST_HOMES + 1) if words else ()
    return request.render(
        "property/cashier.jinja",
        communities=cards,
        community=community,
        words=words,
        homes=homes[:MOST_HOMES],
        is_cut=len(homes) > MOST_HOMES,
    )


@page("property", "GET", "accounts/<uuid:subject>/", name="account", needs=May.TAKE_FEES)
def show(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will show an account with its running balance, what is open, and what is charged there."""
    account, community = _account(request, subject)
    return request.render(
        "property/account.jinja",
        account=account,
        community=community,
        charged=billing.charged_items(request.scope, subject=subject, community=account.community),
    )


@page("property", "GET", "accounts/<uuid:subject>/sheet/", name="account-sheet", needs=May.TAKE_FEES)
def take_away(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will give the movements of an account as a spreadsheet."""
    account, _community = _account(request, subject)
    columns = [_("Day"), _("What"), _("From"), _("To"), _("Number"), _("Charged"), _("Received"), _("Balance")]
    rows = (
        [
            local_time(one.at).date(), _called(one), one.start_on, one.end_on, one.number,
            *((one.amount, "") if one.what == "line" else ("", -one.amount)), one.balance,
        ]
        for one in account.entries
    )  # fmt: skip
    return sheet(request.query, "account", columns, rows)


@page("property", "GET", "accounts/<uuid:subject>/payment/", name="fee-payment", needs=May.TAKE_FEES)
def ask(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will show what is open, for the money that somebody brings."""
    account, community = _account(request, subject)
    rows, picked = open_rows(account.open_lines), request.form.many("lines")
    return request.render(
        "property/fee-payment.jinja",
        account=account,
        rows=rows,
        ticked=Money.total(row.line.open for row in rows if row.word in picked),
        community=community,
        payers=_payers(request, account),
        plans=billing.kept_plans(request.scope, subject=subject),
        channels=BY_HAND,
        once=ids.new(),
    )


@page("property", "POST", "accounts/<uuid:subject>/payment/", name="fee-payment", needs=May.TAKE_FEES)
def take(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will take the money, pay what it is for, and show the receipt."""
    form = request.form
    channel = form.choice("channel", Channel)
    picked = picked_rows(form)
    payer = form.maybe_id("payer")
    taken = actions.take_payment(
        request.scope,
        subject=subject,
        amount=form.money("amount", low=Money(1)),
        channel=channel,
        desk=till_of(form),
        lines=[line for row in picked for line in row],
        payer=None if payer is None else PartyId(payer),
        at=request.at,
    )
    return see_other(
        "property:fee-receipt", taken.receipt, said=_("Received. The receipt is {number}.", number=taken.number)
    )


@page("property", "GET", "fee-receipts/<uuid:receipt>/", name="fee-receipt", needs=May.TAKE_FEES)
def receipt(request: PropertyRequest, receipt: ReceiptId) -> HttpResponse:
    """This will show a receipt to be printed."""
    own_communities(request)
    shown = billing.receipt_page(request.scope, receipt=receipt)
    wanted = [each for each in (shown.card.payer, shown.card.taken_by, shown.card.company) if each is not None]
    return request.render(
        "property/fee-receipt.jinja",
        receipt=shown,
        door=called([shown.card])[shown.card.subject],
        names=people.names(request.scope, parties=wanted),
        community=places.community(shown.card.community),
        back=ways_back(shown.card.channel),
        once=ids.new(),
    )


@page(
    "property",
    "POST",
    "fee-receipts/<uuid:receipt>/refund/",
    name="receipt-refund",
    asks="property:fee-receipt",
    needs=May.TAKE_FEES,
)
def refund_rest(request: PropertyRequest, receipt: ReceiptId) -> HttpResponse:
    """This will give back what is kept of a receipt for bills to come, or a part of it."""
    back = actions.refund_rest(
        request.scope,
        receipt=receipt,
        channel=request.form.choice("channel", Channel),
        amount=request.form.maybe_money("amount"),
        why=request.form.text("why", most=200),
        another_way=request.form.flag("another_way"),
        at=request.at,
    )
    return see_other("property:fee-receipt", receipt, said=_("{amount} went back.", amount=formats.money(back)))


def _called(one: Entry) -> str:
    """What a movement is: the item of a line, or how money came or went."""
    if one.what == "line":
        return in_language(one.name)
    return f"{_('Given back') if one.what == 'repayment' else _('Payment')} · {word(one.kind)}"


def _account(request: PropertyRequest, subject: UUID) -> tuple[AccountPage, CommunityCard]:
    account = billing.account_page(request.scope, subject=subject)
    return account, community_of(request, account.community)


def _payers(request: PropertyRequest, account: AccountPage) -> list[tuple[PartyId, str]]:
    """Who may have brought the money: who owes something here, and who lives here."""
    parties = dict.fromkeys(each.obligor for each in account.open_lines)
    if account.home is not None:
        parties |= dict.fromkeys(
            each.party for each in people.household(request.scope, home=account.home, at=request.at)
        )
    names = people.names(request.scope, parties=parties)
    return [(party, names.get(party, "–")) for party in parties]
