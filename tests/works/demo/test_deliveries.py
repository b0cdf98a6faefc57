"""Delivery by couriers in the demo's town: a zone, shops that share its runs, and orders in every state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from builders.orders import climb, collect
from linli.estate.parcels import queries as parcels
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.reach.lockers import queries as cabinets
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import queries
from linli.trade.delivery.queries import Wanted
from linli.trade.delivery.rules import DropOff, TaskState
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.rules import OrderState
from linli.trade.stock import actions as stock
from linli.works.clockwork import fates
from linli.works.clockwork.playing import Outing
from linli.works.clockwork.serving import Served
from linli.works.demo import couriers, deliveries, gate_and_service, settling, town, wishing
from linli.works.demo.shelves import Shelves
from linli.works.demo.wishing import buyer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cabinets_as_in_the_demo(settings):
    settings.LOCKERS = "embedded"


AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # noon in the town


def bring_in(outings: Sequence[Outing]) -> list[Served]:
    """Outings placed and paid, without a provider."""
    served = []
    for one in outings:
        placed = orders.order_now(
            one.buyer,
            lines=one.lines,
            home=one.buyer.homes[0],
            fulfilment=one.fulfilment,
            drop_off=one.drop_off,
            at=one.at,
        )
        paid_at = one.at + timedelta(minutes=1)
        collect(placed.collection, placed.total, at=paid_at)
        climb(paid_at)
        (order,) = placed.orders
        standing = known.standings(SYSTEM, orders=[order])[order]
        served.append(Served(order, one.buyer, paid_at, fates.fate(one.key, 0), standing))
    return served


def courier() -> Scope:
    person = people.person_by_phone(SYSTEM, phone=town.COURIER_PHONE)
    assert person is not None
    return next(hat.scope for hat in people.hats(SYSTEM, person=person, at=AT) if hat.role is Role.COURIER)


def test_the_courier_has_a_run_in_hand_an_offer_and_has_earned_already():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT - timedelta(days=1))

    deliveries.live(plan, bring_in, AT)

    day = queries.my_day(courier(), since=AT - timedelta(hours=12), at=AT)
    assert len(day.offers) == 1
    board = queries.board(couriers.operator(), wanted=Wanted(), at=AT)
    states = sorted(task.state for task in board.tasks)
    assert states == [TaskState.ASSIGNED, TaskState.EN_ROUTE, TaskState.EN_ROUTE, *[TaskState.TODO] * 8]
    assert len(queries.my_earnings(courier(), since=AT - timedelta(hours=12))) == 4
    assert board.late == 0
    assert len(day.offers[0].tasks) == 1


def test_a_shelf_on_which_little_is_left_ends_no_morning():
    """What the days before have bought up is wished for no more: the demo came without deliveries (OutOfStock)."""
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT - timedelta(days=1))
    shelves = Shelves(plan)
    for those in shelves.goods.values():
        for variant in list(those)[: len(those) * 2 // 3]:
            stock.count_stock(SYSTEM, variant=variant, counted=1, at=AT - timedelta(hours=6))

    deliveries.live(plan, bring_in, AT)

    assert len(queries.board(couriers.operator(), wanted=Wanted(), at=AT).tasks) == 11


def test_an_order_and_a_parcel_of_the_visitor_lie_in_the_locker():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT - timedelta(days=1))
    deliveries.live(plan, bring_in, AT)
    gate_and_service.bring_alive(AT)
    resident = buyer(town.RESIDENT_PHONE, AT)
    (boxed,) = (each for each in parcels.my_parcels(resident, at=AT) if each.in_locker)
    (box,) = cabinets.cabinets(wishing.desk(town.COMPANY_PHONE, AT), community=resident.communities[0])
    spots = [f"{box.label} {door.nth:02}" for door in box.doors if door.is_in]
    communities = tuple(card.id for card in places.communities(limit=10))
    desk = Scope(role=Role.PROPERTY, communities=communities)
    (order,) = (each for each in known.at_points(desk) if each.drop_off is DropOff.LOCKER)
    assert (spots, boxed.shelf) == ([order.spot, boxed.shelf], "A 07")
    assert known.order_page(resident, order=order.order).spot == "A 01"


def test_two_orders_lie_on_the_shelf_of_their_community_and_one_in_its_locker():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT - timedelta(days=1))
    deliveries.live(plan, bring_in, AT)
    communities = tuple(card.id for card in places.communities(limit=10))
    desk = Scope(role=Role.PROPERTY, communities=communities)
    assert sorted(each.spot for each in known.at_points(desk)) == ["A 01", "A-02", "B-07"]


def test_the_resident_sees_who_brings_an_order_and_when_and_others_do_not():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT - timedelta(days=1))
    deliveries.live(plan, bring_in, AT)
    resident = buyer(town.RESIDENT_PHONE, AT)
    assert resident is not None
    (card,) = (each for each in known.my_orders(resident, limit=5) if each.state is OrderState.IN_DELIVERY)
    page = known.order_page(resident, order=card.order)

    found = known.on_its_way(resident, order=page, at=AT)

    assert found is not None
    assert (found.state, found.courier_name[0]) == (TaskState.EN_ROUTE, "骑")
    window = found.window(AT)
    assert window is not None
    assert AT <= window[0] < window[1] <= AT + timedelta(minutes=20)
    assert found.window(AT + timedelta(hours=1)) is None
    assert known.on_its_way(courier(), order=page, at=AT) is None


def test_the_towns_communities_share_a_zone_whose_distances_are_kept():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT - timedelta(days=1))
    (city,) = places.cities()

    deliveries.open_up(plan, city.id, at=AT)

    (zone,) = queries.zones(city=city.id)
    assert len(zone.communities) == 3
    assert zone.places > 3
    by_couriers = [shop.name["en"] for shop in plan.shops if shop.by_couriers]
    assert by_couriers == ["Green Sprout Greengrocer", "Wheat and Warmth Bakery", "One Bowl Noodles"]
