"""Orders in lockers: fetched by who stands before the cabinet, moved to the desk after their time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_community, a_company, a_listing, a_person, a_shop
from builders.delivery import a_zone
from builders.orders import an_order
from harness.payments_words import as_the_house
from linli.kernel.refusals import NotFound
from linli.reach.handover.rules import Redeemed
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import gateways
from linli.reach.lockers.rules import Size
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery.events import TaskDone
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import actions, queries, reactions
from linli.trade.orders.actions import DoorStuck, NotThisCabinet
from linli.trade.orders.rules import OrderState

pytestmark = pytest.mark.django_db


@pytest.fixture
def machines(monkeypatch):
    stood = gateways.EmbeddedCabinets()
    monkeypatch.setattr(gateways, "cabinets", lambda: stood)
    return stood


@pytest.fixture
def order(machines):
    rice = a_listing(shop=a_shop().open_around_the_clock().pooling(), price="20.00", stock=20)
    a_zone(rice.shop.community)
    made = an_order(rice, drop_off=DropOff.SHELF).paid().accepted().ready()
    as_the_house("UPDATE orders_order SET drop_off = 'locker' RETURNING id")
    return made.later(minutes=20)


@pytest.fixture
def desk(order):
    return Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(order.page.community,))


def told(template):
    return as_the_house("SELECT count(*) FROM notify_message WHERE template = %s", template)[0][0]


def done(order, *, spot="A 01", drop_off="locker"):
    fact = TaskDone(
        task=a_person(), order=order.id, courier=a_person(), proof="door_event", spot=spot, drop_off=drop_off,
        at=order.at,
    )  # fmt: skip
    reactions.note_done([fact])


@pytest.fixture
def waiting(order, desk):
    community = order.page.community
    lockers.keep_cabinet(desk, community=community, label="A", machine="m", compartments={Size.SMALL: 1}, at=AT)
    lockers.take(SYSTEM, community=community, subject=order.id, size=Size.SMALL, at=order.at)
    lockers.note_shut(SYSTEM, subject=order.id, at=order.at)
    done(order)
    return order


@pytest.fixture
def sign(waiting):
    return as_the_house("SELECT sign FROM lockers_cabinet")[0][0]


def taken():
    return as_the_house("SELECT subject IS NOT NULL FROM lockers_compartment")[0][0]


def test_who_stands_before_the_cabinet_has_the_door_opened_and_the_order_is_complete(waiting, sign, machines):
    assert (waiting.state, waiting.page.spot, told("order_left")) == (OrderState.AT_PICKUP_POINT, "A 01", 1)
    spot = actions.open_own_locker(waiting.buyer, order=waiting.id, sign=f" {sign} ", at=waiting.at)
    assert (spot, machines.opened, waiting.state, taken()) == ("A 01", [("m", 1)], OrderState.COMPLETED, False)
    with pytest.raises(NotFound):
        actions.open_own_locker(waiting.buyer, order=waiting.id, sign=sign, at=waiting.at)


def test_whoever_is_elsewhere_or_is_not_its_buyer_opens_nothing(waiting, sign, machines):
    wrong = "0000" if sign != "0000" else "1111"
    with pytest.raises(NotThisCabinet):
        actions.open_own_locker(waiting.buyer, order=waiting.id, sign=wrong, at=waiting.at)
    stranger = Scope(role=Role.RESIDENT, person=a_person(), communities=waiting.buyer.communities)
    with pytest.raises(NotFound):
        actions.open_own_locker(stranger, order=waiting.id, sign=sign, at=waiting.at)
    assert (machines.opened, waiting.state, taken()) == ([], OrderState.AT_PICKUP_POINT, True)


def test_a_door_that_does_not_open_leaves_the_order_where_it_is_and_its_code_good(waiting, sign, machines, desk):
    machines.silent = {"m"}
    with pytest.raises(DoorStuck):
        actions.open_own_locker(waiting.buyer, order=waiting.id, sign=sign, at=waiting.at)
    assert (waiting.state, taken()) == (OrderState.AT_PICKUP_POINT, True)
    answer = actions.hand_out_order(desk, order=waiting.id, code=waiting.page.code, at=waiting.at)
    assert (answer, waiting.state, taken()) == (Redeemed.OK, OrderState.COMPLETED, False)


def test_a_door_that_sticks_is_out_of_order_and_the_desk_takes_the_order_out_with_the_key(
    waiting, sign, machines, desk
):
    machines.stuck = {("m", 1)}
    with pytest.raises(DoorStuck):
        actions.open_own_locker(waiting.buyer, order=waiting.id, sign=sign, at=waiting.at)
    with pytest.raises(DoorStuck):
        actions.open_to_move(desk, order=waiting.id, at=waiting.at)
    assert (waiting.state, taken()) == (OrderState.AT_PICKUP_POINT, True)
    assert actions.open_to_move(desk, order=waiting.id, by_key=True, at=waiting.at) == "A 01"
    assert (waiting.page.drop_off, told("order_at_desk"), taken()) == (DropOff.DESK, 1, False)
    community = waiting.page.community
    assert lockers.take(SYSTEM, community=community, subject=a_person(), size=Size.SMALL, at=waiting.at) is None


def test_after_its_time_there_the_desk_takes_it_out_and_its_buyer_is_told(waiting, desk, machines):
    late = waiting.at + timedelta(hours=25)
    ((due_at,),) = as_the_house("SELECT due_at FROM lockers_compartment")
    assert due_at == waiting.at + timedelta(hours=24)
    code = waiting.page.code
    assert actions.open_to_move(desk, order=waiting.id, at=late) == "A 01"
    (shown,) = queries.at_points(desk)
    assert (shown.drop_off, shown.spot, waiting.page.code) == (DropOff.DESK, "", code)
    assert (told("order_at_desk"), taken(), machines.opened) == (1, False, [("m", 1)])
    other = Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(a_community().id,))
    with pytest.raises(NotFound):
        actions.open_to_move(other, order=waiting.id, at=late)


def test_of_what_was_left_elsewhere_than_asked_for_the_buyer_is_told(order):
    done(order, spot="B-03", drop_off="shelf")
    assert (order.page.drop_off, order.page.spot) == (DropOff.SHELF, "B-03")
    assert (told("order_left"), told("order_left_elsewhere")) == (0, 1)
