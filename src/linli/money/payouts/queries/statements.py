"""What each payee reads line by line, on a page and as a file: earned and taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linli.kernel.ids import CommunityId, OrderId, PartyId, PayoutId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.money.payouts.gateways import harmless
from linli.money.payouts.rules import Kind, LineState
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 500
FILE_MOST = 100_000
"""A longer statement is asked for in shorter periods."""


class LineSort(StrEnum):
    """By what the lines of a statement are put in order."""

    AT = "at"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One thing that a payee earned, or (a reversal, negative) that was taken back; `reverses` names the original."""

    number: int
    at: datetime
    kind: Kind
    order: OrderId
    community: CommunityId
    amount: Money
    state: LineState
    available_at: datetime
    payout: PayoutId | None
    reverses: int | None
    document: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of a payee's lines, the totals of the whole period, and where the next page begins."""

    lines: tuple[StatementLine, ...]
    earned: Money
    taken_back: Money
    next: int | None


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A statement to take away."""

    name: str
    mime: str
    content: bytes


_LINES = """
    SELECT id, created_at, kind, order_id, community, amount_minor, state, available_at, payout, reverses_id, document
    FROM payouts_line WHERE payee = %s AND created_at >= %s AND (%s::timestamptz IS NULL OR created_at < %s)
      AND (%s::uuid IS NULL OR community = %s)
      AND (%s = 0 OR {key} {beyond} {last})
    ORDER BY {key} {way} LIMIT %s
"""
_KEYS = {
    LineSort.AT: ("id", "%s"),
    LineSort.AMOUNT: ("(amount_minor, id)", "(SELECT amount_minor, id FROM payouts_line WHERE id = %s)"),
}
_TOTALS = """
    SELECT coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint,
           coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint
    FROM payouts_line WHERE payee = %s AND created_at >= %s AND (%s::timestamptz IS NULL OR created_at < %s)
      AND (%s::uuid IS NULL OR community = %s)
"""

_BY_COMMUNITY = """
    SELECT community, coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint,
           coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint
    FROM payouts_line WHERE payee = %s AND created_at >= %s AND (%s::timestamptz IS NULL OR created_at < %s)
      AND (%s::uuid IS NULL OR community = %s)
    GROUP BY community ORDER BY community LIMIT %s
"""


@query
def statement(
    scope: Scope,
    *,
    payee: PartyId,
    period: Period[datetime],
    community: CommunityId | None = None,
    order: LineSort = LineSort.AT,
    is_rising: bool = True,
    after: int = 0,
    limit: int = 50,
) -> Statement:
    """This will show what a payee earned and what was taken back in a period, page by page, from the first line on or
    as `order` says; `after` is the number of the line that was shown last."""
    limit = min(limit, MOST)
    about = _About(payee, period, community)
    lines = tuple(_lines(about, after, limit + 1, order, is_rising=is_rising))
    totals = sql.fetch_one(_TOTALS, *about.values) or (0, 0)
    more = lines[limit - 1].number if len(lines) > limit else None
    return Statement(lines[:limit], Money(totals[0]), Money(totals[1]), more)


@query
def earned_by_community(
    scope: Scope, *, payee: PartyId, period: Period[datetime]
) -> dict[CommunityId, tuple[Money, Money]]:
    """This will add up, community by community, what a payee earned in a period and what was taken back."""
    rows = sql.fetch(_BY_COMMUNITY, *_About(payee, period, None).values, MOST)
    return {CommunityId(community): (Money(earned), Money(back)) for community, earned, back in rows}


@query
def statement_file(
    scope: Scope, *, payee: PartyId, period: Period[datetime], form: str, community: CommunityId | None = None
) -> StatementFile:
    """This will write a payee's statement of a period, of all communities or of one, as `csv` or `xlsx`."""
    makers = {"csv": (_csv, "text/csv"), "xlsx": (_xlsx, XLSX)}
    if form not in makers:
        raise Invalid("form", _("There is no such kind of file."))
    make, mime = makers[form]
    return StatementFile(
        f"statement-{period.start:%Y%m%d}.{form}", mime, make(_all_lines(_About(payee, period, community)))
    )


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    "number",
    "at",
    "kind",
    "order",
    "community",
    "amount",
    "state",
    "available_at",
    "payout",
    "reverses",
    "document",
)


@dataclass(frozen=True, slots=True)
class _About:
    """Whose lines, of which time and community, as the statements take them."""

    payee: PartyId
    period: Period[datetime]
    community: CommunityId | None

    @property
    def values(self) -> tuple[object, ...]:
        return (self.payee, self.period.start, self.period.end, self.period.end, self.community, self.community)


def _lines(
    about: _About, after: int, limit: int, by: LineSort = LineSort.AT, *, is_rising: bool = True
) -> Iterator[StatementLine]:
    way, beyond = ("ASC", ">") if is_rising else ("DESC", "<")
    key, last = _KEYS[by]
    asked = _LINES.format(key=key, last=last, way=way, beyond=beyond)
    for row in sql.fetch(asked, *about.values, after, after, limit):
        number, at, kind, order, community, minor, state, free_at, payout, original, document = row
        yield StatementLine(
            number,
            at,
            Kind(kind),
            order,
            community,
            Money(minor),
            LineState(state),
            free_at,
            payout,
            original,
            document,
        )


def _all_lines(about: _About) -> Iterator[StatementLine]:
    after = given = 0
    while given < FILE_MOST:
        portion = list(_lines(about, after, MOST))
        yield from portion
        given += len(portion)
        if len(portion) < MOST:
            return
        after = portion[-1].number


def _cells(line: StatementLine) -> tuple[object, ...]:
    return (
        line.number,
        line.at.isoformat(),
        line.kind.value,
        line.order,
        line.community,
        line.amount,
        line.state.value,
        line.available_at.isoformat(),
        line.payout or "",
        line.reverses or "",
        line.document,
    )


def _csv(lines: Iterator[StatementLine]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([str(cell) if isinstance(cell, Money) else harmless(str(cell)) for cell in _cells(line)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(lines: Iterator[StatementLine]) -> bytes:
    content = io.BytesIO()
    import xlsxwriter  # loaded with the first download

    book = xlsxwriter.Workbook(
        content, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("statement")
    money = book.add_format({"num_format": "#,##0.00"})
    sheet.write_row(0, 0, COLUMNS)
    for n, line in enumerate(lines, start=1):
        for column, cell in enumerate(_cells(line)):
            if isinstance(cell, Money):
                sheet.write_number(n, column, cell.minor / 100, money)
            else:
                sheet.write_string(n, column, str(cell))
    book.close()
    return content.getvalue()
