"""Standing orders that place themselves: once, in the buyer's name, at about the agreed price, or they ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.replenish import a_good, asked
from linli.ground.places import queries as places
from linli.insight.replenish import actions, models, queries, rules, tasks
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.reach.notify.models import Message
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions as catalogue
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import OrderState
from linli.trade.shops import actions as shops

pytestmark = pytest.mark.django_db
DUE = AT + timedelta(days=20)


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    home = asked(a_home(community=rice.shop.community).with_owner())
    told = [actions.Told("rice", places.day_in(home.community.id, AT), rice.variant, 2)]
    actions.tell_bought(home.scope, home=home.id, told=told, at=AT)
    return home


def begun(home, pays=rules.Pays.ASK):
    return actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=20, pays=pays, at=AT)


def placed(home):
    return orders.my_orders(home.scope)


def card(home):
    (found,) = queries.my_page(home.scope).standing
    return found


def test_a_due_turn_is_ordered_once_and_tells_what_to_pay(home):
    begun(home)
    assert tasks.place_standing(at=DUE - timedelta(days=1)) == 0

    assert [tasks.place_standing(at=DUE) for _ in range(2)] == [1, 0]

    (order,) = placed(home)
    assert (order.state, order.pieces) == (OrderState.PLACED, 2)
    assert (card(home).next_on, card(home).last.total) == (
        places.day_in(home.community.id, AT) + timedelta(40),
        order.total,
    )
    assert Message.objects.filter(template="standing_placed", party=home.owner).count() == 1
    assert queries.my_page(home.scope).proposals == ()


def test_with_cash_agreed_it_goes_to_the_shop_at_once(home, rice):
    shops.set_cash(rice.shop.scope, shop=rice.shop.id, takes_cash=True, at=AT)
    begun(home, rules.Pays.DOOR)
    assert tasks.place_standing(at=DUE) == 1
    assert [order.state for order in placed(home)] == [OrderState.PROMISED]
    assert card(home).last.pay_before is None


def test_a_shop_that_takes_no_cash_is_asked_about_and_nothing_is_ordered(home):
    begun(home, rules.Pays.DOOR)
    assert tasks.place_standing(at=DUE) == 0
    assert placed(home) == ()
    (proposal,) = queries.my_page(home.scope).proposals
    assert (proposal.is_standing, proposal.quantity) == (True, 2)
    assert models.Turn.objects.inside().get().why == "orders.CashNotTaken"


def test_a_price_that_rose_by_more_than_a_tenth_is_asked_about(home, rice):
    begun(home)
    agreed = models.Standing.objects.inside().get().agreed_minor
    catalogue.set_price(rice.shop.scope, variant=rice.variant, price=Money(agreed * 11 // 10 + 1), at=AT)

    assert [tasks.place_standing(at=DUE) for _ in range(2)] == [0, 0]

    assert placed(home) == ()
    assert card(home).last.checkout is None
    assert len(queries.my_page(home.scope).proposals) == 1
    assert Message.objects.filter(template="standing_asks", party=home.owner).count() == 1


def test_stock_that_ran_out_is_asked_about(home, rice):
    begun(home)
    catalogue.unlist(rice.shop.scope, listing=rice.id, at=AT)
    assert tasks.place_standing(at=DUE) == 0
    assert models.Turn.objects.inside().get().why == "replenish.NotSoldAnyMore"


def test_a_worker_that_dies_in_the_middle_leaves_neither_a_turn_nor_an_order(home, monkeypatch):
    standing = begun(home)

    class Killed(BaseException):
        """As a process ends that is killed: nobody catches it."""

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr("linli.insight.replenish.actions.placing.notify.queue_message", die)
        with pytest.raises(Killed):
            actions.place_turn(SYSTEM, standing=standing, at=DUE)
    assert (placed(home), models.Turn.objects.inside().count()) == ((), 0)

    assert tasks.place_standing(at=DUE) == 1
    assert len(placed(home)) == 1


def test_skipped_and_paused_turns_are_not_ordered(home):
    standing = begun(home)
    actions.skip_turn(home.scope, standing=standing, at=AT)
    assert tasks.place_standing(at=DUE) == 0
    actions.pause_standing(home.scope, standing=standing, at=AT)
    assert tasks.place_standing(at=DUE + timedelta(days=30)) == 0
    with pytest.raises(WrongState):
        actions.skip_turn(home.scope, standing=standing, at=DUE)


def test_the_community_that_is_asked_first_is_left_to_its_own_yes(home):
    begun(home, rules.Pays.CONFIRM)
    assert tasks.place_standing(at=DUE) == 0
    assert placed(home) == ()


@pytest.mark.parametrize(("now", "risen"), [(100, False), (110, False), (111, True), (50, False)])
def test_a_tenth_more_is_about_the_same(now, risen):
    assert rules.has_risen(100, now, percent=10) is risen
