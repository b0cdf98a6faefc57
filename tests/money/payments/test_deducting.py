"""Deductions: sent once under one reference, asked for until it is known, declined for good, never taken twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.payments_words import NOW, PSP, facts
from harness.withholding_words import SaidWithholder, a_deduction, a_signed_agreement, has_more_to_do, state_of
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.kernel import ids
from linli.kernel.money import Money
from linli.money.ledger.rules import psp_clearing
from linli.money.payments import actions, queries, rules
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways import withholding
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import EventKind, Outcome, State, Told
from linli.spine.scope import SYSTEM

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def provider():
    with serving(PSP, SaidWithholder()) as said:
        yield said


def state(collection):
    return queries.collection(SYSTEM, collection=collection).state


def outcome(collection, outcome, reason=""):
    return Told(
        source=PSP,
        kind=EventKind.CHARGE,
        outcome=outcome,
        reference=str(collection),
        provider_reference="dd-1",
        address=psp_clearing(PSP),
        amount=Money(3000),
        fee=Money.zero,
        currency="CNY",
        occurred_at=NOW,
        reason=reason,
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("provider")
class TestOne:
    def test_is_sent_once_then_asked_for_and_taken(self, provider):
        collection = a_deduction(a_signed_agreement())
        assert actions.send_deductions(at=NOW) == 1
        (call,) = provider.calls
        assert isinstance(call, withholding.Deduction)
        assert (call.reference, call.amount_minor) == (str(collection), 3000)
        assert state(collection) is State.OPEN
        assert actions.send_deductions(at=LATER) == 1
        assert state(collection) is State.COLLECTED
        assert len(provider.calls) == 2
        actions.send_deductions(at=LATER + timedelta(hours=1))
        assert not has_more_to_do(collection)
        assert len(provider.calls) == 2

    def test_is_asked_for_again_under_the_same_reference_when_nobody_answered(self, provider):
        a_deduction(a_signed_agreement())
        provider.fails = says.GatewayUnavailable("no answer")
        actions.send_deductions(at=NOW)
        provider.fails = None
        actions.send_deductions(at=LATER)
        first, second = provider.calls
        assert first == second

    def test_that_was_told_by_call_back_is_not_asked_for(self, provider):
        collection = a_deduction(a_signed_agreement())
        actions.send_deductions(at=NOW)
        assert actions.record_told(SYSTEM, told=outcome(collection, Outcome.SUCCESS), at=NOW) == "collected"
        assert actions.record_told(SYSTEM, told=outcome(collection, Outcome.SUCCESS), at=NOW) == "repeated"
        actions.send_deductions(at=LATER)
        assert len(provider.calls) == 1
        assert not has_more_to_do(collection)

    @pytest.mark.parametrize(
        ("reason", "why"), [("insufficient_balance", "insufficient"), ("limit_exceeded", "limit"), ("?", "refused")]
    )
    def test_that_is_declined_is_over_and_says_why(self, reason, why):
        collection = a_deduction(a_signed_agreement())
        actions.send_deductions(at=NOW)
        for _told in range(2):
            actions.record_told(SYSTEM, told=outcome(collection, Outcome.FAILURE, reason), at=NOW)
        assert state(collection) is State.CLOSED
        assert [fact["why"] for fact in facts("payments.CollectionClosed")] == [why]
        assert not has_more_to_do(collection)

    def test_whose_success_comes_after_its_decline_goes_back_by_itself(self):
        collection = a_deduction(a_signed_agreement())
        actions.record_told(SYSTEM, told=outcome(collection, Outcome.FAILURE, "insufficient_balance"), at=NOW)
        assert actions.record_told(SYSTEM, told=outcome(collection, Outcome.SUCCESS), at=NOW) == "after_close"
        (refund,) = queries.refunds(SYSTEM, collection=collection)
        assert refund.amount == Money(3000)

    def test_whose_decline_comes_after_its_success_stays_taken(self):
        collection = a_deduction(a_signed_agreement())
        actions.record_told(SYSTEM, told=outcome(collection, Outcome.SUCCESS), at=NOW)
        actions.record_told(SYSTEM, told=outcome(collection, Outcome.FAILURE, "insufficient_balance"), at=NOW)
        assert state(collection) is State.COLLECTED
        assert facts("payments.CollectionClosed") == []

    def test_that_finds_the_agreement_ended_ends_it_here_too(self, provider):
        agreement = a_signed_agreement()
        collection = a_deduction(agreement)
        provider.outcome, provider.reason = says.ChargeState.DECLINED, "agreement_ended"
        actions.send_deductions(at=NOW)
        actions.send_deductions(at=LATER)
        assert (state(collection), state_of(agreement)) == (State.CLOSED, "ended")
        assert len(facts("payments.AgreementEnded")) == 1

    def test_that_the_provider_refuses_is_given_up(self, provider):
        collection = a_deduction(a_signed_agreement())
        provider.fails = says.GatewayRefused("NOT_ANNOUNCED", "nobody was told")
        actions.send_deductions(at=NOW)
        assert state(collection) is State.CLOSED

    def test_that_never_got_through_is_given_up_only_when_the_provider_knows_of_none(self, provider):
        collection = a_deduction(a_signed_agreement())
        after = NOW + timedelta(days=4)
        provider.fails = says.GatewayUnavailable("no answer")
        actions.send_deductions(at=after)
        assert state(collection) is State.OPEN
        provider.fails = None
        actions.send_deductions(at=after + timedelta(hours=1))
        assert state(collection) is State.CLOSED
        assert [fact["why"] for fact in facts("payments.CollectionClosed")] == ["no_answer"]

    def test_that_was_taken_after_its_time_goes_back_and_is_closed(self):
        collection = a_deduction(a_signed_agreement())
        actions.send_deductions(at=NOW)
        actions.send_deductions(at=NOW + timedelta(days=4))
        assert state(collection) is State.CLOSED
        assert len(queries.refunds(SYSTEM, collection=collection)) == 1
        assert not has_more_to_do(collection)

    def test_of_a_stranger_is_refused(self):
        mine, theirs = a_signed_agreement(), a_signed_agreement()
        collection = a_deduction(mine)
        with pytest.raises(Exception, match="agreement"):
            actions.request_deduction(SYSTEM, collection=collection, agreement=theirs, at=NOW)


def test_two_workers_send_one_deduction_once(own_database: OwnDatabase):
    with serving(PSP, SaidWithholder()) as provider:
        a_deduction(a_signed_agreement())
        sent = at_once(lambda: actions.send_deductions(at=NOW), lambda: actions.send_deductions(at=NOW))
        assert sorted(map(str, sent)) == ["0", "1"]
        assert len(provider.calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "calls"), [(0, 0), (24, 1)])
def test_a_notice_is_given_where_the_city_asks_for_it(provider, hours, calls):
    agreement = a_signed_agreement()
    terms = {"deduct_notice_h": hours}
    policies.set_policy(SYSTEM, word="payments", level=Level.PLATFORM, values=terms, start_at=NOW, at=NOW)
    coming = rules.Announced(ids.new(), agreement, Money(3000))
    assert len(actions.announce_deductions(SYSTEM, announced=[coming], at=NOW)) == calls
    for _again in range(2):
        actions.send_deductions(at=NOW)
    assert len(provider.calls) == calls
