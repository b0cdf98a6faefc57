"""`linli bench memory`: what web process, worker and live process keep in memory after they have sold for a while."""

from __future__ import annotations

from linli.works.bench import soundness
from linli.works.bench.house import House
from linli.works.bench.meters import memory_mib
from linli.works.bench.orders import buyers_of, sell
from linli.works.bench.report import Report


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will sell as `orders` does, wait until the worker is done, and ask the kernel for their share of pages."""
    buyers = buyers_of(house, house.town.variants)
    with house.running(together=True) as families:
        sold, _ = sell(house, buyers, seconds=seconds)
        soundness.wait_until_drained(house.superuser_url)
        used = memory_mib(families["web"])
    return Report(
        name="memory",
        parameters={"seconds": seconds, "clients": clients},
        figures={
            "memory_mib": round(sum(used), 1),
            "memory_mib_parent": round(used[0], 1),
            "memory_mib_children": round(sum(used[1:]), 1),
            "processes": len(used),
            "orders_before": sum(each.orders for each in sold),
        },
        limit={"memory_mib": 230},
        ratio=None,
        note="Proportional set size of parent, web process, worker and live process, the database not included.",
        checks={**soundness.checks(house.superuser_url), "the_processes_were_seen": len(used) == 4 and min(used) > 1},
    )
