"""A bundle of baskets, answered and scored by the command."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pyarrow
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from linli.works.bench import next_basket
from linli.works.bench.replenish import replenish

AS_OF = date(2025, 9, 30)


def a_bundle(folder: Path) -> Path:
    bought = [(home, AS_OF - timedelta(days=7 * turn), home) for home in (1, 2) for turn in range(1, 9)]
    bought.append((1, AS_OF + timedelta(days=1), 3))
    columns = ("household_id", "date", "product_id")
    transactions = dict(zip(columns, map(list, zip(*bought, strict=True)), strict=True))
    size = len(bought)
    tables = {
        "transactions": transactions
        | {"basket_id": list(range(size)), "quantity": [1] * size, "sales_value": [2.0] * size},
        "products": {"product_id": [1, 2, 3], "product_category": ["RICE", "OIL", "TEA"]},
        "candidates": {"product_id": [1, 2, 3]},
        "queries": {"household_id": [1, 2, 9], "as_of": [AS_OF] * 3},
        "truth": {"household_id": [1, 1, 2], "product_id": [1, 3, 1]},
    }
    folder.mkdir()
    for name, table in tables.items():
        parquet.write_table(pyarrow.table(table), folder / f"{name}.parquet")
    (folder / "task.json").write_text(json.dumps({"kind": "next_basket", "as_of": AS_OF.isoformat()}))
    return folder


def test_each_household_is_told_its_own_first_and_nothing_of_the_time_after_its_day(tmp_path: Path):
    bundle, out = a_bundle(tmp_path / "bundle"), tmp_path / "out"

    done = CliRunner().invoke(replenish, ["--in", str(bundle), "--out", str(out)], catch_exceptions=False)

    assert done.exit_code == 0
    with (out / "recs.csv").open(newline="") as file:
        told = [tuple(row.values()) for row in csv.DictReader(file)]
    assert told[:3] == [("1", "1", "1"), ("1", "2", "2"), ("1", "3", "3")]
    assert next(row for row in told if row[0] == "2") == ("2", "1", "2")
    assert [row[0] for row in told].count("9") == 3


def test_a_score_is_recall_ndcg_and_the_part_with_a_hit(tmp_path: Path):
    bundle, out = a_bundle(tmp_path / "bundle"), tmp_path / "out"
    out.mkdir()
    (out / "recs.csv").write_text("household_id,rank,product_id\n1,1,1\n1,2,2\n2,1,2\n")

    figures = next_basket.score(bundle, out)

    assert figures["recall_at_10"] == 0.25
    assert figures["ndcg_at_10"] == pytest.approx(0.5 / (1 + 0.6309), abs=1e-3)
    assert figures["phr_at_10"] == 0.5
