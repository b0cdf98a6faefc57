"""Each bench in small: what must be true after the run, and the shape of what it says. Never how fast it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.config.commands.bench import BENCHES
from linli.config.home import PROJECT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="a bench reads /proc"),
]
LIMIT_S = 300
IN_SMALL = "--seconds 0.4 --clients 2 --homes 300 --lines 1500"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="linli-bench-"))
    base.chmod(0o711)  # when root runs the tests, the server's plain user must pass through
    yield base
    shutil.rmtree(base, ignore_errors=True)


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_ends_with_one_line_that_says_what_was_found_and_that_it_is_true(name: str, folder: Path):
    done = subprocess.run(
        [sys.executable, "-m", "linli", "bench", name, "--json", *IN_SMALL.split()],
        env=os.environ | {"LINLI_HOME": str(folder), "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    (line,) = done.stdout.splitlines()
    report = json.loads(line)
    assert list(report) == ["name", "parameters", "figures", "limit", "ratio", "checks", "refused", "note", "machine"]
    assert report["name"] == name
    assert report["checks"]
    assert set(report["checks"].values()) == {True}
    assert report["machine"]["cores"] >= 1
    assert report["figures"]
    assert (report["ratio"] is None) == bool(report["note"])
