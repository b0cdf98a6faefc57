"""Posting: balanced, once, never overdrawn, never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from linli.kernel.ids import OrderId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.money.ledger import actions, rules
from linli.money.ledger.rules import Draft, Leg
from linli.spine.scope import GUEST, SYSTEM

Drafts = Callable[..., Draft]
Rows = Callable[..., list[tuple[Any, ...]]]
pytestmark = pytest.mark.usefixtures("own_database")


def test_a_journal_is_posted_once_whatever_often_it_comes(a_draft: Drafts, rows: Rows) -> None:
    escrow = rules.order_escrow(OrderId(uuid4()))
    draft = a_draft({"psp_clearing:wechat": "57", "marketing_subsidy:welcome": "5", escrow: "-62"})
    first = actions.post(SYSTEM, draft=draft)
    assert actions.post(SYSTEM, draft=draft) == first
    assert rows("SELECT amount_minor FROM ledger_posting ORDER BY leg") == [(5700,), (500,), (-6200,)]


def test_a_key_that_means_something_else_is_a_defect(a_draft: Drafts, rows: Rows) -> None:
    actions.post(SYSTEM, draft=a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}))
    for other in (
        a_draft({"suspense": "-2", "psp_clearing:wechat": "2"}),
        a_draft({"tax_payable": "-1", "psp_clearing:wechat": "1"}),
        a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, document="order:2"),
        a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, kind="other"),
    ):
        with pytest.raises(actions.KeyMeansAnother):
            actions.post(SYSTEM, draft=other)
    assert rows("SELECT count(*) FROM ledger_posting") == [(2,)]


def test_an_overdrawn_account_refuses_and_the_world_stays_the_same(a_draft: Drafts, rows: Rows) -> None:
    merchant = PartyId(uuid4())
    pending, available = rules.merchant_pending(merchant), rules.merchant_available(merchant)
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "10", pending: "-10"}))
    with pytest.raises(actions.Overdrawn) as refused:
        actions.post(SYSTEM, draft=a_draft({pending: "10.01", available: "-10.01"}, key="k2"))
    assert refused.value.values == {"address": pending, "short": "0.01"}
    assert rows("SELECT count(*) FROM ledger_journal") == [(1,)]
    assert rows("SELECT balance_minor FROM ledger_balance") == [(0,)]
    actions.post(SYSTEM, draft=a_draft({pending: "10", available: "-10"}, key="k2"))


def test_an_empty_escrow_refuses(a_draft: Drafts) -> None:
    escrow = rules.order_escrow(OrderId(uuid4()))
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "10", escrow: "-10"}))
    actions.post(SYSTEM, draft=a_draft({escrow: "9", "platform_commission": "-9"}, key="k2"))
    with pytest.raises(actions.Overdrawn):
        actions.post(SYSTEM, draft=a_draft({escrow: "2", "platform_commission": "-2"}, key="k3"))


def test_only_who_may_post_posts(a_draft: Drafts, rows: Rows) -> None:
    with pytest.raises(Denied):
        actions.post(GUEST, draft=a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}))
    assert rows("SELECT count(*) FROM ledger_journal") == [(0,)]


def test_held_balances_say_what_a_waterfall_may_take(a_draft: Drafts, book: str) -> None:
    merchant = PartyId(uuid4())
    steps = rules.merchant_waterfall(merchant)
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "5", steps[0]: "-3", steps[2]: "-2"}))
    held = actions.hold_balances(SYSTEM, book=book, addresses=steps)
    assert held == dict(zip(steps, map(Money, (-300, 0, -200, 0)), strict=True))
    legs = rules.waterfall(Money(600), held)
    assert legs == (Leg(steps[0], Money(300)), Leg(steps[2], Money(200)), Leg(steps[3], Money(100)))
