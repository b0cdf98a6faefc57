"""What each payee reads line by line: earned, taken back, paid out; and what the bank booked that nobody can place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, CommunityId, OrderId, PartyId, PayoutId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Denied, Invalid
from linli.kernel.words import _
from linli.money.payouts.gateways import harmless
from linli.money.payouts.rules import Kind, LineState, PayoutPolicy, PayoutState
from linli.spine import sql
from linli.spine.action import query
from linli.spine.findings import Finding, find
from linli.spine.scope import Scope

MOST = 500
FILE_MOST = 100_000
"""A longer statement is asked for in shorter periods."""
SLOW_PAYOUT = timedelta(days=7)
"""The bank books or returns a payout within this time, holidays included."""


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
class PayoutCard:
    """One payout: what was claimed, what was set off, what left, and how it stands."""

    id: PayoutId
    city: CityId
    payee: PartyId
    gross: Money
    netted: Money
    amount: Money
    state: PayoutState
    reason: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingPayee:
    """A payee whose free money stays in the house, and why: `held` for a reason, or `no receiver` to send it to."""

    payee: PartyId
    city: CityId
    free: Money
    why: str


@dataclass(frozen=True, slots=True)
class BankDifference:
    """A line of the bank that found no place, or waits for its bill."""

    account: str
    line: str
    kind: str
    reference: str
    amount: Money
    booked_on: date
    effect: str


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A statement to take away."""

    name: str
    mime: str
    content: bytes


_LINES = """
    SELECT id, created_at, kind, order_id, community, amount_minor, state, available_at, payout, reverses_id, document
    FROM payouts_line WHERE payee = %s AND created_at >= %s AND (%s::timestamptz IS NULL OR created_at < %s) AND id > %s
    ORDER BY id LIMIT %s
"""
_TOTALS = """
    SELECT coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0)::bigint,
           coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)::bigint
    FROM payouts_line WHERE payee = %s AND created_at >= %s AND (%s::timestamptz IS NULL OR created_at < %s)
"""
_PAYOUTS = """
    SELECT id, city, payee, gross_minor, netted_minor, amount_minor, state, reason, drawn_at FROM payouts_payout
    WHERE (%s::uuid IS NULL OR payee = %s) AND (%s::uuid IS NULL OR city = %s) AND (%s::uuid IS NULL OR id < %s)
    ORDER BY id DESC LIMIT %s
"""
_WAITING = """
    SELECT l.payee, l.city, sum(l.amount_minor - l.reversed_minor)::bigint,
           CASE WHEN p.held_at IS NOT NULL THEN 'held: ' || p.held_why ELSE 'no receiver' END
    FROM payouts_line AS l LEFT JOIN payouts_payee AS p ON p.id = l.payee
    WHERE l.state = 'available' AND (p.id IS NULL OR p.held_at IS NOT NULL OR p.receiver_account = '')
    GROUP BY l.payee, l.city, p.held_at, p.held_why ORDER BY l.city, l.payee LIMIT %s
"""
_BANK = """
    SELECT account, line, kind, reference, amount_minor, booked_on, effect FROM payouts_bank_line
    WHERE effect NOT IN ('matched') ORDER BY booked_on DESC, id DESC LIMIT %s
"""
_HOLDS = "SELECT id, hold_days FROM payouts_payee WHERE id = ANY(%s) AND hold_days IS NOT NULL"


@query
def statement(scope: Scope, *, payee: PartyId, period: Period[datetime], after: int = 0, limit: int = 50) -> Statement:
    """This will show what a payee earned and what was taken back in a period, page by page by a stable key."""
    limit = min(limit, MOST)
    lines = tuple(_lines(payee, period, after, limit + 1))
    totals = sql.fetch_one(_TOTALS, payee, period.start, period.end, period.end) or (0, 0)
    more = lines[limit - 1].number if len(lines) > limit else None
    return Statement(lines[:limit], Money(totals[0]), Money(totals[1]), more)


@query
def statement_file(scope: Scope, *, payee: PartyId, period: Period[datetime], form: str) -> StatementFile:
    """This will write a payee's statement of a period as `csv` or `xlsx`, line by line."""
    makers = {"csv": (_csv, "text/csv"), "xlsx": (_xlsx, XLSX)}
    if form not in makers:
        raise Invalid("form", _("There is no such kind of file."))
    make, mime = makers[form]
    return StatementFile(f"statement-{period.start:%Y%m%d}.{form}", mime, make(_all_lines(payee, period)))


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


@query
def payouts(
    scope: Scope,
    *,
    payee: PartyId | None = None,
    city: CityId | None = None,
    after: PayoutId | None = None,
    limit: int = 50,
) -> tuple[PayoutCard, ...]:
    """This will list payouts, newest first; behind the wall a payee sees its own."""
    rows = sql.fetch(_PAYOUTS, payee, payee, city, city, after, after, min(limit, MOST))
    return tuple(
        PayoutCard(id_, of, to, Money(gross), Money(netted), Money(minor), PayoutState(state), reason, at)
        for id_, of, to, gross, netted, minor, state, reason, at in rows
    )


@query
def earned(scope: Scope) -> dict[Kind, Money]:
    """This will add up what each kind of payee has earned, what was taken back left out; as far as the scope sees."""
    rows = sql.fetch("SELECT kind, sum(amount_minor)::bigint FROM payouts_line GROUP BY kind ORDER BY kind")
    return {Kind(kind): Money(minor) for kind, minor in rows}


@query
def waiting_payees(scope: Scope, *, limit: int = 100) -> tuple[WaitingPayee, ...]:
    """This will list payees whose free money cannot leave, and why."""
    rows = sql.fetch(_WAITING, min(limit, MOST))
    return tuple(WaitingPayee(payee, city, Money(minor), why) for payee, city, minor, why in rows)


@query
def bank_differences(scope: Scope, *, limit: int = 100) -> tuple[BankDifference, ...]:
    """This will list what the bank booked and nobody can place, newest first."""
    rows = sql.fetch(_BANK, min(limit, MOST))
    return tuple(BankDifference(a, n, k, r, Money(minor), on, effect) for a, n, k, r, minor, on, effect in rows)


@query
def available_ats(
    scope: Scope, *, payees: Sequence[tuple[PartyId, Kind]], city: CityId, at: datetime
) -> tuple[datetime, ...]:
    """This will say when what is earned now will be free, payee by payee: its own hold days, else the city's policy."""
    usual = policy(scope, PayoutPolicy, at=at, city=city)
    own = dict(sql.fetch(_HOLDS, [payee for payee, _kind in payees]))
    return tuple(at + timedelta(days=own.get(payee, usual.hold_days(kind))) for payee, kind in payees)


def _lines(payee: PartyId, period: Period[datetime], after: int, limit: int) -> Iterator[StatementLine]:
    for row in sql.fetch(_LINES, payee, period.start, period.end, period.end, after, limit):
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


def _all_lines(payee: PartyId, period: Period[datetime]) -> Iterator[StatementLine]:
    after = given = 0
    while given < FILE_MOST:
        portion = list(_lines(payee, period, after, MOST))
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


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for payouts that are stuck, lines that were paid twice, and money between us and the bank."""
    if not scope.is_inside:
        raise Denied
    return (
        find(_("Payouts arrive in time"), _STUCK, _stuck, at - SLOW_PAYOUT),
        find(_("Every line is in one payout only"), _PAID_TWICE, _paid_twice),
        find(_("What was taken back of a line is the sum of its reversals"), _MISREVERSED, _misreversed),
        find(_("Money on its way to payees is what their payouts and the bank say"), _ASTRAY, _astray),
    )


_STUCK = """
    SELECT id, amount_minor, state, drawn_at FROM payouts_payout
    WHERE state IN ('drawn', 'sent', 'accepted') AND drawn_at < %s ORDER BY drawn_at LIMIT %s
"""


def _stuck(payout: PayoutId, minor: int, state: str, since: datetime) -> str:
    words = _("Payout {payout} of {amount} is {state}; it was drawn on {since:%Y-%m-%d %H:%M} UTC.")
    return words.format(payout=payout, amount=Money(minor), state=state, since=since)


_PAID_TWICE = """
    SELECT c.line_id, count(*) FROM payouts_claim AS c JOIN payouts_payout AS p ON p.id = c.payout_id
    WHERE p.state NOT IN ('failed', 'returned') GROUP BY c.line_id HAVING count(*) > 1 ORDER BY c.line_id LIMIT %s
"""


def _paid_twice(line: int, times: int) -> str:
    return _("Line {line} is in {times} payouts.").format(line=line, times=times)


_MISREVERSED = """
    SELECT l.id, l.reversed_minor, coalesce(r.minor, 0) FROM payouts_line AS l
    LEFT JOIN (SELECT reverses_id, -sum(amount_minor)::bigint AS minor FROM payouts_line
               WHERE reverses_id IS NOT NULL GROUP BY reverses_id) AS r ON r.reverses_id = l.id
    WHERE l.reverses_id IS NULL AND l.reversed_minor <> coalesce(r.minor, 0) ORDER BY l.id LIMIT %s
"""


def _misreversed(line: int, said: int, reversed_: int) -> str:
    words = _("Line {line} says that {said} was taken back, and its reversals sum to {reversed}.")
    return words.format(line=line, said=Money(said), reversed=Money(reversed_))


# Each payout moves what is in transit by its draw, its booking, its re-opening and its booking back, in whatever order.
_ASTRAY = """
    WITH booked AS (
        SELECT payout_id, sum(CASE signal WHEN 'payout' THEN amount_minor ELSE -amount_minor END) AS minor
        FROM payouts_event WHERE signal IN ('payout', 'payout_return') AND state_after NOT IN ('unknown', 'wrong')
        GROUP BY payout_id),
    waiting AS (
        SELECT 'platform:' || p.city AS book, p.payee::text AS payee,
               sum(CASE WHEN p.state IN ('failed', 'returned') THEN 0 ELSE p.amount_minor END
                   - coalesce(b.minor, 0))::bigint AS minor
        FROM payouts_payout AS p LEFT JOIN booked AS b ON b.payout_id = p.id GROUP BY p.city, p.payee)
    SELECT coalesce(s.book, w.book), coalesce(s.about, w.payee), coalesce(-s.minor, 0), coalesce(w.minor, 0)
    FROM ledger_sums('payout_in_transit') AS s FULL JOIN waiting AS w ON w.book = s.book AND w.payee = s.about
    WHERE coalesce(-s.minor, 0) <> coalesce(w.minor, 0) ORDER BY 1, 2 LIMIT %s
"""


def _astray(book: str, payee: str, posted: int, waiting: int) -> str:
    words = _("{book} has {posted} on its way to {payee}, and payouts of {waiting} wait for the bank.")
    return words.format(book=book, posted=Money(posted), payee=payee, waiting=Money(waiting))
