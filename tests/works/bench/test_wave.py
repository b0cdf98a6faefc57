"""`linli bench wave` makes waves, plans them and scores plans; the scorer agrees with cases worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from linli.works.bench.wave import wave
from linli.works.bench.wave_files import NotAWave, PlanFile, WaveFile, read_wave, score
from linli.works.bench.wave_town import make_wave

TWO_DOORS = WaveFile(
    name="two doors",
    capacity=5,
    fixed_cost_per_vehicle=700,
    max_vehicles=2,
    xy=[(0, 0), (0, 100), (0, 300)],
    demand=[0, 2, 4],
    tw=[(0, 2_000), (100, 500), (0, 900)],
    service=[0, 150, 150],
    matrix=[[0, 100, 300], [100, 0, 200], [300, 200, 0]],
    best_known=2_000,
)


def run(*words: object) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(wave, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, json.loads(done.output.splitlines()[-1])


def test_a_plan_costs_its_vehicles_and_its_ways():
    found = score(TWO_DOORS, PlanFile([[1], [2]]))
    assert (found.feasible, found.vehicles, found.cost, found.gap_pct) == (True, 2, 2 * 700 + 200 + 600, 10.0)


@pytest.mark.parametrize(
    ("routes", "says"),
    [
        ([[1, 2]], "overloaded: vehicle 0, stop None, by 1"),
        ([[1]], "unserved: vehicle None, stop 2, by 4"),
        ([[1], [2, 2]], "repeated: vehicle None, stop 2, by 1"),
        ([[2, 1]], "late: vehicle 0, stop 1, by 150"),
        ([[1], [2], [3]], "unknown: vehicle 2, stop None, by 0"),
    ],
)
def test_a_plan_that_cannot_be_driven_is_no_plan(routes, says):
    found = score(TWO_DOORS, PlanFile(routes))
    assert not found.feasible
    assert says in found.errors


def test_the_same_numbers_make_the_same_wave_of_the_family():
    made = make_wave(10, 15, 60, 3)
    assert made == make_wave(10, 15, 60, 3) != make_wave(10, 15, 60, 4)
    assert (sum(made.demand), made.max_vehicles, made.capacity) == (600, 20, 60)
    assert {tuple(window) for window in made.tw[1:]} <= {(1_000, 5_500), (4_000, 8_500)}
    assert made.service[1] == 150 + 75 * made.demand[1]


def test_a_wave_is_made_planned_and_scored(tmp_path: Path):
    asked, planned = tmp_path / "wave.json", tmp_path / "plan.json"
    assert run("--make", 3, 5, 10, 1, "--out", asked) == (0, {"name": "3_5_10_1", "stops": 14, "orders": 30})
    status, told = run("--in", asked, "--out", planned, "--cpu-seconds", 2, "--seed", 4)
    assert (status, told["feasible"], told["seed"]) == (0, True, 4)
    assert run("--score", asked, planned) == (
        0,
        {k: told[k] for k in ("feasible", "errors", "vehicles", "cost", "gap_pct")},
    )


def test_what_is_no_wave_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(NotAWave, match="name"):
        read_wave(tmp_path / "a.json")
    short = msgspec.structs.replace(TWO_DOORS, demand=[0])
    (tmp_path / "b.json").write_bytes(msgspec.json.encode(short))
    done = CliRunner().invoke(wave, ["--in", str(tmp_path / "b.json"), "--out", str(tmp_path / "c.json")])
    assert done.exit_code == 1
    assert "its lists have different lengths" in done.output
