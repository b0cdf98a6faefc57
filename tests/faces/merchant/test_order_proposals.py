"""What to have tomorrow: the list, the curve, and nothing of another shop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from harness.budget import budget
from linli.insight.demand import actions, rules
from linli.spine.scope import SYSTEM, Role
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def foretold(rice):
    """Rice that sells six a day, with forty that go out of date tomorrow."""
    today, shop = AT.date(), rice.shop
    sold = [
        rules.Sold(shop.id, rice.variant, shop.community.id, "fresh", today - timedelta(days=n), 6)
        for n in range(1, 41)
    ]
    yesterday = today - timedelta(days=1)
    actions.keep_forecasts(SYSTEM, shops=[shop.id], told=rules.tell(sold, yesterday), told_on=yesterday, at=AT)
    stock.receive_batch(shop.scope, variant=rice.variant, quantity=40, expires_at=AT + timedelta(days=1), at=AT)
    return rice


def text(response) -> str:
    return response.content.decode()


def test_the_list_proposes_and_says_what_to_mark_down(visitor, foretold):
    page = text(visitor(foretold.shop.scope, locale="en").get("/m/proposals/"))
    assert "Mark down today" in page
    assert f"/m/proposals/{foretold.variant}/" in page


def test_changing_a_price_by_hand_leads_to_where_prices_are_set(visitor, foretold):
    client = visitor(foretold.shop.scope, locale="en")
    for address in ("/m/proposals/", f"/m/proposals/{foretold.variant}/"):
        before = text(client.get(address)).split("Change the price")[0]
        there = before.rsplit('href="', 1)[1].split('"')[0]
        assert f"prices/{foretold.variant}/" in text(client.get(there))


def test_the_curve_can_be_walked_along_and_serves_more_for_more_waste(visitor, foretold):
    client = visitor(foretold.shop.scope, locale="en")
    page = text(client.get(f"/m/proposals/{foretold.variant}/?fill=80&life=1"))
    assert "Along the curve" in page
    assert "<svg" in page
    assert "fill=95" in page


@pytest.mark.parametrize("wish", ["fill=9999", "life=-1", "fill=abc"])
def test_a_wish_beyond_the_curve_is_no_defect(visitor, foretold, wish):
    assert visitor(foretold.shop.scope).get(f"/m/proposals/{foretold.variant}/?{wish}").status_code in (200, 422)


def test_a_shop_without_sales_is_told_when_it_begins(visitor, rice):
    assert "还没有预测" in text(visitor(rice.shop.scope, locale="zh-CN").get("/m/proposals/"))


def test_the_pages_keep_their_budgets(visitor, foretold):
    client = visitor(foretold.shop.scope)
    for where in ("/m/proposals/", f"/m/proposals/{foretold.variant}/"):
        client.get(where)
        with budget(5):
            client.get(where)


def test_strangers_see_nothing_of_this_shops_sales(visitor, foretold, strangers):
    for scope in strangers:
        answer = visitor(scope).get(f"/m/proposals/{foretold.variant}/")
        assert answer.status_code == 404
        answer = visitor(scope).get("/m/proposals/")
        assert answer.status_code == (200 if scope.role is Role.MERCHANT else 404)
        assert str(foretold.variant) not in text(answer)
