"""What a merchant keeps: goods, stock, hours, the statement and the answers to reviews."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT
from builders.orders import an_order, climb
from harness.budget import budget
from linli.spine.scope import SYSTEM, Role
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops
from linli.trade.stock import actions as keeping
from linli.trade.stock import queries as stock
from linli.trust.reviews import actions as reviewing
from linli.trust.reviews import queries as reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(visitor, rice):
    return visitor(rice.shop.scope)


def text(response) -> str:
    return response.content.decode()


def goods_of(rice):
    return catalogue.shop_listings(SYSTEM, shop=rice.shop.id)


def stock_address(rice):
    return f"/m/goods/{rice.id}/stock/{rice.variant}/"


def pages(rice):
    return [
        "/m/goods/", "/m/goods/new/", "/m/goods/sheet/", f"/m/goods/{rice.id}/", stock_address(rice), "/m/settings/",
        "/m/statement/", "/m/reviews/",
    ]  # fmt: skip


def test_every_page_opens_in_both_languages_within_its_budget(visitor, rice):
    budgets = dict(zip(pages(rice), (5, 2, 1, 4, 9, 12, 7, 3), strict=True))
    for locale in ("zh-CN", "en"):
        client = visitor(rice.shop.scope, locale=locale)
        for where, statements in budgets.items():
            client.get(where)
            with budget(statements):
                assert client.get(where).status_code == 200, where


def test_strangers_get_404_on_every_page_of_a_thing_and_see_none_of_this_shops(visitor, rice, strangers):
    for scope in strangers:
        client = visitor(scope)
        for where in pages(rice):
            answer = client.get(where)
            if scope.role is Role.MERCHANT and str(rice.id) not in where:
                assert answer.status_code == 200
                assert "Rice" not in text(answer)
            else:
                assert answer.status_code == 404, (scope.role, where)


def test_strangers_change_nothing(visitor, rice, strangers):
    before = (goods_of(rice), stock.batches(SYSTEM, variant=rice.variant), shops.shop(SYSTEM, shop=rice.shop.id))
    listing, book = f"/m/goods/{rice.id}/", stock_address(rice)
    attempts = [
        (listing, {"name.zh": "x"}), (listing + "unlisting/", {}), (listing + "relisting/", {}),
        (listing + "variants/", {"price": "1", "label.zh": "x"}),
        (f"{listing}prices/{rice.variant}/", {f"price.{rice.variant}": "1"}),
        (book + "receipt/", {"receipts.0.quantity": "5"}), (book + "count/", {"counted": "0"}),
        (book + "write-off/", {"quantity": "1", "why": "x"}),
    ]  # fmt: skip
    for scope in strangers:
        client = visitor(scope)
        for where, form in attempts:
            assert client.post(where, form).status_code == 404, (scope.role, where)
    after = (goods_of(rice), stock.batches(SYSTEM, variant=rice.variant), shops.shop(SYSTEM, shop=rice.shop.id))
    assert after == before


def test_a_listing_is_added_with_its_variants(desk, rice):
    form = {
        "name.zh": "鲜牛奶", "name.en": "Milk", "kind": "fresh", "category": "", "variants.0.price": "15.80",
        "variants.0.label.zh": "950毫升", "variants.1.price": "6.5", "variants.1.label.zh": "250毫升",
    }  # fmt: skip
    answer = desk.post("/m/goods/new/", form)
    assert answer.status_code == 303
    milk = goods_of(rice)[0]
    assert milk.name == {"zh": "鲜牛奶", "en": "Milk"}
    assert [(v.label["zh"], v.price.minor) for v in milk.variants] == [("950毫升", 1580), ("250毫升", 650)]
    assert answer["Location"] == f"/m/goods/{milk.listing}/"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name.zh": ""}, "name.zh"), ({"variants.0.price": "free"}, "variants.0.price"), ({"kind": "magic"}, "kind")],
)
def test_a_mistaken_listing_is_asked_again_at_its_field(desk, rice, change, field):
    before = goods_of(rice)
    form = {"name.zh": "鲜牛奶", "kind": "fresh", "variants.0.price": "15.80"} | change
    answer = desk.post("/m/goods/new/", form)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert goods_of(rice) == before


def test_a_listing_is_edited_priced_and_taken_off_the_shelf(desk, rice):
    where = f"/m/goods/{rice.id}/"
    assert desk.post(where, {"name.zh": "五常大米", "name.en": "Wuchang rice"}).status_code == 303
    assert desk.post(f"{where}prices/{rice.variant}/", {f"price.{rice.variant}": "31.50"}).status_code == 303
    assert desk.post(where + "variants/", {"label.zh": "10公斤", "price": "60"}).status_code == 303
    assert desk.post(where + "unlisting/").status_code == 303
    (kept,) = goods_of(rice)
    assert kept.name == {"zh": "五常大米", "en": "Wuchang rice"}
    assert [v.price.minor for v in kept.variants] == [3150, 6000]
    assert not kept.listed
    assert desk.post(where + "relisting/").status_code == 303
    assert goods_of(rice)[0].listed


def test_goods_are_found_by_words(desk):
    assert "Rice" in text(desk.get("/m/goods/?words=rice"))
    assert "Rice" not in text(desk.get("/m/goods/?words=milk"))


def sheet(content: str):
    return {"file": SimpleUploadedFile("goods.csv", content.encode())}


def test_a_spreadsheet_is_looked_at_first_and_imported_whole_or_not_at_all(desk, rice):
    wrong = desk.post("/m/goods/sheet/preview/", sheet("名称,价格\n番茄,很贵\n"), follow=True)
    assert "1 cell has to be corrected." in text(wrong)
    before = goods_of(rice)
    assert desk.post("/m/goods/sheet/", sheet("名称,价格\n番茄,很贵\n")).status_code == 422
    assert goods_of(rice) == before
    right = desk.post("/m/goods/sheet/preview/", sheet("名称,价格\n番茄,9.80\n土豆,3\n"), follow=True)
    assert "2 listings" in text(right)
    assert goods_of(rice) == before
    looked_at = text(right).split('name="preview" value="')[1].split('"')[0]
    assert desk.post("/m/goods/sheet/", {"preview": looked_at}).status_code == 303
    assert {each.name["zh"] for each in goods_of(rice)} == {"东北大米", "番茄", "土豆"}


def test_stock_is_received_once_counted_and_written_off(desk, rice):
    book = stock_address(rice)
    form = {"receipts.0.quantity": "6", "receipts.0.cost": "21.40", "receipts.0.expires_at": "2026-04-01", "once": "k"}
    for _press in range(2):
        assert desk.post(book + "receipt/", form).status_code == 303
    batch = next(b for b in stock.batches(rice.shop.scope, variant=rice.variant) if b.cost)
    assert (batch.received, batch.cost.minor) == (6, 2140)
    assert batch.expires_at.isoformat() == "2026-04-01T16:00:00+00:00"
    assert "¥21.40" in text(desk.get(book))
    assert desk.post(book + "count/", {"counted": "15"}).status_code == 303
    assert desk.post(book + "write-off/", {"quantity": "2", "why": "torn"}).status_code == 303
    (level,) = stock.stock_of_shop(SYSTEM, shop=rice.shop.id, at=AT)
    assert level.on_hand == 13


@pytest.mark.parametrize(
    ("verb", "form", "field"),
    [
        ("receipt", {"receipts.0.quantity": "0"}, "receipts.0.quantity"),
        ("receipt", {"receipts.0.quantity": "1", "receipts.0.expires_at": "2026-01-01"}, "receipts.0.expires_at"),
        ("count", {"counted": "-1"}, "counted"),
        ("write-off", {"quantity": "11", "why": "lost"}, "quantity"),
        ("write-off", {"quantity": "1", "why": ""}, "why"),
    ],
)
def test_a_mistaken_line_of_the_stock_book_is_asked_again_at_its_field(desk, rice, verb, form, field):
    answer = desk.post(f"{stock_address(rice)}{verb}/", form)
    assert answer.status_code in (409, 422)
    assert f'id="{field}-wrong"' in text(answer)
    (level,) = stock.stock_of_shop(SYSTEM, shop=rice.shop.id, at=AT)
    assert level.on_hand == 10


def test_the_stock_book_says_in_the_readers_language_what_the_house_wrote_and_names_orders(visitor, rice):
    keeping.receive_batch(
        rice.shop.scope, variant=rice.variant, quantity=2, cost=None, expires_at=AT + timedelta(days=1), at=AT
    )
    sold = an_order(rice, 1).completed()
    keeping.dispose_expired(SYSTEM, at=AT + timedelta(days=2))
    (number,) = orders.order_numbers(rice.shop.scope, orders={sold.id}).values()
    page = text(visitor(rice.shop.scope, locale="zh-CN").get(stock_address(rice)))
    assert "已过保质期" in page
    assert "expired" not in page
    assert number in page


def test_the_purchase_cost_stands_on_the_stock_book_and_nowhere_else(desk, rice):
    desk.post(stock_address(rice) + "receipt/", {"receipts.0.quantity": "1", "receipts.0.cost": "21.43"})
    assert [where for where in pages(rice) if "21.43" in text(desk.get(where))] == [stock_address(rice)]


def test_the_week_is_set_as_people_write_it(desk, rice):
    form = {"day.0": "08:00-12:30, 14:00-20:00", "day.5": "20:00-02:00"}
    assert desk.post("/m/settings/", form).status_code == 303
    page = text(desk.get("/m/settings/"))
    for written in form.values():
        assert f'value="{written}"' in page
    assert len(shops.shop(SYSTEM, shop=rice.shop.id).hours.openings) == 3


@pytest.mark.parametrize("written", ["morning", "08:00", "25:00-26:00"])
def test_hours_that_cannot_be_read_are_asked_again_and_the_week_stays(desk, rice, written):
    before = shops.shop(SYSTEM, shop=rice.shop.id).hours
    answer = desk.post("/m/settings/", {"day.3": written})
    assert answer.status_code == 422
    assert 'id="day.3-wrong"' in text(answer)
    assert shops.shop(SYSTEM, shop=rice.shop.id).hours == before


def test_a_shop_pauses_and_goes_on(desk, rice):
    assert desk.post("/m/settings/pause/", {"minutes": "30"}).status_code == 303
    assert shops.shop(SYSTEM, shop=rice.shop.id).paused_until == AT + timedelta(minutes=30)
    assert "Take orders again" in text(desk.get("/m/settings/"))
    assert desk.post("/m/settings/resumption/").status_code == 303
    assert shops.shop(SYSTEM, shop=rice.shop.id).paused_until is None


def test_the_delivery_is_set(desk, rice):
    form = {"carrier": "shop", "fee": "5.50", "free_from": "59", "minutes_promised": "50"}
    assert desk.post("/m/settings/delivery/", form).status_code == 303
    shop = shops.shop(SYSTEM, shop=rice.shop.id)
    assert (shop.delivery_fee.minor, shop.free_delivery_from.minor, shop.minutes_promised) == (550, 5900, 50)


@pytest.fixture
def earned(rice):
    return an_order(rice, 2).completed()


def test_the_statement_shows_every_line_and_leads_to_its_order(desk, earned, strangers, visitor):
    climb(earned.at)
    page = text(desk.get("/m/statement/?month=" + f"{earned.at:%Y-%m}"))
    assert earned.page.number in page
    assert "merchant" in page
    other = text(visitor(strangers[0]).get("/m/statement/"))
    assert earned.page.number not in other


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_statement_is_taken_away_as_a_file(desk, earned, form):
    answer = desk.get(f"/m/statement/file/?form={form}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert desk.get("/m/statement/file/?form=exe").status_code == 422


def test_a_review_is_answered_once(desk, earned, rice):
    climb(earned.at)
    review = reviewing.write_review(earned.buyer, order=earned.id, stars=4, text="Good rice", at=earned.at)
    assert "Good rice" in text(desk.get("/m/reviews/?waiting=1"))
    refused = desk.post(f"/m/reviews/{review}/reply/", {f"reply.{review}": ""})
    assert refused.status_code == 422
    assert desk.post(f"/m/reviews/{review}/reply/", {f"reply.{review}": "Thank you"}).status_code == 303
    (card,) = reviews.shop_reviews(shop=rice.shop.id)
    assert card.reply == "Thank you"
    assert "Good rice" not in text(desk.get("/m/reviews/?waiting=1"))
