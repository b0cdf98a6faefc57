"""Waves by the clock: planned once after the cut-off, committed as runs, whatever the solver or the worker does."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

import pytest

from builders import AT, a_community, a_home
from builders.couriers import HOUR, MINUTE, OPERATOR, Round, a_round, me
from builders.delivery import a_zone
from builders.places import City
from harness.payments_words import as_the_house
from linli.ground.places import queries as places
from linli.kernel.refusals import Denied
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.gateways import SolverFailed, Trouble
from linli.trade.delivery.rules import Kind
from linli.trade.delivery.rules.waves import Act, Plan, Route, Visit, simple

pytestmark = pytest.mark.django_db
NAME = {"zh": "一区", "en": "Zone one"}


class Quick:
    """Plans at once, as well as the heuristic does."""

    def solve(self, problem, **_told):
        return simple(problem)


class Broken:
    def solve(self, _problem, **_told):
        raise SolverFailed(Trouble.CRASHED, "status 9")


class Lying:
    def solve(self, _problem, **_told):
        return Plan.of_stops([[0, 0]])


class Town(Round):
    """A round whose communities are a zone, with its first slot."""

    @cached_property
    def slot(self):
        return queries.offered(community=self.community.id, at=AT).slots[0]

    def order(self, nth: int = 0, **told):
        return self.task(nth, kind=Kind.POOLED, slot=self.slot.slot, ready=False, **told)


@pytest.fixture
def town():
    round_ = a_round()
    a_zone(round_.community)
    return Town(round_.community, round_.shop, round_.homes)


def cut_off(town: Town):
    return town.slot.cut_off_at


def plan(town: Town, solver=None, *, after: timedelta = MINUTE) -> bool:
    at = cut_off(town) + after
    slot = town.slot.slot
    tasks.close_slots(at=at)
    return actions.plan_slot(slot=slot, at=at, solver=solver or Quick())


def waves(*columns: str):
    return as_the_house(f"SELECT {', '.join(columns)} FROM delivery_wave")


def building_of(home):
    return places.buildings_of({home.id})[home.id]


def runs():
    return as_the_house("SELECT state, courier FROM delivery_run ORDER BY id")


def test_the_wave_of_a_closed_slot_is_planned_once_and_waits_for_couriers(town):
    orders = [town.order(n) for n in range(3)]
    slot, at = town.slot, cut_off(town)
    assert queries.slots_to_plan(SYSTEM, at=at + MINUTE, limit=9) == ()
    tasks.close_slots(at=at + MINUTE)
    assert queries.slots_to_plan(SYSTEM, at=at + MINUTE, limit=9) == (slot.slot,)
    assert actions.plan_slot(slot=slot.slot, at=at + MINUTE, solver=Quick()) is True
    assert waves("state", "method", "pooling", "orders", "runs", "trouble") == [
        ("committed", "solver", "separate", 3, 1, "")
    ]
    assert runs() == [("planned", None)]
    stood = as_the_house("SELECT kind, cardinality(tasks) FROM delivery_run_stop ORDER BY nth")
    assert stood[0] == ("collect", 3)
    assert sum(n for kind, n in stood if kind == "drop") == 3
    assert queries.slots_to_plan(SYSTEM, at=at + 2 * MINUTE, limit=9) == ()
    assert {town.page(task).state.value for task in orders} == {"todo"}


def test_a_planned_wave_says_what_the_orders_of_each_community_cost(town):
    for nth in range(3):
        town.order(nth)
    plan(town)
    stops = [stop for run in queries.wave_page(OPERATOR, slot=town.slot.slot).runs for stop in run.stops]
    cost = sum(stop.costs_fen for stop in stops)
    assert as_the_house("SELECT community, orders, fen FROM delivery_drop WHERE orders > 0") == [
        (town.community.id, 3, cost)
    ]
    assert cost > 0


def test_who_is_on_shift_has_the_run_at_once(town):
    courier = town.a_courier(on_shift=False)
    task = town.order()
    at = cut_off(town)
    town.on_shift(courier, at=at, hours=8)
    assert plan(town) is True
    assert runs() == [("given", me(courier))]
    page = town.page(task)
    assert (page.state.value, page.courier) == ("assigned", me(courier))
    assert waves("says->'runs'->0->>'courier'") == [(str(me(courier)),)]


def test_the_engines_own_process_plans_it_by_the_clock(town):
    town.order()
    at = cut_off(town) + MINUTE
    tasks.close_slots(at=at)
    assert tasks.plan_waves(at=at) == 1
    assert tasks.plan_waves(at=at + MINUTE) == 0
    assert waves("state", "method", "trouble") == [("committed", "solver", "")]


@pytest.mark.parametrize(("solver", "word"), [(Broken(), "crashed: status 9"), (Lying(), "refused: ")])
def test_a_solver_that_fails_or_lies_is_named_and_the_heuristic_serves(town, solver, word):
    town.order()
    assert plan(town, solver) is True
    ((state, method, trouble),) = waves("state", "method", "trouble")
    assert (state, method) == ("committed", "simple")
    assert trouble.startswith(word)
    assert len(runs()) == 1


def test_with_nothing_to_deliver_the_wave_ends_as_nothing_when_its_slot_begins(town):
    slot = town.slot
    tasks.close_slots(at=slot.cut_off_at)
    assert queries.slots_to_plan(SYSTEM, at=slot.cut_off_at + MINUTE, limit=9) == ()
    assert queries.slots_to_plan(SYSTEM, at=slot.start_at, limit=9) == (slot.slot,)
    assert actions.plan_slot(slot=slot.slot, at=slot.start_at, solver=Broken()) is True
    assert waves("state", "method", "orders", "runs") == [("discarded", "no_orders", 0, 0)]
    assert runs() == []
    assert queries.slots_to_plan(SYSTEM, at=slot.start_at + MINUTE, limit=9) == ()


def test_killed_while_planning_it_is_planned_again_and_who_comes_too_late_changes_nothing(town):
    town.order()
    slot, at = town.slot.slot, cut_off(town) + MINUTE
    tasks.close_slots(at=at)
    killed = actions.claim_wave(SYSTEM, slot=slot, at=at)
    assert killed is not None
    assert actions.plan_slot(slot=slot, at=at + MINUTE, solver=Quick()) is False
    assert queries.slots_to_plan(SYSTEM, at=at + MINUTE, limit=9) == ()
    later = at + 10 * MINUTE
    assert queries.slots_to_plan(SYSTEM, at=later, limit=9) == (slot,)
    assert actions.plan_slot(slot=slot, at=later, solver=Quick()) is True
    before = runs(), waves("state", "nth", "runs")
    assert actions.commit_wave(SYSTEM, claimed=killed, planned=actions.planning.NOTHING, at=later) is False
    assert (runs(), waves("state", "nth", "runs")) == before
    assert before[1] == [("committed", 2, 1)]


def test_an_open_slot_is_not_planned(town):
    town.order()
    assert actions.plan_slot(slot=town.slot.slot, at=AT, solver=Quick()) is False
    assert waves("id") == []


def test_what_is_called_off_while_it_is_planned_stands_in_no_run(town):
    one, two = town.order(), town.order(1)

    class Slow(Quick):
        def solve(self, problem, **told):
            actions.call_off(SYSTEM, order=town.page(one).order, why="buyer", at=cut_off(town))
            return super().solve(problem, **told)

    assert plan(town, Slow()) is True
    assert {task for (stood,) in as_the_house("SELECT tasks FROM delivery_run_stop") for task in stood} == {two}


def test_neighbours_share_a_run_and_what_that_saves_is_kept(town):
    away = a_community(city=City(town.community.city, town.community.district), lat=30.255)
    zone = queries.zones()[0].id
    homes = [a_home(f"1-1-{n}", community=away) for n in (101, 102)]
    both = [town.community.id, away.id]
    actions.edit_zone(SYSTEM, zone=zone, name=NAME, communities=both, drops=60, at=AT)
    for n in range(2):
        town.order(n)
        town.order(community=away.id, home=homes[n].id)
    assert plan(town) is True
    ((state, pooling, cost, separate, many),) = waves("state", "pooling", "cost_minor", "separate_minor", "runs")
    assert (state, pooling, many) == ("committed", "pooled", 1)
    assert separate - cost > 400  # a second courier's leaving, at the least


def test_shared_runs_that_are_dearer_are_not_shared(town):
    away = a_community(city=City(town.community.city, town.community.district), lat=30.255)
    both = [town.community.id, away.id]
    actions.edit_zone(SYSTEM, zone=queries.zones()[0].id, name=NAME, communities=both, drops=60, at=AT)
    for nth, door in ((0, "1-1-101"), (2, "2-1-101")):
        home = a_home(door, community=away)
        town.order(nth, building=building_of(town.homes[nth]))
        town.order(community=away.id, home=home.id, building=building_of(home))

    class Wasteful(Quick):
        """A run for each stop where it sees two communities."""

        def solve(self, problem, **told):
            if len({stop.district for stop in problem.stops}) == 1:
                return super().solve(problem, **told)
            fetched = ((Visit(n, Act.COLLECT), Visit(n)) for n in range(len(problem.stops)))
            return Plan(tuple(Route(n, visits) for n, visits in enumerate(fetched)))

    assert plan(town, Wasteful()) is True
    assert waves("pooling", "runs", "stops", "cost_minor = separate_minor") == [("separate", 2, 4, True)]


def test_a_late_order_joins_the_wave_and_everybody_else_keeps_their_courier(town):
    courier = town.a_courier(on_shift=False)
    town.on_shift(courier, at=cut_off(town), hours=8)
    early = [town.order(n) for n in range(3)]
    plan(town)
    later = cut_off(town) + 6 * MINUTE
    late = town.order(1, at=later - 2 * MINUTE)
    assert queries.slots_to_plan(SYSTEM, at=later, limit=9) == (town.slot.slot,)
    assert actions.plan_slot(slot=town.slot.slot, at=later, solver=Broken()) is True
    assert waves("state", "method", "nth", "orders", "trouble") == [("committed", "repaired", 2, 4, "")]
    assert {town.page(task).courier for task in (*early, late)} == {me(courier)}
    assert [state for state, _who in runs()] == ["dropped", "given"]
    assert queries.slots_to_plan(SYSTEM, at=later + MINUTE, limit=9) == ()


def test_a_wave_from_which_everything_was_called_off_is_discarded(town):
    task = town.order()
    plan(town)
    later = cut_off(town) + 6 * MINUTE
    actions.call_off(SYSTEM, order=town.page(task).order, why="buyer", at=later - 2 * MINUTE)
    assert queries.slots_to_plan(SYSTEM, at=later, limit=9) == (town.slot.slot,)
    assert actions.plan_slot(slot=town.slot.slot, at=later, solver=Quick()) is True
    assert waves("state", "method", "orders") == [("discarded", "no_orders", 0)]
    assert [state for state, _who in runs()] == ["dropped"]


def test_what_a_dispatcher_gave_away_or_has_set_out_is_not_planned_again(town):
    first = town.order()
    plan(town)
    later = cut_off(town) + 6 * MINUTE
    courier = town.a_courier(on_shift=False)
    ((run,),) = as_the_house("SELECT id FROM delivery_run")
    actions.give_run(OPERATOR, run=run, courier=me(courier), at=later - 3 * MINUTE)
    town.order(1, at=later - 2 * MINUTE)
    assert queries.slots_to_plan(SYSTEM, at=later, limit=9) == ()
    assert town.page(first).courier == me(courier)


def test_finished_when_its_slot_is_long_over(town):
    town.order()
    end = town.slot.end_at
    plan(town)
    assert actions.finish_waves(SYSTEM, at=end + HOUR, most=9) == 0
    assert actions.finish_waves(SYSTEM, at=end + 2 * HOUR, most=9) == 1
    assert waves("state") == [("done",)]
    moved = as_the_house("SELECT verb FROM delivery_slot_move WHERE wave_id IS NOT NULL ORDER BY id")
    assert moved == [("commit",), ("finish",)]


def test_only_the_clock_plans(town):
    town.order()
    tasks.close_slots(at=cut_off(town))
    with pytest.raises(Denied):
        actions.claim_wave(OPERATOR, slot=town.slot.slot, at=cut_off(town))
    assert waves("id") == []
