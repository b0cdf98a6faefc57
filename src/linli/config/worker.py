"""The worker: carries facts up the house and does what the clock says. Many may run; each fact and task runs once."""

from __future__ import annotations

import asyncio
import signal
import threading
from datetime import UTC, datetime

import structlog

GATHER_S = 0.1
"""Pause between two looks at the outbox, unless a batch was full: what is told meanwhile climbs together, for about the
price of one fact alone. It is the longest that a buyer waits for "paid" beyond the work itself."""
TROUBLE_S = 2.0
TASKS_AT_ONCE = 2
_log = structlog.get_logger()


class Drain(threading.Thread):
    """Drains the outbox until told to stop; outlives a database that goes away and comes back."""

    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        from django.db import connection

        from linli.spine import outbox

        while not self.stopping.is_set():
            try:
                taken = outbox.drain(at=datetime.now(UTC))
            except Exception as error:
                _log.error("outbox_trouble", error=type(error).__name__)
                connection.close()
                self.stopping.wait(TROUBLE_S)
                continue
            if taken < outbox.BATCH:
                self.stopping.wait(GATHER_S)
        connection.close()


async def work() -> None:
    """This will run the outbox and the timed tasks until SIGINT or SIGTERM, finishing what is in hand."""
    from linli.spine import jobs

    drain = Drain()
    drain.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    clock = asyncio.create_task(jobs.run_worker(concurrency=TASKS_AT_ONCE))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({clock, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        drain.stopping.set()
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)
        await asyncio.to_thread(drain.join, 10)
    if not stop.is_set():
        clock.result()
