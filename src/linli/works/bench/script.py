"""The bare database as a measure of the actions: the rows that the house writes, on plain tables.

Each step is one durable transaction, as it is in the house, whose prepared statements travel in one pipeline: each row
is inserted by a statement of its own. Products are taken in the order of their numbers, so that no two clients cross.
That it writes as many rows as the house is counted after each run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from random import Random
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg

from linli.works.bench.crowd import Start

PRODUCTS = 1_000
WARM_ORDERS = 10
LINES = 5
NET_MINOR = 1_280
TOTAL_MINOR = LINES * NET_MINOR
PROPERTY_MINOR, PLATFORM_MINOR = 205, 307

_AUDIT: LiteralString = "INSERT INTO script.audit (action, said) VALUES (%s, %s::jsonb)"
_FACT: LiteralString = "INSERT INTO script.fact (kind, body) VALUES (%s, %s::jsonb)"
_MOVE: LiteralString = "INSERT INTO script.move (sale, verb, state, at) VALUES (%s, %s, %s, %s)"
_STEP: LiteralString = "UPDATE script.sale SET state = %s, version = %s, changed_at = %s WHERE id = %s AND version = %s"


@dataclass(frozen=True, slots=True)
class Sale:
    """One order: its id serves for its checkout and its collection too."""

    id: UUID
    buyer: UUID
    products: list[int]
    at: datetime


def prepare(url: str) -> None:
    """This will make the plain tables in a schema of their own."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(files(__package__).joinpath("script.sql").read_bytes())


def sell(start: Start, url: str, shared: bool, nth: int) -> tuple[int, float]:
    """This will sell until the time is over, each order until collected or shared; gives orders and CPU ms."""
    draw, done = Random(nth), 0
    with psycopg.connect(url, autocommit=True) as link:
        link.prepare_threshold = 0
        for _ in range(WARM_ORDERS):
            _sell_one(link, draw, shared)
        until = start()
        used = time.process_time()
        while time.monotonic() < until:
            _sell_one(link, draw, shared)
            done += 1
    return done, (time.process_time() - used) * 1000


def _sell_one(link: psycopg.Connection, draw: Random, shared: bool) -> None:
    sale = Sale(uuid4(), uuid4(), sorted(draw.sample(range(1, PRODUCTS + 1), LINES)), datetime.now(UTC))
    for step in (_place, _collect, _pay, _accept, _finish, _complete) if shared else (_place, _collect):
        with link.pipeline(), link.transaction():
            guarded = step(link, sale)
        if any(update.rowcount != 1 for update in guarded):
            raise RuntimeError(f"{step.__name__} did not find what it changes")


Written = Sequence[psycopg.Cursor[Any]]
"""The updates of a step that have to find their row."""


def _place(link: psycopg.Connection, sale: Sale) -> Written:
    write = link.execute
    write(_AUDIT, ("place", _said(sale)))
    write("INSERT INTO script.checkout VALUES (%s, %s, 'paying', %s, NULL)", (sale.id, sale.buyer, TOTAL_MINOR))
    write("INSERT INTO script.sale VALUES (%s, %s, 'placed', 1, %s, %s)", (sale.id, sale.id, TOTAL_MINOR, sale.at))
    for n, product in enumerate(sale.products):
        write("INSERT INTO script.line VALUES (%s, %s, %s, 1, %s)", (sale.id, n, product, NET_MINOR))
    write(_MOVE, (sale.id, "place", "placed", sale.at))
    escrow = (sale.id, sale.id, TOTAL_MINOR, [_escrow(sale)], [-TOTAL_MINOR])
    write("INSERT INTO script.collection VALUES (%s, %s, %s, %s, %s)", escrow)
    held = [
        write("UPDATE script.level SET reserved = reserved + 1 WHERE product = %s AND on_hand > reserved", (product,))
        for product in sale.products
    ]
    for product in sale.products:
        write("INSERT INTO script.reservation VALUES (%s, %s, 1, %s)", (sale.id, product, sale.at))
    write(_FACT, ("placed", _said(sale)))
    return held


def _collect(link: psycopg.Connection, sale: Sale) -> Written:
    write = link.execute
    write(_AUDIT, ("collect", _said(sale)))
    event = (sale.id, f"charge:success:{sale.id}", TOTAL_MINOR, sale.at)
    write("INSERT INTO script.event (collection, name, amount_minor, at) VALUES (%s, %s, %s, %s)", event)
    write("INSERT INTO script.account VALUES (%s, %s)", (_escrow(sale), sale.at))
    _post(link, sale, "capture", (("clearing", TOTAL_MINOR), (_escrow(sale), -TOTAL_MINOR)))
    write(_FACT, ("collected", _said(sale)))
    return []


def _pay(link: psycopg.Connection, sale: Sale) -> Written:
    link.execute("UPDATE script.reservation SET until = NULL WHERE sale = %s", (sale.id,))
    ended = link.execute("UPDATE script.checkout SET state = 'placed', ended_at = %s WHERE id = %s", (sale.at, sale.id))
    return [ended, _step(link, sale, "pay", "paid", 1)]


def _accept(link: psycopg.Connection, sale: Sale) -> Written:
    return [_step(link, sale, "accept", "accepted", 2)]


def _finish(link: psycopg.Connection, sale: Sale) -> Written:
    write = link.execute
    stepped = _step(link, sale, "finish", "ready", 3)
    taken = [
        write(
            "UPDATE script.level SET on_hand = on_hand - 1, reserved = reserved - 1"
            " WHERE product = %s AND reserved > 0",
            (product,),
        )
        for product in sale.products
    ]
    write("DELETE FROM script.reservation WHERE sale = %s", (sale.id,))
    for product in sale.products:
        taken.append(write("UPDATE script.batch SET remaining = remaining - 1 WHERE product = %s", (product,)))
        movement = (product, sale.id, sale.at)
        write("INSERT INTO script.movement (product, quantity, sale, at) VALUES (%s, -1, %s, %s)", movement)
    write("INSERT INTO script.handover VALUES (%s, %s, '123456', 'open')", (sale.id, sale.id))
    return [stepped, *taken]


def _complete(link: psycopg.Connection, sale: Sale) -> Written:
    write = link.execute
    stepped = _step(link, sale, "complete", "completed", 4)
    closed = write("UPDATE script.handover SET state = 'closed' WHERE id = %s", (sale.id,))
    merchant = TOTAL_MINOR - PROPERTY_MINOR - PLATFORM_MINOR
    shares = (("merchant", -merchant), ("property", -PROPERTY_MINOR), ("platform", -PLATFORM_MINOR))
    _post(link, sale, "complete", ((_escrow(sale), TOTAL_MINOR), *shares))
    for payee, minor in shares[:2]:
        earned = (payee, sale.id, -minor, sale.at)
        write("INSERT INTO script.earning (payee, sale, amount_minor, free_at) VALUES (%s, %s, %s, %s)", earned)
    return [stepped, closed]


def _step(link: psycopg.Connection, sale: Sale, verb: str, state: str, version: int) -> psycopg.Cursor[Any]:
    link.execute(_AUDIT, (verb, _said(sale)))
    stepped = link.execute(_STEP, (state, version + 1, sale.at, sale.id, version))
    link.execute(_MOVE, (sale.id, verb, state, sale.at))
    link.execute(_FACT, (state, _said(sale)))
    return stepped


def _post(link: psycopg.Connection, sale: Sale, kind: str, legs: Sequence[tuple[str, int]]) -> None:
    journal = uuid4()
    keyed = (journal, f"{kind}:{sale.id}", kind, sale.at)
    link.execute("INSERT INTO script.journal VALUES (%s, %s, %s, %s)", keyed)
    for n, (address, minor) in enumerate(legs):
        link.execute("INSERT INTO script.posting VALUES (%s, %s, %s, %s)", (journal, n, address, minor))
    for n, (address, minor) in enumerate(legs):
        if address in ("merchant", "property"):  # whose balances are kept, folded in later
            link.execute("INSERT INTO script.unfolded VALUES (%s, %s, %s, %s)", (journal, n, address, minor))


def _escrow(sale: Sale) -> str:
    return f"escrow:{sale.id}"


def _said(sale: Sale) -> str:
    return f'{{"at": "{sale.at.isoformat()}", "order": "{sale.id}", "buyer": "{sale.buyer}", "minor": {TOTAL_MINOR}}}'
