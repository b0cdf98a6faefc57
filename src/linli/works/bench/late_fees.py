"""`linli bench late-fees`: one night over all open lines, and the same night again, which adds nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

import psycopg
from django.db import connection

from linli.estate.billing import actions as billing
from linli.spine.scope import SYSTEM
from linli.works.bench import estate, soundness
from linli.works.bench.house import House
from linli.works.bench.report import Report

NIGHTS = tuple(datetime(2026, 3, day, 16, tzinfo=UTC) for day in range(1, 11))
"""The lines were due on 28 January: the first night of the month begins a line of each fee, the others let it grow."""

_CHECKS: dict[str, LiteralString] = {
    "fees_kept_are_the_lines_added": """
        SELECT (SELECT sum(minor) FROM billing_late)
             = (SELECT sum(amount_minor) FROM billing_line WHERE kind = 'late_fee')
    """,
    "the_ledger_says_the_same": """
        SELECT (SELECT -sum(p.amount_minor) FROM ledger_posting AS p JOIN ledger_account AS a ON a.id = p.account_id
                WHERE a.address = 'late_fee_income')
             = (SELECT sum(amount_minor) FROM billing_line WHERE kind = 'late_fee')
    """,
    "each_fee_is_of_its_days": """
        SELECT bool_and(coalesce(f.minor, 0) = round(l.amount_minor * 0.0005 * (date '2026-03-11' - l.due_on - 1)))
        FROM billing_line AS l LEFT JOIN billing_late AS f ON f.line_id = l.id WHERE l.kind = 'charge'
    """,
}


def bench(house: House, *, lines: int) -> Report:
    """This will issue so many lines, and work out their fees of a night, of the next one, and of that again."""
    homes = -(-lines // len(estate.TARIFFS))
    desk = estate.a_desk(house, homes=homes)
    month = {"community": desk.communities[0], "first_on": estate.MONTH, "at": datetime.now(UTC)}
    billing.draft_month(desk, **month)  # type: ignore[arg-type]
    billing.issue_month(desk, **month)  # type: ignore[arg-type]
    soundness.gather_statistics(house.superuser_url)
    with estate.watching_memory() as grown:
        first, following, *more = (_night(at, house.superuser_url) for at in NIGHTS)
        tenth, again = more[-1], _night(NIGHTS[-1], house.superuser_url)
    issued = homes * len(estate.TARIFFS)
    return Report(
        name="late-fees",
        parameters={"lines": issued, "durable": "on"},
        figures={
            "first_night_s": round(first.took_s, 2),
            "next_night_s": round(following.took_s, 2),
            "asked_again_s": round(again.took_s, 2),
            "first_night_cpu_s": round(first.cpu_s, 2),
            "next_night_cpu_s": round(following.cpu_s, 2),
            "tenth_night_cpu_s": round(tenth.cpu_s, 2),
            "next_night_in_place": round(following.in_place / max(following.grew, 1), 3),
            "tenth_night_in_place": round(tenth.in_place / max(tenth.grew, 1), 3),
            "lines_per_s": round(issued / following.took_s, 1),
            "lines_per_cpu_s": round(issued / max(following.cpu_s, 0.01), 1),
            "process_mib": round(grown.process_mib, 1),
            "backend_mib": round(grown.backend_mib, 1),
        },
        limit={"process_mib": 100, "backend_mib": 400},
        ratio=None,
        note="A night ends with the fees written as lines and posted to the ledger.",
        checks={
            **_checked(house.superuser_url),
            **soundness.checks(house.superuser_url),
            "every_line_got_its_fee": first.grew == issued,
            "a_month_of_nights_is_one_line": _lines_of_fees(house.superuser_url) == issued,
            "nothing_was_added_twice": again.grew == 0,
        },
    )


@dataclass(frozen=True, slots=True)
class _Night:
    took_s: float
    cpu_s: float
    grew: int
    in_place: int
    """Lines that were rewritten on the page where they stood, no index being touched (HOT)."""


def _night(at: datetime, url: str) -> _Night:
    before = _rewritten(url)
    began, used = time.monotonic(), estate.backend_cpu_s()
    found = billing.accrue_late_fees(SYSTEM, at=at)
    grew = found.lines
    while found.after is not None:
        found = billing.accrue_late_fees(SYSTEM, after=found.after, at=at)
        grew += found.lines
    took, used = time.monotonic() - began, estate.backend_cpu_s() - used
    return _Night(took, used, grew, _rewritten(url) - before)


def _rewritten(url: str) -> int:
    """How many lines were rewritten in place so far, by the counters of the database, brought up to now."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    with psycopg.connect(url, autocommit=True) as link:
        found = link.execute("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'billing_line'").fetchone()
    return int(found[0]) if found else 0


def _lines_of_fees(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as link:
        found = link.execute("SELECT count(*) FROM billing_line WHERE kind = 'late_fee'").fetchone()
    return int(found[0]) if found else 0


def _checked(url: str) -> dict[str, bool]:
    with psycopg.connect(url, autocommit=True) as link:
        found = {name: link.execute(question).fetchone() for name, question in _CHECKS.items()}
    return {name: bool(row and row[0]) for name, row in found.items()}
