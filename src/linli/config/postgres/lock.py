"""One process at a time: a lock that the operating system frees when its holder dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockTimeout(RuntimeError):
    """Another process held the lock for longer than we were willing to wait."""


@contextmanager
def one_process(file: Path, *, timeout_s: float = 120) -> Iterator[None]:
    """This will let one process at a time through, on every platform.

    A lock file with a process id in it has a race when a stale one is broken. SQLite has solved this on every system
    that Python runs on, so its exclusive transaction is our lock.
    """
    connection = sqlite3.connect(file, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise LockTimeout(f"{file} could not be locked in {timeout_s:.0f} s: {error}") from error
        yield
    finally:
        connection.close()
