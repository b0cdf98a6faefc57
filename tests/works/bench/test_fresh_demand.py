"""A bundle of fresh sales, answered and scored by the command."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow
from click.testing import CliRunner
from pyarrow import parquet

from linli.works.bench import fresh_demand
from linli.works.bench.replenish import replenish

AS_OF = date(2025, 9, 30)


def a_bundle(folder: Path) -> Path:
    days = [AS_OF - timedelta(days=each) for each in range(140)]
    ahead = [AS_OF + timedelta(days=each) for each in (1, 2)]
    queries = {
        "store_id": [7, 7, 7, 9],
        "item": ["BREAD", "BREAD", "NEVER SOLD", "BREAD"],
        "date": [*ahead, ahead[0], ahead[0]],
    }
    tables = {
        "sales": {"store_id": [7] * 140, "item": ["BREAD"] * 140, "date": days, "qty": [4] * 140},
        "queries": queries,
        "truth": queries | {"qty": [4, 5, None, None]},
    }
    folder.mkdir()
    for name, table in tables.items():
        parquet.write_table(pyarrow.table(table), folder / f"{name}.parquet")
    (folder / "task.json").write_text(json.dumps({"kind": "fresh_demand", "as_of": AS_OF.isoformat()}))
    return folder


def test_every_day_that_is_asked_about_gets_six_quantiles_even_of_what_was_never_sold(tmp_path: Path):
    bundle = a_bundle(tmp_path / "bundle")

    done = CliRunner().invoke(replenish, ["--in", str(bundle), "--out", str(tmp_path / "out")], catch_exceptions=False)

    assert done.exit_code == 0
    with (tmp_path / "out" / "quantiles.csv").open(newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    assert [row[:4] for row in rows] == [
        ["7", "BREAD", "2025-10-01", "4"],
        ["7", "BREAD", "2025-10-02", "4"],
        ["7", "NEVER SOLD", "2025-10-01", "0"],
        ["9", "BREAD", "2025-10-01", "0"],
    ]


def test_a_task_that_names_the_first_day_asked_about_is_answered_from_the_days_before(tmp_path: Path):
    bundle = a_bundle(tmp_path / "bundle")
    told = []
    for as_of in (AS_OF, AS_OF + timedelta(days=1)):
        (bundle / "task.json").write_text(json.dumps({"kind": "fresh_demand", "as_of": as_of.isoformat()}))
        CliRunner().invoke(replenish, ["--in", str(bundle), "--out", str(tmp_path / "out")], catch_exceptions=False)
        told.append((tmp_path / "out" / "quantiles.csv").read_text())

    assert told[0] == told[1]


def test_thanksgiving_is_the_fourth_thursday_of_november():
    assert [feast.on for feast in fresh_demand.feasts(2017)] == [date(2017, 11, 23), date(2017, 12, 25)]


def test_an_answer_is_scored_beside_what_the_same_weekday_of_the_last_week_sold(tmp_path: Path):
    bundle = a_bundle(tmp_path / "bundle")
    CliRunner().invoke(replenish, ["--in", str(bundle), "--out", str(tmp_path / "out")], catch_exceptions=False)
    queries = parquet.read_table(bundle / "queries.parquet").slice(0, 2).append_column("qty", [[4.0, 6.0]])
    parquet.write_table(queries, bundle / "truth.parquet")
    answer = (tmp_path / "out" / "quantiles.csv").read_text().splitlines()[:3]
    (tmp_path / "out" / "quantiles.csv").write_text("\n".join(answer))

    figures = fresh_demand.score(bundle, tmp_path / "out")

    # The first day is hit; the second misses two units at levels that add up to 4.83, scaled by four a day.
    assert figures["naive_pinball"] == round(2 * 4.83 / 6 / 4 / 2, 4)
    assert figures["scaled_pinball"] <= figures["naive_pinball"]
