"""What goods ask of who carries them: cold boxes, strong arms, a look at somebody's age."""

from __future__ import annotations

import pytest

from builders import AT, a_person
from builders.delivery import Zone, a_zone
from builders.orders import an_order
from builders.people import a_phone
from harness.payments_words import as_the_house
from linli.ground.policies import actions as policies
from linli.kernel.refusals import Invalid
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.actions.doing import AdultsOnly
from linli.trade.delivery.actions.held import NotYourCourier
from linli.trade.delivery.rules import Vehicle
from trade.orders.test_slots import a_pooling_listing, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    return a_pooling_listing()


@pytest.fixture
def zone(rice) -> Zone:
    return a_zone(rice.shop.community, drops=3)


def needs_of(order):
    return as_the_house('SELECT needs FROM delivery_task WHERE "order" = %s', order.id)


def test_what_goods_ask_for_their_couriers_can(rice, zone):
    ice = a_pooling_listing("10.00", community=zone.community)
    catalogue.set_care(ice.shop.scope, listing=ice.id, care=[Care.CHILLED, Care.HEAVY, Care.MEDICINE], at=AT)
    assert needs_of(an_order(rice).paid()) == [([],)]
    assert needs_of(an_order(ice).paid()) == [(["cold_box", "heavy", "medicine_training"],)]
    policies.set_policy(
        SYSTEM, word="delivery", level="community", place=zone.community.id,
        values={"chilled_in_box": False, "heavy_by_strong": False, "without_lifts": True}, start_at=AT, at=AT,
    )  # fmt: skip
    assert needs_of(an_order(ice).paid()) == [(["medicine_training", "stairs"],)]


def care_of_task(order):
    return as_the_house('SELECT care, needs FROM delivery_task WHERE "order" = %s', order.id)


def test_what_is_heavy_only_together_asks_for_strong_arms_by_how_much_of_it_there_is(rice, zone):
    care = {"care": [Care.HEAVY, Care.FRAGILE], "heavy_from": 3}
    catalogue.set_care(rice.shop.scope, listing=rice.id, **care, at=AT)
    assert care_of_task(an_order(rice, 2).paid()) == [(["fragile"], [])]
    assert care_of_task(an_order(rice, 3).paid()) == [(["fragile", "heavy"], ["heavy"])]
    with pytest.raises(Invalid):
        catalogue.set_care(rice.shop.scope, listing=rice.id, care=[Care.HEAVY], heavy_from=0, at=AT)


def test_what_only_grown_people_may_have_is_handed_to_them_and_never_left_at_a_door(rice, zone):
    catalogue.set_care(rice.shop.scope, listing=rice.id, care=[Care.ADULTS], at=AT)
    order = an_order(rice).paid().accepted().ready()
    ((task,),) = as_the_house('SELECT id FROM delivery_task WHERE "order" = %s', order.id)
    operator, person, city = Scope(role=Role.PLATFORM), a_person(phone=a_phone()), zone.community.city
    delivery.keep_courier(operator, person=person, city=city, vehicle=Vehicle.TRIKE, at=order.at)
    courier = Scope(role=Role.COURIER, person=person, city=city)
    delivery.assign_tasks(operator, tasks=[task], courier=person, at=order.at)
    delivery.collect_goods(courier, task=task, at=order.at)
    with pytest.raises(AdultsOnly):
        delivery.hand_over(courier, task=task, photo=("door.jpg", b"x"), at=order.at)
    assert task_of(order)[0][1] == "en_route"
    delivery.hand_over(courier, task=task, code=order.page.code, at=order.at)
    assert task_of(order)[0][1] == "done"


def test_only_a_courier_who_can_is_sent_with_it(rice, zone):
    catalogue.set_care(rice.shop.scope, listing=rice.id, care=[Care.CHILLED], at=AT)
    order = an_order(rice).paid()
    ((task,),) = as_the_house('SELECT id FROM delivery_task WHERE "order" = %s', order.id)
    operator, person = Scope(role=Role.PLATFORM), a_person(phone=a_phone())
    city = zone.community.city
    delivery.keep_courier(operator, person=person, city=city, vehicle=Vehicle.TRIKE, at=AT)
    with pytest.raises(NotYourCourier):
        delivery.assign_tasks(operator, tasks=[task], courier=person, at=AT)
    assert task_of(order)[0][1] == "todo"
    delivery.keep_courier(operator, person=person, city=city, vehicle=Vehicle.TRIKE, skills=["cold_box"], at=AT)
    delivery.assign_tasks(operator, tasks=[task], courier=person, at=AT)
    assert task_of(order)[0][1] == "assigned"
