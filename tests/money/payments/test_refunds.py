"""Refunds: claimed before the call, the same one called again, confirmed once, never more than was paid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.payments_words import (
    CLEARING,
    IN_TRANSIT,
    NOW,
    PSP,
    SaidProvider,
    a_collection,
    a_paid_collection,
    ask_refund,
    balance,
    counts,
    facts,
)
from linli.kernel import ids
from linli.kernel.ids import PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger.rules import Leg
from linli.money.payments import actions, queries, rules
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import RefundState, State
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def state_of(refund: RefundId) -> tuple[RefundState, int]:
    [card] = [r for r in queries.refunds(SYSTEM) if r.id == refund]
    return card.state, card.attempts


def test_a_refund_posts_is_sent_under_its_id_and_confirmed():
    due, provider = a_paid_collection(), SaidProvider(fee_returned_minor=5)
    refund = ask_refund(due, 914)
    assert (due.balance(due.escrow), due.balance(IN_TRANSIT)) == (-5286, -914)
    with serving(PSP, provider):
        assert actions.send_refunds(at=NOW) == 1
        assert actions.send_refunds(at=LATER) == 0
    [call] = provider.calls
    assert isinstance(call, says.Refund)
    assert (call.reference, call.charge_reference, call.amount_minor) == (str(refund), str(due.id), 914)
    assert (due.balance(IN_TRANSIT), due.balance(CLEARING), due.balance("psp_fees")) == (0, 5700 - 914 + 5, -5)
    [fact] = facts("payments.RefundConfirmed")
    assert (fact["refund"], fact["for_"], fact["amount"], fact["automatic"]) == (
        str(refund), str(due.order), {"minor": 914}, False,
    )  # fmt: skip
    assert queries.collection(SYSTEM, collection=due.id).state is State.PARTLY_REFUNDED


def test_a_fully_refunded_order_does_not_read_as_paid():
    due = a_paid_collection()
    ask_refund(due, 5700)
    with serving(PSP, SaidProvider()):
        actions.send_refunds(at=NOW)
    card = queries.collection(SYSTEM, collection=due.id)
    assert (card.state, card.captured, card.refunded) == (State.REFUNDED, Money(5700), Money(5700))


def test_more_than_was_paid_is_never_given_back():
    due = a_paid_collection()
    ask_refund(due, 5000)
    before = counts()
    with pytest.raises(actions.RefundTooLarge):
        ask_refund(due, 701)
    assert counts() == before
    assert due.balance(IN_TRANSIT) == -5000


def test_nothing_is_given_back_where_nothing_came():
    due = a_collection()
    before = counts()
    with pytest.raises(actions.NothingCaptured):
        ask_refund(due, 1)
    assert counts() == before


def test_a_refund_is_not_negative():
    with pytest.raises(Invalid):
        ask_refund(a_paid_collection(), -1)


def test_what_a_coupon_paid_for_alone_goes_back_to_the_coupon_and_is_confirmed_at_once():
    due = a_collection(amount=Money(0), coupon=Money(6200))
    refund = RefundId(ids.new())
    actions.request_refund(
        SYSTEM, refund=refund, collection=due.id, amount=Money(0),
        legs=(Leg(due.escrow, Money(6200)), Leg(due.subsidy, Money(-6200))), document="order:1", at=NOW,
    )  # fmt: skip
    assert (due.balance(due.escrow), due.balance(due.subsidy)) == (0, 0)
    assert [(f["refund"], f["amount"]) for f in facts("payments.RefundConfirmed")] == [(str(refund), {"minor": 0})]
    assert queries.refunds(SYSTEM, collection=due.id) == ()


def test_legs_that_do_not_sum_to_the_refund_are_refused():
    due = a_paid_collection()
    with pytest.raises(Invalid):
        actions.request_refund(
            SYSTEM, refund=RefundId(ids.new()), collection=due.id, amount=Money(100),
            legs=(Leg(due.escrow, Money(99)),), document="order:1", at=NOW,
        )  # fmt: skip
    assert due.balance(IN_TRANSIT) == 0


def test_an_unanswered_refund_is_sent_again_under_the_same_key():
    due, provider = a_paid_collection(), SaidProvider(fails=says.GatewayUnavailable("no answer"))
    refund = ask_refund(due, 914)
    with serving(PSP, provider):
        actions.send_refunds(at=NOW)
        assert state_of(refund) == (RefundState.SENT, 1)
        assert actions.send_refunds(at=NOW) == 0
        provider.fails = None
        assert actions.send_refunds(at=LATER) == 1
    first, second = provider.calls
    assert first == second  # the very same request, instant included: the provider knows it again
    assert state_of(refund) == (RefundState.CONFIRMED, 1)
    assert due.balance(CLEARING) == 5700 - 914


def test_killed_between_claim_and_call_the_same_refund_goes_out_later():
    due, provider = a_paid_collection(), SaidProvider(fails=KeyboardInterrupt())
    refund = ask_refund(due, 914)
    with serving(PSP, provider):
        with pytest.raises(KeyboardInterrupt):
            actions.send_refunds(at=NOW)
        provider.fails = None
        assert actions.send_refunds(at=LATER) == 1
    assert [c.reference for c in provider.calls if isinstance(c, says.Refund)] == [str(refund)] * 2
    assert due.balance(CLEARING) == 5700 - 914


def test_a_failed_refund_is_tried_under_new_references_and_then_waits_for_an_operator():
    due, provider = a_paid_collection(), SaidProvider(refund=says.RefundState.FAILED)
    refund = ask_refund(due, 914)
    with serving(PSP, provider):
        for hours in range(6):
            actions.send_refunds(at=NOW + timedelta(hours=2 * hours))
        assert state_of(refund) == (RefundState.FAILED, 3)
        assert [f["refund"] for f in facts("payments.RefundFailed")] == [str(refund)]
        assert due.balance(IN_TRANSIT) == -914  # still owed
        provider.refund = says.RefundState.SUCCEEDED
        actions.retry_refund(SYSTEM, refund=refund, at=NOW + timedelta(days=1))
        actions.send_refunds(at=NOW + timedelta(days=1))
    references = [c.reference for c in provider.calls if isinstance(c, says.Refund)]
    assert references == [rules.refund_reference(refund, nth) for nth in (1, 2, 3, 4)]
    assert state_of(refund) == (RefundState.CONFIRMED, 4)
    assert due.balance(IN_TRANSIT) == 0


def test_a_refund_that_succeeds_twice_is_a_difference_and_not_the_payees_loss():
    due = a_paid_collection()
    refund = ask_refund(due, 914)
    with serving(PSP, SaidProvider()):
        actions.send_refunds(at=NOW)
    again = due.paid(amount=Money(914), reference=rules.refund_reference(refund, 2))
    told = rules.Told(**{f: getattr(again, f) for f in again.__slots__} | {"kind": rules.EventKind.REFUND})
    assert actions.record_told(SYSTEM, told=told, at=NOW) == "refund_astray"
    assert (due.balance(IN_TRANSIT), due.balance("suspense"), due.balance(CLEARING)) == (0, 914, 5700 - 2 * 914)
    assert [d.kind for d in queries.differences(SYSTEM)] == [rules.DifferenceKind.REFUND_MISMATCH]
    assert queries.collection(SYSTEM, collection=due.id).refunded == Money(914)


def test_money_that_came_too_late_goes_back_by_itself():
    due, provider = a_collection(), SaidProvider()
    actions.close_collection(SYSTEM, collection=due.id, why="buyer", at=NOW)
    actions.record_told(SYSTEM, told=due.paid(), at=NOW)
    with serving(PSP, provider):
        actions.send_refunds(at=NOW)
    assert (due.balance(CLEARING), due.balance(IN_TRANSIT)) == (0, 0)
    assert [f["automatic"] for f in facts("payments.RefundConfirmed")] == [True]
    assert queries.collection(SYSTEM, collection=due.id).state is State.CLOSED


def test_cash_goes_back_as_cash_from_who_holds_it():
    due, courier = a_collection(), PartyId(ids.new())
    actions.take_cash(SYSTEM, collection=due.id, holder=courier, at=NOW)
    refund = ask_refund(due, 1000)
    assert balance(due.city, "refund_in_transit:cash") == -1000
    assert actions.send_refunds(at=LATER) == 0
    assert actions.hand_back_cash(SYSTEM, refund=refund, holder=courier, at=NOW) == "refunded"
    assert balance(due.city, "refund_in_transit:cash") == 0
    assert balance(due.city, f"cash_due:{courier}") == 4700


def test_only_a_failed_refund_is_retried_by_hand():
    due = a_paid_collection()
    refund = ask_refund(due, 100)
    with pytest.raises(NotFound):
        actions.retry_refund(SYSTEM, refund=refund, at=NOW)
