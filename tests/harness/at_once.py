"""Things that happen at one moment, each in a thread with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


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
