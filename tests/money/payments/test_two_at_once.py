"""Two connections say the same thing at the same instant: one effect."""

from __future__ import annotations

import pytest

from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.payments_words import (
    CLEARING,
    IN_TRANSIT,
    NOW,
    PSP,
    SaidProvider,
    a_collection,
    a_paid_collection,
    ask_refund,
    facts,
)
from linli.money.payments import actions
from linli.money.payments.gateways.registry import serving
from linli.spine.scope import SYSTEM


def test_the_same_success_told_twice_at_once_has_one_effect(own_database: OwnDatabase):
    due = a_collection()
    effects = at_once(*[lambda: actions.record_told(SYSTEM, told=due.paid(), at=NOW)] * 4)
    assert sorted(map(str, effects)) == ["collected", "repeated", "repeated", "repeated"]
    assert (due.balance(CLEARING), due.balance(due.escrow)) == (5700, -6200)
    assert len(facts("payments.Collected")) == 1


def test_two_charges_of_one_collection_at_once_one_serves_and_one_goes_back(own_database: OwnDatabase):
    due = a_collection()
    effects = at_once(
        lambda: actions.record_told(SYSTEM, told=due.paid(), at=NOW),
        lambda: actions.record_told(SYSTEM, told=due.paid(reference=f"{due.id}-2"), at=NOW),
    )
    assert sorted(map(str, effects)) == ["collected", "twice"]
    assert (due.balance(CLEARING), due.balance(IN_TRANSIT), due.balance(due.escrow)) == (11400, -5700, -6200)


def test_paid_and_closed_at_once_is_one_or_the_other(own_database: OwnDatabase):
    for _ in range(5):
        due = a_collection()
        effect, closed = at_once(
            lambda due=due: actions.record_told(SYSTEM, told=due.paid(), at=NOW),
            lambda due=due: actions.close_collection(SYSTEM, collection=due.id, why="buyer", at=NOW),
        )
        assert (effect, closed) in {("collected", False), ("after_close", True)}
        assert due.balance(due.escrow) == (-6200 if effect == "collected" else 0)


def test_two_refunds_at_once_never_give_back_more_than_was_paid(own_database: OwnDatabase):
    due = a_paid_collection()

    def ask() -> str:
        try:
            ask_refund(due, 4000)
        except actions.RefundTooLarge:
            return "refused"
        return "asked"

    assert sorted(map(str, at_once(ask, ask))) == ["asked", "refused"]
    assert due.balance(IN_TRANSIT) == -4000


def test_two_workers_send_a_refund_once(own_database: OwnDatabase):
    due, provider = a_paid_collection(), SaidProvider()
    ask_refund(due, 914)
    with serving(PSP, provider):
        sent = at_once(*[lambda: actions.send_refunds(at=NOW)] * 3)
    assert sorted(map(str, sent)) == ["0", "0", "1"]
    assert len(provider.calls) == 1


@pytest.mark.parametrize("signal", ["transfer_returned", "payout"])
def test_the_same_signal_about_a_payout_told_at_once_has_one_effect(own_database: OwnDatabase, signal: str):
    from harness.payouts_words import FREE, a_completed_order
    from linli.kernel.money import Money
    from linli.money.payouts import actions as payouts
    from linli.money.payouts import queries
    from linli.money.payouts.rules import Signal

    shared = a_completed_order()
    payouts.release_holds(SYSTEM, at=FREE)
    payouts.draw_payouts(SYSTEM, city=shared.city, at=FREE)
    [card] = queries.payouts(SYSTEM, payee=shared.merchant)

    def tell() -> str:
        return payouts.record_signal(
            SYSTEM, source=PSP, signal=Signal(signal), reference=str(card.id), amount=Money(5336), reason="",
            occurred_at=FREE, at=FREE, bank="custody", line="B-1" if signal == "payout" else "",
        )  # fmt: skip

    told = sorted(map(str, at_once(tell, tell, tell)))
    assert told == sorted(["returned" if signal == "transfer_returned" else "settled", "repeated", "repeated"])
    assert shared.balance(shared.available) == (-5336 if signal == "transfer_returned" else 0)
