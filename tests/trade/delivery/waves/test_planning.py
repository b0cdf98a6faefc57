"""Planning waves: whatever is asked, the plan can be driven; solvers only make it cheaper."""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from builders.waves import DAY, a_courier, a_door, a_wave
from linli.trade.delivery.rules.waves import (
    Act,
    Collection,
    Plan,
    Problem,
    Rates,
    Stop,
    Vehicle,
    Visit,
    Wrong,
    cost,
    explain,
    faults,
    is_drivable,
    repair,
    simple,
    solve,
    split,
)

PLACES = 8
QUICK = (Phase.explicit, Phase.generate)
"""Each example takes a search, so that making a failing one smaller would take minutes."""


@st.composite
def doors(draw: st.DrawFn) -> Stop:
    opens = draw(st.integers(0, 3_000))
    shop = st.builds(Collection, place=st.integers(0, PLACES - 1), ready_at=st.integers(0, 2_000), service=st.just(50))
    return Stop(
        place=draw(st.integers(0, PLACES - 1)),
        orders=draw(st.integers(1, 5)),
        window=(opens, opens + draw(st.integers(0, 3_000))),
        service=draw(st.integers(0, 200)),
        ready_at=draw(st.integers(0, 1_000)),
        collection=draw(st.none() | shop),
        price=draw(st.none() | st.integers(0, 2_000)),
        skills=draw(st.sampled_from([frozenset(), frozenset({"cold"})])),
        district=draw(st.sampled_from("AB")),
    )


couriers = st.builds(
    Vehicle,
    start=st.integers(0, PLACES - 1),
    end=st.integers(0, PLACES - 1),
    capacity=st.integers(1, 12),
    shift=st.tuples(st.integers(0, 500), st.integers(500, 8_000)),
    fixed_cost=st.integers(0, 900),
    most_duty=st.none() | st.integers(100, 6_000),
    skills=st.sampled_from([frozenset(), frozenset({"cold"})]),
)
waves = st.builds(
    lambda stops, vehicles, duty: a_wave(
        *stops, couriers=tuple(vehicles), rates=Rates(travel_tick=1, duty_tick=duty), travel=_street()
    ),
    st.lists(doors(), max_size=8),
    st.lists(couriers, max_size=4),
    st.integers(0, 2),
)


def _street() -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(abs(a - b) * 100 for b in range(PLACES)) for a in range(PLACES))


@given(waves)
def test_the_simple_plan_of_any_wave_can_be_driven(wave: Problem):
    assert is_drivable(wave, simple(wave))


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(waves)
def test_the_plan_of_any_wave_can_be_driven_and_reaches_as_many_as_the_simple_one(wave: Problem):
    plan = solve(wave, cpu_s=0.03, seed=1)
    assert is_drivable(wave, plan)
    missed = [sum(fault.by for fault in faults(wave, each)) for each in (plan, simple(wave))]
    assert missed[0] <= missed[1]


def a_town(*, communities: int = 3, doors_each: int = 6, couriers: int = 6) -> Problem:
    """Communities ten minutes apart on a street, with doors a minute apart."""
    stops = [
        a_door(1 + 10 * c + d, name=f"{c}-{d}", district=str(c), orders=3, service=100)
        for c in range(communities)
        for d in range(doors_each)
    ]
    return a_wave(*stops, couriers=(a_courier(capacity=20),) * couriers)


def test_the_fewest_couriers_go_and_none_goes_twice_to_a_community_for_nothing():
    town = a_town()
    plan = solve(town, cpu_s=1.0, seed=3)
    assert faults(town, plan) == ()
    assert len(plan.routes) == 3
    assert cost(town, plan).total <= cost(town, simple(town)).total


def test_the_same_seed_and_enough_time_give_the_same_plan():
    town = a_town(communities=2, doors_each=4)
    first, again = (solve(town, cpu_s=20.0, seed=5) for _ in range(2))
    assert (first, first.iterations > 0) == (again, True)


def test_going_on_from_a_plan_never_makes_it_worse():
    town = a_town()
    start = solve(town, cpu_s=0.5, seed=1)
    assert cost(town, solve(town, cpu_s=0.1, seed=2, start=start)).total <= cost(town, start).total


def test_goods_are_fetched_from_many_shops_before_they_are_handed_over():
    shops = [Collection(place=p, ready_at=300, service=100) for p in (1, 2)]
    wave = a_wave(*(a_door(4 + n, collection=shops[n % 2], orders=2) for n in range(4)), couriers=(a_courier(),))
    plan = solve(wave, cpu_s=0.3, seed=0)
    assert faults(wave, plan) == ()
    acts = [visit.act for visit in plan.routes[0].visits]
    assert acts == [Act.COLLECT] * 4 + [Act.DELIVER] * 4
    assert cost(wave, plan).travel == 2 * 700


def test_a_door_that_may_be_left_out_is_served_when_that_is_cheaper():
    near, far = a_door(1, price=5_000), a_door(40, price=5_000)
    wave = a_wave(near, far, couriers=(a_courier(),))
    plan = solve(wave, cpu_s=0.2, seed=0)
    assert (plan.left_out, plan.courier_of) == ((1,), {0: 0})


def test_nobody_is_sent_out_for_nothing():
    assert solve(a_wave(), cpu_s=1.0, seed=0).routes == ()
    wave = a_wave(a_door(1), couriers=())
    assert [fault.wrong for fault in faults(wave, solve(wave, cpu_s=0.1, seed=0))] == [Wrong.UNSERVED]


@settings(max_examples=12, deadline=None, phases=QUICK)
@given(st.sets(st.integers(0, 17), max_size=3), st.lists(st.integers(0, 26), max_size=3))
def test_after_cancellations_and_late_orders_nearly_everybody_keeps_the_courier(removed: set[int], late: list[int]):
    town = a_town()
    plan = simple(town)
    added = [a_door(place, name=f"late {n}", orders=2) for n, place in enumerate(late)]
    repaired = repair(town, plan, removed=removed, added=added, cpu_s=0.1)
    assert faults(repaired.problem, repaired.plan) == ()
    assert {s.name for s in repaired.problem.stops} == (
        {s.name for n, s in enumerate(town.stops) if n not in removed} | {s.name for s in added}
    )
    kept = len(town.stops) - len(removed)
    courier = {town.stops[n].name: v for n, v in plan.courier_of.items()}
    after = {repaired.problem.stops[n].name: v for n, v in repaired.plan.courier_of.items()}
    moved = [name for name, v in after.items() if courier.get(name, v) != v]
    assert len(moved) == len(repaired.moved) <= kept * 0.1


def test_a_courier_with_nothing_left_stays_at_home():
    town = a_wave(a_door(1), a_door(2, orders=10), couriers=(a_courier(), a_courier()))
    repaired = repair(town, Plan.of_stops([[0], [1]]), removed=[0])
    assert [route.vehicle for route in repaired.plan.routes] == [1]


@given(st.integers(1, 60), st.integers(1, 25))
def test_the_parts_of_a_wave_hold_every_stop_and_every_courier_once(stops: int, most: int):
    wave = a_wave(*(a_door(n % 7, district=str(n % 3)) for n in range(stops)), couriers=(a_courier(),) * 5)
    parts = split(wave, most_stops=most)
    assert sorted(stop for part in parts for stop in part.stops) == list(range(stops))
    assert sorted(vehicle for part in parts for vehicle in part.vehicles) == list(range(5))
    assert all(len(part.stops) <= most for part in parts)


def test_a_thousand_orders_in_one_slot_are_planned_by_district():
    town = a_town(communities=4, doors_each=130, couriers=95)
    plan = solve(town, cpu_s=3.0, seed=0)
    assert is_drivable(town, plan)
    assert (sum(len(route.stops) for route in plan.routes), plan.left_out) == (520, ())


def test_a_route_is_explained_with_what_each_stop_costs_and_who_else_could_bring_it():
    wave = a_wave(a_door(1), a_door(3), a_door(4, window=(0, 450)), couriers=(a_courier(), a_courier()))
    plan = Plan.of_stops([[0, 1], [2]])
    told = explain(wave, plan, vehicle=0)
    assert (told.orders, told.leaves_at, told.back_at, told.cost.total) == (2, 0, 600, 700 + 600)
    first, second = told.stops
    assert (first.costs, first.later_costs, first.instead.vehicle, first.instead.dearer_by) == (0, 0, 1, 0)
    assert (second.arrives_at, second.costs, second.spare) == (300, 400, DAY[1] - 300)
    assert (second.instead.vehicle, second.instead.dearer_by) == (1, -400)
    assert explain(wave, plan, vehicle=1).stops[0].instead.vehicle == 0


def test_a_route_that_nobody_else_can_take_over_says_so():
    cold = frozenset({"cold"})
    wave = a_wave(a_door(1, skills=cold), a_door(2), couriers=(a_courier(skills=cold), a_courier()))
    told = explain(wave, Plan.of_stops([[0], [1]]), vehicle=0)
    assert told.stops[0].instead.vehicle is None
    assert Visit(0) == (0, Act.DELIVER)
