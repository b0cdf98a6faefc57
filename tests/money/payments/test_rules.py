"""Payments' rules: references that lead back, lives that end, and the same name for the same thing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.payments_words import NOW
from linli.kernel import ids
from linli.kernel.ids import CollectionId, RefundId
from linli.kernel.money import Money
from linli.money.payments import rules
from linli.money.payments.gateways import protocol as says
from linli.money.payments.rules import REFUND_LIFE, EventKind, Outcome, RefundState, State


@given(st.uuids(), st.integers(1, 9999))
def test_a_reference_leads_back_to_what_it_names(thing: UUID, nth: int):
    assert rules.thing_of(rules.charge_reference(CollectionId(thing), nth)) == thing
    assert rules.thing_of(rules.refund_reference(RefundId(thing), nth)) == thing


@pytest.mark.parametrize(
    "stranger", ["", "phantom-1", "x" * 36, f"{UUID(int=7)}-", f"{UUID(int=7)}-12345", f" {UUID(int=7)}"]
)
def test_a_strangers_reference_leads_nowhere(stranger: str):
    assert rules.thing_of(stranger) is None


def test_every_refund_ends_confirmed():
    assert REFUND_LIFE.reachable == set(RefundState)
    assert REFUND_LIFE.ends == {RefundState.CONFIRMED}
    assert REFUND_LIFE.stuck() == frozenset()


@given(st.integers(1, 10_000), st.booleans(), st.booleans(), st.data())
def test_a_collection_reads_as_paid_only_while_money_of_it_is_here(minor: int, collected: bool, closed: bool, data):
    refunded = data.draw(st.integers(0, minor if collected else 0))
    state = rules.state_of(amount=Money(minor), collected=collected, closed=closed, refunded=Money(refunded))
    assert (state is State.REFUNDED) == (collected and refunded == minor)
    assert (state in (State.COLLECTED, State.PARTLY_REFUNDED)) == (collected and refunded < minor)


@pytest.mark.parametrize("kind", list(says.EventKind))
def test_every_word_of_the_provider_is_about_a_collection_an_agreement_or_a_payout(kind: says.EventKind):
    event = says.GatewayEvent(
        event_id=ids.new(), kind=kind, reference="r-00001", charge_reference="", provider_reference="p", amount_minor=7,
        fee_minor=-1, currency="CNY", occurred_at=NOW, reason="",
    )  # fmt: skip
    assert rules.is_about_payout(event) == kind.value.startswith("transfer_")
    if not rules.is_about_payout(event) and rules.signed_by(event) is None:
        told = rules.told_by("wechat", event)
        assert told.kind is (EventKind.CHARGE if kind.value.startswith("charge") else EventKind.REFUND)
        assert told.outcome is (Outcome.SUCCESS if kind.value.endswith(("paid", "succeeded")) else Outcome.FAILURE)
        assert (told.amount, told.fee, told.address) == (Money(7), Money(-1), "psp_clearing:wechat")


def test_asking_becomes_slower_and_ends():
    asked = [rules.next_ask_at(n, at=NOW) for n in range(len(rules.ASK_AGAIN_S) + 1)]
    assert asked[0] == NOW + timedelta(seconds=30)
    assert asked[-1] is None
    waits = [at for at in asked if at]
    assert waits == sorted(waits)
