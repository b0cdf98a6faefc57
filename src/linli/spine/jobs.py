"""What we do when the clock says so. The one module that knows procrastinate; the others say `@timed("* * * * *")`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from linli.kernel.facts import module_word
from linli.spine import sql

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


async def run_worker(*, concurrency: int) -> None:
    """This will carry out timed tasks until cancelled; a task in hand is finished first."""
    connector = cast(DjangoConnector, procrastinate_app.connector).get_worker_connector()
    with procrastinate_app.replace_connector(connector) as app:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
            )


def last_tick() -> datetime | None:
    """This will tell when a worker last took up a timed task; None when none ever has."""
    row = sql.fetch_one("SELECT max(defer_timestamp) FROM procrastinate_periodic_defers")
    return datetime.fromtimestamp(row[0], tz=UTC) if row and row[0] is not None else None
