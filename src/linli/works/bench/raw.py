"""The bare database as a measure: the same order on plain tables, statement by statement and as one SQL function.

Sixteen prepared statements travel in one pipeline, so the slower of the two is still what a careful hand would write;
both commit durably. Products are locked in the order of their numbers, so that no two clients cross.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from importlib.resources import files
from random import Random
from uuid import UUID, uuid4

import psycopg

from linli.works.bench.crowd import Start, gather

PRODUCTS = 5_000
LINES = 5
NET_MINOR = 1_280
_POSTINGS = (("clearing", LINES), ("merchant", 2 - LINES), ("property", -1), ("platform", -1))


def prepare(url: str) -> None:
    """This will make the plain tables in a schema of their own."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(files(__package__).joinpath("raw.sql").read_bytes())


def per_second(url: str, *, clients: int, seconds: float, in_function: bool) -> float:
    """This will tell how many bare orders the database takes in a second, from so many processes."""
    crowd = gather(_sell, [(url, in_function, nth) for nth in range(clients)], seconds=seconds)
    return sum(crowd.said) / crowd.seconds


def _sell(start: Start, url: str, in_function: bool, nth: int) -> int:
    place = _place_in_function if in_function else _place_in_statements
    draw, done = Random(nth), 0
    with psycopg.connect(url, autocommit=True) as link:
        link.prepare_threshold = 0
        until = start()
        while time.monotonic() < until:
            place(link, uuid4(), sorted(draw.sample(range(1, PRODUCTS + 1), LINES)))
            done += 1
    return done


def _place_in_function(link: psycopg.Connection, sale: UUID, products: list[int]) -> None:
    link.execute(
        "SELECT raw.place(%s, %s, %s::int[], %s, %s)", (sale, sale, products, NET_MINOR, datetime.now(UTC)), binary=True
    )


def _place_in_statements(link: psycopg.Connection, sale: UUID, products: list[int]) -> None:
    total = NET_MINOR * LINES
    with link.pipeline(), link.transaction():
        link.execute("INSERT INTO raw.sale VALUES (%s, %s, %s, %s)", (sale, sale, total, datetime.now(UTC)))
        for n, product in enumerate(products, start=1):
            link.execute("INSERT INTO raw.line VALUES (%s, %s, %s, 1, %s)", (sale, n, product, NET_MINOR))
        held = [
            link.execute("UPDATE raw.product SET on_hand = on_hand - 1 WHERE id = %s AND on_hand >= 1", (product,))
            for product in products
        ]
        for account, parts in _POSTINGS:
            link.execute(
                "INSERT INTO raw.posting (sale_id, account, minor) VALUES (%s, %s, %s)",
                (sale, account, parts * NET_MINOR),
            )
        told = f'{{"sale": "{sale}", "total": {total}}}'
        link.execute("INSERT INTO raw.outbox (kind, body) VALUES ('sold', %s::jsonb)", (told,))
    if any(update.rowcount != 1 for update in held):
        raise RuntimeError("stock is short")
