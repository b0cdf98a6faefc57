"""Whether payouts are sound: nothing stuck, nothing paid twice, nothing astray between us and the bank."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.kernel.ids import PayoutId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope

SLOW_PAYOUT = timedelta(days=7)
"""The bank books or returns a payout within this time, holidays included."""


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


def _stuck(payout: PayoutId, minor: int, state: str, since: datetime) -> Told:
    words = _("Payout {payout} of {amount} is {state}; it was drawn on {since}.")
    return told(words, payout=payout, amount=Money(minor), state=state, since=since)


_PAID_TWICE = """
    SELECT c.line_id, count(*) FROM payouts_claim AS c JOIN payouts_payout AS p ON p.id = c.payout_id
    WHERE p.state NOT IN ('failed', 'returned') GROUP BY c.line_id HAVING count(*) > 1 ORDER BY c.line_id LIMIT %s
"""


def _paid_twice(line: int, times: int) -> Told:
    return told(_("Line {line} is in {times} payouts."), line=line, times=times)


_MISREVERSED = """
    SELECT l.id, l.reversed_minor, coalesce(r.minor, 0) FROM payouts_line AS l
    LEFT JOIN (SELECT reverses_id, -sum(amount_minor)::bigint AS minor FROM payouts_line
               WHERE reverses_id IS NOT NULL GROUP BY reverses_id) AS r ON r.reverses_id = l.id
    WHERE l.reverses_id IS NULL AND l.reversed_minor <> coalesce(r.minor, 0) ORDER BY l.id LIMIT %s
"""


def _misreversed(line: int, said: int, reversed_: int) -> Told:
    words = _("Line {line} says that {said} was taken back, and its reversals sum to {reversed}.")
    return told(words, line=line, said=Money(said), reversed=Money(reversed_))


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


def _astray(book: str, payee: str, posted: int, waiting: int) -> Told:
    words = _("{book} has {posted} on its way to {payee}, and payouts of {waiting} wait for the bank.")
    return told(words, book=book, posted=Money(posted), payee=payee, waiting=Money(waiting))
