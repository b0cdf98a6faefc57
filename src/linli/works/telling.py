"""Telling whoever watches a terminal what is going on, in plain words and only when it takes a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WORTH_SAYING_S = 2.0
STILL_EVERY_S = 10.0
Say = Callable[[str], None]


def say(line: str) -> None:
    """This will write a line at once, also into a pipe."""
    print(line, flush=True)


@contextmanager
def step(name: str, tell: Say = say) -> Iterator[None]:
    """This will announce a step, say every ten seconds that it goes on, and how long it took when that was long."""
    began, over = time.monotonic(), threading.Event()

    def show() -> None:
        while not over.wait(STILL_EVERY_S):
            tell(f"   still at it, {time.monotonic() - began:.0f} s")

    tell(f"{name} ...")
    threading.Thread(target=show, name="telling", daemon=True).start()
    try:
        yield
    finally:
        over.set()
    took = time.monotonic() - began
    if took >= WORTH_SAYING_S:
        tell(f"   {took:.0f} s")
