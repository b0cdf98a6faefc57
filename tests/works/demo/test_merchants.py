"""The simulated staff of `--live`: they answer what is asked at their counters, and leave the visitor's alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from builders.orders import climb, collect
from linli.kernel.ids import OrderId
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.rules import RefundAsk, RefundState
from linli.works.demo import settling, town
from linli.works.demo.merchants import Merchants
from linli.works.demo.wishing import Wishes, buyer, keeper

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # noon in the town


@pytest.fixture
def plan() -> town.Town:
    planned = town.plan(homes=12)
    settling.settle(SYSTEM, town=planned, at=AT - timedelta(days=1))
    return planned


def known_scope(found: Scope | None) -> Scope:
    assert found is not None
    return found


def complained(plan: town.Town, shop: Scope) -> OrderId:
    """A neighbour received something from a shop and asks a piece of it back."""
    neighbour = known_scope(buyer(plan.communities[0].neighbours[3].phone, AT))
    lines = Wishes(plan, Random(3)).basket(neighbour.communities[0], AT, shop=shop.shop)
    placed = orders.order_now(neighbour, lines=lines, home=neighbour.homes[0], at=AT)
    collect(placed.collection, placed.total, at=AT)
    climb(AT)
    (order,) = placed.orders
    orders.accept_order(shop, order=order, at=AT)
    orders.finish_order(shop, order=order, at=AT)
    if known.order_page(neighbour, order=order).fulfilment == "shop_delivery":
        orders.dispatch_order(shop, order=order, at=AT)
    orders.confirm_receipt(neighbour, order=order, at=AT)
    piece = RefundAsk(line=known.order_page(neighbour, order=order).lines[0].line, quantity=1)
    orders.request_refund(neighbour, order=order, lines=(piece,), reason="有一件坏了。", at=AT)
    return order


def answers(order: OrderId) -> list[RefundState]:
    return [refund.state for refund in known.order_page(SYSTEM, order=order).refunds]


def test_a_complaint_is_answered_by_simulated_staff_and_waits_where_a_visitor_stands(plan: town.Town) -> None:
    visited = known_scope(keeper(town.MERCHANT_PHONE, AT))
    other = known_scope(
        next(keeper(shop.owner.phone, AT) for shop in plan.shops if shop.owner.phone != town.MERCHANT_PHONE)
    )
    waits, is_answered = complained(plan, visited), complained(plan, other)
    assert answers(waits) == answers(is_answered) == [RefundState.ASKED]

    Merchants(plan, lambda *_: None).work(AT)

    assert answers(waits) == [RefundState.ASKED]
    assert RefundState.ASKED not in answers(is_answered)
    assert known.refund_requests(other) == ()


def test_a_complaint_that_somebody_else_answered_first_stops_nobody(
    plan: town.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = known_scope(
        next(keeper(shop.owner.phone, AT) for shop in plan.shops if shop.owner.phone != town.MERCHANT_PHONE)
    )
    order = complained(plan, other)
    seen = known.refund_requests(other)
    orders.answer_refund(other, refund=seen[0].refund, grant=True, at=AT)
    monkeypatch.setattr(known, "refund_requests", lambda scope: seen if scope.shop == other.shop else ())

    Merchants(plan, lambda *_: None).work(AT)

    assert answers(order)[0] is not RefundState.REJECTED
