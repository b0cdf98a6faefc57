"""`linli bench actions`: orders through the actions in the clients' own processes, until collected and until shared.

There is no HTTP here and no worker while the clock runs: what the worker does in the house the clients do themselves,
so a ratio says what rules, walls and checks cost beside bare rows (`script`), and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import LiteralString

import psycopg
from psycopg.sql import SQL, Composed

from linli.kernel.ids import OrderId, VariantId
from linli.kernel.money import Money
from linli.money.ledger.rules import psp_clearing
from linli.money.payments import actions as payments
from linli.money.payments.rules import EventKind, Outcome, Told
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import actions as orders
from linli.works.bench import script, soundness
from linli.works.bench.crowd import Start, gather
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.report import Figure, Report

_SOURCE = "embedded"
LIMIT: dict[str, Figure] = {"ratio": 0.25}

_WRITTEN: dict[str, tuple[LiteralString, LiteralString]] = {
    "what_was_asked": ("spine_audit WHERE action ~ '^(orders|payments)[.]'", "audit"),
    "facts": ("spine_fact WHERE kind ~ '^(orders|payments)[.]'", "fact"),
    "checkouts": ("orders_checkout", "checkout"),
    "orders": ("orders_order", "sale"),
    "lines": ("orders_line", "line"),
    "moves": ("orders_move", "move"),
    "reserved_goods": ("stock_reservation", "reservation"),
    "movements": ("stock_movement WHERE kind = 'sale'", "movement"),
    "collections": ("payments_collection", "collection"),
    "events": ("payments_event", "event"),
    "escrows": ("ledger_account WHERE address ~ '^order_escrow:'", "account WHERE address ~ '^escrow:'"),
    "journals": ("ledger_journal", "journal"),
    "postings": ("ledger_posting", "posting"),
    "unfolded_postings": ("ledger_unfolded", "unfolded"),
    "handovers": ("handover_handover", "handover"),
    "earnings": ("payouts_line", "earning"),
}
"""What the house writes, and where the script does: for each the tables (and which of their rows) to be counted."""

_SHARED: LiteralString = """
    SELECT NOT EXISTS (
        SELECT FROM orders_order AS o
        JOIN (SELECT order_id, sum(net_minor - platform_minor) AS due FROM orders_line GROUP BY 1) AS l
            ON l.order_id = o.id
        LEFT JOIN (SELECT order_id, sum(amount_minor) AS minor FROM payouts_line GROUP BY 1) AS e ON e.order_id = o.id
        LEFT JOIN (SELECT a.address, sum(p.amount_minor) AS minor FROM ledger_account AS a
                   JOIN ledger_posting AS p ON p.account_id = a.id GROUP BY 1) AS h
            ON h.address = 'order_escrow:' || o.id
        WHERE o.state = 'completed' AND (e.minor IS DISTINCT FROM l.due OR h.minor IS DISTINCT FROM 0))
"""


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will sell through plain tables and through the actions, first until collected, then until shared."""
    script.prepare(house.superuser_url)
    figures: dict[str, Figure] = {}
    checks: dict[str, bool] = {}
    ratios = []
    for until, shared in (("collected", False), ("shared", True)):
        rows = _rows(house)
        on_tables = [(house.superuser_url, shared, nth) for nth in range(clients)]
        bare = _measure(house, script.sell, on_tables, seconds=seconds, in_house=False)
        by_script, rows = _grown(house, rows, "script")
        by_actions = [(buyer, house.town.merchant, house.town.variants, shared) for buyer in house.town.buyers]
        found = _measure(house, sell, by_actions, seconds=seconds, in_house=True)
        by_house, _ = _grown(house, rows, "house")
        ratios.append(round(found["orders_per_s"] / bare["orders_per_s"], 4))
        figures |= {f"{name}_{until}": value for name, value in found.items()}
        figures |= {f"script_{name}_{until}": value for name, value in bare.items()}
        figures |= {
            f"ratio_{until}": ratios[-1],
            f"cpu_ratio_{until}": round(bare["cpu_ms_per_order"] / found["cpu_ms_per_order"], 4),
            f"rows_inserted_{until}": round(sum(by_house.values()), 2),
        }
        checks[f"the_script_writes_the_rows_of_the_house_until_{until}"] = by_script == by_house
    with house.running(web=False):
        soundness.wait_until_drained(house.superuser_url)
    return Report(
        name="actions",
        parameters={"seconds": seconds, "clients": clients, "lines": script.LINES, "durable": "on"},
        figures=figures,
        limit=LIMIT,
        ratio=min(ratios),
        checks={
            **soundness.checks(house.superuser_url),
            **checks,
            "every_order_is_paid": _ask(house, "SELECT count(*) FROM orders_order WHERE state = 'placed'") == 0,
            "every_escrow_went_to_its_payees": bool(_ask(house, _SHARED)),
        },
    )


def sell(start: Start, buyer: Scope, merchant: Scope, goods: Sequence[VariantId], shared: bool) -> tuple[int, float]:
    """This will order again and again, and tell how many orders were taken as far as asked and what CPU that used."""
    draw, done = Random(str(buyer.person)), 0
    for _ in range(script.WARM_ORDERS):
        sell_one(buyer, merchant, draw.sample(goods, script.LINES), shared)
    until = start()
    used = time.process_time()
    while time.monotonic() < until:
        sell_one(buyer, merchant, draw.sample(goods, script.LINES), shared)
        done += 1
    return done, (time.process_time() - used) * 1000


def sell_one(buyer: Scope, merchant: Scope, goods: Sequence[VariantId], shared: bool) -> tuple[OrderId, ...]:
    """This will sell some goods to a buyer who pays; `shared`: the orders are completed and their money shared too."""
    if not shared:
        return _collect(buyer, goods, datetime.now(UTC)).orders
    ready = make_ready(buyer, merchant, goods)
    receive(buyer, ready)
    return ready


def make_ready(buyer: Scope, merchant: Scope, goods: Sequence[VariantId]) -> tuple[OrderId, ...]:
    """This will sell some goods to a buyer who pays, and have the shop pack them."""
    placed, paid_at = _collect(buyer, goods, datetime.now(UTC)), datetime.now(UTC)
    orders.mark_paid(SYSTEM, checkouts=[placed.checkout], paid_at=[paid_at], at=paid_at)
    for order in placed.orders:
        orders.accept_order(merchant, order=order, at=datetime.now(UTC))
        orders.finish_order(merchant, order=order, at=datetime.now(UTC))
    return placed.orders


def receive(buyer: Scope, ready: Sequence[OrderId]) -> None:
    """This will complete orders: the buyer says that they are there."""
    for order in ready:
        orders.confirm_receipt(buyer, order=order, at=datetime.now(UTC))


def _collect(buyer: Scope, goods: Sequence[VariantId], at: datetime) -> orders.Placed:
    lines = [orders.Asked(variant=variant, quantity=1) for variant in goods]
    placed = orders.order_now(buyer, lines=lines, home=buyer.homes[0], at=at)
    paid_at = datetime.now(UTC)
    told = Told(
        source=_SOURCE,
        kind=EventKind.CHARGE,
        outcome=Outcome.SUCCESS,
        reference=str(placed.collection),
        provider_reference="bench",
        address=psp_clearing(_SOURCE),
        amount=placed.total,
        fee=Money(0),
        currency="CNY",
        occurred_at=paid_at,
    )
    if payments.record_told(SYSTEM, told=told, at=paid_at) != "collected":
        raise RuntimeError("the provider's word was not taken")
    return placed


def _measure(
    house: House,
    work: Callable[..., tuple[int, float]],
    told: Sequence[tuple[object, ...]],
    *,
    seconds: float,
    in_house: bool,
) -> dict[str, float]:
    meter = Meter({"database": house.postmaster})
    crowd = gather(work, told, seconds=seconds, in_house=in_house)
    done = max(1, sum(count for count, _ in crowd.said))
    python = sum(used for _, used in crowd.said) / done
    # The orders with which the clients made ready cost the database as much as those that are counted.
    database = meter.used_ms()["database"] / (done + len(told) * script.WARM_ORDERS)
    return {
        "orders_per_s": round(done / crowd.seconds, 1),
        "cpu_ms_per_order": round(python + database, 2),
        "cpu_ms_per_order_python": round(python, 2),
        "cpu_ms_per_order_database": round(database, 2),
    }


def _rows(house: House) -> dict[str, dict[str, int]]:
    """How many rows stand where the house writes and where the script does, by what they are."""
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        return {
            "house": {
                what: _count(link, SQL("SELECT count(*) FROM ") + SQL(ours)) for what, (ours, _) in _WRITTEN.items()
            },
            "script": {
                what: _count(link, SQL("SELECT count(*) FROM script.") + SQL(theirs))
                for what, (_, theirs) in _WRITTEN.items()
            },
        }


def _grown(
    house: House, before: dict[str, dict[str, int]], whose: str
) -> tuple[dict[str, float], dict[str, dict[str, int]]]:
    """The rows that each order has left there since, and all the counts of now."""
    now = _rows(house)
    orders_ = now[whose]["orders"] - before[whose]["orders"]
    return {what: round((n - before[whose][what]) / max(1, orders_), 4) for what, n in now[whose].items()}, now


def _count(link: psycopg.Connection, question: Composed) -> int:
    row = link.execute(question).fetchone()
    return int(row[0]) if row else 0


def _ask(house: House, question: LiteralString) -> object:
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        row = link.execute(question).fetchone()
    return row and row[0]
