"""What we do when the clock says so. The one module that knows procrastinate; the others say `@timed("* * * * *")`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from procrastinate.contrib.django import app as procrastinate_app

from linli.kernel.facts import module_word

_timers: dict[str, Timer] = {}


@dataclass(frozen=True)
class Timer:
    """A function of the clock: `run(at=...)` picks what is due, calls one action for each, and gives how many."""

    name: str
    cron: str
    run: Callable[..., int]


def timed(cron: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """This will run a task by the clock (cron with an optional sixth field of seconds), one at a time, in the worker.

    The task receives `at`; it must be safe to run twice and to be late. Replay and tests call it themselves.
    """

    def wrap(task: Callable[..., int]) -> Callable[..., int]:
        name = f"{module_word(task.__module__)}.{task.__name__}"
        _timers[name] = Timer(name, cron, task)

        @procrastinate_app.periodic(cron=cron)
        @procrastinate_app.task(name=name, queueing_lock=name, lock=name)
        def tick(timestamp: int) -> None:
            task(at=datetime.fromtimestamp(timestamp, tz=UTC))

        return task

    return wrap


def timers() -> tuple[Timer, ...]:
    """This will list every timed task, for the doctor and the replay's compressed clock."""
    return tuple(_timers[name] for name in sorted(_timers))
