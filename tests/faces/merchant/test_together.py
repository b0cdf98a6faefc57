"""What a shop does with many at once: a column of its board, goods on and off the shelf, prices, markdowns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from builders import AT, a_listing, a_shop
from builders.orders import an_order
from harness.budget import budget
from linli.insight.demand import actions as demand
from linli.insight.demand import rules as forecast
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue import queries as goods
from linli.trade.catalogue.actions import PriceChange
from linli.trade.catalogue.rules import VariantDraft
from linli.trade.orders import actions as orders
from linli.trade.orders import rules
from linli.trade.orders.rules import OrderState, OrderVerb
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(visitor, rice) -> Client:
    return visitor(rice.shop.scope, locale="en")


def after(client: Client, where: str, fields: dict[str, object]) -> str:
    answer = client.post(where, fields)
    assert answer.status_code == 303, answer.content.decode()[-1500:]
    return client.get(answer["Location"]).content.decode()


def price_of(listing) -> Money:
    (found,) = goods.shop_listings(SYSTEM, shop=listing.shop.id, only=listing.id)
    return found.variants[0].price


def test_all_new_orders_are_accepted_and_made_ready_at_once(desk, rice, visitor):
    placed = [an_order(rice, 2, fulfilment=rules.Fulfilment.PICK_UP).paid() for _nth in range(2)]
    chosen = {"chosen": [order.id for order in placed]}
    assert "Accept all 2" in desk.get("/m/").content.decode()
    stranger = visitor(a_shop().scope, locale="en")
    assert "There is no such order here." in after(stranger, "/m/board/acceptance/", chosen)
    assert "2 orders are accepted." in after(desk, "/m/board/acceptance/", chosen)
    assert "2 were left as they are." in after(desk, "/m/board/acceptance/", chosen)
    assert "2 orders are ready." in after(desk, "/m/board/readiness/", chosen)
    assert [order.page.state for order in placed] == [OrderState.READY] * 2
    assert desk.post("/m/board/refusal/", chosen).status_code == 404


def test_an_order_of_which_goods_have_expired_is_left_and_the_others_are_ready(rice):
    milk = a_listing("鲜奶", en="Milk", shop=rice.shop, price="9.00")
    stock.receive_batch(rice.shop.scope, variant=milk.variant, quantity=5, expires_at=AT + timedelta(hours=6), at=AT)
    fresh, spoilt = (an_order(what, 1, fulfilment=rules.Fulfilment.PICK_UP).paid().accepted() for what in (rice, milk))
    done = orders.take_step_with_many(
        rice.shop.scope, orders=[fresh.id, spoilt.id], verb=OrderVerb.FINISH, at=AT + timedelta(hours=8)
    )
    assert done.done == (fresh.id,)
    assert [(each.of, each.why) for each in done.refused] == [(spoilt.id, "orders.GoodsGone")]
    assert [order.page.state for order in (fresh, spoilt)] == [OrderState.READY, OrderState.ACCEPTED]


def test_goods_leave_the_shelf_together_and_come_back_as_they_were_asked_for(desk, rice):
    small = catalogue.add_variant(
        rice.shop.scope,
        listing=rice.id,
        draft=VariantDraft(price=Money(12_00), label={"zh": "小袋", "en": "Small"}),
        at=AT,
    )

    def shown() -> tuple[bool, dict[object, bool]]:
        (found,) = goods.shop_listings(SYSTEM, shop=rice.shop.id, only=rice.id)
        return found.listed, {each.variant: each.listed for each in found.variants}

    assert "1 is off the shelf." in after(desk, "/m/goods/together/unlisting/", {"chosen": [small]})
    assert shown() == (True, {rice.variant: True, small: False})
    after(desk, "/m/goods/together/unlisting/", {"chosen": [rice.variant]})
    assert shown()[0] is False
    assert "1 is on the shelf." in after(desk, "/m/goods/together/relisting/", {"chosen": [small]})
    assert shown() == (True, {rice.variant: False, small: True})
    assert desk.post("/m/goods/together/selling/", {"chosen": [small]}).status_code == 404


def test_prices_move_by_a_part_of_each_and_another_shops_do_not(desk, rice, visitor):
    oil = a_listing("菜油", en="Oil", shop=rice.shop, price="0.05")
    said = after(desk, "/m/goods/prices/", {"chosen": [rice.variant, oil.variant], "percent": "-10"})
    assert "2 prices are changed by -10 %." in said
    assert (price_of(rice), price_of(oil)) == (Money(26_10), Money(4))
    assert desk.post("/m/goods/prices/", {"chosen": [rice.variant], "percent": "0"}).status_code == 422
    assert desk.post("/m/goods/prices/", {"chosen": [rice.variant], "percent": "-95"}).status_code == 422
    after(visitor(a_shop().scope, locale="en"), "/m/goods/prices/", {"chosen": [rice.variant], "percent": "-10"})
    assert price_of(rice) == Money(26_10)


def test_twenty_prices_take_as_many_statements_as_two(rice):
    many = [a_listing(f"商品{nth}", shop=rice.shop, price="10.00").variant for nth in range(20)]
    for chosen in (many[:2], many):
        with budget(4):  # begin, listings, variants, prices
            catalogue.change_prices(rice.shop.scope, changes=[PriceChange(each, 500) for each in chosen], at=AT)


def test_what_is_proposed_is_taken_off_and_nothing_else(desk, rice):
    today, shop = AT.date(), rice.shop
    sold = [
        forecast.Sold(shop.id, rice.variant, shop.community.id, "fresh", today - timedelta(days=nth), 6)
        for nth in range(1, 41)
    ]
    yesterday = today - timedelta(days=1)
    demand.keep_forecasts(SYSTEM, shops=[shop.id], told=forecast.tell(sold, yesterday), told_on=yesterday, at=AT)
    stock.receive_batch(shop.scope, variant=rice.variant, quantity=40, expires_at=AT + timedelta(days=1), at=AT)
    page = desk.get("/m/proposals/").content.decode()
    assert f'name="chosen" value="{rice.variant}"' in page
    shown = {"chosen": [rice.variant], f"was.{rice.variant}": "29.00"}
    assert f'name="was.{rice.variant}" value="29.00"' in page
    assert "1 price is lowered." in after(desk, "/m/proposals/markdowns/", shown)
    lowered = price_of(rice)
    assert lowered < Money(29_00)
    assert f"<strong>¥{lowered}</strong>" in page
    assert "Its price has changed meanwhile" in after(desk, "/m/proposals/markdowns/", shown)
    done = desk.get("/m/proposals/").content.decode()
    assert f'name="chosen" value="{rice.variant}"' not in done  # it is said to be done, and proposed no more
    assert f"¥29.00 → <strong>¥{lowered}</strong>" in done
    again = {"chosen": [rice.variant], f"was.{rice.variant}": str(lowered)}
    assert "Its price is as low as this already." in after(desk, "/m/proposals/markdowns/", again)
    assert price_of(rice) == lowered
    catalogue.change_prices(shop.scope, changes=[PriceChange(rice.variant, 10_000)], at=AT)
    assert f'name="chosen" value="{rice.variant}"' in desk.get("/m/proposals/").content.decode()
    catalogue.change_prices(shop.scope, changes=[PriceChange(rice.variant, -5_000)], at=AT)
    assert desk.post("/m/proposals/markdowns/", {"chosen": [rice.variant]}).status_code == 422
    assert price_of(rice) == lowered
    other = a_listing("盐", shop=rice.shop, price="3.00")
    assert desk.post("/m/proposals/markdowns/", {"chosen": [other.variant]}).status_code == 422
    assert price_of(other) == Money(3_00)
