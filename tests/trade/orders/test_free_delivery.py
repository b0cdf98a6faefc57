"""From which basket a shared run is free: the same in the basket, at the lock and in the order."""

from __future__ import annotations

import pytest

from builders import AT, a_home
from builders.delivery import Zone, a_zone
from builders.orders import an_order
from harness.payments_words import as_the_house
from linli.ground.policies import actions as policies
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, queries
from trade.orders.test_slots import a_pooling_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    return a_pooling_listing()


@pytest.fixture
def zone(rice) -> Zone:
    return a_zone(rice.shop.community, drops=3)


def learnt(slot, fen: float) -> None:
    as_the_house(
        "INSERT INTO delivery_drop (slot_id, community, expected_fen, orders, fen)"
        " SELECT %s, community, %s, 0, 0 FROM delivery_zone_community RETURNING id",
        slot.slot, fen,
    )  # fmt: skip


def test_what_is_missing_until_a_run_is_free_is_the_same_in_the_basket_at_the_lock_and_in_the_order(rice, zone):
    home, first = a_home(community=zone.community).with_owner(), zone.slot()
    learnt(first, 375.5)
    where = {"community": home.community.id, "at": AT}
    actions.add_to_basket(home.scope, variant=rice.variant, **where)
    page = queries.basket_page(home.scope, **where)
    assert page.shared_run == queries.SharedRun(Money(38_00), Money(18_00))
    assert page.shops[0].delivery_fee == Money(2_00)
    quote = queries.quote(home.scope, checkout=actions.lock_checkout(home.scope, **where), at=AT).quote
    assert (quote.orders[0].delivery_fee, quote.orders[0].terms.free_delivery_from) == (Money(2_00), Money(38_00))
    actions.add_to_basket(home.scope, variant=rice.variant, **where)
    page = queries.basket_page(home.scope, **where)
    assert (page.shared_run, page.shops[0].delivery_fee) == (queries.SharedRun(Money(38_00), Money.zero), Money.zero)
    assert an_order(rice, 2, home=home).page.delivery_fee == Money.zero


def test_a_sum_that_the_operator_fixed_follows_nothing(rice, zone):
    learnt(zone.slot(), 375.5)
    policies.set_policy(
        SYSTEM, word="delivery", level="community", place=zone.community.id, values={"free_from_follows": False},
        start_at=AT, at=AT,
    )  # fmt: skip
    assert an_order(rice, 2).page.delivery_fee == Money(2_00)
