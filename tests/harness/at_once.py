"""Things that happen at one moment, each in a thread with a connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from django.db import connection

from linli.kernel.refusals import Refusal


def at_once(*things: Callable[[], object]) -> list[object]:
    """This will do things in threads of their own, each with its own connection, all let go together."""
    barrier = Barrier(len(things))

    def alone(thing: Callable[[], object]) -> object:
        try:
            barrier.wait(10)
            return thing()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(things)) as pool:
        return [future.result(30) for future in [pool.submit(alone, thing) for thing in things]]


def ends_at_once(*acts: Callable[[], object]) -> Counter[str]:
    """This will do them all at the same moment and count how they ended: `done`, or the name of the refusal."""

    def end(act: Callable[[], object]) -> str:
        try:
            act()
        except Refusal as refused:
            return type(refused).__name__
        return "done"

    return Counter(map(str, at_once(*(partial(end, act) for act in acts))))
