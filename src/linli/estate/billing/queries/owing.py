"""What a person owes: the sum that waits on their phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of a person's lines, how much of it is late, and until when the next of it should be paid."""

    amount: Money
    late: Money
    due_on: date | None


_OWED = """
    SELECT coalesce(sum(o.open), 0)::bigint, coalesce(sum(o.open) FILTER (WHERE o.due_on < o.today), 0)::bigint,
           min(o.due_on)
    FROM (SELECT amount_minor - paid_minor - credited_minor AS open, due_on, places_day(community, %s) AS today
          FROM billing_line WHERE obligor = %s AND credits_id IS NULL AND amount_minor > paid_minor + credited_minor) o
"""


@query
def owed(scope: Scope, *, at: datetime) -> Owed:
    """This will tell what the person who asks owes, in all their homes."""
    ((amount, late, due_on),) = sql.fetch(_OWED, at, scope.person)
    return Owed(Money(amount), Money(late), due_on)
