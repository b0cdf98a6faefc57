"""What the hot verbs of money cost: each is one statement beside the one that begins every action."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.payments_words import NOW, a_collection, a_paid_collection, ask_refund
from harness.payouts_words import FREE, a_completed_order
from linli.money.payments import actions as payments
from linli.money.payments import queries as payment_queries
from linli.money.payouts import actions as payouts
from linli.money.payouts.rules import Kind
from linli.spine import sql
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


def statements(verb: Callable[[], object]) -> int:
    asked: list[str] = []
    sql.observers.append(asked.append)
    try:
        verb()
    finally:
        sql.observers.pop()
    return len(asked)


def test_collecting_costs_two_statements_and_reading_many_collections_two():
    due, dues = a_collection(), [a_paid_collection() for _ in range(3)]
    assert statements(lambda: payments.record_told(SYSTEM, told=due.paid(), at=NOW)) == 2
    assert statements(lambda: payments.record_told(SYSTEM, told=due.paid(), at=NOW)) == 2
    assert statements(lambda: payments.close_collection(SYSTEM, collection=due.id, why="x", at=NOW)) == 2
    assert statements(lambda: ask_refund(dues[0], 100)) == 2
    asked = [due.order for due in dues]
    assert statements(lambda: payment_queries.collections_for(SYSTEM, fors=asked)) == 2


def test_paying_out_costs_the_same_for_one_payee_and_for_many():
    first = a_completed_order()
    for _ in range(3):
        a_completed_order(city=first.city)
    taken = (first.taken(first.merchant, Kind.MERCHANT, 1),)
    assert statements(lambda: payouts.take_back(SYSTEM, items=taken, document="d", at=NOW)) == 2
    assert statements(lambda: payouts.release_holds(SYSTEM, at=FREE)) == 2
    drawing = statements(lambda: payouts.draw_payouts(SYSTEM, city=first.city, at=FREE))
    assert drawing == 4  # begin, the policy of the city, shares of held charges, the rest
    assert statements(lambda: payouts.claim_payouts(SYSTEM, limit=100, at=FREE)) == 2
