"""`linli bench shopper`: five goods into the basket, address, slot, quote, pay, see: ten calls over HTTP."""

from __future__ import annotations

from statistics import median

import psycopg

from linli.works.bench import soundness
from linli.works.bench.crowd import gather
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.orders import buyers_of
from linli.works.bench.report import Report
from linli.works.bench.shopping import Sold, shop_in_ten_calls

CALLS = 10
WARM_S = 1.5


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will let shoppers shop, and divide what web, worker and database used by the shoppers served."""
    buyers = buyers_of(house, house.town.variants)
    told = [(house.port, buyer, str(house.town.community), house.paid, house.source) for buyer in buyers]
    with house.running() as families:
        gather(shop_in_ten_calls, told, seconds=min(WARM_S, seconds))
        soundness.wait_until_drained(house.superuser_url)
        before = _paid(house)
        meter = Meter(families)
        crowd = gather(shop_in_ten_calls, told, seconds=seconds)
        took = crowd.seconds + soundness.wait_until_drained(house.superuser_url)
        cpu = meter.used_ms()
        served = _paid(house) - before
    said: tuple[Sold, ...] = crowd.said
    took_ms = [ms for each in said for ms in each.took_ms] or [0.0]
    return Report(
        name="shopper",
        parameters={"seconds": seconds, "clients": clients, "calls": CALLS, "lines": 5, "durable": "on"},
        figures={
            "shoppers": served,
            "shoppers_per_s": round(served / took, 1),
            "calls_per_s": round(CALLS * served / took, 1),
            "p50_ms_of_ten_calls": round(median(took_ms), 1),
            "cpu_ms_per_shopper": round(sum(cpu.values()) / max(1, served), 2),
            **{f"cpu_ms_per_shopper_{name}": round(used / max(1, served), 2) for name, used in cpu.items()},
        },
        limit={"cpu_ms_per_shopper": 25.0},
        ratio=None,
        note="Judged by CPU, in which the provider's word (an eleventh call, not the shopper's) is counted too.",
        checks={
            **soundness.checks(house.superuser_url),
            "every_shopper_has_one_paid_order": sum(each.orders for each in said) == served > 0,
        },
    )


def _paid(house: House) -> int:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        return soundness.paid_orders(link)
