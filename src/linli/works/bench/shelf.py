"""`linli bench shelf`: thirty of a thousand listings with price and live stock, as page and as JSON, made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.test import Client

from linli.spine import sql
from linli.works.bench import soundness
from linli.works.bench.crowd import gather
from linli.works.bench.doorbell import signed_in
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.report import Figure, Report
from linli.works.bench.shopping import look_at

LISTED = 30
WARM_S = 1.0


def page_of(house: House) -> str:
    """This will give the address of the shelf as neighbours see it."""
    return f"/o/communities/{house.town.community}/shelf/"


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will ask for the shelf past the memory of shared answers, signed in, and count what each answer costs."""
    cookies = {"Cookie": signed_in(house.town)}
    data = f"/api/v1/communities/{house.town.community}/shelf?limit={LISTED}"
    first, _ = _count(page_of(house), cookies)
    on_page, page = _count(page_of(house), cookies)
    in_data, answer = _count(data, {})
    items = answer.json()["items"]
    with house.running() as families:
        figures = {
            **_measure(house, families, "page", page_of(house), cookies, seconds=seconds, clients=clients),
            **_measure(house, families, "json", data, {}, seconds=seconds, clients=clients),
        }
    shown = page.content.decode()
    return Report(
        name="shelf",
        parameters={"seconds": seconds, "clients": clients, "listings": len(house.town.variants), "listed": LISTED},
        figures={
            **figures,
            "statements_page": on_page,
            "statements_page_first_in_ten_seconds": first,
            "statements_json": in_data,
            "page_bytes": len(page.content),
            "json_bytes": len(answer.content),
        },
        limit={"cpu_ms_per_page": 3.0, "cpu_ms_per_json": 3.0, "statements_page": 3, "statements_json": 3},
        ratio=None,
        note="Judged by CPU and statements: a bare SELECT knows neither prices of places nor what is expired.",
        checks={
            **soundness.checks(house.superuser_url),
            "thirty_listings": len(items) == LISTED == shown.count('class="product-card"'),
            "each_with_a_price_and_live_stock": all(v["left"] > 0 and v["price"] for i in items for v in i["variants"]),
            "a_neighbour_may_take_each": shown.count('name="variant"') == LISTED,
            "nothing_personal_is_on_the_page": all(name not in shown for name in ("Buyer", *house.town.phones)),
        },
    )


def _measure(
    house: House,
    families: Mapping[str, int],
    what: str,
    path: str,
    headers: Mapping[str, str],
    *,
    seconds: float,
    clients: int,
) -> dict[str, Figure]:
    told = [(house.port, path, dict(headers), nth) for nth in range(clients)]
    gather(look_at, told, seconds=min(WARM_S, seconds))
    meter = Meter(families)
    crowd = gather(look_at, told, seconds=seconds)
    cpu = meter.used_ms()
    asked = max(1, sum(crowd.said))
    return {
        f"{what}s_per_s": round(asked / crowd.seconds, 1),
        f"cpu_ms_per_{what}": round(sum(cpu.values()) / asked, 2),
        **{f"cpu_ms_per_{what}_{name}": round(used / asked, 2) for name, used in cpu.items()},
    }


def _count(path: str, headers: Mapping[str, str]) -> tuple[int, Any]:
    """The statements of one answer, those of the ORM and ours, seen where they are sent."""
    seen: list[str] = []

    def see(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        seen.append(statement)
        return execute(statement, *rest)

    sql.observers.append(seen.append)
    try:
        with connection.execute_wrapper(see):
            answer = Client(HTTP_HOST="localhost").get(path, headers=headers)
    finally:
        sql.observers.remove(seen.append)
    return len(seen), answer
