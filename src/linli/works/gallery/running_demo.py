"""A demo that runs while a block does: the one whose address is given, or one of our own that ends with us."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

READY_LIMIT_S = 600.0
STOP_LIMIT_S = 60.0
_READY = re.compile(r"^Linli is ready: (http://\S+?)/?$", re.MULTILINE)


class NoDemo(RuntimeError):
    """The demo did not come up; the message brings its last words."""


@contextmanager
def running_demo(url: str | None, folder: Path, tell: Callable[[str], None]) -> Iterator[str]:
    """This will give the address of a running demo, without the slash at its end."""
    if url is not None:
        yield url.rstrip("/")
        return
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "demo-says.txt"
    tell("Starting a demo of its own; a town that is new takes a minute or two ...")
    own = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "LINLI_DEMO", "LINLI_PROCESS")}
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "linli", "demo"],
            env=own | {"LINLI_HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _address(process, said)
    finally:
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    until = time.monotonic() + READY_LIMIT_S
    while process.poll() is None and time.monotonic() < until:
        if found := _READY.search(said.read_text(errors="replace")):
            return found[1]
        time.sleep(0.2)
    raise NoDemo(f"The demo did not come up:\n{said.read_text(errors='replace')[-2000:]}")
