"""pgbench's own transaction (TPC-B, "sort of") on plain tables: the measure of what takes one small thing in."""

from __future__ import annotations

import time
from importlib.resources import files
from random import Random

import psycopg

from linli.works.bench.crowd import Start

BRANCHES, TELLERS, ACCOUNTS = 10, 100, 100_000


def prepare(url: str) -> None:
    """This will make the tables in a schema of their own."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(files(__package__).joinpath("bank.sql").read_bytes())


def work(start: Start, url: str, nth: int) -> int:
    """This will bank until the time is over, and tell how many transactions were committed."""
    draw, done = Random(nth), 0
    with psycopg.connect(url, autocommit=True) as link:
        link.prepare_threshold = 0
        until = start()
        while time.monotonic() < until:
            account, teller = draw.randint(1, ACCOUNTS), draw.randint(1, TELLERS)
            branch, delta = draw.randint(1, BRANCHES), draw.randint(-5000, 5000)
            with link.transaction():
                link.execute("UPDATE bank.account SET balance = balance + %s WHERE id = %s", (delta, account))
                link.execute("SELECT balance FROM bank.account WHERE id = %s", (account,)).fetchone()
                link.execute("UPDATE bank.teller SET balance = balance + %s WHERE id = %s", (delta, teller))
                link.execute("UPDATE bank.branch SET balance = balance + %s WHERE id = %s", (delta, branch))
                link.execute(
                    "INSERT INTO bank.history (teller, branch, account, delta) VALUES (%s, %s, %s, %s)",
                    (teller, branch, account, delta),
                )
            done += 1
    return done
