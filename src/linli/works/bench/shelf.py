"""`linli bench shelf`: thirty of a thousand listings with price and live stock, made anew for every asker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from linli.spine import sql
from linli.works.bench import soundness
from linli.works.bench.crowd import gather
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.report import Report
from linli.works.bench.shopping import look_at

LISTED = 30
WARM_S = 1.0


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will ask for the shelf as JSON, past the memory of shared answers, and count what each answer costs."""
    path = f"/api/v1/communities/{house.town.community}/shelf?limit={LISTED}"
    statements, answer = _count(path)
    items = answer.json()["items"]
    told = [(house.port, path, nth) for nth in range(clients)]
    with house.running() as families:
        gather(look_at, told, seconds=min(WARM_S, seconds))
        meter = Meter(families)
        crowd = gather(look_at, told, seconds=seconds)
        cpu = meter.used_ms()
    asked = sum(crowd.said)
    return Report(
        name="shelf",
        parameters={"seconds": seconds, "clients": clients, "listings": len(house.town.variants), "listed": LISTED},
        figures={
            "lists_per_s": round(asked / crowd.seconds, 1),
            "statements": statements,
            "cpu_ms_per_list": round(sum(cpu.values()) / max(1, asked), 2),
            **{f"cpu_ms_per_list_{name}": round(used / max(1, asked), 2) for name, used in cpu.items()},
            "answer_bytes": len(answer.content),
        },
        limit={"cpu_ms_per_list": 3.0, "statements": 3},
        ratio=None,
        note="Judged by CPU and statements: a bare SELECT knows neither prices of places nor what is expired.",
        checks={
            **soundness.checks(house.superuser_url),
            "thirty_listings": len(items) == LISTED,
            "each_with_a_price_and_live_stock": all(v["left"] > 0 and v["price"] for i in items for v in i["variants"]),
        },
    )


def _count(path: str) -> tuple[int, Any]:
    """The statements of one answer, those of the ORM and ours, seen where they are sent."""
    seen: list[str] = []

    def see(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        seen.append(statement)
        return execute(statement, *rest)

    sql.observers.append(seen.append)
    try:
        with connection.execute_wrapper(see):
            answer = Client(HTTP_HOST="localhost").get(path)
    finally:
        sql.observers.remove(seen.append)
    return len(seen), answer
