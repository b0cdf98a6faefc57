"""The next basket of a home: its own habit from three visits on, and what neighbours like; never what tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing, a_shop
from builders.orders import an_order
from builders.replenish import asked, bought
from linli.insight.replenish import actions, models, queries
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import Kind
from linli.trade.orders import queries as orders
from linli.trade.shops.rules import ShopKind

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=70)


@pytest.fixture
def rice():
    return a_listing("东北大米 5kg", shop=a_shop().open_around_the_clock(), stock=1000)


@pytest.fixture
def home(rice):
    return asked(a_home(community=rice.shop.community).with_owner())


def a_thing(rice, name, **how):
    return a_listing(name, shop=rice.shop, stock=1000, **how)


def proposed(home):
    return queries.next_basket(home.scope, home=home.id, at=NOW)


def test_two_visits_are_no_habit_and_three_are(home, rice):
    bought(rice, home, [0, 34])
    assert (proposed(home).visits, proposed(home).repeat) == (2, ())

    bought(rice, home, [68], quantity=2)

    (slot,) = proposed(home).repeat
    assert (slot.variant, slot.times, slot.every_days, slot.quantity) == (rice.variant, 3, 34, 2)
    assert slot.last_on == (AT + timedelta(days=68)).date()


def test_it_goes_into_the_basket_in_one_tap_and_only_what_was_proposed(home, rice):
    other = a_thing(rice, "红豆")
    bought(rice, home, [0, 34, 68], quantity=2)

    community, put = actions.take_next_basket(home.scope, home=home.id, variants=[rice.variant, other.variant], at=NOW)

    assert (community, put) == (home.community.id, 1)
    (shop,) = orders.basket_page(home.scope, community=community, at=NOW).shops
    assert [(line.variant, line.quantity) for line in shop.lines] == [(rice.variant, 2)]


def test_without_consent_nothing_is_looked_at_and_nothing_taken(rice):
    silent = a_home(community=rice.shop.community).with_owner()
    bought(rice, silent, [0, 34, 68])
    page = proposed(silent)
    assert (page.is_asked, page.visits, page.repeat, page.explore) == (False, 0, (), ())
    with pytest.raises(NotFound):
        actions.take_next_basket(silent.scope, home=silent.id, at=NOW)


def test_a_neighbour_sees_nothing_of_it(home, rice):
    neighbour = a_home(community=rice.shop.community).with_owner()
    with pytest.raises(NotFound):
        queries.next_basket(neighbour.scope, home=home.id, at=NOW)


@pytest.mark.parametrize("title", ["感冒灵颗粒", "婴儿纸尿裤", "避孕套", "Vitamins 60 tablets"])
def test_what_tells_of_a_person_is_never_proposed(home, rice, title):
    thing = a_thing(rice, title)
    bought(thing, home, [0, 34, 68])
    assert proposed(home).repeat == ()


def test_nothing_of_a_pharmacy_is_proposed(home, rice):
    pharmacy = a_shop(community=rice.shop.community, kind=ShopKind.PHARMACY).open_around_the_clock()
    thing = a_listing("棉签 100支", shop=pharmacy, stock=100)
    bought(thing, home, [0, 34, 68])
    assert proposed(home).repeat == ()


def test_new_things_are_those_of_three_homes_at_least_and_never_bought_here(home, rice):
    pears, plums = a_thing(rice, "香梨", kind=Kind.FRESH), a_thing(rice, "李子", kind=Kind.FRESH)
    bought(rice, home, [60])
    for nth in range(3):
        neighbour = a_home(community=rice.shop.community).with_owner()
        for thing in (rice, pears, plums)[: 3 if nth < 2 else 2]:
            an_order(thing, 1, home=neighbour, at=AT + timedelta(days=60)).completed()

    assert [(slot.variant, slot.homes) for slot in proposed(home).explore] == [(pears.variant, 3)]


def test_no_price_and_no_offer_moves_a_place(home, rice):
    oil = a_thing(rice, "花生油 5L")
    bought(oil, home, [0, 34, 68])
    bought(rice, home, [1, 35, 36, 69])
    before = [slot.variant for slot in proposed(home).repeat]

    catalogue.set_price(oil.shop.scope, variant=oil.variant, price=Money(1), at=NOW)

    assert before == [rice.variant, oil.variant]
    assert [slot.variant for slot in proposed(home).repeat] == before


def test_what_somebody_said_never_to_ask_about_is_left_out(home, rice):
    bought(rice, home, [0, 34, 68])
    models.State.objects.inside().filter(commodity="rice").update(is_refused=True)
    assert proposed(home).repeat == ()


def test_what_was_bought_elsewhere_is_a_habit_too(home, rice):
    days = [(NOW - timedelta(days=ago)).date() for ago in (10, 20, 30)]
    told = [actions.Told("rice", day, rice.variant) for day in days]
    actions.tell_bought(home.scope, home=home.id, told=told, at=NOW)
    (slot,) = proposed(home).repeat
    assert (slot.variant, slot.every_days) == (rice.variant, 10)


def test_another_brand_of_what_the_home_buys_is_not_new_to_it(home, rice):
    other_rice, pears = a_thing(rice, "泰国香米 5kg"), a_thing(rice, "香梨", kind=Kind.FRESH)
    bought(rice, home, [60])
    for _ in range(3):
        neighbour = a_home(community=rice.shop.community).with_owner()
        for thing in (other_rice, pears):
            an_order(thing, 1, home=neighbour, at=AT + timedelta(days=60)).completed()

    assert [slot.variant for slot in proposed(home).explore] == [pears.variant]
