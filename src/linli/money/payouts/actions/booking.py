"""The custody bank's file: kept once per line, matched to settlements, payouts, returns and transfers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

from linli.kernel import ids
from linli.kernel.ids import CityId
from linli.money.payments import actions as payments
from linli.money.payments.actions import BankLine
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PORTION = 2000
MOST = 100_000
"""So many waiting lines are matched at once; the next import goes on."""
CUSTODY = "custody"
"""The name of the custody account in the books: `bank:custody`."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bank file brought: lines that were new, and how many of all waiting lines found their place."""

    new: int
    matched: int


_KEEP = """
    INSERT INTO payouts_bank_line (id, account, line, kind, reference, amount_minor, currency, booked_on, city, effect,
                                   imported_at)
    SELECT n.id, %s, n.line, n.kind, n.reference, n.minor, n.currency, n.booked_on, %s, '', %s
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::date[])
        AS n(id, line, kind, reference, minor, currency, booked_on)
    ON CONFLICT (account, line) DO NOTHING
"""


@errand
def fetch_bank_file(*, day: date, city: CityId, at: datetime, source: str, account: str = CUSTODY) -> Imported:
    """This will read what the custody bank booked on a day and match it; `city`'s book takes what nobody can place."""
    lines = payments.fetch_bank_lines(day=day, source=source)
    first = list(islice(lines, 1))  # the whole file is here and proven before the first line is given
    return import_bank_file(SYSTEM, account=account, source=source, city=city, lines=chain(first, lines), at=at)


@action(needs=May.RECONCILE, private=("lines",))
def import_bank_file(
    scope: Scope, *, account: str, source: str, city: CityId, lines: Iterable[BankLine], at: datetime
) -> Imported:
    """This will keep a bank file in portions, once per line, and match every line that waits.

    `source` is the provider that settles into the account. The same file again changes nothing.
    """
    new = 0
    waiting = iter(lines)
    while portion := list(islice(waiting, PORTION)):
        columns = zip(*(_row(line) for line in portion), strict=True)
        new += sql.run(_KEEP, account, city, at, *(list(column) for column in columns))
    row = sql.fetch_one("SELECT payouts_match_bank(%s, %s, %s, %s)", account, source, MOST, at)
    return Imported(new, int(row[0]) if row else 0)


def _row(line: BankLine) -> tuple[object, ...]:
    return (
        ids.new(),
        line.line_id,
        line.kind.value,
        line.reference,
        line.amount_minor,
        line.currency,
        line.booked_on,
    )
