"""Collections against a real PostgreSQL: one success serves, everything else changes nothing or goes back by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from harness.payments_words import (
    CLEARING,
    IN_TRANSIT,
    NOW,
    PSP,
    a_collection,
    a_paid_collection,
    as_the_house,
    counts,
    facts,
)
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.ledger.rules import Leg
from linli.money.payments import actions, queries, rules
from linli.money.payments.gateways.protocol import EventKind, GatewayEvent
from linli.money.payments.rules import DifferenceKind, Outcome, State
from linli.spine import sql
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


def test_a_success_captures_by_the_plan_and_tells_it():
    due = a_collection()
    assert actions.record_told(SYSTEM, told=due.paid(), at=NOW) == "collected"
    assert due.balance(CLEARING) == 5700
    assert due.balance(due.subsidy) == 500
    assert due.balance(due.escrow) == -6200
    [fact] = facts("payments.Collected")
    assert fact == {
        "at": fact["at"],
        "collection": str(due.id),
        "purpose": "checkout",
        "for_": str(due.order),
        "city": str(due.city),
        "amount": {"minor": 5700},
    }
    card = queries.collection(SYSTEM, collection=due.id)
    assert (card.state, card.captured, card.refunded, card.channel) == (
        State.COLLECTED,
        Money(5700),
        Money(0),
        PSP,
    )


def test_both_browser_return_and_webhook_complete_the_cart_once():
    due = a_collection()
    event = GatewayEvent(
        event_id=ids.new(),
        kind=EventKind.CHARGE_PAID,
        reference=str(due.id),
        charge_reference=str(due.id),
        provider_reference="ch-1",
        amount_minor=5700,
        fee_minor=34,
        currency="CNY",
        occurred_at=NOW,
        reason="",
    )
    assert actions.record_event(SYSTEM, source=PSP, event=event, at=NOW) == "collected"
    before = counts()
    again = replace(event, event_id=ids.new())  # the answer to our own question has no event id of the call-back
    assert actions.record_event(SYSTEM, source=PSP, event=again, at=NOW + timedelta(hours=1)) == "repeated"
    assert counts() == before
    assert due.balance(CLEARING) == 5700


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_a_late_success_is_kept_and_given_back_and_revives_nothing(how):
    due = a_collection()
    at = NOW
    if how == "closed":
        assert actions.close_collection(SYSTEM, collection=due.id, why="buyer", at=NOW) is True
    else:
        at = NOW + timedelta(minutes=15)
    effect = actions.record_told(SYSTEM, told=due.paid(), at=at)
    assert effect == {"closed": "after_close", "expired": "after_expiry"}[how]
    assert (due.balance(CLEARING), due.balance(IN_TRANSIT), due.balance(due.escrow)) == (5700, -5700, 0)
    [fact] = facts("payments.CollectedTooLate")
    [refund] = queries.refunds(SYSTEM, collection=due.id)
    assert (fact["why"], fact["refund"], refund.amount, refund.automatic) == (how, str(refund.id), Money(5700), True)
    assert facts("payments.Collected") == []
    assert queries.collection(SYSTEM, collection=due.id).captured == Money(0)


def test_a_second_success_by_another_charge_is_given_back():
    due = a_paid_collection()
    second = due.paid(reference=rules.charge_reference(due.id, 2))
    assert actions.record_told(SYSTEM, told=second, at=NOW) == "twice"
    assert (due.balance(CLEARING), due.balance(IN_TRANSIT), due.balance(due.escrow)) == (11400, -5700, -6200)
    assert len(facts("payments.Collected")) == 1
    assert [f["why"] for f in facts("payments.CollectedTooLate")] == ["twice"]


@pytest.mark.parametrize("minor", [1, 5699, 5701, 57000])
def test_a_wrong_amount_waits_on_suspense_and_a_partial_payment_closes_nothing(minor):
    due = a_collection()
    assert actions.record_told(SYSTEM, told=due.paid(amount=Money(minor)), at=NOW) == "wrong_amount"
    assert (due.balance(CLEARING), due.balance("suspense"), due.balance(due.escrow)) == (minor, -minor, 0)
    [difference] = queries.differences(SYSTEM)
    assert (difference.kind, difference.ours, difference.theirs) == (
        DifferenceKind.AMOUNT_MISMATCH,
        Money(5700),
        Money(minor),
    )
    assert queries.collection(SYSTEM, collection=due.id).state is State.OPEN
    assert facts("payments.Collected") == []


def test_money_in_another_currency_is_written_down_and_not_mixed_in():
    due = a_collection()
    assert actions.record_told(SYSTEM, told=due.paid(currency="USD"), at=NOW) == "wrong_amount"
    assert (due.balance(CLEARING), due.balance("suspense")) == (0, 0)
    [difference] = queries.differences(SYSTEM)
    assert difference.in_suspense == Money(0)


def test_money_for_nothing_we_know_opens_a_difference():
    due = a_collection()
    stranger = due.paid(reference="phantom-2026-11-22-1")
    assert actions.record_told(SYSTEM, told=stranger, at=NOW) == "unknown"
    [difference] = queries.differences(SYSTEM)
    assert (difference.kind, difference.reference, difference.theirs) == (
        DifferenceKind.LOCAL_MISSING,
        "phantom-2026-11-22-1",
        Money(5700),
    )


def test_a_decline_before_the_success_changes_nothing():
    due = a_collection()
    assert actions.record_told(SYSTEM, told=due.declined(), at=NOW) == "noted"
    assert queries.collection(SYSTEM, collection=due.id).state is State.OPEN
    assert actions.record_told(SYSTEM, told=due.paid(), at=NOW) == "collected"


def test_a_decline_told_after_the_success_changes_nothing():
    due = a_paid_collection()
    assert actions.record_told(SYSTEM, told=due.declined(), at=NOW) == "noted"
    assert queries.collection(SYSTEM, collection=due.id).state is State.COLLECTED


def test_what_is_collected_is_not_closed_any_more():
    due = a_paid_collection()
    before = counts()
    assert actions.close_collection(SYSTEM, collection=due.id, why="buyer", at=NOW) is False
    assert counts() == before


def test_closing_many_closes_each_that_is_open_and_tells_it_once():
    open_, paid = a_collection(), a_paid_collection()
    call = "SELECT payments_close(%s::uuid[], 'deadline', %s)"
    assert sql.fetch(call, [open_.id, paid.id], NOW) == [([open_.id],)]
    assert sql.fetch(call, [open_.id, paid.id], NOW) == [([open_.id],)]
    assert [f["collection"] for f in facts("payments.CollectionClosed")] == [str(open_.id)]


def test_a_collection_of_nothing_is_collected_at_once():
    due = a_collection(amount=Money(0), coupon=Money(6200))
    assert due.balance(due.escrow) == -6200
    assert due.balance(due.subsidy) == 6200
    assert queries.collection(SYSTEM, collection=due.id).state is State.COLLECTED
    assert [f["amount"] for f in facts("payments.Collected")] == [{"minor": 0}]


def test_many_collections_are_requested_in_one_statement():
    city, one, two = ids.new(), ids.new(), ids.new()
    sql.fetch(
        "SELECT payments_request(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::int[],"
        " %s::text[], %s::bigint[], %s::timestamptz[], %s)",
        [one, two], ["checkout", "bill"], [ids.new(), ids.new()], [city, city], [ids.new(), None], [100, 250],
        [2, 1, 2], [f"order_escrow:{two}", f"order_escrow:{one}", "suspense"], [-200, -100, -50], [NOW, NOW], NOW,
    )  # fmt: skip
    assert as_the_house("SELECT id, leg_minors FROM payments_collection ORDER BY id") == [
        (one, [-100]),
        (two, [-200, -50]),
    ]


def test_a_plan_that_does_not_balance_is_refused_and_nothing_is_kept():
    order = ids.new()
    with pytest.raises(Invalid) as refusal:
        actions.request_collection(
            SYSTEM,
            collection=CollectionId(ids.new()),
            purpose="checkout",
            for_=order,
            city=CityId(ids.new()),
            payer=None,
            amount=Money(100),
            legs=(Leg(f"order_escrow:{order}", Money(-99)),),
            expires_at=NOW,
            at=NOW,
        )
    assert refusal.value.field == "legs"
    assert as_the_house("SELECT count(*) FROM payments_collection") == [(0,)]


def test_the_database_itself_refuses_a_plan_that_does_not_balance():
    with pytest.raises(DatabaseError, match="payments_collection_plan"), transaction.atomic():
        sql.fetch(
            "SELECT payments_request(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[],"
            " %s::int[], %s::text[], %s::bigint[], %s::timestamptz[], %s)",
            [ids.new()], ["checkout"], [ids.new()], [ids.new()], [None], [100], [1], ["suspense"], [-99], [NOW], NOW,
        )  # fmt: skip


def test_cash_is_a_collection_with_the_same_life():
    due, courier = a_collection(), PartyId(ids.new())
    assert actions.take_cash(SYSTEM, collection=due.id, holder=courier, at=NOW) == "collected"
    assert (due.balance(f"cash_due:{courier}"), due.balance(due.escrow)) == (5700, -6200)
    assert actions.record_told(SYSTEM, told=due.paid(), at=NOW) == "twice"
    assert due.balance(IN_TRANSIT) == -5700


def test_cash_is_taken_to_the_cent():
    due = a_collection()
    with pytest.raises(actions.AmountOff):
        actions.take_cash(SYSTEM, collection=due.id, holder=PartyId(ids.new()), amount=Money(5000), at=NOW)
    assert queries.collection(SYSTEM, collection=due.id).state is State.OPEN


def test_a_bank_transfer_is_a_collection_with_the_same_life():
    due = a_collection()
    effect = actions.record_bank_transfer(
        SYSTEM, collection=due.id, account="custody", amount=Money(5700), line="B-17", at=NOW
    )
    assert effect == "collected"
    assert (due.balance("bank:custody"), due.balance(due.escrow)) == (5700, -6200)


def test_strangers_get_not_found_and_payers_see_their_own():
    due = a_paid_collection()
    payer = Scope(role=Role.RESIDENT, person=due.payer)
    stranger = Scope(role=Role.RESIDENT, person=PartyId(ids.new()))
    assert queries.collection(payer, collection=due.id).captured == Money(5700)
    with pytest.raises(NotFound):
        queries.collection(stranger, collection=due.id)
    assert queries.collections_for(stranger, fors=[due.order]) == {}
    assert queries.differences(payer) == ()


def test_a_resident_may_not_say_that_something_was_paid():
    due = a_collection()
    before = counts()
    with pytest.raises(Denied):
        actions.record_told(Scope(role=Role.RESIDENT, person=due.payer), told=due.paid(), at=NOW)
    assert counts() == before


def test_collections_and_events_are_never_changed():
    a_paid_collection()
    for table in ("payments_collection", "payments_event"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql.run(f"UPDATE {table} SET currency = 'USD'")  # type: ignore[arg-type]


def test_a_resident_requests_behind_the_wall_and_the_wall_is_put_back():
    payer = PartyId(ids.new())
    scope = Scope(role=Role.RESIDENT, person=payer)
    collection, order = CollectionId(ids.new()), ids.new()
    actions.request_collection(
        scope,
        collection=collection,
        purpose="checkout",
        for_=order,
        city=CityId(ids.new()),
        payer=payer,
        amount=Money(100),
        legs=(Leg(f"order_escrow:{order}", Money(-100)),),
        expires_at=NOW + timedelta(minutes=15),
        at=NOW,
    )
    assert sql.fetch("SELECT linli_role()") == [("resident",)]
    assert queries.collection(scope, collection=collection).state is State.OPEN


def test_a_chargeback_waits_on_suspense_for_a_person():
    due = a_paid_collection()
    told = replace(due.paid(), kind=rules.EventKind.CHARGEBACK)
    assert actions.record_told(SYSTEM, told=told, at=NOW) == "charged_back"
    assert (due.balance(CLEARING), due.balance("suspense")) == (0, 5700)
    assert [d.kind for d in queries.differences(SYSTEM)] == [DifferenceKind.STATUS_MISMATCH]


def test_the_outcome_of_a_request_is_only_noted():
    due = a_collection()
    told = replace(due.paid(), outcome=Outcome.REQUEST)
    assert actions.record_told(SYSTEM, told=told, at=NOW) == "noted"
    assert isinstance(due.id, UUID)
    assert due.balance(CLEARING) == 0
