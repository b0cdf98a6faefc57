"""`linli bench late-fees`: one night over all open lines, and the same night again, which adds nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import LiteralString

import psycopg

from linli.estate.billing import actions as billing
from linli.spine.scope import SYSTEM
from linli.works.bench import estate, soundness
from linli.works.bench.house import House
from linli.works.bench.report import Report

NIGHTS = tuple(datetime(2026, month, 1, 16, tzinfo=UTC) for month in (3, 4))
"""The lines were due on 28 January; both nights find them late."""

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
        SELECT bool_and(f.minor = round(l.amount_minor * 0.0005 * (f.until_on - l.due_on - 1)))
        FROM billing_late AS f JOIN billing_line AS l ON l.id = f.line_id
    """,
}


def bench(house: House, *, lines: int) -> Report:
    """This will issue so many lines, and work out their fees of a night, of a later one, and of that again."""
    homes = -(-lines // len(estate.TARIFFS))
    desk = estate.a_desk(house, homes=homes)
    month = {"community": desk.communities[0], "first_on": estate.MONTH, "at": datetime.now(UTC)}
    billing.draft_month(desk, **month)  # type: ignore[arg-type]
    billing.issue_month(desk, **month)  # type: ignore[arg-type]
    soundness.gather_statistics(house.superuser_url)
    with estate.watching_memory() as grown:
        took = [_night(at) for at in (*NIGHTS, NIGHTS[-1])]
    return Report(
        name="late-fees",
        parameters={"lines": homes * len(estate.TARIFFS), "durable": "on"},
        figures={
            "first_night_s": round(took[0][0], 2),
            "next_night_s": round(took[1][0], 2),
            "asked_again_s": round(took[2][0], 2),
            "lines_per_s": round(homes * len(estate.TARIFFS) / took[1][0], 1),
            "process_mib": round(grown.process_mib, 1),
            "backend_mib": round(grown.backend_mib, 1),
        },
        limit={"process_mib": 100, "backend_mib": 400},
        ratio=None,
        note="A night ends with the fees written as lines and posted to the ledger.",
        checks={
            **_checked(house.superuser_url),
            **soundness.checks(house.superuser_url),
            "every_line_got_its_fee_each_night": took[0][1] == took[1][1] == homes * len(estate.TARIFFS),
            "nothing_was_added_twice": took[2][1] == 0,
        },
    )


def _night(at: datetime) -> tuple[float, int]:
    began = time.monotonic()
    found = billing.accrue_late_fees(SYSTEM, at=at)
    added = found.lines
    while found.after is not None:
        found = billing.accrue_late_fees(SYSTEM, after=found.after, at=at)
        added += found.lines
    return time.monotonic() - began, added


def _checked(url: str) -> dict[str, bool]:
    with psycopg.connect(url, autocommit=True) as link:
        found = {name: link.execute(question).fetchone() for name, question in _CHECKS.items()}
    return {name: bool(row and row[0]) for name, row in found.items()}
