"""Paying by a code at the desk: the same payments as on the phone, paid once, and over in minutes."""

from datetime import date, timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from linli.estate.billing import actions, queries
from linli.estate.billing.actions.codes import PATIENCE, NotByCode
from linli.estate.billing.actions.online import NothingOwed
from linli.estate.billing.models import Payment, Receipt
from linli.estate.billing.rules import Channel
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import due_from_platform, fee_receivable, property_book
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
HUNDRED = Money.parse("100")


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for March."""
    return desk.a_home_owing("100", since=date(2026, 3, 1))


def asked(at_desk, home, amount=HUNDRED, **given):
    return actions.ask_by_code(at_desk.scope, subject=home.id, amount=amount, **{"at": AT} | given)


def arrives(collection):
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=card.amount, line=str(collection), at=AT
    )
    return actions.record_payment(SYSTEM, payment=card.for_, at=AT)


def test_a_code_pays_the_bill_and_the_receipt_names_the_desk(desk, home):
    collection = asked(desk, home, desk="hall")
    assert arrives(collection) == HUNDRED
    receipt = Receipt.objects.inside().get(subject=home.id)
    assert (receipt.channel, receipt.desk, receipt.taken_by, receipt.payer, str(receipt.collection)) == (
        "online", "hall", desk.scope.person, None, str(collection),
    )  # fmt: skip
    shown = queries.code_page(desk.scope, collection=collection)
    assert (shown.payment.paid, shown.payment.receipt, shown.community) == (HUNDRED, receipt.pk, desk.community.id)
    book = property_book(desk.company)
    assert str(ledger.balance(SYSTEM, book=book, address=due_from_platform(desk.community.city))) == "100.00"
    assert str(ledger.balance(SYSTEM, book=book, address=fee_receivable(home.id, home.owner))) == "0.00"
    assert queries.differences(SYSTEM, community=desk.community.id, company=desk.company) == ()


def test_two_codes_for_one_bill_pay_it_once_and_the_second_money_goes_back(desk, home):
    first, second = asked(desk, home), asked(desk, home)
    assert (arrives(second), arrives(first)) == (HUNDRED, Money.zero)
    assert Receipt.objects.inside().filter(subject=home.id).count() == 1
    (back,) = collections.refunds(SYSTEM, collection=first)
    assert back.amount == HUNDRED
    late = queries.code_page(desk.scope, collection=first)
    assert (late.payment.paid, late.payment.receipt) == (Money.zero, None)


def test_what_the_owner_pays_meanwhile_on_the_phone_is_paid_once(desk, home):
    code = asked(desk, home)
    phone = actions.begin_payment(home.scope, subject=home.id, at=AT)
    assert (arrives(phone), arrives(code)) == (HUNDRED, Money.zero)
    assert queries.differences(SYSTEM, community=desk.community.id, company=desk.company) == ()


def test_a_code_lasts_six_minutes_and_a_withdrawn_one_is_worth_nothing(desk, home):
    collection = asked(desk, home)
    assert (
        collections.collection(SYSTEM, collection=collection).expires_at == AT + PATIENCE == AT + timedelta(minutes=6)
    )
    assert actions.withdraw_code(desk.scope, collection=collection, at=AT)
    assert queries.code_page(desk.scope, collection=collection).payment.state == "closed"
    paid = asked(desk, home)
    arrives(paid)
    assert not actions.withdraw_code(desk.scope, collection=paid, at=AT)


def test_a_part_of_it_or_more_than_is_open(desk, home):
    assert arrives(asked(desk, home, Money.parse("30"))) == Money.parse("30")
    with pytest.raises(Invalid) as refused:
        asked(desk, home, Money.parse("70.01"))
    assert (refused.value.field, "70.00" in str(refused.value)) == ("amount", True)
    assert arrives(asked(desk, home, Money.parse("70"))) == Money.parse("70")
    with pytest.raises(NothingOwed):
        asked(desk, home)


def test_what_is_not_collected_through_the_platform_has_no_code(desk):
    home = desk.a_home()
    desk.charged(desk.priced(desk.an_item(payable_online=False), "fixed", amount="100"), home)
    desk.issued(date(2026, 3, 1))
    with pytest.raises(NotByCode):
        asked(desk, home)
    assert Payment.objects.inside().count() == 0


def test_another_companys_code_and_home_do_not_exist_and_a_resident_may_not(desk, home):
    other, collection = a_desk(), asked(desk, home)
    with pytest.raises(NotFound):
        asked(other, home)
    with pytest.raises(NotFound):
        queries.code_page(other.scope, collection=collection)
    with pytest.raises(NotFound):
        actions.withdraw_code(other.scope, collection=collection, at=AT)
    with pytest.raises(Denied):
        actions.ask_by_code(home.scope, subject=home.id, amount=HUNDRED, at=AT)


def test_a_payment_begun_on_the_phone_is_no_code_of_the_desk(desk, home):
    phone = actions.begin_payment(home.scope, subject=home.id, at=AT)
    with pytest.raises(NotFound):
        queries.code_page(desk.scope, collection=phone)
    with pytest.raises(NotFound):
        actions.withdraw_code(desk.scope, collection=phone, at=AT)


def test_what_came_by_a_code_goes_back_the_way_it_came(desk, home):
    arrives(asked(desk, home, payer=a_person()))
    line = queries.account_page(desk.scope, subject=home.id)
    assert line.open == Money.zero
    (bill,) = queries.bills(desk.scope, communities=[desk.community.id], on=AT.date())
    (only,) = queries.bill_page(desk.scope, bill=bill.bill).lines
    back = actions.refund_line(desk.scope, line=only.line, channel=Channel.ONLINE, why="付错了", at=AT)
    assert back == HUNDRED
    assert queries.differences(SYSTEM, community=desk.community.id, company=desk.company) == ()
