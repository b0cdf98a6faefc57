"""A bank file uploaded by a person: read cell by cell, tried out, and calling a payout off before the bank is asked."""

from __future__ import annotations

import pytest

from harness.payments_words import PSP, as_the_house
from harness.payouts_words import FREE, Shared, a_completed_order
from linli.kernel.ids import PayoutId
from linli.money.payouts import actions, queries
from linli.money.payouts.rules import PayoutState
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
HEAD = "line,kind,reference,amount,booked_on\n"


def drawn(shared: Shared) -> PayoutId:
    actions.release_holds(SYSTEM, at=FREE)
    actions.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    [(id_,)] = as_the_house("SELECT id FROM payouts_payout WHERE payee = %s", shared.merchant)
    return PayoutId(id_)


def read(text: str) -> actions.BankSheet:
    return actions.read_bank_sheet(file_name="bank.csv", content=text.encode())


def test_a_sheet_is_read_line_by_line_in_either_language():
    plain = read(HEAD + "B-1,payout,abc,-53.36,2026-12-01\n")
    chinese = read("流水号,类型,附言,金额,记账日\nB-1,打款,abc,-53.36,2026-12-01\n")
    (line,) = plain.lines
    assert (line.line_id, line.kind.value, line.amount_minor, str(line.booked_on)) == (
        "B-1",
        "payout",
        -5336,
        "2026-12-01",
    )
    assert chinese.lines == plain.lines


def test_wrong_cells_are_named_by_row_and_column_and_nothing_of_the_row_is_read():
    sheet = read(HEAD + "B-1,gift,abc,many,soon\n,payout,abc,-1,2026-12-01\n")
    assert [(e.row, e.column) for e in sheet.errors] == [(2, "kind"), (2, "amount"), (2, "booked_on"), (3, "line")]
    assert sheet.lines == ()
    with pytest.raises(actions.WrongCells):
        actions.insist_clean(sheet)


def test_a_preview_tells_what_becomes_of_each_line_and_changes_nothing():
    shared = a_completed_order()
    payout = drawn(shared)
    sheet = read(HEAD + f"B-1,payout,{payout},-53.36,2026-12-01\nB-2,payout,nobody,-5.00,2026-12-01\n")
    asked = {"account": "custody", "source": PSP, "city": shared.city, "lines": sheet.lines, "at": FREE}
    assert [each.effect for each in actions.preview_bank_file(SYSTEM, **asked)] == ["matched", "suspense"]
    assert queries.payout_page(SYSTEM, payout=payout).card.state is PayoutState.DRAWN
    assert as_the_house("SELECT count(*) FROM payouts_bank_line") == [(0,)]
    assert (shared.balance("bank:custody"), shared.balance("suspense")) == (0, 0)
    assert actions.import_bank_file(SYSTEM, **asked) == actions.Imported(new=2, matched=1)
    assert [each.effect for each in actions.preview_bank_file(SYSTEM, **asked)] == ["known", "known"]


def test_a_payout_that_no_bank_knows_is_called_off_and_its_money_is_free_again():
    shared = a_completed_order()
    payout = drawn(shared)
    actions.call_off_payout(SYSTEM, payout=payout, why="Wrong account", at=FREE)
    page = queries.payout_page(SYSTEM, payout=payout)
    assert (page.card.state, page.card.reason) == (PayoutState.FAILED, "Wrong account")
    assert (shared.balance(shared.available), shared.balance(shared.in_transit)) == (-5336, 0)
    assert queries.payee(SYSTEM, payee=shared.merchant).held_at is not None


def test_a_payout_that_was_sent_is_not_called_off():
    shared = a_completed_order()
    payout = drawn(shared)
    actions.claim_payouts(SYSTEM, limit=10, at=FREE)
    with pytest.raises(actions.OnItsWay):
        actions.call_off_payout(SYSTEM, payout=payout, why="Too late", at=FREE)
    assert queries.payout_page(SYSTEM, payout=payout).card.state is PayoutState.SENT
    assert shared.balance(shared.in_transit) == -5336


def test_a_payee_is_shown_by_the_last_digits_of_its_account():
    shared = a_completed_order()
    card = queries.payee(SYSTEM, payee=shared.merchant)
    assert (card.receiver_account, card.receiver_bank, card.pending.minor, card.free.minor) == (
        "•••• 0011",
        "ICBC",
        5336,
        0,
    )


def test_what_is_below_the_minimum_waits_and_says_so():
    shared = a_completed_order()
    actions.release_holds(SYSTEM, at=FREE)
    waiting = queries.waiting_payees(SYSTEM, city=shared.city, minimum=shared.due.amount)
    assert {(w.payee, w.free.minor, w.why) for w in waiting} == {
        (shared.merchant, 5336, "below minimum"),
        (shared.company, 186, "below minimum"),
        (shared.courier, 400, "below minimum"),
    }
    assert queries.waiting_payees(SYSTEM, city=shared.city) == ()
