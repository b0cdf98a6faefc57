"""`linli bench replenish-notes`: what a completed order costs until the states of its household know of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from random import Random
from typing import LiteralString

import psycopg

from linli.insight.replenish import actions
from linli.kernel.ids import OrderId
from linli.spine.scope import SYSTEM
from linli.works.bench import estate, script
from linli.works.bench.actions import sell_one
from linli.works.bench.house import House
from linli.works.bench.report import Report

_MONTH_GOES_BY: LiteralString = "UPDATE replenish_state SET first_on = first_on - 30, last_on = last_on - 30"
_PURCHASES: LiteralString = "SELECT coalesce(sum(purchases), 0) FROM replenish_state"
_WARM_ROUNDS = 2


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will complete orders of buyers who asked to be told, then note them, a batch of one order each at a time."""
    for buyer in house.town.buyers:
        actions.begin(buyer, home=buyer.homes[0], shares=True, at=datetime.now(UTC))
    draw, until = Random(1), time.monotonic() + seconds
    done: list[OrderId] = []
    while len(done) <= _WARM_ROUNDS * clients or time.monotonic() < until:
        for buyer in house.town.buyers:
            done += sell_one(buyer, house.town.merchant, draw.sample(house.town.variants, script.LINES), True)
    kept_by_completing = _ask(house, _PURCHASES)
    noted = orders = again = 0
    took_s = cpu_s = 0.0
    for turn in range(len(done) // clients):
        batch = done[turn * clients :][:clients]
        used, began = estate.backend_cpu_s(), time.monotonic()
        states = actions.note_orders(SYSTEM, orders_done=batch, at=datetime.now(UTC))
        if turn >= _WARM_ROUNDS:
            took_s, cpu_s = took_s + time.monotonic() - began, cpu_s + estate.backend_cpu_s() - used
            noted, orders = noted + states, orders + len(batch)
        else:
            again += actions.note_orders(SYSTEM, orders_done=batch, at=datetime.now(UTC))
        _ask(house, _MONTH_GOES_BY)
    return Report(
        name="replenish-notes",
        parameters={"seconds": seconds, "clients": clients, "lines": script.LINES, "durable": "on"},
        figures={
            "orders": orders,
            "states": noted,
            "database_cpu_ms_per_order": round(1000 * cpu_s / orders, 3),
            "by_the_clock_ms_per_order": round(1000 * took_s / orders, 3),
        },
        limit={"database_cpu_ms_per_order": 1.0},
        ratio=None,
        note="Noted in batches of one order a client; the clock runs for rules and commit too.",
        checks={
            "completing_an_order_writes_nothing_here": kept_by_completing == 0,
            "every_order_moved_the_states_of_its_household": noted == 2 * orders,
            "what_is_heard_twice_counts_once": again == 0,
        },
    )


def _ask(house: House, statement: LiteralString) -> int:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        answer = link.execute(statement)
        row = answer.fetchone() if answer.description else None
    return int(row[0]) if row else 0
