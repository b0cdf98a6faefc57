"""Money that goes back by line, and invoices that are never above what was paid."""

from datetime import date

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import as_the_house
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.invoicing import AlreadyInvoiced
from linli.estate.billing.actions.repaying import Invoiced, NotPaid
from linli.estate.billing.models import Invoice, Line, Receipt, Repayment
from linli.kernel.ids import ReceiptId
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import OWN_BANK, desk_cash, due_from_platform, fee_receivable, prepaid_fee, property_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for January and 100.00 for February."""
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home = desk.a_home()
    desk.charged(fee, home)
    for month in (1, 2):
        desk.issued(date(2026, month, 1))
    return home


def lines_of(home):
    return list(Line.objects.inside().filter(subject=home.id).order_by("id"))


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def paid(desk, home, amount):
    return actions.take_payment(
        desk.scope, subject=home.id, amount=Money.parse(amount), channel=rules.Channel.CASH, payer=home.owner, at=AT
    )


def paid_online(home, line):
    collection = actions.begin_payment(home.scope, subject=home.id, lines=(line.pk,), at=AT)
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=card.amount, line=str(collection), at=AT
    )
    actions.record_payment(SYSTEM, payment=card.for_, at=AT)
    return collection


def back(desk, line, channel, amount=None):
    how = {"amount": None if amount is None else Money.parse(amount), "why": "Asked", "at": AT}
    return str(actions.refund_line(desk.scope, line=line.pk, channel=channel, **how))


def in_order(desk):
    return queries.differences(desk.scope, community=desk.community.id, company=desk.company) == ()


# Elsewhere the refund of January re-opened February as well.
def test_a_refund_after_a_payment_is_as_if_neither_had_been_and_touches_no_other_month(desk, home):
    before = [(line.amount_minor, line.paid_minor) for line in lines_of(home)]
    paid(desk, home, "200.00")
    january, february = lines_of(home)
    assert back(desk, january, rules.Channel.CASH) == "100.00"
    assert [(line.amount_minor, line.paid_minor) for line in lines_of(home)] == [before[0], (10000, 10000)]
    assert back(desk, february, rules.Channel.CASH) == "100.00"
    assert [(line.amount_minor, line.paid_minor) for line in lines_of(home)] == before
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "200.00"
    assert book_of(desk, desk_cash("front")) == "0.00"
    assert in_order(desk)


def test_the_last_payment_goes_back_first_and_never_more_than_was_paid(desk, home):
    january = lines_of(home)[0]
    first, second = paid(desk, home, "60.00"), paid(desk, home, "40.00")
    with pytest.raises(NotPaid):
        back(desk, january, rules.Channel.BANK, "100.01")
    assert back(desk, january, rules.Channel.BANK, "70.00") == "70.00"
    repaid = Repayment.objects.inside().filter(line=january.pk).order_by("number")
    assert [(each.receipt_id, each.amount_minor, each.number) for each in repaid] == [
        (second.receipt, 4000, f"T{AT.year}-000001"),
        (first.receipt, 3000, f"T{AT.year}-000002"),
    ]
    assert book_of(desk, OWN_BANK) == "-70.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "170.00"
    assert in_order(desk)


def test_what_was_paid_on_the_phone_goes_back_there_and_cash_does_not(desk, home):
    january, february = lines_of(home)
    collection = paid_online(home, january)
    actions.take_payment(
        desk.scope,
        subject=home.id,
        amount=Money.parse("100.00"),
        channel=rules.Channel.CASH,
        lines=(february.pk,),
        at=AT,
    )
    assert back(desk, january, rules.Channel.ONLINE, "30.00") == "30.00"
    (refund,) = collections.refunds(SYSTEM, collection=collection)
    assert str(refund.amount) == "30.00"
    assert book_of(desk, due_from_platform(desk.community.city)) == "70.00"
    with pytest.raises(NotPaid):
        back(desk, february, rules.Channel.ONLINE)
    with pytest.raises(Invalid):
        back(desk, february, rules.Channel.POS)
    assert in_order(desk)


def test_what_is_kept_of_a_receipt_goes_back_too(desk, home):
    taken = paid(desk, home, "250.00")
    how = {"receipt": taken.receipt, "channel": rules.Channel.CASH, "why": "Moves away", "at": AT}
    with pytest.raises(NotPaid):
        actions.refund_rest(desk.scope, **how, amount=Money.parse("50.01"))
    given = actions.refund_rest(desk.scope, **how)
    assert str(given) == "50.00"
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "0.00"
    assert Receipt.objects.inside().get(pk=taken.receipt).rest_minor == 0
    assert in_order(desk)


def test_strangers_give_nothing_back(desk, home):
    paid(desk, home, "100.00")
    with pytest.raises(NotFound):
        actions.refund_line(a_desk().scope, line=lines_of(home)[0].pk, channel=rules.Channel.CASH, why="mine", at=AT)
    assert book_of(desk, desk_cash("front")) == "100.00"


def test_an_invoice_is_of_what_was_paid_for_and_holds_its_money(desk, home):
    taken = paid(desk, home, "250.00")
    ask = {"receipts": (taken.receipt,), "title": "A Company Ltd", "tax_number": "91330100MA2ABCDE1X", "at": AT}
    invoice = actions.ask_invoice(home.scope, **ask)
    assert Invoice.objects.inside().get(pk=invoice).amount_minor == 20000
    with pytest.raises(AlreadyInvoiced):
        actions.ask_invoice(home.scope, **ask)
    actions.issue_invoice(desk.scope, invoice=invoice, number="2644000001", at=AT)
    with pytest.raises(Invoiced):
        back(desk, lines_of(home)[0], rules.Channel.CASH)
    assert book_of(desk, desk_cash("front")) == "250.00"
    actions.revoke_invoice(desk.scope, invoice=invoice, answer="Wrong title", at=AT)
    assert back(desk, lines_of(home)[0], rules.Channel.CASH) == "100.00"
    again = actions.ask_invoice(home.scope, **ask)
    assert Invoice.objects.inside().get(pk=again).amount_minor == 10000


def told(home):
    sent = "SELECT template FROM notify_message WHERE party = %s AND template LIKE 'invoice%%' ORDER BY id"
    return [template for (template,) in as_the_house(sent, home.owner)]


def test_whoever_asked_for_an_invoice_is_told_each_answer_once(desk, home):
    ask = {"receipts": (paid(desk, home, "100.00").receipt,), "title": "Me", "at": AT}
    actions.refuse_invoice(desk.scope, invoice=actions.ask_invoice(home.scope, **ask), answer="Whose name?", at=AT)
    assert told(home) == ["invoice_refused"]
    invoice = actions.ask_invoice(home.scope, **ask)
    actions.issue_invoice(desk.scope, invoice=invoice, number="2644000002", at=AT)
    with pytest.raises(WrongState):
        actions.issue_invoice(desk.scope, invoice=invoice, number="2644000002", at=AT)
    actions.revoke_invoice(desk.scope, invoice=invoice, answer="Wrong title", at=AT)
    assert told(home) == ["invoice_refused", "invoice_issued", "invoice_revoked"]


def test_an_invoice_is_refused_with_a_reason_and_asked_by_the_payer_alone(desk, home):
    taken, neighbour = paid(desk, home, "100.00"), desk.a_home()
    with pytest.raises(NotFound):
        actions.ask_invoice(neighbour.scope, receipts=(taken.receipt,), title="Me", at=AT)
    with pytest.raises(Invalid):
        actions.ask_invoice(home.scope, receipts=(ReceiptId(taken.receipt),), title="Me", tax_number="no-!", at=AT)
    invoice = actions.ask_invoice(home.scope, receipts=(taken.receipt,), title="Me", at=AT)
    actions.refuse_invoice(desk.scope, invoice=invoice, answer="Ask the developer", at=AT)
    with pytest.raises(WrongState):
        actions.issue_invoice(desk.scope, invoice=invoice, number="1", at=AT)
    with pytest.raises(NotFound):
        actions.issue_invoice(a_desk().scope, invoice=invoice, number="1", at=AT)
