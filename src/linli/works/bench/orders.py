"""`linli bench orders`: five lines placed in one call over HTTP, and collected by the provider's signed word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median, quantiles

import psycopg

from linli.works.bench import raw, soundness
from linli.works.bench.crowd import gather
from linli.works.bench.doorbell import tokens
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.report import Figure, Report
from linli.works.bench.shopping import Buyer, Sold, shop_over_http

LIMIT: dict[str, Figure] = {"ratio": 0.08, "cpu_ms_per_order": 13.0}
WARM_S = 1.5


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will sell through the house and through plain tables, and divide."""
    raw.prepare(house.superuser_url)
    statements = raw.per_second(house.superuser_url, clients=clients, seconds=seconds, in_function=False)
    function = raw.per_second(house.superuser_url, clients=clients, seconds=seconds, in_function=True)
    buyers = buyers_of(house, house.town.variants)
    with house.running() as families:
        sell(house, buyers, seconds=min(WARM_S, seconds))
        soundness.wait_until_drained(house.superuser_url)
        meter = Meter(families)
        before = _paid(house)
        sold, placed_s = sell(house, buyers, seconds=seconds)
        # The clock runs from the moment when all clients are ready until the last order has reached its shop.
        took = placed_s + soundness.wait_until_drained(house.superuser_url)
        cpu = meter.used_ms()
        orders = _paid(house) - before
    per_s = orders / took
    took_ms = sorted(ms for each in sold for ms in each.took_ms) or [0.0]
    placed = sum(each.orders for each in sold)
    return Report(
        name="orders",
        parameters={"seconds": seconds, "clients": clients, "lines": 5, "durable": "on"},
        figures={
            "orders": orders,
            "orders_per_s": round(per_s, 1),
            "placed_and_collected_per_s": round(placed / placed_s, 1),
            "p50_ms": round(median(took_ms), 1),
            "p99_ms": round(quantiles(took_ms, n=100)[98], 1) if len(took_ms) > 1 else None,
            "cpu_ms_per_order": round(sum(cpu.values()) / max(1, orders), 2),
            **{f"cpu_ms_per_order_{name}": round(used / max(1, orders), 2) for name, used in cpu.items()},
            "raw_statements_per_s": round(statements, 1),
            "raw_function_per_s": round(function, 1),
            "ratio_to_raw_function": round(per_s / function, 4),
        },
        limit=LIMIT,
        ratio=round(per_s / statements, 4),
        refused=sum((each.refused for each in sold), Counter[str]()),
        checks={
            **soundness.checks(house.superuser_url),
            "every_placed_order_is_paid": placed == orders > 0,
            "nobody_was_refused": not any(each.refused for each in sold),
        },
    )


def sell(house: House, buyers: Sequence[Buyer], *, seconds: float) -> tuple[tuple[Sold, ...], float]:
    """This will let buyers order and pay over HTTP, and tell what each did and how long that took."""
    told = [(house.port, buyer, house.paid, house.source) for buyer in buyers]
    crowd = gather(shop_over_http, told, seconds=seconds)
    return crowd.said, crowd.seconds


def buyers_of(house: House, goods: Sequence[object], **how: int) -> list[Buyer]:
    """This will sign the town's buyers in, wishing for these goods."""
    names, signed_in = tuple(str(one) for one in goods), tokens(house.town, at=datetime.now(UTC))
    homes = [str(scope.homes[0]) for scope in house.town.buyers]
    return [Buyer(token, home, names, **how) for token, home in zip(signed_in, homes, strict=True)]


def _paid(house: House) -> int:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        return soundness.paid_orders(link)
