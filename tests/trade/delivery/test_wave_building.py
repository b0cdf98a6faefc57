"""From orders to a wave and back: boxes by shop and door, who may bring them, distances, and the runs it means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId, ShopId, TaskId
from linli.trade.delivery.rules import Point, StopKind, riding_m
from linli.trade.delivery.rules.economics import Costs
from linli.trade.delivery.rules.wave_building import AtHand, ToBring, apart, build, only, priced, runs_of
from linli.trade.delivery.rules.wave_record import kept, reasons, recalled
from linli.trade.delivery.rules.waves import Plan, faults, is_drivable, simple

HOUR = timedelta(hours=1)
HUB = Point(ids.new(), 30.25, 120.16)
ONE, TWO = CommunityId(ids.new()), CommunityId(ids.new())
BAKER, GROCER = ShopId(ids.new()), ShopId(ids.new())
DOORS = tuple(ids.new() for _ in range(6))


def an_order(
    door: int = 0, *, shop: ShopId = BAKER, community: CommunityId = ONE, portions: int = 1, **told
) -> ToBring:
    values = {
        "task": TaskId(ids.new()),
        "shop": shop,
        "community": community,
        "door": DOORS[door],
        "portions": portions,
        "from_": (30.251, 120.161 if shop == BAKER else 120.163),
        "to": (30.252 + door * 0.001, 120.162),
        "ready_at": AT,
    }
    return ToBring(**(values | told))


def a_hand(*communities: CommunityId, capacity: int = 60, hours: int = 5) -> AtHand:
    return AtHand(PartyId(ids.new()), capacity, frozenset(communities), AT, AT + hours * HOUR)


def built(*orders: ToBring, couriers: tuple[AtHand, ...] = (), metres=None, starts_in: timedelta = HOUR):
    return build(
        orders,
        couriers,
        hub=HUB,
        start_at=AT + starts_in,
        end_at=AT + starts_in + 2 * HOUR,
        zero_at=AT,
        metres=metres or {},
        costs=Costs(),
    )


def test_what_one_shop_sends_to_one_door_is_one_stop_and_two_shops_are_two():
    orders = an_order(), an_order(), an_order(shop=GROCER), an_order(1)
    wave = built(*orders)
    assert wave.tasks == ((orders[0].task, orders[1].task), (orders[2].task,), (orders[3].task,))
    assert [stop.orders for stop in wave.problem.stops] == [2, 1, 1]
    assert wave.problem.stops[0].window == (6_000, 18_000)
    assert wave.problem.stops[0].service == 300


def test_a_door_that_wants_more_than_a_trike_carries_is_served_in_parts():
    wave = built(*(an_order(portions=20) for _ in range(4)))
    assert [stop.orders for stop in wave.problem.stops] == [60, 20]
    assert is_drivable(wave.problem, simple(wave.problem))


def test_measured_ways_count_and_a_missing_pair_is_estimated():
    order = an_order()
    wave = built(order, metres={(BAKER, DOORS[0]): 777})
    ways = wave.problem.distance_m
    assert ways is not None
    assert ways[1][2] == 777
    assert ways[2][1] == riding_m(Point(DOORS[0], *order.to), Point(BAKER, *order.from_))


def test_goods_are_not_fetched_before_they_are_ready():
    wave = built(an_order(ready_at=AT + HOUR), an_order())
    collection = wave.problem.stops[0].collection
    assert collection is not None
    assert collection.ready_at == 6_000
    (run,) = runs_of(wave, simple(wave.problem))
    assert run.stops[0].arrive_at == AT + HOUR


def test_who_is_on_shift_goes_before_whoever_would_have_to_be_found():
    hand = a_hand()
    wave = built(an_order(), an_order(1), couriers=(hand,))
    (run,) = runs_of(wave, simple(wave.problem))
    assert run.courier == hand.person
    assert [stop.kind for stop in run.stops] == [StopKind.COLLECT, StopKind.DROP, StopKind.DROP]
    assert run.stops[0].place == BAKER
    assert len(run.stops[0].tasks) == 2


def test_nobody_brings_to_a_community_that_is_not_theirs():
    wave = built(an_order(community=ONE), an_order(1, community=TWO), couriers=(a_hand(TWO),))
    for route in simple(wave.problem).routes:
        for stop in route.stops:
            assert wave.couriers[route.vehicle] is None or wave.problem.stops[stop].district == str(TWO)


def test_an_overdue_slot_is_still_brought():
    wave = built(an_order(), starts_in=-5 * HOUR)
    assert wave.problem.stops[0].window == (0, 6_000)
    assert faults(wave.problem, simple(wave.problem)) == ()


def test_apart_no_run_goes_to_two_communities_and_no_courier_has_two_runs():
    orders = [an_order(n, community=(ONE, TWO)[n % 2]) for n in range(6)]
    wave = built(*orders, couriers=(a_hand(), a_hand()))
    plan = apart(wave.problem, simple)
    assert faults(wave.problem, plan) == ()
    assert [len({wave.problem.stops[s].district for s in route.stops}) for route in plan.routes] == [1, 1]
    assert priced(wave, plan).fen > priced(wave, simple(wave.problem)).fen


def test_a_plan_is_known_again_by_its_names():
    orders = [an_order(n) for n in range(4)]
    wave = built(*orders)
    plan = simple(wave.problem)
    later = built(*orders[1:], an_order(5))
    again = recalled(later, kept(wave, plan))
    assert {stop for route in again.routes for stop in route.stops} == {0, 1, 2}
    assert recalled(wave, kept(wave, plan)).courier_of == plan.courier_of


def test_what_is_called_off_leaves_its_run_and_a_run_for_nothing_goes():
    orders = an_order(), an_order(1)
    wave = built(*orders)
    runs = runs_of(wave, simple(wave.problem))
    (left,) = only(runs, frozenset({orders[1].task}))
    assert [stop.tasks for stop in left.stops] == [(orders[1].task,), (orders[1].task,)]
    assert only(runs, frozenset()) == ()


def test_the_reasons_add_up_to_the_cost_and_name_whom_nobody_reaches():
    orders = [an_order(n) for n in range(3)]
    wave = built(*orders, couriers=(a_hand(),))
    plan = simple(wave.problem)
    told = reasons(wave, plan, {2})
    assert told["unserved"] == [str(orders[2].task)]
    assert sum(run["fen"] for run in told["runs"]) == pytest.approx(priced(wave, plan).fen, abs=1)
    assert [stop["orders"] for stop in told["runs"][0]["stops"]] == [1, 1, 1]
    assert reasons(wave, Plan(), ()) == {"unserved": [], "runs": []}
