"""Late fees, night by night: one statement for a portion of all open lines of all communities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.money import Money
from linli.money.ledger import actions as ledger
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

PORTION = 8_000
"""So many lines are worked out in one transaction: their legs fit into one posting, whatever their communities."""
FIRST = (UUID(int=0), 0)


@dataclass(frozen=True, slots=True)
class Accrued:
    """What one portion found, and of how many lines the fee grew.

    `after` is where the next one begins, None when there was nothing more.
    """

    after: tuple[UUID, int] | None
    seen: int
    lines: int
    amount: Money


@action(needs=May.RUN_CLOCKS)
def accrue_late_fees(scope: Scope, *, after: tuple[UUID, int] = FIRST, at: datetime) -> Accrued:
    """This will work out the late fees of the next portion of open lines.

    By what a fee grew, its line of the month grows, or a new one begins.

    Who asks again on the same day, or begins anew after a fall, adds nothing twice.
    """
    sql.fetch("SELECT pg_advisory_xact_lock(hashtext('billing_accrue'))")
    with ledger.refusing():
        ((subject, line, seen, lines, minor),) = sql.fetch(
            "SELECT * FROM billing_accrue(%s, %s, %s, %s)", after[0], after[1], PORTION, at
        )
    return Accrued((subject, line) if seen == PORTION else None, seen, lines, Money(minor))
