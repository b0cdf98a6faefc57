"""The custody bank's file: settlements, payouts and returns find their place; what finds none waits on suspense."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from harness.payments_words import CLEARING, NOW, PSP, Due, a_paid_collection, as_the_house
from harness.payouts_words import FREE, Shared, a_completed_order
from linli.kernel import ids
from linli.kernel.ids import CityId
from linli.money.payments import actions as payments
from linli.money.payments import queries as payment_queries
from linli.money.payments.gateways import protocol as says
from linli.money.payouts import actions, queries
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
BANK = "bank:custody"


def bill_of(*dues: Due) -> list[says.BillLine]:
    return [
        says.BillLine(
            kind=says.BillKind.CHARGE, reference=str(due.id), charge_reference=str(due.id), provider_reference="ch",
            channel=says.Channel.WECHAT, amount_minor=5700, fee_minor=34, net_minor=5666, currency="CNY",
            status=says.BillStatus.SUCCEEDED, occurred_at=NOW,
        )
        for due in dues
    ]  # fmt: skip


def bank_line(kind: says.BankKind, minor: int, reference: str, line: str = "B-1", on: date = DAY) -> says.BankLine:
    return says.BankLine(
        line_id=line, kind=kind, reference=reference, amount_minor=minor, currency="CNY", booked_on=on, counterpart="x"
    )


def settlement(minor: int, line: str = "S-1") -> says.BankLine:
    return bank_line(says.BankKind.SETTLEMENT, minor, f"settlement-{DAY}-CNY", line, DAY + timedelta(days=1))


def booked(city: CityId, *lines: says.BankLine) -> actions.Imported:
    return actions.import_bank_file(SYSTEM, account="custody", source=PSP, city=city, lines=lines, at=FREE)


def the_payout(shared: Shared) -> str:
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    [(id_,)] = as_the_house("SELECT id FROM payouts_payout WHERE payee = %s", shared.merchant)
    return str(id_)


def test_a_settlement_clears_what_was_captured_and_posts_the_fee():
    one = a_paid_collection()
    two = a_paid_collection()  # of another city: each book gets its own part
    payments.import_bill(SYSTEM, source=PSP, day=DAY, lines=bill_of(one, two), at=NOW)
    assert booked(one.city, settlement(2 * 5666)) == actions.Imported(new=1, matched=1)
    for due in (one, two):
        assert (due.balance(BANK), due.balance("psp_fees"), due.balance(CLEARING)) == (5666, 34, 0)
    assert booked(one.city, settlement(2 * 5666)) == actions.Imported(new=0, matched=0)
    assert one.balance(BANK) == 5666


def test_a_settlement_waits_for_its_bill():
    due = a_paid_collection()
    assert booked(due.city, settlement(5666)).matched == 0
    assert due.balance(BANK) == 0
    assert [d.effect for d in queries.bank_differences(SYSTEM)] == ["no bill"]
    payments.import_bill(SYSTEM, source=PSP, day=DAY, lines=bill_of(due), at=NOW)
    assert booked(due.city) == actions.Imported(new=0, matched=1)
    assert (due.balance(BANK), due.balance(CLEARING)) == (5666, 0)


def test_what_no_line_of_the_bill_explains_waits_on_suspense():
    due = a_paid_collection()
    payments.import_bill(SYSTEM, source=PSP, day=DAY, lines=bill_of(due), at=NOW)
    booked(due.city, settlement(5666 + 99))
    assert (due.balance(BANK), due.balance("suspense"), due.balance(CLEARING)) == (5765, -99, 0)
    [difference] = payment_queries.differences(SYSTEM)
    assert (difference.reference, difference.in_suspense.minor) == (f"settlement-{DAY}-CNY", 99)


def test_a_payout_is_settled_and_comes_back_by_the_banks_own_lines():
    shared = a_completed_order()
    payout = the_payout(shared)
    assert booked(shared.city, bank_line(says.BankKind.PAYOUT, -5336, payout)).matched == 1
    assert (shared.balance(BANK), shared.balance(shared.in_transit)) == (-5336, 0)
    [card] = queries.payouts(SYSTEM, payee=shared.merchant)
    assert card.state == "settled"
    back = bank_line(says.BankKind.PAYOUT_RETURN, 5336, payout, "B-2")
    assert booked(shared.city, back).matched == 1
    [card] = queries.payouts(SYSTEM, payee=shared.merchant)
    assert card.state == "returned"
    assert (shared.balance(BANK), shared.balance(shared.in_transit), shared.balance(shared.available)) == (0, 0, -5336)
    assert [(w.payee, w.why) for w in queries.waiting_payees(SYSTEM)] == [(shared.merchant, "held: payout returned")]


@pytest.mark.parametrize("minor", [-5335, 5336])
def test_a_line_that_does_not_fit_its_payout_waits_on_suspense(minor):
    shared = a_completed_order()
    payout = the_payout(shared)
    booked(shared.city, bank_line(says.BankKind.PAYOUT, minor, payout))
    assert (shared.balance(BANK), shared.balance("suspense")) == (minor, -minor)
    [card] = queries.payouts(SYSTEM, payee=shared.merchant)
    assert card.state == "drawn"
    assert [d.effect for d in queries.bank_differences(SYSTEM)] == ["suspense"]


def test_a_line_of_nobody_waits_on_suspense_once():
    city = CityId(ids.new())
    due = a_paid_collection(city=city)
    stranger = bank_line(says.BankKind.PAYOUT_RETURN, 777, "who-knows")
    booked(city, stranger)
    booked(city, stranger)
    assert (due.balance(BANK), due.balance("suspense")) == (777, -777)


def test_the_bank_and_the_books_agree_to_zero_at_the_end_of_the_loop():
    shared = a_completed_order()
    payments.import_bill(SYSTEM, source=PSP, day=DAY, lines=bill_of(shared.due), at=NOW)
    the_payout(shared)
    out = as_the_house("SELECT id, amount_minor FROM payouts_payout WHERE city = %s", shared.city)
    lines = [bank_line(says.BankKind.PAYOUT, -minor, str(id_), f"P-{id_}") for id_, minor in out]
    booked(shared.city, settlement(5666), *lines)
    assert queries.bank_differences(SYSTEM) == ()
    assert shared.balance(BANK) == 5666 - 5336 - 186 - 400
    assert shared.balance(CLEARING) == 0
    # what is left in the bank is what the platform earned less what it gave away: 2.78 - 0.34 - 5.00
    assert shared.balance(BANK) == 278 - 34 - 500
