"""Figures asked of orders, the stock book and couriers: for whom, of what, and never of whom."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from builders import AT, a_city, a_community, a_home, a_listing, a_shop
from builders.couriers import OPERATOR
from builders.orders import an_order, climb
from harness.budget import budget
from linli.insight.dashboards import queries
from linli.insight.dashboards.rules import Reason, Segment, Verdict
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as ordered
from linli.trade.orders.rules import Fulfilment, RefundAsk
from linli.trade.shops import actions as shops
from linli.trade.stock import actions as stock
from linli.trade.stock import queries as stocked

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(weeks=6)
SINCE = AT - timedelta(days=1)


@pytest.fixture
def rice():
    shop = a_shop().open_around_the_clock()
    return a_listing("大米", en="Rice", shop=shop, price="10.00").with_stock(100, cost="6.00")


@pytest.fixture
def home(rice):
    return a_home(community=rice.shop.community).with_owner()


def bought(rice, home, quantity, after):
    done = an_order(rice, quantity, home=home, at=AT + timedelta(days=after)).completed()
    climb(done.at)
    return done


def carried(rice, **how):
    page = queries.what_to_carry(rice.shop.scope, shop=rice.shop.id, at=LATER, **how)
    return {line.variant: line for line in page.lines}[rice.variant]


def test_a_good_is_reckoned_from_its_orders_and_its_stock_book(rice, home):
    bought(rice, home, 3, 0)
    bought(rice, home, 2, 10)
    stock.write_off(rice.shop.scope, variant=rice.variant, quantity=1, why="破袋", at=AT + timedelta(days=11))
    an_order(rice, 4, home=home, at=AT + timedelta(days=12)).paid()  # on its way: not sold yet

    line = carried(rice)

    assert (line.units, line.net, line.here, line.lost) == (5, Money(50_00), 94, 1)
    assert (line.worth.cost, line.worth.loss) == (Money(30_00), Money(6_00))
    assert line.worth.commission == Money(50_00) - merchants_part(rice)
    assert line.worth.margin == Money(50_00) - line.worth.commission - Money(30_00) - Money(6_00) - line.worth.delivery
    assert line.days == pytest.approx(4.0, abs=0.1)  # three at once, two after ten days


def merchants_part(rice) -> Money:
    (sold,) = ordered.sold_here(
        rice.shop.scope, shop=rice.shop.id, communities=[rice.shop.community.id], start=SINCE, end=LATER
    )
    return sold.merchant


def test_what_came_back_was_not_sold_and_its_price_is_nobodys(rice, home):
    order = bought(rice, home, 4, 0)
    (line,) = order.lines
    ask = RefundAsk(line=line.line, quantity=1)
    orders.grant_refund(rice.shop.scope, order=order.id, lines=(ask,), reason="坏了", restock=True, at=order.at)

    after = carried(rice)

    assert (after.units, after.net, after.worth.cost, after.here) == (3, Money(30_00), Money(18_00), 97)


def test_own_ways_count_with_what_buyers_paid_for_them(rice, home):
    rice.shop.delivering(fee="4.00")
    done = an_order(rice, 1, home=home, fulfilment=Fulfilment.SHOP_DELIVERY, at=AT).paid().accepted().ready()
    climb(done.dispatched().handed_over().at)

    assert carried(rice, trip=Money(9_00)).worth.delivery == Money(5_00)
    assert carried(rice, trip=Money.zero).worth.delivery == Money(-4_00)


def test_what_has_no_purchase_price_has_no_margin(home, rice):
    salt = a_listing("盐", en="Salt", shop=rice.shop, price="2.00").with_stock(50)
    for day in range(0, 30, 3):
        bought(salt, home, 2, day)

    line = carried(salt)

    assert (line.worth.margin, line.worth.cost, line.worth.reason) == (None, None, Reason.NO_COST)


def test_what_stands_here_and_nobody_buys_is_to_be_dropped(rice):
    line = carried(rice)

    assert (line.units, line.here, line.worth.verdict, line.worth.reason) == (0, 100, Verdict.DROP, Reason.UNSOLD)


def test_few_homes_are_not_counted_before_anybody(rice, home):
    bought(rice, home, 1, 0)
    bought(rice, home, 1, 5)
    assert (carried(rice).homes, carried(rice).again) == (None, None)

    for _ in range(4):
        bought(rice, a_home(community=rice.shop.community).with_owner(), 1, 6)
    assert (carried(rice).homes, carried(rice).again) == (5, None)


def test_a_purchase_price_is_its_merchants_alone(rice, home):
    bought(rice, home, 1, 0)
    for scope in (a_shop().scope, home.scope, OPERATOR, SYSTEM):
        with pytest.raises(NotFound):
            queries.what_to_carry(scope, shop=rice.shop.id, at=LATER)
        with pytest.raises(NotFound):
            stocked.turnover(scope, shop=rice.shop.id, start=SINCE, end=LATER)
    figures = {field.name for field in fields(queries.CommunityFigures)}
    assert not {name for name in figures if "cost" in name or "margin" in name}


def test_a_community_of_another_zone_is_none_of_this_shop(rice):
    with pytest.raises(NotFound):
        queries.what_to_carry(rice.shop.scope, shop=rice.shop.id, community=a_community().id, at=LATER)


def test_a_hundred_goods_are_asked_in_as_many_statements_as_one(rice, home):
    bought(rice, home, 1, 0)
    carried(rice)
    with budget(6):
        carried(rice)
    for n in range(20):
        a_listing(f"商品{n}", en=f"Good {n}", shop=rice.shop, price="1.00").with_stock(5)
    with budget(6):
        carried(rice)


def test_a_shop_sees_its_own_buyers_by_how_they_buy_and_no_small_group(rice, home):
    community = rice.shop.community
    for _ in range(5):
        bought(rice, a_home(community=community).with_owner(), 1, 35)
    for day in (0, 5, 35):
        bought(rice, home, 1, day)

    (line,) = queries.segments_of_shop(rice.shop.scope, shop=rice.shop.id, at=LATER).lines

    assert line.community == community.id
    assert line.shown.of[Segment.LAPSING] == 0
    assert line.shown.of[Segment.NEW] is None  # five, with which the one that is too small is hidden
    assert line.shown.total == 6
    with pytest.raises(NotFound):
        queries.segments_of_shop(a_shop().scope, shop=rice.shop.id, at=LATER)


def test_a_community_is_told_to_the_platform_alone_with_its_shops(rice):
    for _ in range(5):
        bought(rice, a_home(community=rice.shop.community).with_owner(), 1, 35)
    page = queries.segments_of_community(OPERATOR, community=rice.shop.community.id, at=LATER)

    assert [(line.shop, line.shown.of[Segment.NEW]) for line in page.lines] == [(None, 5), (rice.shop.id, 5)]
    for scope in (rice.shop.scope, a_home().with_owner().scope):
        with pytest.raises(Denied):
            queries.segments_of_community(scope, community=rice.shop.community.id, at=LATER)
        with pytest.raises(Denied):
            queries.communities_in_numbers(scope, communities=[rice.shop.community.id], start=SINCE, end=LATER)
        with pytest.raises(Denied):
            queries.neighbours_joining(scope, community=rice.shop.community.id, at=LATER)


def test_a_community_in_numbers(rice):
    community = rice.shop.community
    homes = [a_home(community=community).with_owner() for _ in range(5)]
    for each in homes:
        bought(rice, each, 2, 0)
    bought(rice, homes[0], 10, 3)
    stock.write_off(rice.shop.scope, variant=rice.variant, quantity=5, why="破袋", at=AT + timedelta(days=4))
    empty = a_community()

    found, nothing = queries.communities_in_numbers(
        OPERATOR, communities=[community.id, empty.id], start=SINCE, end=LATER
    )

    assert (found.orders, found.homes, found.again_bp) == (6, 5, 2_000)
    assert found.basket == Money(round(200_00 / 6))
    assert found.waste_bp == 2_000  # twenty bought, five thrown away
    assert (found.brought, found.paid_each) == (0, None)  # the shop brings it itself
    assert (nothing.orders, nothing.homes, nothing.basket, nothing.waste_bp) == (0, None, None, None)


def test_a_period_without_orders_tells_nothing(rice, home):
    bought(rice, home, 1, 0)
    (found,) = queries.communities_in_numbers(
        OPERATOR, communities=[rice.shop.community.id], start=LATER, end=LATER + timedelta(days=28)
    )
    assert (found.orders, found.turnover) == (0, Money.zero)


def test_the_nearest_neighbour_is_planned_with_and_without(rice):
    from builders.delivery import a_zone

    zone = a_zone(rice.shop.community)
    page = queries.neighbours_joining(OPERATOR, community=rice.shop.community.id, at=LATER)

    assert page.here == (rice.shop.community.id,)
    assert page.shared is None  # it has its runs to itself
    assert zone.id
    assert all(line.community not in page.here for line in page.lines)
    assert all(line.orders >= 1 and line.is_supposed for line in page.lines)


def test_what_sharing_saves_already_is_reckoned_from_orders_that_were_brought():
    """Two communities of one zone, each with an order brought: a run for each against one for both."""
    from builders.delivery import a_zone

    city = a_city()
    one, other = a_community(city=city), a_community(city=city, lat=30.252)
    rice = a_listing("大米", shop=a_shop(community=one).open_around_the_clock().delivering(), stock=100)
    shops.set_terms(
        SYSTEM,
        shop=rice.shop.id,
        communities=[other.id],
        commission_bp=800,
        property_share_bp=4000,
        start_at=AT,
        at=AT,
    )
    a_zone(one, also=[other])
    homes = [a_home(community=each).with_owner() for each in (one, other)]

    def brought(home):
        way = an_order(rice, 1, home=home, fulfilment=Fulfilment.SHOP_DELIVERY, at=AT).paid().accepted().ready()
        climb(way.dispatched().handed_over().at)

    def page():
        return queries.neighbours_joining(OPERATOR, community=one.id, at=AT + timedelta(days=7))

    brought(homes[0])
    assert page().shared is None  # nobody shares yet
    brought(homes[1])

    shared = page().shared
    assert set(page().here) == {one.id, other.id}
    assert page().orders == 2
    assert shared.saving_fen == shared.here.fen + shared.neighbour.fen - shared.together.fen
    assert shared.is_better
    assert shared.together_each < shared.alone_each
