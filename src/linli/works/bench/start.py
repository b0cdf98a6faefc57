"""`linli bench start`: from the command to the first answer that asked the database, which is running and warm."""

from __future__ import annotations

import time
from statistics import median

from linli.works.bench import soundness
from linli.works.bench.house import House, wait_until_answered
from linli.works.bench.report import Report
from linli.works.leash import stop_all

TIMES = 3


def bench(house: House, *, seconds: float, clients: int) -> Report:  # noqa: ARG001 - a start is a start
    """This will start the web process three times, and give the median."""
    took = [_start(house) for _ in range(TIMES)]
    return Report(
        name="start",
        parameters={"times": TIMES},
        figures={"start_s": round(median(took), 2), "fastest_s": round(min(took), 2), "slowest_s": round(max(took), 2)},
        limit={"start_s": 4.0},
        ratio=None,
        note="Wall time on a machine that others may be using.",
        checks=soundness.checks(house.superuser_url),
    )


def _start(house: House) -> float:
    web = house.web
    began = time.monotonic()
    try:
        web.start()
        wait_until_answered(house.port, web)
        return time.monotonic() - began
    finally:
        stop_all([web])
