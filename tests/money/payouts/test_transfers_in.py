"""Money that comes by bank transfer: what quotes a slip finds its collection or its holder; the rest is on suspense."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from harness.payments_words import NOW, PSP, a_collection, as_the_house, balance
from linli.ground.policies import actions as policies
from linli.kernel import ids
from linli.kernel.ids import CityId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import debit, order_escrow
from linli.money.payments import actions as payments
from linli.money.payments import queries, rules
from linli.money.payments.gateways import protocol as says
from linli.money.payments.rules import State
from linli.money.payouts import actions
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
BANK = "bank:custody"
WEEK = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def account():
    values = {"transfer_account_name": "邻里托管", "transfer_account": "6200 0001", "transfer_bank": "ICBC"}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=NOW, at=NOW)


@pytest.fixture
def due():
    return a_collection(expires_at=WEEK)


def transfer(words: str, minor: int, line: str = "B-1") -> says.BankLine:
    return says.BankLine(
        line_id=line, kind=says.BankKind.TRANSFER, reference=words, amount_minor=minor, currency="CNY",
        booked_on=date(2026, 11, 23), counterpart="王小明",
    )  # fmt: skip


def booked(city: CityId, *lines: says.BankLine) -> actions.Imported:
    at = NOW + timedelta(days=1)
    return actions.import_bank_file(SYSTEM, account="custody", source=PSP, city=city, lines=lines, at=at)


def state_of(due) -> State:
    return queries.collection(SYSTEM, collection=due.id).state


def slip_of(due) -> queries.TransferSlip:
    return payments.issue_transfer_slip(SYSTEM, collection=due.id, at=NOW)


def a_holder(city: CityId, owes: int) -> PartyId:
    """Somebody who took cash at a door."""
    holder = PartyId(ids.new())
    asked = a_collection(amount=Money(owes), coupon=Money(0), city=city)
    assert payments.take_cash(SYSTEM, collection=asked.id, holder=holder, at=NOW) == "collected"
    return holder


def test_a_slip_says_where_to_what_to_quote_and_until_when(due):
    slip = slip_of(due)
    assert (slip.account_name, slip.account, slip.bank, str(slip.amount)) == ("邻里托管", "6200 0001", "ICBC", "57.00")
    assert (slip.reference[:2], len(slip.reference), slip.before) == ("LT", 12, WEEK - rules.TRANSFER_TAKES)
    assert slip_of(due) == slip
    assert queries.transfer_slip(SYSTEM, collection=due.id) == slip


def test_a_transfer_that_quotes_it_is_the_payment_however_it_is_typed(due):
    reference = slip_of(due).reference.lower()
    words = f"water bill {reference[:4]} {reference[4:8]}-{reference[8:]} thanks"
    assert booked(due.city, transfer(words, 5700)) == actions.Imported(new=1, matched=1)
    assert (state_of(due), due.balance(BANK), due.balance(due.escrow)) == (State.COLLECTED, 5700, -6200)
    assert booked(due.city, transfer(words, 5700)).new == 0
    assert due.balance(BANK) == 5700


def test_one_that_quotes_nothing_we_know_waits_on_suspense_once(due):
    slip_of(due)
    booked(due.city, transfer("LT0000000000 rent", 5700))
    assert (state_of(due), due.balance("suspense"), due.balance(BANK)) == (State.OPEN, -5700, 5700)
    assert len(queries.differences(SYSTEM)) == 1


def test_a_wrong_amount_pays_nothing_and_waits(due):
    booked(due.city, transfer(slip_of(due).reference, 5600))
    assert (state_of(due), due.balance("suspense"), due.balance(due.escrow)) == (State.OPEN, -5600, 0)


def test_a_second_transfer_goes_back_and_the_banks_line_says_that_it_did(due):
    reference = slip_of(due).reference
    booked(due.city, transfer(reference, 5700), transfer(reference, 5700, "B-2"))
    [back] = queries.refunds(SYSTEM, collection=due.id)
    assert (back.source, str(back.amount), due.balance("refund_in_transit:bank")) == ("bank", "57.00", -5700)
    assert payments.send_refunds(at=WEEK) == 0  # no provider sends it: somebody transfers it, quoting the refund
    booked(due.city, transfer(str(back.id), -5700, "B-3"))
    assert (due.balance("refund_in_transit:bank"), due.balance(BANK)) == (0, 5700)
    assert queries.refunds(SYSTEM, collection=due.id, waiting_only=True) == ()


def test_a_refund_of_a_transfer_waits_for_the_bank(due):
    booked(due.city, transfer(slip_of(due).reference, 5700))
    refund = RefundId(ids.new())
    legs = (debit(order_escrow(due.order), Money(1000)),)
    payments.request_refund(
        SYSTEM, refund=refund, collection=due.id, amount=Money(1000), legs=legs, document="test", at=NOW
    )
    assert due.balance("refund_in_transit:bank") == -1000
    booked(due.city, transfer(str(refund), -1000, "B-2"))
    assert (due.balance("refund_in_transit:bank"), due.balance(BANK)) == (0, 4700)


def test_money_that_leaves_for_nobody_we_know_waits_too(due):
    booked(due.city, transfer("coffee", -300))
    assert (due.balance("suspense"), due.balance(BANK)) == (300, -300)


def test_where_the_city_has_no_account_there_is_no_slip(due):
    policies.set_policy(
        SYSTEM, word="payments", level="platform", values={"transfer_account": ""}, start_at=NOW, at=NOW
    )
    with pytest.raises(payments.NoTransfers):
        slip_of(due)
    assert as_the_house("SELECT count(*) FROM payments_slip") == [(0,)]


def test_what_is_paid_or_closed_has_no_slip(due):
    payments.close_collection(SYSTEM, collection=due.id, why="test", at=NOW)
    with pytest.raises(payments.CannotPay):
        slip_of(due)


def test_cash_paid_in_settles_what_its_holder_owes():
    city = CityId(ids.new())
    holder = a_holder(city, 6200)
    slip = payments.issue_deposit_slip(SYSTEM, holder=holder, city=city, at=NOW)
    assert (slip.reference[:2], str(slip.owed)) == ("LC", "62.00")
    assert payments.issue_deposit_slip(SYSTEM, holder=holder, city=city, at=NOW) == slip
    booked(city, transfer(slip.reference, 6000))
    assert (balance(city, f"cash_due:{holder}"), balance(city, BANK)) == (200, 6000)
    assert [(held.holder, str(held.amount)) for held in queries.cash_held(SYSTEM)] == [(holder, "2.00")]
    assert all(finding.ok for finding in (*ledger.check(SYSTEM), *queries.check(SYSTEM, at=NOW)))


def test_what_is_more_than_owed_waits_on_suspense():
    city = CityId(ids.new())
    holder = a_holder(city, 6200)
    slip = payments.issue_deposit_slip(SYSTEM, holder=holder, city=city, at=NOW)
    booked(city, transfer(slip.reference, 6500))
    assert (balance(city, f"cash_due:{holder}"), balance(city, "suspense"), balance(city, BANK)) == (0, -300, 6500)
    assert all(finding.ok for finding in queries.check(SYSTEM, at=NOW) if "suspense" in finding.invariant)


def test_an_operator_finds_whose_cash_a_line_without_slip_was():
    city = CityId(ids.new())
    holder = a_holder(city, 6200)
    booked(city, transfer("cash, shop of Li", 6200))
    [difference] = queries.differences(SYSTEM)
    payments.hand_in_cash(SYSTEM, difference=difference.id, holder=holder, at=NOW)
    assert (balance(city, f"cash_due:{holder}"), balance(city, "suspense"), balance(city, BANK)) == (0, 0, 6200)
    assert queries.differences(SYSTEM) == ()


def test_not_more_than_the_holder_owes():
    city = CityId(ids.new())
    holder = a_holder(city, 6199)
    booked(city, transfer("cash, shop of Li", 6200))
    [difference] = queries.differences(SYSTEM)
    with pytest.raises(payments.MoreThanOwed):
        payments.hand_in_cash(SYSTEM, difference=difference.id, holder=holder, at=NOW)
    assert (balance(city, f"cash_due:{holder}"), balance(city, "suspense")) == (6199, -6200)


def test_a_holder_sees_no_other_holders_slip_and_decides_no_difference():
    city = CityId(ids.new())
    merchant = Scope(role=Role.MERCHANT, person=PartyId(ids.new()), city=city)
    with pytest.raises(NotFound):
        payments.issue_deposit_slip(merchant, holder=a_holder(city, 100), city=city, at=NOW)
    with pytest.raises(Denied):
        payments.hand_in_cash(merchant, difference=ids.new(), holder=PartyId(ids.new()), at=NOW)
    with pytest.raises(Denied):
        queries.cash_held(merchant)
