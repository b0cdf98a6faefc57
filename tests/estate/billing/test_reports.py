"""Reports against the ledger: what they sum is, line by line, what the company's book holds."""

from __future__ import annotations

from datetime import date

import pytest

from builders.billing import a_desk
from builders.clock import AT
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Line
from linli.estate.billing.rules import Bucket, Channel, Purpose, TermPrice
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import OWN_BANK, desk_cash, fee_income, fee_receivable, prepaid_fee, property_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


def test_what_the_report_sums_is_what_the_companys_book_holds():
    desk = a_desk()
    fee = desk.priced(desk.an_item("property_fee"), price="2.85")
    lift = desk.priced(desk.an_item("lift"), "fixed", amount="30")
    one, two = desk.a_home("3-1-501"), desk.a_home("3-1-502", area_m2="120")
    desk.charged(fee, one, two)
    desk.charged(lift, one)
    for month in (date(2026, 2, 1), date(2026, 3, 1)):
        actions.draft_month(desk.scope, community=desk.community.id, first_on=month, at=AT)
        actions.issue_month(desk.scope, community=desk.community.id, first_on=month, at=AT)
    line = Line.objects.inside().filter(home=two.id).order_by("id").first()
    actions.credit_line(desk.scope, line=line.pk, amount=Money.parse("42.00"), why="The lift stood still", at=AT)
    actions.take_payment(desk.scope, subject=one.id, amount=Money.parse("600"), channel=Channel.CASH, at=AT)
    actions.take_payment(desk.scope, subject=two.id, amount=Money.parse("100"), channel=Channel.BANK, at=AT)
    month = AT.date().replace(day=1)
    reach = {"communities": [desk.community.id], "since": month, "until": month}
    charged = {one.item: one for one in queries.charged_sums(desk.scope, **reach)}
    received = {one.channel: one for one in queries.received_sums(desk.scope, **reach)}

    def book(address: str) -> Money:
        return ledger.balance(SYSTEM, book=property_book(desk.company), address=address)

    assert charged[fee].charged - charged[fee].credited == -book(fee_income("property_fee"))
    assert charged[lift].charged - charged[lift].credited == -book(fee_income("lift"))
    owed = Money.total(book(fee_receivable(home.id, home.owner)) for home in (one, two))
    assert Money.total(each.open for each in charged.values()) == owed
    assert received[Channel.CASH].amount == book(desk_cash("front"))
    assert received[Channel.BANK].amount == book(OWN_BANK)
    assert received[Channel.CASH].kept == -book(prepaid_fee(one.id, one.owner))
    for item, figure in charged.items():
        bills = queries.bills(desk.scope, communities=[desk.community.id], on=AT.date(), issued=month, item=item)
        lines = [line for bill in bills for line in queries.bill_page(desk.scope, bill=bill.bill).lines]
        names = {line.line for line in lines if line.credits is None}
        of = Line.objects.inside().filter(pk__in=names, item=item)
        assert Money(sum(row.amount_minor for row in of)) == figure.charged
    assert [
        str(each.amount) for each in queries.receipts(desk.scope, communities=[desk.community.id], month=month)
    ] == [
        "100.00",
        "600.00",
    ]


def test_what_came_in_is_the_sum_of_what_it_was_for_and_of_what_went_back():
    desk = a_desk()
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home, other = desk.a_home("3-1-501"), desk.a_home("3-1-502")
    desk.charged(fee, home, other)
    desk.issued(date(2026, 2, 1))
    cash = {"channel": Channel.CASH, "at": AT}
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("130"), payer=home.owner, **cash)
    community, month = desk.community.id, AT.date().replace(day=1)
    offer = actions.offer_term(
        desk.scope, community=community, item=fee, months=3, gifts=0, price=TermPrice.LOCKED, at=AT
    )
    actions.take_term(desk.scope, offer=offer, home=other.id, first_on=date(2026, 4, 1), **cash)
    reach = {"communities": [community], "since": month, "until": month}

    def parts() -> list[str]:
        (one,) = queries.received_sums(desk.scope, **reach)
        return [str(each) for each in (one.amount, one.for_bills, one.ahead, one.kept, one.returned)]

    assert parts() == ["430.00", "100.00", "300.00", "30.00", "0.00"]
    paid = Line.objects.inside().get(subject=home.id)
    back = {"channel": Channel.CASH, "desk": "front", "why": "Paid for the wrong home", "at": AT}
    actions.refund_line(desk.scope, line=paid.pk, amount=Money.parse("40"), **back)
    assert parts() == ["430.00", "60.00", "300.00", "30.00", "40.00"]
    left = ledger.balance(SYSTEM, book=property_book(desk.company), address=desk_cash("front"))
    assert str(left) == "390.00", "what came in less what went back lies in the drawer"
    assert queries.differences(desk.scope, community=community, company=desk.company) == ()


def test_a_statement_goes_on_until_what_is_open_less_what_is_kept_whatever_came_and_went_back():
    desk = a_desk()
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home("3-1-501")
    desk.charged(fee, home)
    desk.issued(date(2026, 2, 1))
    back = {"channel": Channel.BANK, "why": "Paid twice", "at": AT}

    def at_the_end(entries: int) -> str:
        page = queries.account_page(desk.scope, subject=home.id)
        assert len(page.entries) == entries
        assert page.entries[0].balance == Money.total(each.amount for each in page.entries)
        assert page.entries[0].balance == page.open - page.kept
        return str(page.entries[0].balance)

    cash = {"subject": home.id, "payer": home.owner, "channel": Channel.CASH, "at": AT}
    taken = actions.take_payment(desk.scope, amount=Money.parse("130"), **cash)
    assert at_the_end(2) == "-30.00"
    actions.refund_rest(desk.scope, receipt=taken.receipt, amount=Money.parse("10"), **back)
    assert at_the_end(3) == "-20.00"
    line = Line.objects.inside().get(subject=home.id)
    actions.refund_line(desk.scope, line=line.pk, amount=Money.parse("40"), **back)
    assert at_the_end(4) == "20.00"
    actions.credit_line(desk.scope, line=line.pk, amount=Money.parse("15"), why="The lift stood still", at=AT)
    assert at_the_end(5) == "5.00"


def the_book(desk, month):
    return queries.booked_money(desk.scope, company=desk.company, community=desk.community.id, since=month, until=month)


def deposits_and_wallets(desk, one):
    """A deposit comes, a part of it goes back and a part stays for fees; a wallet is filled and partly emptied."""
    at = {"at": AT}
    deposit = actions.ask_deposit(
        desk.scope, community=desk.community.id, subject=one.id, obligor=one.owner, word="permit",
        title={"zh": "装修押金", "en": "Deposit"}, amount=Money.parse("500"), **at,
    )  # fmt: skip
    actions.take_deposit(desk.scope, deposit=deposit, channel=Channel.POS, **at)
    actions.return_deposit(
        desk.scope, deposit=deposit, channel=Channel.CASH, amount=Money.parse("200"), another_way=True, **at
    )
    actions.return_deposit(desk.scope, deposit=deposit, channel=Channel.DEPOSIT, amount=Money.parse("100"), **at)
    actions.take_topup(
        desk.scope, community=desk.community.id, person=one.owner, bucket=Bucket.GENERAL,
        amount=Money.parse("30"), channel=Channel.CASH, **at,
    )  # fmt: skip
    (wallet,) = queries.wallets(desk.scope, community=desk.community.id)
    actions.refund_wallet(
        desk.scope, wallet=wallet.wallet, channel=Channel.CASH, amount=Money.parse("7"), why="Moves away", **at
    )


def test_every_way_money_comes_and_goes_is_in_the_cash_book_and_each_is_what_the_ledger_says():
    """The till, the bank, the phone, a code, a wallet, a deposit, months ahead, and what went back: both ways round."""
    desk = a_desk()
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    one, two = desk.a_home("3-1-501"), desk.a_home("3-1-502")
    desk.charged(fee, one, two)
    desk.issued(date(2026, 2, 1))
    month, at = AT.date().replace(day=1), {"at": AT}
    for channel, amount in ((Channel.CASH, "10"), (Channel.POS, "11"), (Channel.QR, "12"), (Channel.BANK, "13")):
        actions.take_payment(desk.scope, subject=one.id, amount=Money.parse(amount), channel=channel, **at)
    for collection in (
        actions.begin_payment(two.scope, subject=two.id, amount=Money.parse("40"), lines=open_of(desk, two), **at),
        actions.ask_by_code(desk.scope, subject=two.id, amount=Money.parse("20"), **at),
    ):
        card = collections.collection(SYSTEM, collection=collection)
        payments.record_bank_transfer(
            SYSTEM, collection=collection, account="custody", amount=card.amount, line=str(collection), **at
        )
        actions.record_payment(SYSTEM, payment=card.for_, **at)
    actions.take_payment(desk.scope, subject=one.id, amount=Money.parse("100"), channel=Channel.CASH, **at)
    (bill,) = queries.bills(desk.scope, communities=[desk.community.id], on=month, homes=[one.id])
    (line,) = queries.bill_page(desk.scope, bill=bill.bill).lines
    actions.refund_line(
        desk.scope, line=line.line, channel=Channel.BANK, amount=Money.parse("5"), why="Paid twice", **at
    )
    deposits_and_wallets(desk, one)
    reach = {"communities": [desk.community.id], "since": month, "until": month}
    moves = queries.money_moves(desk.scope, **reach)
    counted: dict[str, Money] = {}
    for move in moves:
        counted[move.document] = counted.get(move.document, Money.zero) + move.amount
    assert counted == the_book(desk, month)
    found = queries.money_sums(desk.scope, **reach)
    sums = {(each.purpose, each.channel): (str(each.came), str(each.back)) for each in found}
    assert sums == {
        (Purpose.BILL, Channel.CASH): ("110.00", "0.00"),
        (Purpose.BILL, Channel.POS): ("11.00", "0.00"),
        (Purpose.BILL, Channel.QR): ("12.00", "0.00"),
        (Purpose.BILL, Channel.BANK): ("13.00", "5.00"),
        (Purpose.BILL, Channel.ONLINE): ("60.00", "0.00"),
        (Purpose.DEPOSIT, Channel.POS): ("500.00", "0.00"),
        (Purpose.DEPOSIT, Channel.CASH): ("0.00", "200.00"),
        (Purpose.WALLET, Channel.CASH): ("30.00", "7.00"),
    }
    assert Money.total(each.net for each in found) == Money.total(move.amount for move in moves)
    other = a_desk()
    assert queries.money_moves(other.scope, **reach) == ()
    with pytest.raises(NotFound):
        queries.booked_money(other.scope, company=desk.company, community=desk.community.id, since=month, until=month)


def open_of(desk, home):
    return [each.line.line for each in queries.account_page(desk.scope, subject=home.id).open_lines]
