"""Deposits stand on an account of their own, and every fen of them is deducted by a line or goes back."""

from datetime import timedelta

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import told_of_money_going_back
from linli.estate.billing import actions, rules
from linli.estate.billing.actions.deposits import NotPaidSo, NotSoMuch
from linli.estate.billing.models import Deposit, DepositEntry, Line
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import (
    desk_cash,
    due_from_platform,
    fee_income,
    fee_receivable,
    home_deposit,
    prepaid_fee,
    property_book,
)
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
TITLE = {"zh": "装修押金", "en": "Renovation deposit"}


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home()


def asked(desk, home, amount="2000.00", **given):
    return actions.ask_deposit(
        desk.scope,
        community=desk.community.id,
        subject=home.id,
        obligor=home.owner,
        word="renovation",
        title=TITLE,
        amount=Money.parse(amount),
        at=AT,
        **given,
    )


def held(desk, home, **given):
    deposit = asked(desk, home, **given)
    actions.take_deposit(desk.scope, deposit=deposit, channel=rules.Channel.CASH, at=AT)
    return deposit


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def paid_online(desk, home, deposit):
    collection = actions.begin_deposit(home.scope, deposit=deposit, at=AT)
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=card.amount, line=str(collection), at=AT
    )
    actions.record_deposit(SYSTEM, deposit=deposit, collection=collection, at=AT)
    return collection


def test_a_deposit_is_a_debt_of_the_company_and_no_income(desk, home):
    deposit = asked(desk, home)
    number = actions.take_deposit(desk.scope, deposit=deposit, channel=rules.Channel.CASH, at=AT)
    assert number == f"D{AT.year}-000001"
    assert book_of(desk, home_deposit(home.id, home.owner, "renovation")) == "-2000.00"
    assert book_of(desk, desk_cash("front")) == "2000.00"
    with pytest.raises(WrongState):
        actions.take_deposit(desk.scope, deposit=deposit, channel=rules.Channel.CASH, at=AT)
    assert book_of(desk, desk_cash("front")) == "2000.00"


def test_damage_is_deducted_by_a_line_with_its_reason_and_the_rest_goes_back(desk, home):
    deposit = held(desk, home)
    damage = actions.ensure_item(desk.scope, community=desk.community.id, word="damage", name=TITLE, at=AT)
    line = actions.deduct_deposit(
        desk.scope, deposit=deposit, item=damage, amount=Money.parse("350.00"), why="The lift door", at=AT
    )
    row = Line.objects.inside().get(pk=line)
    assert (row.amount_minor, row.paid_minor, row.reason["title"]["why"]) == (35000, 35000, "The lift door")
    with pytest.raises(NotSoMuch):
        actions.return_deposit(
            desk.scope, deposit=deposit, channel=rules.Channel.CASH, amount=Money.parse("1650.01"), at=AT
        )
    back = actions.return_deposit(desk.scope, deposit=deposit, channel=rules.Channel.CASH, at=AT)
    assert str(back) == "1650.00"
    assert book_of(desk, home_deposit(home.id, home.owner, "renovation")) == "0.00"
    assert book_of(desk, desk_cash("front")) == "350.00"
    assert book_of(desk, fee_income("damage")) == "-350.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "0.00"
    entries = DepositEntry.objects.inside().filter(deposit=deposit).order_by("id")
    assert [(e.verb, e.amount_minor) for e in entries] == [
        ("ask", 200000),
        ("take", 200000),
        ("deduct", 35000),
        ("return", 165000),
        ("settle", 0),
    ]
    assert Deposit.objects.inside().get(pk=deposit).state == "settled"


def test_what_is_left_may_stay_as_fees_paid_in_advance(desk, home):
    deposit = held(desk, home)
    actions.return_deposit(desk.scope, deposit=deposit, channel=rules.Channel.DEPOSIT, at=AT)
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "-2000.00"
    assert book_of(desk, home_deposit(home.id, home.owner, "renovation")) == "0.00"


def test_paid_on_the_phone_it_goes_back_there(desk, home):
    deposit = asked(desk, home)
    collection = paid_online(desk, home, deposit)
    assert book_of(desk, due_from_platform(desk.community.city)) == "2000.00"
    actions.record_deposit(SYSTEM, deposit=deposit, collection=collection, at=AT)
    assert DepositEntry.objects.inside().filter(deposit=deposit, verb="take").count() == 1
    actions.return_deposit(
        desk.scope, deposit=deposit, channel=rules.Channel.ONLINE, amount=Money.parse("500.00"), at=AT
    )
    (refund,) = collections.refunds(SYSTEM, collection=collection)
    assert str(refund.amount) == "500.00"
    assert book_of(desk, due_from_platform(desk.community.city)) == "1500.00"
    assert book_of(desk, home_deposit(home.id, home.owner, "renovation")) == "-1500.00"


def test_what_the_desk_took_meanwhile_is_not_taken_twice(desk, home):
    deposit = asked(desk, home)
    collection = actions.begin_deposit(home.scope, deposit=deposit, at=AT)
    actions.take_deposit(desk.scope, deposit=deposit, channel=rules.Channel.POS, at=AT)
    payments.record_bank_transfer(
        SYSTEM, collection=collection, account="custody", amount=Money.parse("2000.00"), line="1", at=AT
    )
    actions.record_deposit(SYSTEM, deposit=deposit, collection=collection, at=AT)
    (refund,) = collections.refunds(SYSTEM, collection=collection)
    assert str(refund.amount) == "2000.00"
    assert told_of_money_going_back(home.owner) == ["2000.00"]
    assert book_of(desk, home_deposit(home.id, home.owner, "renovation")) == "-2000.00"
    with pytest.raises(NotPaidSo):
        actions.return_deposit(desk.scope, deposit=deposit, channel=rules.Channel.ONLINE, at=AT)


def test_who_does_not_pay_in_time_is_not_waited_for(desk, home):
    deposit = asked(desk, home)
    later = AT + timedelta(days=30)
    assert actions.lapse_deposits(SYSTEM, limit=10, at=later - timedelta(seconds=1)) == 0
    assert actions.lapse_deposits(SYSTEM, limit=10, at=later) == 1
    with pytest.raises(WrongState):
        actions.take_deposit(desk.scope, deposit=deposit, channel=rules.Channel.CASH, at=AT)
    assert book_of(desk, desk_cash("front")) == "0.00"


def test_strangers_and_neighbours_touch_no_deposit(desk, home):
    deposit = held(desk, home)
    neighbour, other = desk.a_home(), a_desk()
    with pytest.raises(NotFound):
        actions.begin_deposit(neighbour.scope, deposit=deposit, at=AT)
    with pytest.raises(NotFound):
        actions.return_deposit(other.scope, deposit=deposit, channel=rules.Channel.CASH, at=AT)
    assert book_of(desk, home_deposit(home.id, home.owner, "renovation")) == "-2000.00"
