"""From the basket to the payment: what is changed, refused, explained, placed and waited for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from builders import AT, a_home
from builders.corner import Corner, a_corner, around, owner
from builders.delivery import a_zone
from builders.orders import climb, collect
from harness.budget import budget
from harness.visitors import Visitor, part
from linli.faces.owner import payments, windows
from linli.faces.owner.deliveries import NEAR
from linli.faces.shell import dispatch
from linli.kernel.money import Money
from linli.money.payments.actions import PayPage
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions as catalogue
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import actions, queries
from linli.trade.orders.rules import Window
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import Carrier
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db


def basket_of(corner: Corner) -> queries.BasketPage:
    return queries.basket_page(corner.scope, community=corner.community.id, at=AT)


def placed(corner: Corner) -> actions.Placed:
    return actions.place_checkout(corner.filled().scope, checkout=corner.locked(), at=AT)


def test_the_basket_groups_its_lines_by_shop(resident: Client, corner: Corner):
    shown = resident.get(owner("basket")).content.decode()
    assert "basket-shop" not in shown
    corner.filled()
    shown = resident.get(owner("basket")).content.decode()
    assert shown.count('class="basket-shop"') == 2
    assert "29<span" in shown  # 2 x 6.80 + 12.00 + 4.00
    assert ".60" in shown


def test_a_line_is_changed_and_taken_out(resident: Client, corner: Corner):
    line = basket_of(corner.filled()).shops[0].lines[0].line
    answer = resident.post(owner("basket", "lines", line, "quantity"), {"line": line, "quantity": "5"})
    assert (answer.status_code, answer["Location"]) == (303, owner("basket"))
    assert basket_of(corner).pieces == 6
    assert resident.post(owner("basket", "lines", line, "removal")).status_code == 303
    assert basket_of(corner).pieces == 1


def test_a_wrong_quantity_is_refused_at_its_line(resident: Client, corner: Corner):
    line = basket_of(corner.filled()).shops[0].lines[0].line
    answer = resident.post(owner("basket", "lines", line, "quantity"), {"line": line, "quantity": "-1"})
    assert answer.status_code == 422
    before, _error, after = answer.content.decode().partition('class="field-error"')
    assert before.count("<li>") < after.count("basket-line-title") + before.count("<li>")
    assert basket_of(corner).pieces == 3


def test_with_scripts_only_the_content_of_the_basket_changes(resident: Client, corner: Corner):
    line = basket_of(corner.filled()).shops[0].lines[0].line
    answer = resident.post(
        owner("basket", "lines", line, "quantity"),
        {"line": line, "quantity": "5"},
        headers=part("basket-content"),
    )
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert 'value="5"' in answer.content.decode()


def test_goods_are_fetched_or_brought_shop_by_shop(resident: Client, corner: Corner):
    corner.filled()
    where = owner("basket", "shops", corner.greengrocer.id, "fulfilment")
    assert resident.post(where, {"fulfilment": "pick_up"}).status_code == 303
    assert {s.shop: s.fulfilment for s in basket_of(corner).shops} == {
        corner.greengrocer.id: "pick_up",
        corner.bakery.id: "pick_up",
    }
    assert resident.post(where, {"fulfilment": "by_air"}).status_code == 422


def test_a_window_is_one_of_those_offered(resident: Client, corner: Corner):
    window = windows.offered(AT, "Asia/Shanghai")[2]
    assert resident.post(owner("basket", "window"), {"window": windows.key_of(window)}).status_code == 303
    assert basket_of(corner).window == window
    assert resident.post(owner("basket", "window"), {"window": "2020-01-01T00:00:00+08:00"}).status_code == 422
    assert basket_of(corner).window == window
    assert resident.post(owner("basket", "window"), {"window": ""}).status_code == 303
    assert basket_of(corner).window is None


def test_windows_are_whole_hours_of_today_and_tomorrow_an_hour_ahead():
    offered = windows.offered(AT, "Asia/Shanghai")
    assert offered[0].start == AT + timedelta(hours=1)
    assert offered[-1].start == AT.replace(hour=12) + timedelta(days=1)
    assert {each.end - each.start for each in offered} == {timedelta(hours=1)}


def test_only_an_own_home_can_be_chosen(resident: Client, corner: Corner):
    assert resident.post(owner("basket", "home"), {"home": corner.home.id}).status_code == 303
    strange = a_home(community=corner.community).with_owner()
    assert resident.post(owner("basket", "home"), {"home": strange.id}).status_code == 404
    assert basket_of(corner).home == corner.home.id


def test_what_sold_out_meanwhile_is_refused_at_its_line(resident: Client, corner: Corner):
    corner.filled()
    stock.count_stock(corner.bakery.scope, variant=corner.bread.variant, counted=0, why="eaten", at=AT)
    answer = resident.post(owner("checkouts"))
    assert answer.status_code == 409
    assert corner.bread.shop.id.hex not in answer.content.decode()
    shown = answer.content.decode()
    assert shown.index("field-error") > shown.index(str(corner.bakery.id))


def test_a_basket_of_what_is_sold_no_more_leads_to_no_checkout(resident: Client, corner: Corner):
    corner.filled()
    for shop, listing in ((corner.tomatoes.shop, corner.tomatoes), (corner.bakery, corner.bread)):
        assert f'action="{owner("checkouts")}"' in resident.get(owner("basket")).content.decode()
        catalogue.unlist(shop.scope, listing=listing.id, at=AT)
    shown = resident.get(owner("basket")).content.decode()
    assert shown.count("basket-gone") == 2
    assert f'action="{owner("checkouts")}"' not in shown


def test_a_shop_that_closed_is_refused_at_that_shop(resident: Client, corner: Corner):
    corner.filled()
    shops.pause(corner.bakery.scope, shop=corner.bakery.id, until=AT + timedelta(hours=2), at=AT)
    answer = resident.post(owner("checkouts"))
    assert answer.status_code == 409
    assert answer.content.decode().count("basket-shop-wrong") == 1


def test_the_checkout_explains_every_fen_and_how_long_it_is_kept(resident: Client, corner: Corner):
    corner.filled()
    answer = resident.post(owner("checkouts"))
    assert answer.status_code == 303
    shown = resident.get(answer["Location"]).content.decode()
    assert "10:10" in shown
    assert shown.count('class="stages"') == 2
    assert "7-2-1203" in shown


def test_a_lock_that_ran_out_leads_back_to_the_basket(
    resident: Client, corner: Corner, monkeypatch: pytest.MonkeyPatch
):
    checkout = corner.filled().locked()
    monkeypatch.setattr(dispatch, "now", lambda: AT + timedelta(minutes=11))
    shown = resident.get(owner("checkouts", checkout)).content.decode()
    assert owner("basket") in shown
    assert owner("checkouts", checkout, "placement") not in shown


def test_a_price_that_rose_meanwhile_is_told_and_confirmed(
    resident: Client, corner: Corner, monkeypatch: pytest.MonkeyPatch
):
    checkout = corner.filled().locked()
    catalogue.set_price(corner.bakery.scope, variant=corner.bread.variant, price=Money(1350), at=AT)
    monkeypatch.setattr(dispatch, "now", lambda: AT + timedelta(minutes=11))
    answer = resident.post(owner("checkouts", checkout, "placement"), {"once": f"place-{checkout}"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert shown.count('class="change change-price"') == 1
    assert "¥31.10" in shown
    assert f'action="{owner("checkouts")}"' in shown
    assert queries.my_orders(corner.scope) == ()
    again = resident.post(owner("checkouts"))
    assert again.status_code == 303
    assert resident.get(again["Location"]).content.decode().count('class="stages"') == 2
    assert resident.post(again["Location"] + "placement/").status_code == 303
    assert sum(order.total.minor for order in queries.my_orders(corner.scope)) == 3110


def test_what_was_bought_away_meanwhile_leads_back_to_the_basket(resident: Client, corner: Corner):
    checkout = corner.filled().locked()
    stock.count_stock(corner.bakery.scope, variant=corner.bread.variant, counted=0, why="eaten", at=AT)
    answer = resident.post(owner("checkouts", checkout, "placement"))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert 'class="change change-sold_out"' in shown
    assert f'action="{owner("checkouts")}"' not in shown
    assert f'href="{owner("basket")}"' in shown
    assert queries.my_orders(corner.scope) == ()


def test_placing_leads_to_the_payment_and_pressing_twice_places_once(resident: Client, corner: Corner):
    checkout = corner.filled().locked()
    for _press in range(2):
        answer = resident.post(owner("checkouts", checkout, "placement"), {"once": f"place-{checkout}"})
        assert (answer.status_code, answer["Location"]) == (303, owner("checkouts", checkout, "payment"))
    assert len(queries.my_orders(corner.scope)) == 2
    assert resident.get(owner("checkouts", checkout))["Location"] == owner("checkouts", checkout, "payment")


def test_paying_leads_to_the_providers_page_and_back(resident: Client, corner: Corner, monkeypatch: pytest.MonkeyPatch):
    done = placed(corner)
    asked = {}

    def begin_payment(scope: object, **how: object) -> PayPage:
        asked.update(how)
        return PayPage("http://provider.test/pay/1", "qr")

    monkeypatch.setattr(payments.payments, "begin_payment", begin_payment)
    answer = resident.post(owner("checkouts", done.checkout, "payment"), {"channel": "wechat"})
    assert (answer.status_code, answer["Location"]) == (303, "http://provider.test/pay/1")
    assert asked["collection"] == done.collection
    assert asked["return_url"] == "http://testserver" + owner("checkouts", done.checkout, "payment", "return")


def test_cash_at_the_door_is_offered_only_where_every_shop_takes_it(resident: Client, corner: Corner):
    done = placed(corner)
    where = owner("checkouts", done.checkout, "payment")
    cash = owner("checkouts", done.checkout, "cash")
    assert cash not in resident.get(where).content.decode()
    assert resident.post(cash).status_code == 409
    assert {card.state for card in queries.my_orders(corner.scope)} == {"placed"}
    for shop in (corner.greengrocer, corner.bakery):
        shops.set_cash(SYSTEM, shop=shop.id, takes_cash=True, at=AT)
    assert cash in resident.get(where).content.decode()
    answer = resident.post(cash)
    assert (answer.status_code, answer["Location"]) == (303, owner("orders"))
    assert {card.state for card in queries.my_orders(corner.scope)} == {"promised"}
    shown = resident.get(where).content.decode()
    assert cash not in shown
    assert "count-down" not in shown


def test_the_payment_counts_down_to_its_deadline(resident: Client, corner: Corner):
    done = placed(corner)
    shown = resident.get(owner("checkouts", done.checkout, "payment")).content.decode()
    assert f'<time datetime="{done.pay_before.isoformat()}">' in shown


def test_an_unknown_way_to_pay_is_refused_on_the_page(resident: Client, corner: Corner):
    answer = resident.post(owner("checkouts", placed(corner).checkout, "payment"), {"channel": "shells"})
    assert answer.status_code == 422
    assert "notice-bad" in answer.content.decode()


def test_coming_back_waits_until_the_provider_has_spoken(resident: Client, corner: Corner):
    done = placed(corner)
    back = owner("checkouts", done.checkout, "payment", "return")
    waiting = resident.get(back).content.decode()
    assert "data-live" in waiting
    assert "paid-mark" not in waiting
    assert collect(done.collection, done.total, at=AT) == "collected"
    climb(AT)
    paid = resident.get(back, headers=part("payment")).content.decode()
    assert "paid-mark" in paid
    assert all(str(order) in paid for order in done.orders)


def test_an_unpaid_checkout_is_on_the_first_page_and_can_be_dropped(resident: Client, corner: Corner):
    done = placed(corner)
    assert owner("checkouts", done.checkout, "payment") in resident.get(owner()).content.decode()
    assert resident.post(owner("checkouts", done.checkout, "cancellation")).status_code == 303
    assert {card.state for card in queries.my_orders(corner.scope)} == {"cancelled"}
    assert owner("checkouts", done.checkout, "payment") not in resident.get(owner()).content.decode()


def test_strangers_find_neither_checkout_nor_payment(corner: Corner, visitor: Visitor):
    done = placed(corner)
    stranger = visitor(replace(a_corner().scope, communities=(corner.community.id,)))
    for where in (owner("checkouts", done.checkout), owner("checkouts", done.checkout, "payment")):
        assert stranger.get(where).status_code == 404
    assert stranger.post(owner("checkouts", done.checkout, "cancellation")).status_code == 404
    assert stranger.post(owner("checkouts", done.checkout, "payment"), {"channel": "wechat"}).status_code == 404
    guest = visitor().get(owner("basket"))
    assert (guest.status_code, guest["Location"].split("?")[0]) == (302, "/sign-in/")


def test_query_budgets(corner: Corner, visitor: Visitor):
    pages = visitor(corner.filled().scope)
    checkout = corner.locked()
    for where, statements in (
        (around(corner.community.id), 2),
        (around(corner.community.id, "shelf"), 1),
        (around(corner.community.id, "shops", corner.greengrocer.id), 4),
        (around(corner.community.id, "listings", corner.bread.id), 3),
        (around(corner.community.id, "basket-bar"), 5),
        (owner("basket"), 6),
        (owner("checkouts", checkout), 4),
        (owner(), 19),
    ):
        pages.get(where)
        with budget(statements):
            assert pages.get(where).status_code == 200, where


def test_the_shared_run_of_neighbours_stands_first_with_its_price_and_a_slot_is_chosen(
    resident: Client, corner: Corner
):
    zone = a_zone(corner.community)
    corner.filled()
    for shop in basket_of(corner).shops:
        shops.set_delivery(
            SYSTEM, shop=shop.shop, carrier=Carrier.POOL, fee=Money(0), free_from=None, minutes_promised=30, at=AT
        )
    shown = resident.get(owner("basket")).content.decode()
    assert shown.index("pooled@") < shown.index("alone@") < shown.index('value="now"')
    second = zone.slot(nth=1)
    asked = {
        "way": f"pooled@{second.start_at.isoformat()}",
        "shops": [str(shop.shop) for shop in basket_of(corner).shops],
        "drop_off": "shelf",
    }
    answer = resident.post(owner("basket", "delivery"), asked)
    assert (answer.status_code, answer["Location"]) == (303, owner("basket"))
    page = basket_of(corner)
    assert (page.window, page.drop_off) == (Window(second.start_at, second.end_at), DropOff.SHELF)
    checkout = resident.post(owner("checkouts"), follow=True).content.decode()
    assert any(word in checkout for word in ("拼送", "pooled"))


def test_the_nearest_times_stand_open_and_a_later_one_is_unfolded_once_it_is_chosen(resident: Client, corner: Corner):
    zone = a_zone(corner.community)
    corner.filled()
    for shop in basket_of(corner).shops:
        shops.set_delivery(
            SYSTEM, shop=shop.shop, carrier=Carrier.POOL, fee=Money(0), free_from=None, minutes_promised=30, at=AT
        )
    near, folded = resident.get(owner("basket")).content.decode().split('<details class="slots-later">', 1)
    assert near.count("pooled@") == NEAR
    fourth = f"pooled@{zone.slot(nth=NEAR).start_at.isoformat()}"
    assert fourth in folded
    asked = {"way": fourth, "shops": [str(shop.shop) for shop in basket_of(corner).shops], "drop_off": "door"}
    resident.post(owner("basket", "delivery"), asked)
    page = resident.get(owner("basket")).content.decode()
    assert re.search(rf'<details class="slots-later" open>.*?value="{re.escape(fourth)}" checked', page, re.DOTALL)


def test_a_slot_that_is_none_is_refused_where_it_was_chosen(resident: Client, corner: Corner):
    a_zone(corner.community)
    corner.filled()
    before = basket_of(corner)
    for way in ("pooled@2026-03-02T03:33:00+00:00", "pooled@soon", "flying"):
        asked = {"way": way, "shops": [str(before.shops[0].shop)], "drop_off": "door"}
        assert resident.post(owner("basket", "delivery"), asked).status_code in (409, 422)
    assert basket_of(corner) == before
