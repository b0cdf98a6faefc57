"""What Lighthouse said is read and put together; nothing is fetched or measured here."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.works.bench import lighthouse
from linli.works.bench.lighthouse import Measured, NoLighthouse
from linli.works.bench.pages import LIMIT, median_of


def report(performance: float) -> dict[str, object]:
    numbers = {"largest-contentful-paint": 1900.4, "total-blocking-time": 31, "cumulative-layout-shift": 0.0004}
    audits = {
        name: {"id": name, "score": 1, "scoreDisplayMode": "numeric", "numericValue": value}
        for name, value in {**numbers, "total-byte-weight": 64_000}.items()
    }
    audits["errors-in-console"] = {"id": "errors-in-console", "score": 0, "scoreDisplayMode": "binary"}
    scores = {"performance": performance, "accessibility": 1, "best-practices": 0.96}
    return {"audits": audits, "categories": {name: {"score": score} for name, score in scores.items()}}


def test_a_report_is_read_as_scores_figures_and_faults():
    assert lighthouse.read(report(0.985)) == Measured(
        scores={"performance": 98, "accessibility": 100, "best-practices": 96},
        figures={"lcp_ms": 1900.4, "tbt_ms": 31, "cls": 0.0, "bytes": 64_000},
        faults=("errors-in-console",),
    )


def test_the_median_of_its_runs_counts():
    page = median_of("home", [lighthouse.read(report(score)) for score in (0.99, 0.60, 0.97, 0.96, 0.94)])
    assert page.scores["performance"] == 96
    assert page.is_good
    assert not median_of("home", [lighthouse.read(report((LIMIT - 1) / 100))]).is_good


def test_without_node_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(lighthouse, "find_chromium", lambda: "/usr/bin/true")
    monkeypatch.setattr(lighthouse.shutil, "which", lambda _program: None)
    with pytest.raises(NoLighthouse, match="needs Node 18 or newer"):
        lighthouse.installed(tmp_path, print)
    assert list(tmp_path.iterdir()) == []
