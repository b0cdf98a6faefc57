"""A bundle of three homes, answered and scored by the command."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow
from click.testing import CliRunner
from pyarrow import parquet

from linli.works.bench.replenish import replenish

AS_OF = date(2025, 9, 30)
EVERY = {1: 7, 2: 30, 3: 90}


def a_bundle(folder: Path) -> Path:
    bought = [
        (household, AS_OF - timedelta(days=turn * every))
        for household, every in EVERY.items()
        for turn in range(1, 270 // every)
    ]
    folder.mkdir()
    tables = {
        "transactions": {
            "household_id": [household for household, _ in bought],
            "basket_id": list(range(len(bought))),
            "date": [day for _, day in bought],
            "product_id": [5] * len(bought),
            "quantity": [1] * len(bought),
            "sales_value": [1.0] * len(bought),
        },
        "products": {"product_id": [5, 6], "product_category": ["RICE", "RICE"]},
        "commodities": {"product_id": [5, 6], "commodity": ["rice", "rice"]},
        "queries": {"household_id": [1, 2, 3, 4, 1], "commodity": ["rice", "rice", "rice", "rice", "salt"]},
    }
    for name, table in tables.items():
        parquet.write_table(pyarrow.table(table), folder / f"{name}.parquet")
    (folder / "task.json").write_text(json.dumps({"kind": "next_purchase", "as_of": AS_OF.isoformat()}))
    return folder


def test_every_pair_that_is_asked_about_gets_a_day_and_a_chance_even_one_that_never_bought(tmp_path: Path):
    bundle = a_bundle(tmp_path / "bundle")

    done = CliRunner().invoke(replenish, ["--in", str(bundle), "--out", str(tmp_path / "out")], catch_exceptions=False)

    assert done.exit_code == 0
    with (tmp_path / "out" / "due.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["household_id"], row["commodity"]) for row in rows] == [
        ("1", "rice"),
        ("2", "rice"),
        ("3", "rice"),
        ("4", "rice"),
        ("1", "salt"),
    ]
    assert all(date.fromisoformat(row["deliver_on"]) >= AS_OF for row in rows)
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)
    weekly, monthly, quarterly, stranger, unmapped = (float(row["confidence"]) for row in rows)
    assert weekly > monthly > quarterly > stranger == unmapped == 0


def test_households_may_be_named_by_words_as_well_as_by_numbers(tmp_path: Path):
    bundle = a_bundle(tmp_path / "bundle")
    for name in ("transactions", "queries"):
        table = parquet.read_table(bundle / f"{name}.parquet")
        named = pyarrow.array([f"home {number}" for number in table["household_id"].to_pylist()])
        parquet.write_table(table.set_column(0, "household_id", named), bundle / f"{name}.parquet")

    done = CliRunner().invoke(replenish, ["--in", str(bundle), "--out", str(tmp_path / "out")], catch_exceptions=False)

    assert done.exit_code == 0
    with (tmp_path / "out" / "due.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["household_id"] for row in rows] == ["home 1", "home 2", "home 3", "home 4", "home 1"]
    assert float(rows[0]["confidence"]) > float(rows[2]["confidence"]) > float(rows[3]["confidence"]) == 0


def test_a_bundle_of_another_kind_is_refused(tmp_path: Path):
    (tmp_path / "task.json").write_text(json.dumps({"kind": "weather"}))

    done = CliRunner().invoke(replenish, ["--in", str(tmp_path), "--out", str(tmp_path / "out")])

    assert done.exit_code == 1
    assert "There is no kind `weather`" in done.output
