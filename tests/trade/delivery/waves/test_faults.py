"""The validator finds each thing that can be wrong with a plan, and nothing in a plan that is right."""

from __future__ import annotations

import pytest

from builders.waves import a_courier, a_door, a_wave
from linli.trade.delivery.rules.waves import (
    Act,
    Collection,
    Fault,
    Plan,
    Rates,
    Route,
    Visit,
    Wrong,
    cost,
    faults,
    timetable,
)

FETCH, HAND = Act.COLLECT, Act.DELIVER


def a_plan(*rows: list[int]) -> Plan:
    return Plan.of_stops(rows)


def test_a_plan_that_brings_everything_in_time_has_no_fault_and_costs_vehicle_and_way():
    wave = a_wave(a_door(1), a_door(3))
    assert faults(wave, a_plan([0, 1])) == ()
    assert cost(wave, a_plan([0, 1])).total == 700 + 600
    assert cost(wave, a_plan([0], [1])).total == 2 * 700 + 200 + 600


@pytest.mark.parametrize(
    ("stops", "plan", "found"),
    [
        ((a_door(1), a_door(2)), a_plan([0]), Fault(Wrong.UNSERVED, stop=1, by=1)),
        ((a_door(1), a_door(2)), a_plan([0, 1, 1]), Fault(Wrong.REPEATED, stop=1, by=1)),
        ((a_door(1),), a_plan([0, 7]), Fault(Wrong.UNKNOWN, stop=7, vehicle=0)),
        ((a_door(1),), Plan((Route(5, (Visit(0),)),)), Fault(Wrong.UNKNOWN, vehicle=5)),
        (
            (a_door(1), a_door(2)),
            Plan((Route(0, (Visit(0),)), Route(0, (Visit(1),)))),
            Fault(Wrong.FLEET, vehicle=0, by=1),
        ),
        ((a_door(1, orders=6), a_door(2, orders=6)), a_plan([0, 1]), Fault(Wrong.OVERLOADED, vehicle=0, by=2)),
        ((a_door(3, window=(0, 250)),), a_plan([0]), Fault(Wrong.LATE, stop=0, vehicle=0, by=50)),
        ((a_door(1, ready_at=50),), Plan((Route(0, (Visit(0),), 20),)), Fault(Wrong.UNREADY, vehicle=0, by=30)),
        ((a_door(1, skills=frozenset({"cold"})),), a_plan([0]), Fault(Wrong.SKILL, stop=0, vehicle=0)),
        ((a_door(1, price=50),), a_plan(), Fault(Wrong.UNSERVED, stop=0, by=1)),
        (
            (a_door(1, collection=Collection(place=2)),),
            Plan((Route(0, (Visit(0, HAND), Visit(0, FETCH))),)),
            Fault(Wrong.UNCOLLECTED, stop=0, vehicle=0),
        ),
        ((a_door(1, collection=Collection(place=2)),), a_plan([0]), Fault(Wrong.UNCOLLECTED, stop=0, vehicle=0)),
        ((a_door(1),), Plan((Route(0, (Visit(0, FETCH), Visit(0))),)), Fault(Wrong.UNKNOWN, stop=0, vehicle=0)),
    ],
)
def test_each_thing_that_is_wrong_is_named(stops, plan, found):
    assert found in faults(a_wave(*stops), plan)


def test_a_courier_is_not_kept_beyond_shift_and_hours():
    short, tired = a_courier(shift=(0, 500)), a_courier(most_duty=500)
    assert faults(a_wave(a_door(3), couriers=(short,)), a_plan([0])) == (Fault(Wrong.SHIFT, vehicle=0, by=100),)
    assert faults(a_wave(a_door(3), couriers=(tired,)), a_plan([0])) == (Fault(Wrong.HOURS, vehicle=0, by=100),)


def test_waiting_at_a_door_is_no_duty_when_the_courier_may_leave_later():
    wave = a_wave(a_door(2, window=(1_000, 2_000)), couriers=(a_courier(most_duty=400),), rates=Rates(duty_tick=1))
    assert faults(wave, a_plan([0])) == ()
    assert timetable(wave, a_plan([0]).routes[0]).leaves_at == 800
    assert cost(wave, a_plan([0])).duty == 400
    assert faults(wave, Plan((Route(0, (Visit(0),), 0),))) == (Fault(Wrong.HOURS, vehicle=0, by=800),)


def test_goods_that_are_collected_on_the_way_fill_the_vehicle_only_until_they_are_handed_over():
    shop = Collection(place=1)
    wave = a_wave(a_door(2, orders=10, collection=shop), a_door(3, orders=10, collection=shop))
    turns = (Visit(0, FETCH), Visit(0), Visit(1, FETCH), Visit(1))
    both = (Visit(0, FETCH), Visit(1, FETCH), Visit(0), Visit(1))
    assert faults(wave, Plan((Route(0, turns),))) == ()
    assert Fault(Wrong.OVERLOADED, stop=1, vehicle=0, by=10) in faults(wave, Plan((Route(0, both),)))


def test_a_shop_is_not_served_before_its_goods_are_ready():
    wave = a_wave(a_door(2, window=(0, 600), collection=Collection(place=1, ready_at=550)))
    assert faults(wave, Plan((Route(0, (Visit(0, FETCH), Visit(0))),))) == (
        Fault(Wrong.LATE, stop=0, vehicle=0, by=50),
    )


def test_what_may_be_left_out_costs_its_price():
    wave = a_wave(a_door(1), a_door(2, price=50))
    plan = Plan((Route(0, (Visit(0),)),), left_out=(1,))
    assert faults(wave, plan) == ()
    assert cost(wave, plan).total == 700 + 200 + 50


def test_a_wave_that_makes_no_sense_is_not_made():
    with pytest.raises(ValueError, match="below zero"):
        a_wave(a_door(1, orders=-1))
    with pytest.raises(ValueError, match="ends before it begins"):
        a_wave(a_door(1, window=(5, 4)))
    with pytest.raises(ValueError, match="no row in the matrix"):
        a_wave(a_door(1), travel=((0,),))
    with pytest.raises(ValueError, match="same name"):
        a_wave(a_door(1, name="A"), a_door(1, name="A"))
