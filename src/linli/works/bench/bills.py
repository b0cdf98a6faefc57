"""`linli bench bills`: a month of five lines a home, drafted, issued and posted, beside COPY of the very same rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import LiteralString

import psycopg
from psycopg import sql

from linli.estate.billing import actions as billing
from linli.spine.scope import Scope
from linli.works.bench import estate, soundness
from linli.works.bench.house import House
from linli.works.bench.report import Figure, Report

LIMIT: dict[str, Figure] = {"ratio": 0.3, "process_mib": 400, "backend_mib": 400}
_WRITTEN: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("ledger_account", "address ~ '^fee_'"),
    ("ledger_journal", "kind = 'bill_issued'"),
    ("ledger_posting", "true"),
    ("billing_bill", "true"),
    ("billing_line", "true"),
)
"""What issuing leaves behind, in an order in which keys are there before they are pointed to."""

_CHECKS: dict[str, LiteralString] = {
    "every_home_has_its_bill_and_five_lines": """
        SELECT count(*) = (SELECT count(DISTINCT subject) FROM billing_assignment) AND bool_and(n = 5)
        FROM (SELECT bill_id, count(*) AS n FROM billing_line GROUP BY 1) AS b
    """,
    "bills_are_numbered_without_gaps": """
        SELECT count(DISTINCT number) = count(*)
           AND max(split_part(number, '-', 2)::bigint) = count(*) FROM billing_bill
    """,
    "what_is_owed_is_what_the_lines_say": """
        SELECT NOT EXISTS (
            SELECT FROM (SELECT 'fee_receivable:' || subject || ':' || obligor AS address, sum(amount_minor) AS minor
                         FROM billing_line GROUP BY 1) AS l
            FULL JOIN (SELECT a.address, sum(p.amount_minor) AS minor
                       FROM ledger_account AS a JOIN ledger_posting AS p ON p.account_id = a.id
                       WHERE a.address ~ '^fee_receivable:' GROUP BY 1) AS a USING (address)
            WHERE l.minor IS DISTINCT FROM a.minor)
    """,
}


def bench(house: House, *, homes: int) -> Report:
    """This will draft and issue a month for so many homes of one community, then copy what was written, and divide."""
    desk = estate.a_desk(house, homes=homes)
    with estate.watching_memory() as grown:
        drafted_s, issued_s, lines = _a_month(desk)
    copied_s = _copied(house.superuser_url)
    took = drafted_s + issued_s
    return Report(
        name="bills",
        parameters={"homes": homes, "lines_a_home": len(estate.TARIFFS), "durable": "on"},
        figures={
            "lines": lines,
            "lines_per_s": round(lines / took, 1),
            "drafted_s": round(drafted_s, 2),
            "issued_s": round(issued_s, 2),
            "copied_s": round(copied_s, 2),
            "process_mib": round(grown.process_mib, 1),
            "backend_mib": round(grown.backend_mib, 1),
        },
        limit=LIMIT,
        ratio=round(copied_s / took, 4),
        checks={**_checked(house.superuser_url), **soundness.checks(house.superuser_url)},
    )


def _a_month(desk: Scope) -> tuple[float, float, int]:
    month = {"community": desk.communities[0], "first_on": estate.MONTH}
    began = time.monotonic()
    billing.draft_month(desk, **month, at=datetime.now(UTC))  # type: ignore[arg-type]
    drafted = time.monotonic()
    issued = billing.issue_month(desk, **month, at=datetime.now(UTC))  # type: ignore[arg-type]
    return drafted - began, time.monotonic() - drafted, issued.lines


def _copied(url: str) -> float:
    """Take the rows out, make empty tables with all that theirs have, and put them in again, in one transaction."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("CHECKPOINT")
        link.execute("CREATE SCHEMA again")
        taken = [_taken(link, table, of) for table, of in _WRITTEN]
        for table, _of in _WRITTEN:
            _same(link, table)
        link.execute("CHECKPOINT")
        began = time.monotonic()
        with link.transaction():
            for (table, _of), blocks in zip(_WRITTEN, taken, strict=True):
                into = sql.SQL("COPY again.{} FROM STDIN").format(sql.Identifier(table))  # all but what is generated
                with link.cursor() as cursor, cursor.copy(into) as copy:
                    for block in blocks:
                        copy.write(block)
        return time.monotonic() - began


def _taken(link: psycopg.Connection, table: str, of: LiteralString) -> list[bytes]:
    columns = link.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
        " AND NOT attisdropped ORDER BY attnum",
        (table,),
    ).fetchall()
    out = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(
        sql.SQL(", ").join(sql.Identifier(column) for (column,) in columns), sql.Identifier(table), sql.SQL(of)
    )
    with link.cursor() as cursor, cursor.copy(out) as copy:
        return list(_blocks(bytes(block) for block in copy))


def _blocks(rows: Iterator[bytes], size: int = 1 << 20) -> Iterator[bytes]:
    """Rows come one by one; they go in megabytes, as from a file."""
    kept = bytearray()
    for row in rows:
        kept += row
        if len(kept) >= size:
            yield bytes(kept)
            kept.clear()
    yield bytes(kept)


def _same(link: psycopg.Connection, table: str) -> None:
    """A table with the same columns, checks, keys, indexes, room on pages, foreign keys, and guards of its inserts."""
    name = sql.Identifier(table)
    link.execute(sql.SQL("CREATE TABLE again.{} (LIKE {} INCLUDING ALL)").format(name, name))
    for (option,) in link.execute(
        "SELECT unnest(reloptions) FROM pg_class WHERE oid = %s::regclass", (table,)
    ).fetchall():
        link.execute(sql.SQL("ALTER TABLE again.{} SET ({})").format(name, sql.SQL(option)))
    for word, rule in link.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        (table,),
    ).fetchall():
        link.execute(
            sql.SQL("ALTER TABLE again.{} ADD CONSTRAINT {} {}").format(name, sql.Identifier(word), sql.SQL(rule))
        )
    if table == "ledger_posting":
        link.execute(
            "CREATE TRIGGER whole AFTER INSERT ON again.ledger_posting REFERENCING NEW TABLE AS arrived"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_partial()"
        )


def _checked(url: str) -> dict[str, bool]:
    with psycopg.connect(url, autocommit=True) as link:
        found = {name: link.execute(question).fetchone() for name, question in _CHECKS.items()}
    return {name: bool(row and row[0]) for name, row in found.items()}
