"""The basket, its lock, and placing what was locked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import AT, a_community, a_home, a_listing, a_shop
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.kernel import ids
from linli.kernel.ids import VariantId
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.queries import listing_page
from linli.trade.catalogue.rules import GroupDraft, OptionDraft, WrongChoices
from linli.trade.orders import actions, queries, rules
from linli.trade.orders.rules import Fulfilment
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import Closed, Suspended, opening

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def community():
    return a_community()


@pytest.fixture
def buyer(community):
    return a_home(community=community).with_owner()


@pytest.fixture
def rice(community):
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00", free_from="100.00")
    return a_listing("东北大米", shop=shop, price="29.00", stock=10)


@pytest.fixture
def flowers(community):
    return a_listing("百合", shop=a_shop(community=community).open_around_the_clock(), price="15.50", stock=10)


def add(home, listing, quantity=1, *, options=(), at=AT):
    actions.add_to_basket(
        home.scope,
        community=home.community.id,
        variant=listing.variant,
        quantity=quantity,
        options=options,
        at=at,
    )


def page(home, *, at=AT):
    return queries.basket_page(home.scope, community=home.community.id, at=at)


def lock(home, *, at=AT):
    actions.set_basket_home(home.scope, home=home.id, at=at)
    return actions.lock_checkout(home.scope, community=home.community.id, at=at)


def world():
    """What a refused placement must not change."""
    return as_the_house(
        "SELECT (SELECT count(*) FROM orders_order), (SELECT count(*) FROM orders_line),"
        " (SELECT count(*) FROM payments_collection), (SELECT count(*) FROM spine_fact),"
        " (SELECT sum(reserved) FROM stock_level), (SELECT count(*) FROM orders_basket_line)"
    )


def test_a_basket_holds_things_of_several_shops_at_the_prices_of_now(buyer, rice, flowers):
    add(buyer, rice, 2)
    add(buyer, flowers)
    add(buyer, rice)
    seen = page(buyer)
    assert [(s.name["zh"], str(s.goods), str(s.delivery_fee)) for s in seen.shops] == [
        (seen.shops[0].name["zh"], "87.00", "4.00"),
        (seen.shops[1].name["zh"], "15.50", "0.00"),
    ]
    assert [s.fulfilment for s in seen.shops] == [Fulfilment.SHOP_DELIVERY, Fulfilment.PICK_UP]
    assert [(line.title["zh"], line.quantity, line.left) for s in seen.shops for line in s.lines] == [
        ("东北大米", 3, 10),
        ("百合", 1, 10),
    ]
    assert (str(seen.total), seen.pieces) == ("106.50", 4)
    catalogue.set_price(rice.shop.scope, variant=rice.variant, price=Money.parse("40.00"), at=AT)
    assert str(page(buyer).total) == "135.50"  # 120.00 and no fee any more, 15.50


def test_adding_asks_two_statements_and_the_page_five(buyer, rice):
    add(buyer, rice)
    with budget(2):  # begin, put; the policy was read a moment ago
        add(buyer, rice)
    with budget(5):  # walls, basket, prices, stock, terms
        page(buyer)


def test_lines_are_changed_and_removed(buyer, rice, flowers):
    add(buyer, rice)
    add(buyer, flowers)
    first, second = (line.line for s in page(buyer).shops for line in s.lines)
    community = buyer.community.id
    actions.change_basket_line(buyer.scope, community=community, line=first, quantity=5, at=AT)
    actions.remove_basket_line(buyer.scope, community=community, line=second, at=AT)
    actions.remove_basket_line(buyer.scope, community=community, line=second, at=AT)
    assert [line.quantity for s in page(buyer).shops for line in s.lines] == [5]
    with pytest.raises(NotFound):
        actions.change_basket_line(buyer.scope, community=community, line=second, quantity=5, at=AT)


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_quantity_that_nobody_can_order_is_refused(buyer, rice, quantity):
    before = world()
    with pytest.raises(Invalid) as refused:
        add(buyer, rice, quantity)
    assert refused.value.field == "quantity"
    assert world() == before


def test_more_than_the_limit_is_refused_also_in_two_steps(buyer, rice):
    add(buyer, rice, 60)
    with pytest.raises(Invalid):
        add(buyer, rice, 40)
    assert page(buyer).pieces == 60


def test_a_full_basket_takes_nothing_new(buyer, rice, flowers):
    policies.set_policy(
        SYSTEM,
        word="orders",
        level=Level.COMMUNITY,
        place=buyer.community.id,
        values={"basket_lines": 1},
        start_at=AT,
        at=AT,
    )
    add(buyer, rice)
    with pytest.raises(actions.BasketFull):
        add(buyer, flowers)
    add(buyer, rice)
    assert page(buyer).pieces == 2


def test_what_is_not_sold_here_does_not_get_into_the_basket(buyer):
    far = a_listing(stock=3)
    for variant in (far.variant, VariantId(ids.new())):
        with pytest.raises(actions.NotForSale):
            actions.add_to_basket(buyer.scope, community=buyer.community.id, variant=variant, at=AT)
    assert page(buyer).shops == ()


def test_somebody_elses_community_home_and_basket_do_not_exist(buyer, rice):
    other = a_home().with_owner()
    neighbour = a_home(community=buyer.community).with_owner()
    add(buyer, rice)
    (line,) = (line.line for s in page(buyer).shops for line in s.lines)
    with pytest.raises(NotFound):
        actions.add_to_basket(other.scope, community=buyer.community.id, variant=rice.variant, at=AT)
    with pytest.raises(NotFound):
        queries.basket_page(other.scope, community=buyer.community.id, at=AT)
    with pytest.raises(NotFound):
        actions.set_basket_home(buyer.scope, home=neighbour.id, at=AT)
    with pytest.raises(NotFound):
        actions.change_basket_line(neighbour.scope, community=buyer.community.id, line=line, quantity=9, at=AT)
    actions.remove_basket_line(neighbour.scope, community=buyer.community.id, line=line, at=AT)
    assert page(buyer).pieces == 1


def test_choices_of_a_dish_make_another_line_and_cost_what_they_say(buyer):
    shop = a_shop(community=buyer.community).open_around_the_clock()
    size = GroupDraft(
        name={"zh": "份量", "en": "Size"},
        least=1,
        most=1,
        options=(
            OptionDraft(name={"zh": "小", "en": "Small"}, price=Money.zero, minutes=0),
            OptionDraft(name={"zh": "大", "en": "Large"}, price=Money.parse("3.00"), minutes=2),
        ),
    )
    noodles = a_listing("牛肉面", shop=shop, price="18.00", kind="prepared", groups=(size,))
    small, large = noodles.options
    (group,) = listing_page(community=buyer.community.id, listing=noodles.id).groups
    add(buyer, noodles, options=(small,))
    add(buyer, noodles, 2, options=(large,))
    lines = [line for s in page(buyer).shops for line in s.lines]
    assert [(line.quantity, str(line.net)) for line in lines] == [(1, "18.00"), (2, "42.00")]
    for wrong in ((), (small, large), (large, large)):
        with pytest.raises(WrongChoices) as refused:
            add(buyer, noodles, options=wrong)
        assert refused.value.field == (f"options.{group}" if len(set(wrong)) == len(wrong) else "options")
    done = actions.place_checkout(buyer.scope, checkout=lock(buyer), at=LATER)
    (order,) = done.orders
    assert [o.name["en"] for line in queries.order_page(buyer.scope, order=order).lines for o in line.options] == [
        "Small",
        "Large",
    ]


def test_a_shown_price_is_kept_while_it_is_locked(buyer, rice):
    add(buyer, rice, 2)
    checkout = lock(buyer)
    shown = queries.quote(buyer.scope, checkout=checkout, at=AT)
    assert str(shown.total) == "62.00"
    assert shown.kept_until == AT + timedelta(minutes=10)
    catalogue.set_price(rice.shop.scope, variant=rice.variant, price=Money.parse("99.00"), at=AT)
    rice.shop.with_terms(commission_bp=5000, start_at=AT + timedelta(seconds=1))
    done = actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    assert done.total == shown.total
    order = queries.order_page(buyer.scope, order=done.orders[0])
    assert order.lines[0].stages == shown.quote.orders[0].lines[0].stages
    assert page(buyer).shops == ()
    with pytest.raises(NotFound):
        queries.quote(buyer.scope, checkout=checkout, at=LATER)


def test_a_checkout_of_two_shops_is_paid_once_and_placed_in_four_statements(buyer, rice, flowers):
    add(buyer, rice, 2)
    add(buyer, flowers)
    checkout = lock(buyer)
    with budget(4):  # begin, the locked quote, the shops' doors, one write
        done = actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    seen = queries.checkout_page(buyer.scope, checkout=checkout)
    assert seen.state is rules.CheckoutState.PAYING
    assert [o.order for o in seen.orders] == list(done.orders)
    assert [str(o.total) for o in seen.orders] == ["62.00", "15.50"]
    assert [o.number for o in seen.orders] == sorted({o.number for o in seen.orders})
    assert seen.orders[0].number.startswith("LO-260302-")
    assert (seen.collection, str(seen.total)) == (done.collection, "77.50")
    assert as_the_house("SELECT sum(reserved)::int FROM stock_level") == [(3,)]


def test_a_lock_that_ran_out_is_not_placed(buyer, rice):
    add(buyer, rice)
    checkout = lock(buyer)
    before = world()
    with pytest.raises(actions.LockExpired):
        actions.place_checkout(buyer.scope, checkout=checkout, at=AT + timedelta(minutes=10))
    assert world() == before
    assert actions.expire_locks(SYSTEM, at=AT + timedelta(minutes=10)) == 1
    with pytest.raises(actions.LockExpired):
        actions.place_checkout(buyer.scope, checkout=checkout, at=AT + timedelta(minutes=10))
    assert page(buyer).pieces == 1


def test_another_basket_than_the_one_shown_is_not_placed(buyer, rice, flowers):
    add(buyer, rice)
    checkout = lock(buyer)
    add(buyer, flowers)
    before = world()
    with pytest.raises(actions.BasketChanged):
        actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    assert world() == before


def test_locking_again_ends_the_earlier_lock(buyer, rice):
    add(buyer, rice)
    first = lock(buyer)
    second = lock(buyer)
    assert page(buyer).locked == second
    with pytest.raises(actions.LockExpired):
        actions.place_checkout(buyer.scope, checkout=first, at=LATER)


def test_a_checkout_is_placed_once(buyer, rice):
    add(buyer, rice)
    checkout = lock(buyer)
    actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    before = world()
    with pytest.raises(WrongState):
        actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    assert world() == before


def test_somebody_elses_checkout_does_not_exist(buyer, rice):
    add(buyer, rice)
    checkout = lock(buyer)
    neighbour = a_home(community=buyer.community).with_owner()
    for ask in (
        lambda: actions.place_checkout(neighbour.scope, checkout=checkout, at=LATER),
        lambda: actions.cancel_checkout(neighbour.scope, checkout=checkout, at=LATER),
        lambda: queries.quote(neighbour.scope, checkout=checkout, at=LATER),
        lambda: queries.checkout_page(neighbour.scope, checkout=checkout),
    ):
        with pytest.raises(NotFound):
            ask()


def test_what_a_lock_needs(buyer, rice, flowers):
    with pytest.raises(actions.NothingToOrder):
        lock(buyer)
    add(buyer, rice, 11)
    with pytest.raises(actions.OutOfStock) as refused:
        lock(buyer)
    assert refused.value.field == "lines.0.quantity"
    homeless = a_home(community=buyer.community).with_owner()
    add(homeless, flowers)
    undecided = replace(homeless.scope, homes=(homeless.id, a_home(community=buyer.community).id))
    with pytest.raises(actions.NoHome):
        actions.lock_checkout(undecided, community=buyer.community.id, at=AT)
    actions.choose_fulfilment(
        homeless.scope,
        community=buyer.community.id,
        shop=flowers.shop.id,
        fulfilment=Fulfilment.SHOP_DELIVERY,
        at=AT,
    )
    with pytest.raises(actions.NoDelivery) as refused:
        lock(homeless)
    assert refused.value.field == f"shops.{flowers.shop.id}.fulfilment"


def test_a_shop_that_closes_after_the_lock_is_not_ordered_from(buyer, rice):
    add(buyer, rice)
    checkout = lock(buyer)
    shops.pause(rice.shop.scope, shop=rice.shop.id, until=AT + timedelta(hours=1), at=AT)
    before = world()
    with pytest.raises(Closed) as refused:
        actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    assert refused.value.field == f"shops.{rice.shop.id}"
    assert world() == before
    shops.suspend(SYSTEM, shop=rice.shop.id, why="证照过期", at=AT)
    before = world()
    with pytest.raises(Suspended):
        actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    assert world() == before


def test_goods_that_went_meanwhile_are_refused_and_nothing_is_held(buyer, rice, flowers):
    add(buyer, flowers)
    add(buyer, rice, 8)
    checkout = lock(buyer)
    quick = a_home(community=buyer.community).with_owner()
    add(quick, rice, 3)
    actions.place_checkout(quick.scope, checkout=lock(quick), at=AT)
    before = world()
    with pytest.raises(actions.OutOfStock) as refused:
        actions.place_checkout(buyer.scope, checkout=checkout, at=LATER)
    assert refused.value.field == "lines.1.quantity"
    assert refused.value.values["variant"] == str(rice.variant)
    assert world() == before


def test_a_window_is_kept_on_the_order_and_the_shop_has_to_be_open_when_it_begins(buyer, community):
    shop = a_shop(community=community).open(opening(0, "18:00", "22:00"))  # it is Monday, ten in the morning
    cake = a_listing("蛋糕", shop=shop, price="88.00", stock=1)
    add(buyer, cake)
    with pytest.raises(Closed):
        lock(buyer)
    evening = rules.Window(AT + timedelta(hours=9), AT + timedelta(hours=10))
    actions.choose_window(buyer.scope, community=community.id, window=evening, at=AT)
    assert page(buyer).window == evening
    done = actions.place_checkout(buyer.scope, checkout=lock(buyer), at=LATER)
    order = queries.order_page(buyer.scope, order=done.orders[0])
    assert (order.window_start, order.window_end) == (evening.start, evening.end)
    with pytest.raises(Invalid) as refused:
        actions.choose_window(buyer.scope, community=community.id, window=rules.Window(AT, AT), at=AT)
    assert refused.value.field == "window"


def test_home_and_window_open_a_basket_and_change_the_one_there_is(buyer, community):
    evening = rules.Window(AT + timedelta(hours=9), AT + timedelta(hours=10))
    actions.choose_window(buyer.scope, community=community.id, window=evening, at=AT)
    actions.set_basket_home(buyer.scope, home=buyer.id, at=AT)
    assert _kept(buyer) == (buyer.id, evening.start, evening.end, 2)
    actions.choose_window(buyer.scope, community=community.id, window=None, at=LATER)
    assert _kept(buyer) == (buyer.id, None, None, 3)


def test_a_home_opens_a_basket_without_a_window(buyer):
    actions.set_basket_home(buyer.scope, home=buyer.id, at=AT)
    assert _kept(buyer)[:3] == (buyer.id, None, None)


def _kept(buyer):
    """The home, the window and the version of the buyer's only basket, as the house sees them."""
    (row,) = as_the_house(
        "SELECT home, window_start, window_end, version FROM orders_basket WHERE person = %s", buyer.scope.person
    )
    return row


def test_a_shop_says_what_to_do_without_delivery(buyer, rice):
    add(buyer, rice)
    actions.choose_fulfilment(
        buyer.scope, community=buyer.community.id, shop=rice.shop.id, fulfilment=Fulfilment.PICK_UP, at=AT
    )
    assert str(page(buyer).total) == "29.00"
    assert str(queries.quote(buyer.scope, checkout=lock(buyer), at=AT).total) == "29.00"
