"""Posting: balanced, once, never overdrawn, never changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from linli.kernel.ids import CityId, OrderId, PartyId
from linli.kernel.money import Money
from linli.money.ledger import actions, rules
from linli.money.ledger.rules import Draft, Leg
from linli.spine.scope import GUEST, SYSTEM

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("own_database")


def a_draft(
    legs: dict[str, str], *, book: str, key: str = "k1", document: str = "order:1", kind: str = "test"
) -> Draft:
    return Draft(
        key=key,
        book=book,
        currency="CNY",
        document=document,
        kind=kind,
        at=AT,
        legs=tuple(Leg(address, Money.parse(amount)) for address, amount in legs.items()),
    )


@pytest.fixture
def book() -> str:
    return rules.platform_book(CityId(uuid4()))


def rows(database: Any, statement: str) -> list[tuple[Any, ...]]:
    with database.connect_as_superuser() as link:
        found: list[tuple[Any, ...]] = link.execute(statement).fetchall()
        return found


def test_a_journal_is_posted_once_whatever_often_it_comes(own_database: Any, book: str) -> None:
    escrow = rules.order_escrow(OrderId(uuid4()))
    draft = a_draft({"psp_clearing:wechat": "57", "marketing_subsidy:welcome": "5", escrow: "-62"}, book=book)
    first = actions.post(SYSTEM, draft=draft)
    assert actions.post(SYSTEM, draft=draft) == first
    assert rows(own_database, "SELECT amount_minor FROM ledger_posting ORDER BY leg") == [(5700,), (500,), (-6200,)]


def test_a_key_that_means_something_else_is_a_defect(own_database: Any, book: str) -> None:
    actions.post(SYSTEM, draft=a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, book=book))
    for other in (
        a_draft({"suspense": "-2", "psp_clearing:wechat": "2"}, book=book),
        a_draft({"tax_payable": "-1", "psp_clearing:wechat": "1"}, book=book),
        a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, book=book, document="order:2"),
        a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, book=book, kind="other"),
    ):
        with pytest.raises(actions.KeyMeansAnother):
            actions.post(SYSTEM, draft=other)
    assert rows(own_database, "SELECT count(*) FROM ledger_posting") == [(2,)]


def test_an_overdrawn_account_refuses_and_the_world_stays_the_same(own_database: Any, book: str) -> None:
    merchant = PartyId(uuid4())
    pending, available = rules.merchant_pending(merchant), rules.merchant_available(merchant)
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "10", pending: "-10"}, book=book))
    with pytest.raises(actions.Overdrawn) as refused:
        actions.post(SYSTEM, draft=a_draft({pending: "10.01", available: "-10.01"}, book=book, key="k2"))
    assert refused.value.values == {"address": pending, "short": "0.01"}
    assert rows(own_database, "SELECT count(*) FROM ledger_journal") == [(1,)]
    assert rows(own_database, "SELECT balance_minor FROM ledger_balance") == [(0,)]
    actions.post(SYSTEM, draft=a_draft({pending: "10", available: "-10"}, book=book, key="k2"))


def test_an_empty_escrow_refuses(book: str) -> None:
    escrow = rules.order_escrow(OrderId(uuid4()))
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "10", escrow: "-10"}, book=book))
    actions.post(SYSTEM, draft=a_draft({escrow: "9", "platform_commission": "-9"}, book=book, key="k2"))
    with pytest.raises(actions.Overdrawn):
        actions.post(SYSTEM, draft=a_draft({escrow: "2", "platform_commission": "-2"}, book=book, key="k3"))


def test_only_who_may_post_posts(own_database: Any, book: str) -> None:
    from linli.kernel.refusals import Denied

    with pytest.raises(Denied):
        actions.post(GUEST, draft=a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, book=book))
    assert rows(own_database, "SELECT count(*) FROM ledger_journal") == [(0,)]


def test_held_balances_say_what_a_waterfall_may_take(book: str) -> None:
    merchant = PartyId(uuid4())
    steps = rules.merchant_waterfall(merchant)
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "5", steps[0]: "-3", steps[2]: "-2"}, book=book))
    held = actions.hold_balances(SYSTEM, book=book, addresses=steps)
    assert held == dict(zip(steps, map(Money, (-300, 0, -200, 0)), strict=True))
    legs = rules.waterfall(Money(600), held)
    assert legs == (Leg(steps[0], Money(300)), Leg(steps[2], Money(200)), Leg(steps[3], Money(100)))
