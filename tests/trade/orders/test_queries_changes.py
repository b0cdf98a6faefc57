"""A buyer whose prices are no longer kept is told what has changed: from what to what, gone, sold out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.corner import a_corner
from harness.payments_words import as_the_house
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions as catalogue
from linli.trade.orders import actions, queries
from linli.trade.orders.queries import ChangeKind
from linli.trade.shops import actions as shops
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db
LATE = AT + timedelta(minutes=11)


@pytest.fixture
def corner():
    return a_corner().filled()


def changes(corner, checkout, *, at=LATE):
    return queries.changes_since(corner.scope, checkout=checkout, at=at)


def told(found):
    return [(c.kind.value, c.title["en"], c.before and c.before.minor, c.after and c.after.minor) for c in found]


def test_when_nothing_changed_it_says_so_and_one_may_go_on(corner):
    checkout = corner.locked()
    seen = changes(corner, checkout)
    assert (seen.found, seen.before, seen.after, seen.can_go_on) == ((), Money(2960), Money(2960), True)


def test_a_price_is_told_from_what_to_what(corner):
    checkout = corner.locked()
    catalogue.set_price(corner.bakery.scope, variant=corner.bread.variant, price=Money(1350), at=AT)
    seen = changes(corner, checkout)
    assert told(seen.found) == [("price", "Loaf", 1200, 1350)]
    assert (seen.before.minor, seen.after.minor, seen.can_go_on) == (2960, 3110, True)


def test_what_is_in_the_way_comes_first(corner):
    checkout = corner.locked()
    catalogue.set_price(corner.greengrocer.scope, variant=corner.tomatoes.variant, price=Money(500), at=AT)
    stock.count_stock(corner.greengrocer.scope, variant=corner.tomatoes.variant, counted=1, why="eaten", at=AT)
    catalogue.unlist(corner.bakery.scope, listing=corner.bread.id, at=AT)
    seen = changes(corner, checkout)
    assert [c.kind for c in seen.found] == [ChangeKind.GONE, ChangeKind.FEWER, ChangeKind.PRICE]
    assert (seen.found[0].title["en"], seen.found[1].left) == ("Loaf", 1)
    assert not seen.can_go_on


def test_sold_out_and_closed_are_in_the_way(corner):
    checkout = corner.locked()
    stock.count_stock(corner.bakery.scope, variant=corner.bread.variant, counted=0, why="eaten", at=AT)
    shops.pause(corner.greengrocer.scope, shop=corner.greengrocer.id, until=AT + timedelta(hours=2), at=AT)
    assert [c.kind for c in changes(corner, checkout).found] == [ChangeKind.SOLD_OUT, ChangeKind.CLOSED]


def test_the_buyers_own_changes_are_told_too(corner):
    checkout = corner.locked()
    lines = {
        line.variant: line.line
        for shop in queries.basket_page(corner.scope, community=corner.community.id, at=AT).shops
        for line in shop.lines
    }
    actions.remove_basket_line(corner.scope, community=corner.community.id, line=lines[corner.bread.variant], at=AT)
    actions.change_basket_line(
        corner.scope, community=corner.community.id, line=lines[corner.tomatoes.variant], quantity=3, at=AT
    )
    with pytest.raises(actions.BasketChanged) as refused:
        actions.place_checkout(corner.scope, checkout=checkout, at=AT)
    assert refused.value.field == "checkout"
    assert told(changes(corner, checkout, at=AT).found) == [
        ("quantity", "Tomatoes", 1360, 2040),
        ("taken_out", "Loaf", 1200, None),
    ]


def test_what_was_shown_is_remembered_for_a_day(corner):
    checkout = corner.locked()
    assert actions.expire_locks(SYSTEM, at=LATE) == 1
    assert changes(corner, checkout).found == ()
    actions.expire_locks(SYSTEM, at=LATE + timedelta(days=1))
    assert changes(corner, checkout) is None
    assert as_the_house("SELECT count(*) FROM orders_checkout WHERE quote IS NOT NULL") == [(0,)]


def test_nobody_else_learns_of_it(corner):
    checkout = corner.locked()
    with pytest.raises(NotFound):
        queries.changes_since(a_corner().scope, checkout=checkout, at=AT)
