"""A driver who paid what the guard had taken reads that it goes back, where somebody is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders.clock import AT
from builders.parking import a_lot
from harness.payments_words import as_the_house, told_of_money_going_back
from linli.estate.parking import actions, queries, reactions
from linli.estate.parking.rules import Channel
from linli.kernel import ids
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.money.payments.events import CollectedTooLate
from linli.spine.scope import GUEST, SYSTEM

pytestmark = pytest.mark.django_db
PLATE, TEN = "浙A12345", Money(1000)
TWO_HOURS = AT + timedelta(hours=2)


@pytest.fixture
def lot():
    return a_lot()


def asked(lot, scope):
    code = queries.lot(lot.scope, lot=lot.id, at=AT).code
    return actions.ask_driver(scope, code=code, plate=PLATE, at=TWO_HOURS).collection


def comes_again(collection):
    card = collections.collection(SYSTEM, collection=collection)
    again = {"purpose": card.purpose, "for_": card.for_, "refund": ids.new(), "why": "twice", "at": TWO_HOURS}
    reactions.tell_goes_back(CollectedTooLate(collection=collection, amount=card.amount, **again))


def test_who_paid_what_the_guard_had_taken_is_told(lot):
    driver, entered = lot.desk.a_home(), lot.enters(PLATE)
    collection = asked(lot, driver.scope)
    actions.take_at_gate(lot.scope, session=entered.session, amount=TEN, channel=Channel.CASH, at=TWO_HOURS)
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=TEN, line="1", at=TWO_HOURS)
    payment = collections.collection(SYSTEM, collection=collection).for_
    assert actions.record_payment(SYSTEM, payment=payment, at=TWO_HOURS) == Money.zero
    assert told_of_money_going_back(driver.owner) == ["10.00"]


def test_who_pays_the_same_page_twice_is_told(lot):
    driver = lot.desk.a_home()
    lot.enters(PLATE)
    comes_again(asked(lot, driver.scope))
    assert told_of_money_going_back(driver.owner) == ["10.00"]


def test_who_is_not_signed_in_cannot_be_told(lot):
    lot.enters(PLATE)
    comes_again(asked(lot, GUEST))
    assert as_the_house("SELECT id FROM notify_message WHERE template = 'payment_goes_back'") == []
