"""Proposals of a building come with one shared run: they say with which, and a yes takes its slot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.delivery import a_zone
from builders.replenish import a_good, asked, bought
from linli.ground.places import queries as places
from linli.insight.replenish import actions, models, queries, rules, tasks
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions as couriers
from linli.trade.delivery import queries as delivery
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import Fulfilment

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(days=137)


@pytest.fixture
def rice():
    return a_good()


def due(home, rice, *, on=1):
    """A home that buys rice every twenty days; it could come tomorrow."""
    asked(home)
    bought(rice, home, range(0, 140, 20))
    assert tasks.propose_due(at=DUE) == 1
    models.Proposal.objects.inside().filter(household__home=home.id).update(
        deliver_on=places.day_in(home.community.id, DUE) + timedelta(days=on)
    )
    (card,) = queries.my_page(home.scope).proposals
    return card


def pooled(rice):
    """Couriers bring the shop's goods in slots that are open by now."""
    a_zone(rice.shop.community)
    rice.shop.pooling()
    couriers.open_slots(SYSTEM, at=DUE)


def run_of(home, card):
    return queries.shared_runs(home.scope, at=DUE).get(card.proposal)


def test_a_proposal_names_the_first_run_of_its_day_and_a_yes_takes_it(rice):
    home = a_home(community=rice.shop.community).with_owner()
    card = due(home, rice)
    pooled(rice)

    run = run_of(home, card)
    slots = delivery.offered(community=home.community.id, at=DUE).slots
    of_day = [slot for slot in slots if places.day_in(home.community.id, slot.start_at) == card.deliver_on]
    assert run is not None
    assert (run.shop, run.start_at) == (rice.shop.id, of_day[0].start_at)

    done = actions.accept(home.scope, proposal=card.proposal, at=DUE)

    assert done.run == run
    page = orders.basket_page(home.scope, community=home.community.id, at=DUE)
    assert [shop.fulfilment for shop in page.shops] == [Fulfilment.POOLED]
    assert page.window is not None
    assert page.window.start == run.start_at


def test_neighbours_of_one_building_are_told_the_same_run(rice):
    first = a_home(community=rice.shop.community).with_owner()
    card = due(first, rice)
    second = a_home(community=rice.shop.community).with_owner()
    other = due(second, rice)
    pooled(rice)

    assert run_of(first, card).start_at == run_of(second, other).start_at


def test_what_the_shop_brings_itself_has_no_shared_run_and_is_ordered_as_ever(rice):
    home = a_home(community=rice.shop.community).with_owner()
    card = due(home, rice)
    a_zone(home.community)
    couriers.open_slots(SYSTEM, at=DUE)

    assert run_of(home, card) is None
    assert actions.accept(home.scope, proposal=card.proposal, at=DUE).run is None
    assert len(orders.basket_page(home.scope, community=home.community.id, at=DUE).shops) == 1


@pytest.mark.parametrize("on", [0, 30])
def test_a_day_without_an_open_slot_says_its_day_alone(rice, on):
    home = a_home(community=rice.shop.community).with_owner()
    card = due(home, rice, on=on if on else -1)
    pooled(rice)
    assert run_of(home, card) is None


def test_without_a_zone_nobody_is_promised_a_run(rice):
    home = a_home(community=rice.shop.community).with_owner()
    card = due(home, rice)
    rice.shop.pooling()
    assert run_of(home, card) is None


def standing(rice, every=137):
    """A home whose standing order for rice is due on the day of `DUE` and orders itself."""
    home = asked(a_home(community=rice.shop.community).with_owner())
    told = [actions.Told("rice", places.day_in(home.community.id, AT), rice.variant, 1)]
    actions.tell_bought(home.scope, home=home.id, told=told, at=AT)
    actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=every, pays=rules.Pays.ASK, at=AT)
    return home


def test_a_turn_that_orders_itself_takes_the_first_run_of_its_day_with_a_place_left(rice):
    home = standing(rice)
    pooled(rice)
    slots = delivery.offered(community=home.community.id, at=DUE).slots
    first = next(slot for slot in slots if slot.left)

    assert tasks.place_standing(at=DUE) == 1

    (order,) = orders.my_orders(home.scope)
    page = orders.order_page(home.scope, order=order.order)
    assert (page.fulfilment, page.slot, page.window_start) == (Fulfilment.POOLED, first.slot, first.start_at)
    assert places.day_in(home.community.id, first.start_at) - places.day_in(home.community.id, DUE) <= timedelta(days=1)


def test_a_turn_of_a_shop_that_brings_itself_takes_no_run(rice):
    home = standing(rice)
    assert tasks.place_standing(at=DUE) == 1
    (order,) = orders.my_orders(home.scope)
    assert orders.order_page(home.scope, order=order.order).slot is None


def test_a_stranger_sees_no_run(rice):
    home = a_home(community=rice.shop.community).with_owner()
    due(home, rice)
    pooled(rice)
    stranger = a_home(community=rice.shop.community).with_owner()
    assert queries.shared_runs(stranger.scope, at=DUE) == {}
