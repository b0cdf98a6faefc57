"""A leash: `python -m linli.works.leash MODULE [ARGUMENTS]` runs a module that ends when its starter is gone.

The starter holds the other end of standard input. However it ends, by an order or by kill -9, the system closes that
end; then this process is told to stop as if by SIGTERM, and killed with everything it started if it does not.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 12.0


def watch() -> None:
    """This will wait until the starter lets go, and then end this process and its group."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_S)
    if hasattr(os, "killpg"):
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


def main(module: str, arguments: Sequence[str]) -> None:
    """This will become the module, on a leash."""
    threading.Thread(target=watch, name="leash", daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


@dataclass
class Leashed:
    """A process of ours at the other end of a leash; what it says goes to a log file."""

    name: str
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """This will start it in a session of its own, so that a terminal's Ctrl-C reaches only us, who stop it."""
        command = [sys.executable, "-m", "linli.works.leash", self.module, *self.arguments]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own Python on our own modules
                command,
                env=dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id; asking before it was started is a defect."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    def ask_to_stop(self) -> None:
        """This will tell it to stop, without waiting."""
        if self.is_alive and self._process is not None:
            self._process.terminate()

    def wait(self, limit_s: float) -> None:
        """This will wait until it has stopped, and kill it with its group after the limit."""
        if self._process is None:
            return
        try:
            self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def last_words(self, most: int = 2000) -> str:
        """This will give the end of its log, for whoever has to find out why it ended."""
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")[-most:].strip()
        except OSError:
            return ""


def stop_all(leashed: Sequence[Leashed], *, limit_s: float = PATIENCE_S) -> None:
    """This will stop processes together, in the order given, within the limit."""
    for each in leashed:
        each.ask_to_stop()
    until = time.monotonic() + limit_s
    for each in leashed:
        each.wait(max(0.1, until - time.monotonic()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
