"""Chains of doors: what they cost and carry is what their doors do, and a plan found with them can be driven."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from builders.waves import a_courier, a_door, a_wave
from linli.trade.delivery.rules.waves import Plan, Problem, cost, is_drivable, solve
from linli.trade.delivery.rules.waves.coarsening import coarse, may_chain, near, of_chains

SLOTS = ((0, 30_000), (10_000, 40_000))


def a_town(communities: int, doors: int) -> Problem:
    """Communities twenty minutes apart on a street, doors a minute apart in them, every other one in a later slot."""
    places = [20 * n + 10 + door for n in range(communities) for door in range(doors)]
    rows = [
        a_door(place, orders=2, window=SLOTS[n // doors % 2], service=100, name=f"{place}")
        for n, place in enumerate(places)
    ]
    return a_wave(*rows, couriers=(a_courier(capacity=24, shift=(0, 99_000)),) * communities)


def test_near_doors_become_chains_that_name_every_stop_once():
    rough = coarse(a_town(3, 8))
    assert sorted(stop for chain in rough.chains for stop in chain) == list(range(24))
    assert len(rough.chains) == 12
    assert sum(stop.orders for stop in rough.problem.stops) == 48
    assert {len({stop // 8 for stop in chain}) for chain in rough.chains} == {1}


def test_a_chain_keeps_to_one_window_to_a_third_of_a_load_and_to_time_left_to_begin_in():
    early = a_door(1, orders=4, window=(0, 1_000), service=600)
    wave = a_wave(
        early,
        a_door(2, orders=4, window=(0, 2_000)),
        a_door(3, orders=5, window=(0, 1_000)),
        a_door(4, orders=4, window=(0, 1_000)),
        couriers=(a_courier(capacity=25),),
    )
    assert may_chain(wave, (0,))
    assert not may_chain(wave, (0, 1))  # another window
    assert not may_chain(wave, (0, 2))  # nine orders of twenty-five
    assert not may_chain(wave, (0, 3))  # the last is reached 900 ticks after the first, of a window of 1,000
    assert may_chain(wave, (3, 0))  # begun by 600, the last is reached in time


def test_optional_doors_and_doors_with_a_shop_of_their_own_are_never_chained():
    wave = a_wave(a_door(1, price=50), a_door(2, price=50), a_door(3))
    assert not may_chain(wave, (0, 1))
    assert len(coarse(wave).chains) == 3


def test_a_chain_is_turned_the_cheaper_way_round():
    wave = a_wave(a_door(3), a_door(2), a_door(1), couriers=(a_courier(),))
    rough = of_chains(wave, [(0, 1, 2)], either_way=True)
    assert [route.stops for route in rough.spread(Plan.of_stops([[0]]), either_way=True).routes] == [(0, 1, 2)]
    wave = a_wave(a_door(3), a_door(2), a_door(1), couriers=(a_courier(end=4),))
    rough = of_chains(wave, [(0, 1, 2)], either_way=True)
    assert [route.stops for route in rough.spread(Plan.of_stops([[0]]), either_way=True).routes] == [(2, 1, 0)]


@given(st.permutations(range(12)), st.lists(st.integers(1, 4), min_size=12, max_size=12))
def test_chains_as_they_stand_cost_their_doors_but_for_the_ways_within_and_are_driven_whenever_they_are(order, sizes):
    wave = a_wave(
        *(a_door(1 + n, window=(0, 3_000), service=20) for n in range(12)), couriers=(a_courier(capacity=99),) * 2
    )
    chains, left = [], list(order)
    for size in sizes:
        if left:
            chains.append(tuple(left[:size]))
            left = left[size:]
    rough = of_chains(wave, chains)
    half = len(chains) // 2
    plan = Plan.of_stops([list(range(half)), list(range(half, len(chains)))])
    within = sum(wave.travel[wave.stops[a].place][wave.stops[b].place] for chain in chains for a, b in pairwise(chain))
    assert cost(wave, rough.spread(plan)).total == cost(rough.problem, plan).total + within
    if is_drivable(rough.problem, plan):
        assert is_drivable(wave, rough.spread(plan))


def test_near_is_seen_from_how_far_doors_mostly_are_from_their_fifth_nearest():
    assert near(a_wave(*(a_door(n) for n in range(1, 8)))) == 600  # mostly four minutes, and half as much again


def test_a_wave_of_many_doors_is_planned_by_chains_and_can_be_driven():
    wave = a_town(8, 9)
    plan = solve(wave, cpu_s=0.5, seed=1)
    assert is_drivable(wave, plan)
    assert len(plan.routes) == 6  # 144 orders, 24 each
    assert sorted(stop for route in plan.routes for stop in route.stops) == list(range(72))
