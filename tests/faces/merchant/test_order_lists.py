"""All orders of a shop at its desk: found, sorted over all pages, stepped together, and taken away as a sheet."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT, a_listing, a_shop
from builders.orders import an_order
from harness.budget import budget
from linli.faces.merchant import order_lists
from linli.trade.orders import queries, rules
from linli.trade.orders.queries import OrderSort, OrdersWanted
from linli.trade.orders.rules import OrderState

pytestmark = pytest.mark.django_db
PICK_UP = rules.Fulfilment.PICK_UP


@pytest.fixture
def desk(visitor, rice) -> Client:
    return visitor(rice.shop.scope, locale="en")


def numbers(page: str) -> list[str]:
    return re.findall(r'<a href="/m/orders/[0-9a-f-]{36}/">([^<]+)</a>', page)


def taken_away(desk: Client, where: str, **asked: object) -> list[list[str]]:
    answer = desk.get(where, {"form": "csv", **asked})
    assert answer.status_code == 200, answer.content.decode()[-800:]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_has_the_open_and_the_ended_and_nothing_that_is_not_paid(desk, rice):
    done = an_order(rice, 1).completed()
    new = an_order(rice, 2, fulfilment=PICK_UP).paid()
    unpaid = an_order(rice, 3, fulfilment=PICK_UP)
    page = desk.get("/m/orders/").content.decode()
    assert numbers(page) == [new.page.number, done.page.number]
    assert unpaid.page.number not in page
    assert numbers(desk.get("/m/orders/?state=completed").content.decode()) == [done.page.number]
    assert numbers(desk.get(f"/m/orders/?number={new.page.number[-4:].lower()}").content.decode()) == [new.page.number]
    assert numbers(desk.get(f"/m/orders/?first={AT + timedelta(days=2):%Y-%m-%d}").content.decode()) == []
    assert "Take a filter away" in desk.get("/m/orders/?state=refused").content.decode()
    assert numbers(desk.get("/m/orders/?state=placed&fulfilment=by_mule").content.decode()) == numbers(page)


def test_sorting_goes_over_all_pages(desk, rice, monkeypatch):
    monkeypatch.setattr(order_lists, "A_PAGE", 2)
    placed = [an_order(rice, units, fulfilment=PICK_UP).paid() for units in (2, 1, 3, 1)]
    by_total = [placed[2], placed[0], placed[3], placed[1]]
    page = desk.get("/m/orders/?by=-total").content.decode()
    assert numbers(page) == [each.page.number for each in by_total[:2]]
    more = re.search(r'href="([^"]+)" rel="next"', page)
    assert more is not None
    assert numbers(desk.get(more[1].replace("&amp;", "&")).content.decode()) == [
        each.page.number for each in by_total[2:]
    ]
    rising = queries.shop_orders(rice.shop.scope, wanted=OrdersWanted(), order=OrderSort.TOTAL, is_rising=True)
    assert [each.order for each in rising] == [each.id for each in reversed(by_total)]


def test_the_list_keeps_its_budget_however_many_there_are(desk, rice):
    for _nth in range(3):
        an_order(rice, 1, fulfilment=PICK_UP).paid()
    desk.get("/m/orders/")
    with budget(5):
        desk.get("/m/orders/")


def test_ticked_orders_are_stepped_together_and_what_is_not_open_to_it_is_named(desk, rice, visitor):
    new, packed = (
        an_order(rice, 1, fulfilment=PICK_UP).paid(),
        an_order(rice, 1, fulfilment=PICK_UP).paid().accepted().ready(),
    )
    ticked = {"chosen": [new.id, packed.id]}
    stranger = visitor(a_shop().scope, locale="en")
    answer = stranger.post("/m/orders/together/acceptance/", ticked)
    assert "2 were left as they are." in stranger.get(answer["Location"]).content.decode()
    answer = desk.post("/m/orders/together/acceptance/?state=paid", ticked)
    assert answer["Location"] == "/m/orders/?state=paid"
    said = desk.get("/m/orders/").content.decode()
    assert "1 order is accepted." in said
    assert "1 was left as it is." in said
    assert packed.page.number in said
    desk.post("/m/orders/together/preparation/", {"chosen": [new.id]})
    assert new.page.state is OrderState.PREPARING
    assert desk.post("/m/orders/together/refusal/", ticked).status_code == 404
    assert desk.post("/m/orders/together/acceptance/", {}).status_code == 422


def test_the_sheet_has_what_the_list_shows_and_no_door(desk, rice):
    order = an_order(rice, 2).completed()
    an_order(rice, 1, fulfilment=PICK_UP).paid()
    heading, *rows = taken_away(desk, "/m/orders/file/", state="completed")
    assert heading[:3] == ["Number", "Ordered", "State"]
    [row] = rows
    assert row[0] == order.page.number
    assert row[5:10] == ["2", "58.00", "4.00", "62.00", "0.00"]


def test_a_stranger_finds_no_order_of_this_shop(visitor, rice, strangers):
    number = an_order(rice, 1).paid().page.number
    for scope in strangers:
        answer = visitor(scope).get("/m/orders/")
        assert answer.status_code == 404 or number not in answer.content.decode()


def test_goods_are_found_by_shelf_and_taken_away_with_their_stock(desk, rice):
    a_listing("大豆油", en="Oil", shop=rice.shop, price="49.00")
    desk.post(f"/m/goods/{rice.id}/unlisting/")
    assert "Oil" not in desk.get("/m/goods/?shelf=off").content.decode()
    heading, row = taken_away(desk, "/m/goods/file/", shelf="off")
    assert heading[:4] == ["Goods", "Variant", "Kind", "Price"]
    assert row[0] == "Rice"
    assert row[3] == "29.00"
    assert row[5] == "10"
    assert [each[0] for each in taken_away(desk, "/m/goods/file/", shelf="on")[1:]] == ["Oil"]


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_the_own_goods_come_back_with_another_price_and_nothing_twice(visitor, rice, locale):
    desk = visitor(rice.shop.scope, locale=locale)
    content = desk.get("/m/goods/sheet/own/?form=csv").content.decode()
    assert "29.00" in content
    changed = SimpleUploadedFile("goods.csv", content.replace("29.00", "31.50").encode())
    desk.post("/m/goods/sheet/", {"file": changed})
    heading, *rows = taken_away(desk, "/m/goods/file/")
    assert [row[3] for row in rows] == ["31.50"]
    assert heading


@pytest.mark.parametrize(
    "where",
    [
        *("customers/sheet/", "goods/watch/file/", "proposals/file/", "proposals/markdowns/file/", "numbers/file/"),
        *("reviews/file/", "refund-requests/file/", "goods-returns/file/"),
    ],
)
def test_every_other_list_comes_with_its_heading_and_whole_rows(desk, rice, where):
    an_order(rice, 1).completed()
    heading, *rows = taken_away(desk, f"/m/{where}")
    assert all(heading)
    assert all(len(row) == len(heading) for row in rows)


def test_the_stock_book_is_taken_away_and_adds_up_to_what_is_there(desk, rice):
    an_order(rice, 3).completed()
    heading, *rows = taken_away(desk, f"/m/goods/{rice.id}/stock/{rice.variant}/file/")
    assert heading == ["When", "What", "Units", "Order", "Remark"]
    assert sum(int(row[2]) for row in rows) == 7
    assert desk.get(f"/m/goods/{rice.id}/stock/{rice.id}/file/").status_code == 404
