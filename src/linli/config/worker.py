"""The worker: carries facts up the house, does what the clock says, and long work. Many may run; each does it once."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from datetime import UTC, datetime

import structlog

GATHER_S = 0.1
"""Pause between two looks at the outbox while facts are told, unless a batch was full: what is told meanwhile climbs
together, for about the price of one fact alone; no buyer waits longer than that for "paid", beyond the work itself."""
TIRED = 20
"""After so many looks that found nothing the worker sleeps until the bell rings, and an idle house costs nothing."""
STOP_S = 0.5
TROUBLE_S = 2.0
TASKS_AT_ONCE = 2
_log = structlog.get_logger()


class Drain(threading.Thread):
    """Drains the outbox until told to stop; outlives a database that goes away and comes back."""

    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self.stopping = threading.Event()
        self._in_vain = 0
        self._lies_down = False

    def run(self) -> None:
        """This will look and rest in turns."""
        from django.db import connection

        while not self.stopping.is_set():
            try:
                self._look()
            except Exception as error:
                _log.error("outbox_trouble", error=type(error).__name__)
                connection.close()
                self._in_vain, self._lies_down = 0, False
                self.stopping.wait(TROUBLE_S)
        connection.close()

    def _look(self) -> None:
        from linli.spine import bell, outbox

        taken = outbox.drain(at=datetime.now(UTC))
        self._in_vain = 0 if taken else self._in_vain + 1
        if taken and self._lies_down:
            bell.get_up()
            self._lies_down = False
        if taken == outbox.BATCH:
            return
        if self._in_vain < TIRED:
            self.stopping.wait(GATHER_S)
        elif self._lies_down:
            self._sleep()
        else:
            bell.lie_down()  # and look once more, for what was told before
            self._lies_down = True

    def _sleep(self) -> None:
        """Until the bell rings, or it is time to look; then being down is said anew, so that it holds."""
        from linli.spine import bell

        until = time.monotonic() + bell.LOOK_S
        while not self.stopping.is_set() and time.monotonic() < until:
            if bell.rang(within_s=STOP_S):
                return
        bell.lie_down()


async def work() -> None:
    """This will run the outbox, the timed tasks and long work until SIGINT or SIGTERM, finishing what is in hand."""
    from linli.config.carrier import Carrier
    from linli.spine import jobs

    drain, carrier = Drain(), Carrier()
    drain.start()
    carrier.start()
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
        carrier.stopping.set()
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)
        await asyncio.to_thread(drain.join, 10)
        await asyncio.to_thread(carrier.join, 10)
    if not stop.is_set():
        clock.result()
