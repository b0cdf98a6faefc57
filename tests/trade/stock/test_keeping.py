"""The stock book as a merchant keeps it, and who may read what a batch cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_listing, a_shop
from harness.budget import budget
from linli.kernel import ids
from linli.kernel.ids import OrderId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine import sql
from linli.spine.action import reading
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import queries as catalogue
from linli.trade.shops import queries as shops
from linli.trade.stock import actions, queries
from linli.trade.stock.actions import Line, Receipt
from linli.trade.stock.rules import PLENTY, MovementKind

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=15)


def test_a_batch_comes_in_with_its_cost_which_only_its_shop_sees() -> None:
    milk, other = a_listing("牛奶"), a_shop()
    batch = actions.receive_batch(
        milk.shop.scope, variant=milk.variant, quantity=6, cost=Money(450), expires_at=AT + timedelta(days=7), at=AT
    )
    (line,) = queries.batches(milk.shop.scope, variant=milk.variant)
    assert (line.batch, line.remaining, line.cost) == (batch, 6, Money(450))
    with pytest.raises(NotFound):
        queries.batches(other.scope, variant=milk.variant)
    with reading(other.scope):
        shops.my_shops(other.scope)  # raises the walls of this scope
        assert sql.fetch("SELECT cost_minor FROM stock_batch_cost") == []
    with reading(SYSTEM):
        shops.my_shops(SYSTEM)
        ((said,),) = sql.fetch("SELECT said::text FROM spine_audit WHERE action = 'stock.receive_batch'")
    assert str(milk.variant) in said
    assert "450" not in said


@pytest.mark.parametrize(
    "receipt",
    [{"quantity": 0}, {"quantity": -3}, {"cost": Money(-1)}, {"expires_at": AT}, {"quantity": 1_000_001}],
)
def test_a_batch_that_cannot_be_is_refused(receipt: dict[str, object]) -> None:
    rice = a_listing("大米")
    with pytest.raises(Invalid):
        actions.receive_batch(rice.shop.scope, **{"variant": rice.variant, "quantity": 5, "at": AT} | receipt)  # type: ignore[arg-type]
    assert queries.available(variants=[rice.variant], at=AT) == {rice.variant: 0}


def test_many_batches_come_in_with_three_statements() -> None:
    shop = a_shop()
    listed = [a_listing(shop=shop).variant for _ in range(20)]
    with budget(3):  # begin, whose variants, receive
        actions.receive_batches(shop.scope, receipts=[Receipt(variant=v, quantity=9) for v in listed], at=AT)
    assert set(queries.available(variants=listed, at=AT).values()) == {9}


def test_a_count_writes_the_difference_and_never_goes_below_what_is_held() -> None:
    rice = a_listing("大米", stock=10)
    actions.reserve(SYSTEM, lines=(Line(OrderId(ids.new()), rice.variant, 4),), until=LATER, at=AT)
    assert actions.count_stock(rice.shop.scope, variant=rice.variant, counted=7, why="盘点", at=AT) == -3
    assert actions.count_stock(rice.shop.scope, variant=rice.variant, counted=9, at=AT) == 2
    with pytest.raises(actions.ReservedGoods) as refused:
        actions.count_stock(rice.shop.scope, variant=rice.variant, counted=3, at=AT)
    assert refused.value.values == {"reserved": 4}
    (line,) = queries.stock_of_shop(rice.shop.scope, shop=rice.shop.id, at=AT)
    assert (line.on_hand, line.reserved, line.sellable) == (9, 4, 5)
    book = queries.movements(rice.shop.scope, variant=rice.variant)
    assert [(m.kind, m.quantity) for m in book] == [
        (MovementKind.COUNT, 2),
        (MovementKind.COUNT, -3),
        (MovementKind.RECEIPT, 10),
    ]


def test_the_shelf_says_of_each_variant_what_the_stock_says() -> None:
    shop = a_shop()
    milk, rice = a_listing("牛奶", shop=shop, labels=("250 ml", "1 l")), a_listing("大米", shop=shop)
    noodles = a_listing("面条", shop=shop, kind="prepared")
    actions.receive_batch(shop.scope, variant=milk.variant, quantity=5, expires_at=AT + timedelta(days=1), at=AT)
    actions.receive_batch(shop.scope, variant=milk.variant, quantity=9, at=AT)
    actions.reserve(SYSTEM, lines=(Line(OrderId(ids.new()), milk.variant, 2),), until=LATER, at=AT)
    for at, of_milk in ((AT, 12), (AT + timedelta(days=1), 7)):
        page = catalogue.shelf(community=shop.community.id, left=queries.left_of_each(at=at))
        left = {each.variant: each.left for listing in page.listings for each in listing.variants}
        assert left == queries.available(variants=list(left), at=at)
        wanted = {milk.variant: of_milk, milk.variants[1]: 0, rice.variant: 0, noodles.variant: PLENTY}
        assert left == wanted
        found = catalogue.shelf(community=shop.community.id, words="牛奶", left=queries.left_of_each(at=at))
        assert [each.left for each in found.listings[0].variants] == [of_milk, 0]
        few = catalogue.shelf(community=shop.community.id, left=queries.left_of_each(at=at, most=6))
        shown = {each.variant: each.left for listing in few.listings for each in listing.variants}
        assert shown == {variant: min(pieces, 6) for variant, pieces in wanted.items()}


def test_found_goods_that_nobody_booked_open_a_level() -> None:
    rice = a_listing("大米")
    assert actions.count_stock(rice.shop.scope, variant=rice.variant, counted=5, at=AT) == 5
    assert queries.available(variants=[rice.variant], at=AT) == {rice.variant: 5}


def test_a_write_off_takes_the_named_batch_all_or_nothing_with_its_reason() -> None:
    milk = a_listing("牛奶").with_stock(5, expires_in=timedelta(days=2)).with_stock(5, expires_in=timedelta(days=9))
    late = queries.batches(milk.shop.scope, variant=milk.variant)[1].batch
    scope, variant = milk.shop.scope, milk.variant
    actions.write_off(scope, variant=variant, quantity=2, why="破损", batch=late, at=AT)
    with pytest.raises(actions.NotThatMany):
        actions.write_off(scope, variant=variant, quantity=4, why="破损", batch=late, at=AT)
    with pytest.raises(Invalid):
        actions.write_off(scope, variant=variant, quantity=1, why=" ", at=AT)
    with pytest.raises(NotFound):
        actions.write_off(a_shop().scope, variant=variant, quantity=1, why="x", at=AT)
    assert [b.remaining for b in queries.batches(scope, variant=variant)] == [5, 3]


def test_holding_and_serving_cost_one_statement_each_beside_the_frame() -> None:
    rice, oil = a_listing("大米", stock=9), a_listing("油", stock=9)
    order = OrderId(ids.new())
    lines = (Line(order, rice.variant, 1), Line(order, oil.variant, 2))
    with budget(2):
        actions.reserve(SYSTEM, lines=lines, until=LATER, at=AT)
    with budget(2):
        actions.keep(SYSTEM, orders=(order,))
    with budget(2):
        actions.take(SYSTEM, orders=(order,), at=AT)
    with budget(1):
        queries.available(variants=[rice.variant, oil.variant], at=AT)
