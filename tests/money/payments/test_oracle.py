"""The SQL handler against the plain rules: any order of any events ends in the same amounts and the same books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.payments_words import CLEARING, IN_TRANSIT, NOW, Due, a_collection
from linli.kernel.ids import RefundId
from linli.kernel.money import Money
from linli.money.payments import actions, queries, rules
from linli.money.payments.rules import Effect, EventKind, Known, Outcome, Told
from linli.spine import sql
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
EARLY, LATE = NOW, NOW + timedelta(minutes=20)


@dataclass
class Oracle:
    """The rules, event by event, in plain Python: what was told, what it changed, and what the books must say then."""

    due: Due
    seen: set[tuple[str, str]] = field(default_factory=set)
    collected: bool = False
    closed: bool = False
    books: dict[str, int] = field(default_factory=dict)

    def close(self) -> None:
        self.closed = self.closed or not self.collected

    def hear(self, told: Told, at: datetime) -> str:
        if (told.source, told.external_id) in self.seen:
            return "repeated"
        self.seen.add((told.source, told.external_id))
        if told.outcome is not Outcome.SUCCESS:
            return Effect.NOTED
        due = self.due
        known = Known(due.amount, "CNY", NOW + timedelta(minutes=15), self.collected, self.closed)
        effect = rules.effect_of_charge(told, known, at=at)
        moved = told.amount.minor
        if effect is Effect.COLLECTED:
            self.collected = True
            self.post({CLEARING: moved, due.subsidy: 500, due.escrow: -moved - 500})
        elif effect is Effect.WRONG_AMOUNT:
            self.post({CLEARING: moved, "suspense": -moved})
        else:
            self.post({CLEARING: moved, IN_TRANSIT: -moved})
        return effect

    def post(self, legs: dict[str, int]) -> None:
        for address, minor in legs.items():
            self.books[address] = self.books.get(address, 0) + minor


_CHARGES = st.tuples(
    st.sampled_from(["", "-2", "-3"]),
    st.sampled_from([Outcome.SUCCESS, Outcome.SUCCESS, Outcome.FAILURE, Outcome.REQUEST]),
    st.sampled_from([5700, 5700, 5700, 57, 5701]),
    st.sampled_from([EARLY, EARLY, LATE]),
)
_STEPS = st.lists(st.one_of(_CHARGES, st.just("close")), max_size=8)


@contextmanager
def undone() -> Iterator[None]:
    """One example's world, gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_the_handler_does_what_the_rules_say_whatever_comes_in_whatever_order(steps):
    with undone():
        due = a_collection()
        oracle = Oracle(due)
        for step in steps:
            if isinstance(step, str):
                assert actions.close_collection(SYSTEM, collection=due.id, why="x", at=NOW) is not oracle.collected
                oracle.close()
                continue
            nth, outcome, minor, at = step
            told = replace(due.paid(reference=f"{due.id}{nth}", amount=Money(minor)), outcome=outcome)
            assert actions.record_told(SYSTEM, told=told, at=at) == oracle.hear(told, at)
        for address in (CLEARING, IN_TRANSIT, "suspense", due.escrow, due.subsidy):
            assert due.balance(address) == oracle.books.get(address, 0), address
        card = queries.collection(SYSTEM, collection=due.id)
        assert card.captured == (due.amount if oracle.collected else Money.zero)
        assert card.state == rules.state_of(
            amount=due.amount, collected=oracle.collected, closed=oracle.closed, refunded=Money.zero
        )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["one", "one", "two", "declined", "wrong"]))
def test_in_any_order_the_same_events_end_in_the_same_amounts_and_books(order):
    with undone():
        due = a_collection()
        told = {
            "one": due.paid(),
            "two": due.paid(reference=f"{due.id}-2"),
            "declined": due.declined(),
            "wrong": due.paid(reference=f"{due.id}-3", amount=Money(57)),
        }
        for word in order:
            actions.record_told(SYSTEM, told=told[word], at=NOW)
        assert queries.collection(SYSTEM, collection=due.id).captured == Money(5700)
        books = [due.balance(a) for a in (CLEARING, IN_TRANSIT, "suspense", due.escrow, due.subsidy)]
        assert books == [11457, -5700, -57, -6200, 500]


@pytest.mark.parametrize("state", list(rules.RefundState))
@pytest.mark.parametrize("outcome", [Outcome.SUCCESS, Outcome.FAILURE])
@pytest.mark.parametrize("minor", [914, 915])
@pytest.mark.parametrize(("nth", "told_nth"), [(1, 1), (2, 1), (3, 3)])
def test_sql_decides_about_refunds_as_the_rules_do(state, outcome, minor, nth, told_nth):
    refund = RefundId(UUID(int=7))
    reference = rules.refund_reference(refund, told_nth)
    expected, _ = rules.effect_of_refund(
        replace(_anything(), outcome=outcome, amount=Money(minor), reference=reference),
        state=state, amount=Money(914), reference=rules.refund_reference(refund, nth), nth=nth,
    )  # fmt: skip
    row = sql.fetch_one(
        "SELECT payments_refund_effect(r, %s, %s, %s) FROM (SELECT (jsonb_populate_record(NULL::payments_refund,"
        " jsonb_build_object('id', %s::uuid, 'state', %s::text, 'nth', %s::int, 'amount_minor', 914))).*) AS r0,"
        " LATERAL (SELECT (r0)::text::payments_refund) AS x(r)",
        outcome.value, reference, minor, refund, state.value, nth,
    )  # fmt: skip
    assert row == (expected,)


def _anything() -> Told:
    return Told(
        source="embedded", kind=EventKind.REFUND, outcome=Outcome.SUCCESS, reference="", provider_reference="",
        address=CLEARING, amount=Money(1), fee=Money.zero, currency="CNY", occurred_at=NOW,
    )  # fmt: skip
