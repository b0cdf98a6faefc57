"""The desk hands out what couriers left: by its code, of its own communities, within the page's budget."""

from __future__ import annotations

import pytest

from builders import a_company, a_listing, a_person, a_shop
from builders.delivery import a_zone
from builders.orders import an_order
from harness.budget import budget
from linli.faces.shell import dispatch, doorway
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import actions
from linli.trade.orders.rules import OrderState

pytestmark = pytest.mark.django_db
LIST = "/p/order-pickups/"


@pytest.fixture
def order(monkeypatch):
    rice = a_listing(shop=a_shop().open_around_the_clock().pooling(), price="20.00", stock=20)
    a_zone(rice.shop.community)
    made = an_order(rice, drop_off=DropOff.SHELF).paid().accepted().ready()
    actions.note_taken(SYSTEM, orders=[made.id], at=made.at)
    actions.note_done(SYSTEM, orders=[made.id], at=made.at)
    monkeypatch.setattr(dispatch, "now", lambda: made.at)
    monkeypatch.setattr(doorway, "now", lambda: made.at)
    return made


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_an_order_is_handed_out_by_its_code(order, visitor, locale):
    desk = visitor(
        Scope(
            role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(order.page.community,),
            duty=Duty.MANAGER,
        ),
        locale=locale,
    )  # fmt: skip
    desk.get(LIST)
    with budget(7):  # walls, what waits, homes, what goods ask for, communities
        shown = desk.get(LIST).content.decode()
    assert order.page.number in shown
    wrong = "000000" if order.page.code != "000000" else "111111"
    assert desk.post(f"{LIST}{order.id}/", {"code": wrong}).status_code == 422
    assert order.state is OrderState.AT_PICKUP_POINT
    assert desk.post(f"{LIST}{order.id}/", {"code": order.page.code}).status_code == 303
    assert order.state is OrderState.COMPLETED
    assert order.page.number not in desk.get(LIST).content.decode()
