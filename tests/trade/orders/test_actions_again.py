"""Ordering again fills the basket with what is still sold, and names the rest."""

from __future__ import annotations

import pytest

from builders import AT, a_home, a_listing, a_shop
from builders.corner import a_corner
from builders.orders import an_order
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import GroupDraft, OptionDraft
from linli.trade.orders import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def corner():
    return a_corner()


def basket(corner):
    page = queries.basket_page(corner.scope, community=corner.community.id, at=AT)
    return sorted((line.title["en"], line.quantity, line.net.minor) for shop in page.shops for line in shop.lines)


def again(corner, order):
    return actions.order_again(corner.scope, order=order.id, at=AT)


def test_what_is_still_sold_goes_into_the_basket_at_the_prices_of_now(corner):
    order = an_order(corner.tomatoes, 3, home=corner.home, at=AT)
    catalogue.set_price(corner.greengrocer.scope, variant=corner.tomatoes.variant, price=Money(700), at=AT)
    done = again(corner, order)
    assert (done.put, done.missing) == (1, ())
    assert basket(corner) == [("Tomatoes", 3, 2100)]


def test_what_is_not_to_be_had_is_named_and_left_out(corner):
    gone = an_order(corner.tomatoes, home=corner.home, at=AT)
    catalogue.unlist(corner.greengrocer.scope, listing=corner.tomatoes.id, at=AT)
    assert [names["en"] for names in again(corner, gone).missing] == ["Tomatoes"]
    held = an_order(corner.bread, 3, home=corner.home, at=AT)  # the last three are held for the order itself
    assert again(corner, held).put == 0
    assert basket(corner) == []


def test_no_more_than_there_is_goes_into_the_basket(corner):
    order = an_order(corner.bread, 2, home=corner.home, at=AT)
    assert again(corner, order).put == 1
    assert basket(corner) == [("Loaf", 1, 1200)]


def test_options_come_along_and_one_that_is_over_leaves_its_dish_out():
    home = a_home().with_owner()
    shop = a_shop(community=home.community).open_around_the_clock()
    size = GroupDraft(
        name={"zh": "份量", "en": "Size"},
        least=1,
        most=1,
        options=(OptionDraft(name={"zh": "大", "en": "Large"}, price=Money(300)),),
    )
    dish = a_listing("面", en="Noodles", shop=shop, price="18.00", kind="prepared", groups=(size,), stock=9)
    order = an_order(dish, options=dish.options, home=home, at=AT)
    assert actions.order_again(home.scope, order=order.id, at=AT).put == 1
    (line,) = queries.basket_page(home.scope, community=home.community.id, at=AT).shops[0].lines
    assert ([choice.name["en"] for choice in line.choices], line.net.minor) == (["Large"], 2100)
    catalogue.set_choices(shop.scope, listing=dish.id, groups=(), at=AT)
    assert actions.order_again(home.scope, order=order.id, at=AT).put == 0


def test_an_order_of_somebody_else_is_not_repeated(corner):
    order = an_order(corner.bread, home=corner.home, at=AT)
    with pytest.raises(NotFound):
        actions.order_again(a_corner().scope, order=order.id, at=AT)
