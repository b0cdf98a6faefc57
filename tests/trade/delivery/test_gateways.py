"""The solver's process: killed, hanging, greedy, mumbling or lying, a wave still gets a plan that can be driven."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from builders.waves import a_courier, a_door, a_wave
from linli.trade.delivery.gateways import ChildProcess, Served, SolverFailed, Trouble, plan_wave
from linli.trade.delivery.rules.waves import Plan, Wrong, cost, faults, simple

WAVE = a_wave(*(a_door(place, orders=3) for place in range(1, 7)))


class Lying:
    """Answers what it was made with, whatever is asked."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def solve(self, *_asked: object, **_told: object) -> Plan:
        return self.plan


def a_child_that(does: str, **told: float) -> ChildProcess:
    return ChildProcess(
        command=(sys.executable, "-c", f"import sys, os, time; sys.stdin.buffer.read(); {does}"), **told
    )


def served_by(solver, last_good: Plan | None = None) -> Served:
    return plan_wave(solver, WAVE, cpu_s=0.3, seed=7, last_good=last_good)


def test_a_child_plans_a_wave_and_its_plan_serves():
    served = served_by(ChildProcess())
    assert (served.trouble, served.unserved) == (None, ())
    assert served.plan.seed == 7
    assert faults(WAVE, served.plan) == ()
    assert cost(WAVE, served.plan).total <= cost(WAVE, simple(WAVE)).total


@pytest.mark.parametrize(
    ("does", "trouble"),
    [
        ("os.kill(os.getpid(), 9)", Trouble.CRASHED),
        ("raise SystemExit(3)", Trouble.CRASHED),
        ("os.kill(os.getpid(), 24)", Trouble.TIMED_OUT),
        ("sys.stdout.write('a fine plan')", Trouble.UNREADABLE),
        ("sys.stdout.write('')", Trouble.UNREADABLE),
    ],
)
def test_whatever_ends_the_child_our_heuristic_serves_and_the_trouble_is_named(does, trouble):
    served = served_by(a_child_that(does))
    assert (served.trouble, served.plan.made_by, served.unserved) == (trouble, "simple", ())


def test_a_child_that_hangs_is_ended_and_the_last_good_plan_serves():
    last_good = simple(WAVE)
    served = served_by(a_child_that("time.sleep(600)", wall_s=0.5), last_good)
    assert (served.trouble, served.plan) == (Trouble.TIMED_OUT, last_good)


def test_a_child_gets_no_more_memory_than_it_may_have():
    with pytest.raises(SolverFailed) as failed:
        ChildProcess(memory_mib=64).solve(WAVE, cpu_s=0.3, seed=0)
    assert failed.value.trouble is Trouble.CRASHED


def test_a_child_is_told_no_secret(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@somewhere/house")
    assert "DATABASE_URL" not in ChildProcess().environment


def test_a_plan_that_cannot_be_driven_is_refused_with_its_faults_counted():
    overloaded = Plan.of_stops([[0, 1, 2, 3, 4, 5]])
    served = served_by(Lying(overloaded))
    assert served.trouble is Trouble.REFUSED
    assert served.words == "refused: 1 overloaded"
    assert faults(WAVE, served.plan) == ()


def test_a_plan_that_leaves_people_out_does_not_replace_a_good_one():
    last_good = simple(WAVE)
    assert served_by(Lying(Plan()), last_good).plan == last_good


def test_the_last_good_plan_serves_only_while_it_still_fits():
    stale = replace(simple(a_wave(a_door(1), a_door(2))), made_by="yesterday")
    served = served_by(a_child_that("raise SystemExit(1)"), replace(stale, left_out=(9,)))
    assert served.plan.made_by == "simple"


def test_who_cannot_be_reached_is_named_and_everybody_else_is_served():
    wave = a_wave(a_door(1), a_door(5, window=(0, 100)), couriers=(a_courier(),))
    served = plan_wave(ChildProcess(), wave, cpu_s=0.3, seed=0)
    assert [(fault.wrong, fault.stop) for fault in served.unserved] == [(Wrong.UNSERVED, 1)]
    assert served.plan.courier_of == {0: 0}


def test_nothing_to_deliver_is_an_empty_plan():
    served = plan_wave(ChildProcess(), a_wave(), cpu_s=0.3, seed=0)
    assert (served.plan.routes, served.trouble) == ((), None)
