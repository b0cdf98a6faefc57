"""Goods that came back, at the merchant's desk: looked at, counted in, gone from the list."""

from __future__ import annotations

import pytest

from builders import a_listing, a_person, a_shop
from builders.delivery import a_zone
from builders.orders import an_order
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.spine.scope import SYSTEM
from linli.trade.delivery.events import GoodsReturned
from linli.trade.orders import actions, reactions

pytestmark = pytest.mark.django_db
LIST = "/m/goods-returns/"


@pytest.fixture
def back():
    rice = a_listing(shop=a_shop().open_around_the_clock().pooling(), price="20.00", stock=20)
    a_zone(rice.shop.community)
    order = an_order(rice, 3).paid().accepted().ready()
    actions.note_taken(SYSTEM, orders=[order.id], at=order.at)
    actions.call_off_order(order.shop.scope, order=order.id, reason="撒了", at=order.at)
    ((task,),) = as_the_house("SELECT id FROM delivery_task")
    reactions.send_again(GoodsReturned(task=task, order=order.id, courier=a_person(), at=order.at))
    return order


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_what_is_still_good_is_on_the_shelf_again(back, visitor, locale):
    desk, field = visitor(back.shop.scope, locale=locale), f"sellable.{back.lines[0].variant}"
    shown = desk.get(LIST).content.decode()
    assert (back.page.number in shown, f'name="{field}"' in shown, 'value="3"' in shown) == (True, True, True)
    assert desk.post(f"{LIST}{back.id}/", {field: "4"}).status_code in (409, 422)
    assert desk.post(f"{LIST}{back.id}/", {field: "2", "why": "一袋破了"}).status_code == 303
    assert as_the_house("SELECT on_hand FROM stock_level") == [(19,)]
    assert back.page.number not in desk.get(LIST).content.decode()
    assert desk.post(f"{LIST}{back.id}/", {field: "2"}).status_code == 404


def test_another_shop_finds_nothing_there(back, visitor):
    stranger = visitor(a_shop().scope)
    assert back.page.number not in stranger.get(LIST).content.decode()
    assert stranger.post(f"{LIST}{back.id}/", {}).status_code == 404


def test_the_page_keeps_its_budget(back, visitor):
    desk = visitor(back.shop.scope)
    desk.get(LIST)
    with budget(4):
        desk.get(LIST)
