"""`linli bench replenish-notes`: what a completed order costs, and how long it takes, until states know of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import LiteralString

import psycopg

from linli.insight.replenish import actions
from linli.kernel.ids import OrderId
from linli.spine.scope import SYSTEM, Scope
from linli.works.bench import estate, script, soundness
from linli.works.bench.actions import make_ready, receive, sell_one
from linli.works.bench.house import House
from linli.works.bench.report import Report

_MONTH_GOES_BY: LiteralString = "UPDATE replenish_state SET first_on = first_on - 30, last_on = last_on - 30"
_PURCHASES: LiteralString = "SELECT coalesce(sum(purchases), 0) FROM replenish_state"
_ASLEEP: LiteralString = "SELECT count(*) FROM spine_bell WHERE asleep_until > now()"
_WARM_ROUNDS = 2
_LEAST_WATCHED = 3
_LOOK_EVERY_S = 0.002
_LIMIT_S = 30.0
_DOZES_S = 0.3
"""From saying that it lies down the worker looks once more, then it sleeps."""
PROMISED_MS = 5_000


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
    seen_ms = _seen_ms(house, draw, seconds)
    return Report(
        name="replenish-notes",
        parameters={"seconds": seconds, "clients": clients, "lines": script.LINES, "durable": "on"},
        figures={
            "orders": orders,
            "states": noted,
            "database_cpu_ms_per_order": round(1000 * cpu_s / orders, 3),
            "by_the_clock_ms_per_order": round(1000 * took_s / orders, 3),
            "watched": len(seen_ms),
            "seen_after_ms_median": round(median(seen_ms)),
            "seen_after_ms_worst": round(max(seen_ms)),
        },
        limit={"database_cpu_ms_per_order": 1.0, "seen_after_ms_worst": PROMISED_MS},
        ratio=None,
        note="Noted in batches of one order a client; the clock runs for rules and commit too. Watched one at a time,"
        " completed while the worker sleeps: from the return of the commit until another connection reads the state.",
        checks={
            "completing_an_order_writes_nothing_here": kept_by_completing == 0,
            "every_order_moved_the_states_of_its_household": noted == 2 * orders,
            "what_is_heard_twice_counts_once": again == 0,
        },
    )


def _seen_ms(house: House, draw: Random, seconds: float) -> list[float]:
    """How long after each completion its state is seen; the worker is asleep each time when it is completed."""
    found, until = list[float](), time.monotonic() + seconds
    with house.running(web=False):
        soundness.wait_until_drained(house.superuser_url)
        while len(found) < _LEAST_WATCHED or time.monotonic() < until:
            _ask(house, _MONTH_GOES_BY)
            buyer = house.town.buyers[len(found) % len(house.town.buyers)]
            goods = draw.sample(house.town.variants, script.LINES)
            ready = make_ready(buyer, house.town.merchant, goods)
            soundness.wait_until_drained(house.superuser_url)
            found.append(_completed(house, buyer, ready))
    return found


def _completed(house: House, buyer: Scope, ready: tuple[OrderId, ...]) -> float:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        before = _one(link, _PURCHASES)
        _wait(lambda: _one(link, _ASLEEP) > 0)
        time.sleep(_DOZES_S)
        receive(buyer, ready)
        began = time.monotonic()
        _wait(lambda: _one(link, _PURCHASES) > before)
    return 1000 * (time.monotonic() - began)


def _wait(until: Callable[[], bool]) -> None:
    limit = time.monotonic() + _LIMIT_S
    while not until():
        if time.monotonic() > limit:
            raise TimeoutError("the worker neither sleeps nor notes")
        time.sleep(_LOOK_EVERY_S)


def _one(link: psycopg.Connection, question: LiteralString) -> int:
    row = link.execute(question).fetchone()
    return int(row[0]) if row else 0


def _ask(house: House, statement: LiteralString) -> int:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        answer = link.execute(statement)
        row = answer.fetchone() if answer.description else None
    return int(row[0]) if row else 0
