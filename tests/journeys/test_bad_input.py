"""Bad input changes nothing: what the modules' own tests leave over of it, from the basket to the spreadsheet.

Their own tests hold forged, repeated, reordered and late call-backs (`money/payments`), prices and quantities in the
body of a request, other people's orders and homes (`faces/openapi/test_orders.py`), and sheets of places
(`ground/places`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from builders import AT, a_city, a_community, a_home, a_listing, a_shop
from builders.orders import climb, collect
from builders.places import Home
from builders.shops import Listing
from harness.at_once import ends_at_once
from harness.budget import statements
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.ground.places import actions as places
from linli.kernel.ids import CheckoutId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.spine.scope import SYSTEM
from linli.spine.sheets import SheetTooLarge, SheetUnreadable, WrongColumns
from linli.trade.catalogue import actions as catalogue
from linli.trade.orders import actions as orders
from linli.trade.orders import queries
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import OutOfZone
from linli.works.doctor.examination import PARTS

LATER = AT + timedelta(minutes=1)


def world() -> tuple[object, ...]:
    """This will count everything that a refusal must leave alone."""
    return as_the_house(
        "SELECT (SELECT count(*) FROM orders_order), (SELECT count(*) FROM orders_line),"
        " (SELECT count(*) FROM orders_basket_line), (SELECT jsonb_agg(state ORDER BY id) FROM orders_checkout)::text,"
        " (SELECT count(*) FROM payments_collection), (SELECT count(*) FROM ledger_journal),"
        " (SELECT sum(on_hand) FROM stock_level), (SELECT sum(reserved) FROM stock_level),"
        " (SELECT count(*) FROM stock_reservation), (SELECT count(*) FROM catalogue_listing),"
        " (SELECT sum(price_minor) FROM catalogue_variant), (SELECT count(*) FROM places_city),"
        " (SELECT count(*) FROM spine_fact)"
    )[0]


def a_locked_checkout(home: Home, listing: Listing, quantity: int = 1) -> CheckoutId:
    """This will put goods into a neighbour's basket and lock its prices."""
    scope, community = home.scope, home.community.id
    orders.add_to_basket(scope, community=community, variant=listing.variant, quantity=quantity, at=AT)
    orders.set_basket_home(scope, home=home.id, at=AT)
    return orders.lock_checkout(scope, community=community, at=AT)


def a_neighbour_of(listing: Listing) -> Home:
    return a_home(community=listing.shop.community).with_owner()


def test_two_buyers_lock_the_last_item_and_one_of_them_places_it(own_database: OwnDatabase):
    listing = a_listing(stock=1)
    homes = [a_neighbour_of(listing) for _ in range(2)]
    locked = [(home, a_locked_checkout(home, listing)) for home in homes]
    won = []

    def place(home: Home, checkout: CheckoutId) -> None:
        won.append(orders.place_checkout(home.scope, checkout=checkout, at=LATER))

    ends = ends_at_once(*(partial(place, *pair) for pair in locked))
    assert ends == {"done": 1, "OutOfStock": 1}
    assert as_the_house("SELECT on_hand, reserved FROM stock_level") == [(1, 1)]
    assert as_the_house("SELECT state, count(*) FROM orders_checkout GROUP BY state ORDER BY state") == [
        ("locked", 1),
        ("paying", 1),
    ]
    assert as_the_house("SELECT count(*) FROM orders_basket_line") == [(1,)]  # the other one keeps its basket
    (placed,) = won
    assert collect(placed.collection, placed.total, at=LATER) == "collected"
    climb(LATER)
    said = {part: [f for f in ask(LATER) if not f.ok] for part, ask in PARTS.items() if part != "installation"}
    assert {part: findings for part, findings in said.items() if findings} == {}


@pytest.mark.django_db
class TestACheckoutThatWasLockedBefore:
    def test_is_not_placed_once_its_shop_serves_the_community_no_more(self):
        city = a_city()
        here, elsewhere = a_community(city=city), a_community(city=city, lat=30.26)
        listing = a_listing(shop=a_shop(community=here).open_around_the_clock(), stock=5)
        home = a_neighbour_of(listing)
        checkout = a_locked_checkout(home, listing)
        shops.set_communities(SYSTEM, shop=listing.shop.id, communities=[elsewhere.id], at=AT)
        before = world()
        with pytest.raises(OutOfZone) as refused:
            orders.place_checkout(home.scope, checkout=checkout, at=LATER)
        assert (refused.value.field, world()) == (f"shops.{listing.shop.id}", before)

    def test_is_not_placed_once_its_goods_have_expired(self):
        milk = a_listing(kind="fresh").with_stock(5, expires_in=timedelta(seconds=30))
        home = a_neighbour_of(milk)
        checkout = a_locked_checkout(home, milk, 2)
        before = world()
        with pytest.raises(orders.OutOfStock) as refused:
            orders.place_checkout(home.scope, checkout=checkout, at=LATER)
        assert (refused.value.field, world()) == ("lines.0.quantity", before)

    def test_is_nobody_elses_to_see_to_place_or_to_cancel(self):
        listing = a_listing(stock=5)
        home, neighbour = a_neighbour_of(listing), a_neighbour_of(listing)
        checkout = a_locked_checkout(home, listing)
        before = world()
        asks: list[Callable[[], object]] = [
            lambda: queries.quote(neighbour.scope, checkout=checkout, at=AT),
            lambda: queries.checkout_page(neighbour.scope, checkout=checkout),
            lambda: orders.place_checkout(neighbour.scope, checkout=checkout, at=LATER),
            lambda: orders.cancel_checkout(neighbour.scope, checkout=checkout, at=LATER),
        ]
        for ask in asks:
            with pytest.raises(NotFound):
                ask()
        assert world() == before


@pytest.mark.django_db
@pytest.mark.parametrize("currency", ["", "cny", "RMB yuan", "¥", "CN", "CNYY", "C1Y"])
def test_a_city_has_a_currency_that_is_one(currency: str):
    before = world()
    with pytest.raises(Invalid) as refused:
        places.add_city(SYSTEM, name={"zh": "江城"}, timezone="Asia/Shanghai", currency=currency, at=AT)
    assert (refused.value.field, world()) == ("currency", before)


def take(listing: Listing, content: bytes, *, file_name: str = "goods.csv") -> catalogue.Imported:
    shop = listing.shop
    return catalogue.import_listings(shop.scope, shop=shop.id, file_name=file_name, content=content, at=AT)


def a_sheet(rows: int, *more: str) -> bytes:
    lines = ["名称,价格", *(f"商品{n},{n % 90 + 1}.90" for n in range(rows)), *more]
    return "\n".join(lines).encode()


@pytest.mark.django_db
class TestASheetOfGoods:
    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            ("名称,规格\n大米,5kg\n".encode(), WrongColumns),
            ("名称,价格,利润\n大米,59.90,3\n".encode(), WrongColumns),
            ("名称,商品,价格\n大米,大米,59.90\n".encode(), WrongColumns),
            (b"", SheetUnreadable),
            (b"\xff\xfe\x00\x81\x00\xff", SheetUnreadable),
            (b"PK\x03\x04 no workbook", SheetUnreadable),
            (a_sheet(20_001), SheetTooLarge),
            ("名称,价格\n大米,-59.90\n".encode(), catalogue.SheetHasErrors),
            ("名称,价格\n大米,NaN\n".encode(), catalogue.SheetHasErrors),
            (a_sheet(9_999, "酱油,便宜"), catalogue.SheetHasErrors),
        ],
        ids=["no price", "unknown", "twice", "empty", "bytes", "zip", "too long", "negative", "NaN", "one of 10,000"],
    )
    def test_that_does_not_fit_brings_nothing(self, content: bytes, refusal: type[Refusal]):
        listing = a_listing("大米", price="50.00")
        before = world()
        with pytest.raises(refusal):
            take(listing, content, file_name="goods.xlsx" if content.startswith(b"PK") else "goods.csv")
        assert world() == before

    def test_of_another_shop_finds_no_shop(self):
        listing, other = a_listing(), a_shop()
        before = world()
        with pytest.raises(NotFound):
            catalogue.import_listings(
                other.scope, shop=listing.shop.id, file_name="goods.csv", content=a_sheet(1), at=AT
            )
        assert world() == before

    @pytest.mark.slow
    def test_of_ten_thousand_rows_is_taken_with_few_statements_and_twice_adds_nothing(self):
        listing = a_listing()
        with statements() as first:
            assert take(listing, a_sheet(10_000)) == catalogue.Imported(10_000, 10_000, 0)
        with statements() as second:
            assert take(listing, a_sheet(10_000)) == catalogue.Imported(0, 0, 0)
        assert (len(first) < 40, len(second) < 10) == (True, True)
