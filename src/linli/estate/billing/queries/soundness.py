"""What the doctor asks of billing: whether the books of all companies say what the lines, receipts and deposits say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope

LATE = timedelta(days=1)
"""What lapses does so at night."""

# What is booked on accounts of a word beside what the rows say (`expected`: book, about, minor), where they differ.
_DIFFER: LiteralString = """
    SELECT coalesce(b.book, e.book), coalesce(b.about, e.about),
           coalesce(b.minor, 0)::bigint, coalesce(e.minor, 0)::bigint
    FROM ledger_sums(%s) b FULL JOIN expected e ON e.book = b.book AND e.about = b.about
    WHERE coalesce(b.minor, 0) <> coalesce(e.minor, 0) ORDER BY 1, 2 LIMIT %s
"""
_OWED: LiteralString = f"""
    WITH expected AS (
        SELECT 'property:' || i.company AS book, l.subject || ':' || l.obligor AS about,
               sum(l.amount_minor - l.paid_minor - l.credited_minor)::bigint AS minor
        FROM billing_line l JOIN billing_item i ON i.id = l.item_id WHERE l.credits_id IS NULL
        GROUP BY i.company, l.subject, l.obligor
    ) {_DIFFER}
"""
_KEPT: LiteralString = f"""
    WITH expected AS (
        SELECT 'property:' || company AS book, subject || ':' || keeper AS about, -sum(rest_minor)::bigint AS minor
        FROM billing_receipt WHERE keeper IS NOT NULL GROUP BY company, subject, keeper
    ) {_DIFFER}
"""
_DEPOSITS: LiteralString = f"""
    WITH expected AS (
        SELECT 'property:' || company AS book, subject || ':' || obligor || ':' || word AS about,
               -sum(amount_minor - deducted_minor - returned_minor)::bigint AS minor
        FROM billing_deposit WHERE taken_at IS NOT NULL GROUP BY company, subject, obligor, word
    ) {_DIFFER}
"""
_PAID = """
    SELECT l.id, l.paid_minor, coalesce(a.minor, 0) FROM billing_line l
    LEFT JOIN (SELECT line_id, sum(amount_minor)::bigint AS minor FROM billing_allocation GROUP BY line_id) a
           ON a.line_id = l.id
    WHERE l.paid_minor <> coalesce(a.minor, 0) ORDER BY l.id LIMIT %s
"""
_CREDITED = """
    SELECT l.id, l.credited_minor, coalesce(c.minor, 0) FROM billing_line l
    LEFT JOIN (SELECT credits_id, -sum(amount_minor)::bigint AS minor FROM billing_line
               WHERE credits_id IS NOT NULL GROUP BY credits_id) c ON c.credits_id = l.id
    WHERE l.credits_id IS NULL AND l.credited_minor <> coalesce(c.minor, 0) ORDER BY l.id LIMIT %s
"""
_LATE_FEES = """
    SELECT f.line_id, f.minor, coalesce(l.minor, 0) FROM billing_late f
    LEFT JOIN (SELECT late_of_id, sum(amount_minor)::bigint AS minor FROM billing_line
               WHERE late_of_id IS NOT NULL AND credits_id IS NULL GROUP BY late_of_id) l ON l.late_of_id = f.line_id
    WHERE f.minor <> coalesce(l.minor, 0) ORDER BY f.line_id LIMIT %s
"""
_WAITING = """
    SELECT 'deposit', id, lapses_at FROM billing_deposit WHERE state = 'asked' AND lapses_at < %s
    UNION ALL
    SELECT 'waiver', id, lapses_at FROM billing_waiver WHERE state = 'asked' AND lapses_at < %s
    ORDER BY 3 LIMIT %s
"""


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for books that say something else than the lines, and for what waits in vain."""
    if not scope.is_inside:
        raise Denied
    return (
        find(_("What is owed stands in the company's book, account by account"), _OWED, _differs, "fee_receivable"),
        find(_("What is kept of receipts stands in the company's book"), _KEPT, _differs, "prepaid_fee"),
        find(_("What is held of deposits stands in the company's book"), _DEPOSITS, _differs, "home_deposit"),
        find(_("What is paid of a line is what receipts paid of it"), _PAID, _line),
        find(_("What is credited of a line is what its credits say"), _CREDITED, _line),
        find(_("The late fee of a line is the sum of its nights"), _LATE_FEES, _line),
        find(_("No deposit and no waiver waits beyond its time"), _WAITING, _waits, at - LATE, at - LATE),
    )


def _differs(book: str, about: str, booked: int, counted: int) -> Told:
    words = _("In {book}, {about}: the book says {booked}, the lines say {counted}.")
    return told(words, book=book, about=about, booked=Money(booked), counted=Money(counted))


def _line(line: int, noted: int, counted: int) -> Told:
    words = _("Line {line} says {noted}, and it adds up to {counted}.")
    return told(words, line=line, noted=Money(noted), counted=Money(counted))


def _waits(what: str, id_: UUID, lapses_at: datetime) -> Told:
    words = _("The {what} {id} waits since {lapses_at}.")
    return told(words, what=what, id=id_, lapses_at=lapses_at)
