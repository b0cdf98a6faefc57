"""What needs a hand: goods that run low or out of date, and the slip that goes into the bag."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import a_listing
from builders.orders import an_order
from harness.budget import budget
from linli.spine.scope import Role
from linli.trade.orders import rules
from linli.trade.orders.rules import OrderState

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(visitor, rice):
    return visitor(rice.shop.scope)


def text(response) -> str:
    return response.content.decode()


def test_what_expires_soon_stands_before_what_runs_low_and_plenty_is_left_out(desk, rice):
    a_listing("酱油", en="Soy sauce", shop=rice.shop, stock=2)
    a_listing("鲜奶", en="Milk", shop=rice.shop).with_stock(40, expires_in=timedelta(days=2))
    page = text(desk.get("/m/goods/watch/"))
    assert "Rice" not in page
    assert page.index("Milk") < page.index("Soy sauce")


def test_the_page_keeps_its_budget_in_both_languages_and_says_when_all_is_well(visitor, rice):
    for locale, words in (("zh-CN", "库存紧张或临期"), ("en", "Nothing runs low")):
        client = visitor(rice.shop.scope, locale=locale)
        assert words in text(client.get("/m/goods/watch/"))
        with budget(4):
            client.get("/m/goods/watch/")


def test_strangers_see_nothing_of_this_shops_stock(visitor, rice, strangers):
    a_listing("酱油", en="Soy sauce", shop=rice.shop, stock=2)
    for scope in strangers:
        answer = visitor(scope).get("/m/goods/watch/")
        assert answer.status_code == (200 if scope.role is Role.MERCHANT else 404)
        assert "Soy sauce" not in text(answer)


def test_the_slip_says_what_to_pack_and_never_the_code(visitor, rice, strangers):
    order = an_order(rice, 2, fulfilment=rules.Fulfilment.PICK_UP).paid().accepted().ready()
    where = f"/m/orders/{order.id}/slip/"
    page = text(visitor(rice.shop.scope).get(where))
    assert order.page.number in page
    assert "Rice" in page
    assert order.page.code not in page
    for scope in (*strangers, order.buyer):
        assert visitor(scope).get(where).status_code == 404


def test_one_press_refuses_with_a_reason_that_the_buyer_reads(desk, rice):
    order = an_order(rice, fulfilment=rules.Fulfilment.PICK_UP).paid()
    page = text(desk.get(f"/m/orders/{order.id}/"))
    assert 'name="refusal_reason" value="Sold out"' in page
    assert desk.post(f"/m/orders/{order.id}/refusal/", {"refusal_reason": "Sold out"}).status_code == 303
    assert order.state is OrderState.REFUSED
