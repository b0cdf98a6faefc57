"""What must be true of the tables after a run; read behind the walls, by other ways than those that wrote them."""

from __future__ import annotations

import time
from typing import LiteralString

import psycopg

DRAINED_LIMIT_S = 120.0
LOOK_EVERY_S = 0.02

_CHECKS: dict[str, LiteralString] = {
    "stock_sold_is_lines_sold": """
        SELECT NOT EXISTS (
            SELECT FROM (SELECT l.variant, sum(l.quantity) AS sold FROM orders_line AS l
                         JOIN orders_order AS o ON o.id = l.order_id WHERE o.state <> 'cancelled' GROUP BY 1) AS s
            FULL JOIN (SELECT variant_id, sum(n) AS gone FROM (
                           SELECT variant_id, quantity AS n FROM stock_reservation
                           UNION ALL SELECT variant_id, -quantity FROM stock_movement WHERE kind = 'sale') AS u
                       GROUP BY 1) AS g ON g.variant_id = s.variant
            WHERE s.sold IS DISTINCT FROM g.gone)
        AND NOT EXISTS (
            SELECT FROM stock_level AS v WHERE v.on_hand < v.reserved OR v.reserved <> (
                SELECT coalesce(sum(r.quantity), 0) FROM stock_reservation AS r WHERE r.variant_id = v.variant_id))
    """,
    "ledger_sums_to_zero": """
        SELECT coalesce(sum(amount_minor), 0) = 0 AND NOT EXISTS (
            SELECT FROM ledger_posting GROUP BY journal_id HAVING sum(amount_minor) <> 0) FROM ledger_posting
    """,
    "every_order_has_its_outbox_row": """
        SELECT NOT EXISTS (
            SELECT FROM orders_order WHERE id NOT IN (
                SELECT (o #>> '{}')::uuid FROM spine_fact, jsonb_array_elements(body -> 'orders') AS o
                WHERE kind = 'orders.CheckoutPlaced'))
        AND NOT EXISTS (
            SELECT FROM orders_move WHERE verb = 'pay' AND order_id NOT IN (
                SELECT (body ->> 'order')::uuid FROM spine_fact WHERE kind = 'orders.OrderPaid'))
    """,
}


def checks(url: str) -> dict[str, bool]:
    """This will look whether what was sold, posted and told agrees, as the superuser whom no wall stops."""
    with psycopg.connect(url, autocommit=True) as link:
        return {name: _is(link, question) for name, question in _CHECKS.items()}


def gather_statistics(url: str) -> None:
    """This will do at once what autovacuum does within a minute of settling, so that plans are everyday ones."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("ANALYZE")


def paid_orders(link: psycopg.Connection) -> int:
    """This will count the orders whose money is in escrow and whose shop knows."""
    row = link.execute("SELECT count(*) FROM orders_order WHERE state <> 'placed'").fetchone()
    return int(row[0]) if row else 0


def wait_until_drained(url: str) -> float:
    """This will wait until every fact has climbed, and tell how long that took."""
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as link:
        while not _is(link, "SELECT NOT EXISTS (SELECT FROM spine_fact WHERE settled_at IS NULL)"):
            if time.monotonic() - began > DRAINED_LIMIT_S:
                raise TimeoutError("the worker does not come to an end with the outbox")
            time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began


def _is(link: psycopg.Connection, question: LiteralString) -> bool:
    row = link.execute(question).fetchone()
    return bool(row and row[0])
