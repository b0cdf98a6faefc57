"""A task whose process is killed (signal 9) at one of its statements, as a lost machine would be."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count

from django.db import connection

from linli.spine import sql


def killed(after: int, task: Callable[[], object]) -> bool:
    """This will run a task in a process that is killed at its so many-th statement; false where it ended before."""
    connection.close()
    child = os.fork()
    if child == 0:
        left = count(1)

        def die(_statement: str) -> None:
            if next(left) == after:
                os.kill(os.getpid(), signal.SIGKILL)

        def wrapped(execute, statement, params, many, context):
            die(statement)
            return execute(statement, params, many, context)

        sql.observers.append(die)
        try:
            with connection.execute_wrapper(wrapped):
                task()
            os._exit(0)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
