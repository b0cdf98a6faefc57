"""A leashed process ends when its starter does, however that ends, and stops when it is asked to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linli.config.home import PROJECT
from linli.config.postgres.processes import birth_of
from linli.works.leash import Leashed, stop_all

SLEEPER = "import time\nprint('asleep', flush=True)\nwhile True: time.sleep(0.05)\n"
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPER


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    (tmp_path / "stubborn.py").write_text(STUBBORN)
    return os.environ | {"PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{tmp_path}"}


def asleep(module: str, folder: Path, environment: dict[str, str]) -> Leashed:
    leashed = Leashed(name=module, module=module, arguments=[], environment=environment, log=folder / f"{module}.log")
    leashed.start()
    wait_for(lambda: "asleep" in leashed.last_words())
    return leashed


def wait_for(condition: object, limit_s: float = 20) -> None:
    until = time.monotonic() + limit_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_stops_when_asked(tmp_path: Path, environment: dict[str, str]):
    leashed = asleep("sleeper", tmp_path, environment)

    stop_all([leashed])

    assert not leashed.is_alive


def test_one_that_will_not_stop_is_killed_after_the_limit(tmp_path: Path, environment: dict[str, str]):
    leashed = asleep("stubborn", tmp_path, environment)

    stop_all([leashed], limit_s=0.3)

    assert not leashed.is_alive


def test_a_killed_starter_takes_it_along(tmp_path: Path, environment: dict[str, str]):
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import os, time, pathlib\nfrom linli.works.leash import Leashed\n"
                f"one = Leashed('sleeper', 'sleeper', [], dict(os.environ), pathlib.Path({str(tmp_path / 'log')!r}))\n"
                "one.start(); print(one._process.pid, flush=True); time.sleep(60)"
            ),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    wait_for(lambda: (tmp_path / "log").read_text().startswith("asleep"))

    starter.send_signal(signal.SIGKILL)
    starter.wait()

    wait_for(lambda: birth_of(pid) is None)
    starter.stdout.close()
