"""A demo in its own process, as a stranger starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linli.config.home import PROJECT
from linli.config.postgres.processes import birth_of

READY = re.compile(r"^Linli is ready: (http://127\.0\.0\.1:\d+/)$", re.MULTILINE)
READY_LIMIT_S = 400
STOP_LIMIT_S = 60


class Shown:
    """A demo in its own process, with what it says."""

    def __init__(self, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        self.folder = folder
        self.output = folder / "said.txt"
        with self.output.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "linli", "demo", "--size", "small", *arguments],
                env=environment | {"LINLI_HOME": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def says(self, words: str) -> None:
        """Waits until it has said these words."""
        until = time.monotonic() + READY_LIMIT_S
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.02)

    def ready(self) -> str:
        until = time.monotonic() + READY_LIMIT_S
        while time.monotonic() < until and self.process.poll() is None:
            if found := READY.search(self.said):
                return found[1]
            time.sleep(0.1)
        pytest.fail(f"not ready:\n{self.said}")

    def everyone(self) -> set[int]:
        """The processes of the demo: all whose environment names its folder."""
        mark, found = f"LINLI_HOME={self.folder}".encode(), set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.add(int(entry.name))
                except OSError:
                    continue
        return {pid for pid in found if birth_of(pid)}

    def wait_until_gone(self) -> None:
        until = time.monotonic() + STOP_LIMIT_S
        while (left := self.everyone()) and time.monotonic() < until:
            time.sleep(0.1)
        words = [
            (pid, Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/stat").read_text()) for pid in left
        ]
        assert left == set(), f"left behind: {words}"

    def stop(self, number: signal.Signals) -> int:
        os.killpg(self.process.pid, number)
        code = self.process.wait(STOP_LIMIT_S)
        self.wait_until_gone()
        return code


def own_environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DATABASE_URL", "DJANGO_"))}
    return kept | {"PYTHONPATH": str(PROJECT / "src")}
