"""Is the ledger sound? Every invariant of money that the ledger can answer for, each found out from the rows alone."""

from __future__ import annotations

from datetime import date

from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope


@query
def check(scope: Scope, *, since: date | None = None) -> tuple[Finding, ...]:
    """This will look for everything that the database should have refused, and for uncovered money; for the platform.

    Journals and seals are looked at from the day `since` on (of recording), balances always whole.
    """
    if not scope.is_inside:
        raise Denied
    first = since or date.min
    return (
        find(_("Every journal's postings sum to zero"), _UNBALANCED, _unbalanced, first),
        find(_("Every posting belongs to a journal and an account of one book"), _STRAY, _stray),
        find(_("Every journal names its business document"), _UNDOCUMENTED, _undocumented, first),
        find(_("No guarded account is overdrawn"), _OVERDRAWN, _overdrawn),
        find(_("Cached balances equal the postings"), _MISCOUNTED, _miscounted),
        find(_("Each book sums to zero"), _LOPSIDED, _lopsided),
        find(_("Sealed days are as they were sealed"), _BROKEN, _broken, first),
        find(_("Other people's money is covered in every city"), _UNCOVERED, _uncovered),
    )


_UNBALANCED = """
    SELECT j.id, b.name, j.key, coalesce(sum(p.amount_minor), 0)::bigint, count(p.journal_id)
    FROM ledger_journal j
    JOIN ledger_book b ON b.id = j.book_id
    LEFT JOIN ledger_posting p ON p.journal_id = j.id AND p.recorded_at = j.created_at
    WHERE j.recorded_on >= %s
    GROUP BY j.id, b.name HAVING count(p.journal_id) = 0 OR sum(p.amount_minor) <> 0
    ORDER BY j.id LIMIT %s
"""


def _unbalanced(journal: int, book: str, key: str, total: int, legs: int) -> Told:
    if legs == 0:
        return told(_("Journal {journal} ({key}) of {book} has no postings."), journal=journal, key=key, book=book)
    words = _("Journal {journal} ({key}) of {book} sums to {total}.")
    return told(words, journal=journal, key=key, book=book, total=Money(total))


_STRAY = """
    SELECT p.journal_id, p.leg FROM ledger_posting p
    LEFT JOIN ledger_journal j ON j.id = p.journal_id AND j.created_at = p.recorded_at AND j.at = p.at
    LEFT JOIN ledger_account a ON a.id = p.account_id
    WHERE a.book_id IS DISTINCT FROM j.book_id OR j.id IS NULL
    ORDER BY p.journal_id LIMIT %s
"""


def _stray(journal: int, leg: int) -> Told:
    words = _("Posting {leg} of journal {journal} has no such journal, or an account of another book.")
    return told(words, leg=leg, journal=journal)


_UNDOCUMENTED = """
    SELECT j.id, j.key FROM ledger_journal j WHERE j.recorded_on >= %s AND btrim(j.document) = '' ORDER BY j.id LIMIT %s
"""


def _undocumented(journal: int, key: str) -> Told:
    return told(_("Journal {journal} ({key}) names no document."), journal=journal, key=key)


_OVERDRAWN = """
    SELECT b.name, a.address, s.minor
    FROM (SELECT account_id, sum(amount_minor)::bigint AS minor FROM ledger_posting GROUP BY account_id) s
    JOIN ledger_account a ON a.id = s.account_id AND a.guarded
    JOIN ledger_book b ON b.id = a.book_id
    WHERE s.minor > 0 ORDER BY a.id LIMIT %s
"""


def _overdrawn(book: str, address: str, minor: int) -> Told:
    return told(_("{address} of {book} is overdrawn by {amount}."), address=address, book=book, amount=Money(minor))


_MISCOUNTED = """
    SELECT b.name, a.address, coalesce(ledger_balance_of(a.id), 0), coalesce(s.minor, 0)
    FROM ledger_account a
    JOIN ledger_book b ON b.id = a.book_id
    LEFT JOIN (SELECT account_id, sum(amount_minor)::bigint AS minor FROM ledger_posting GROUP BY account_id) s
        ON s.account_id = a.id
    WHERE a.cached AND ledger_balance_of(a.id) IS DISTINCT FROM coalesce(s.minor, 0)
    ORDER BY a.id LIMIT %s
"""


def _miscounted(book: str, address: str, cached: int, posted: int) -> Told:
    words = _("{address} of {book} says {cached}, its postings say {posted}.")
    return told(words, address=address, book=book, cached=Money(cached), posted=Money(posted))


_LOPSIDED = """
    SELECT b.name, sum(p.amount_minor)::bigint
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id JOIN ledger_book b ON b.id = a.book_id
    GROUP BY b.name HAVING sum(p.amount_minor) <> 0 ORDER BY b.name LIMIT %s
"""


def _lopsided(book: str, total: int) -> Told:
    return told(_("{book} sums to {total}."), book=book, total=Money(total))


_BROKEN = "SELECT book, recorded_on, journal_id, what FROM ledger_broken_seals(%s) LIMIT %s"


def _broken(book: str, day: date, journal: int | None, what: str) -> Told:
    words = {
        "content": _("Journal {journal} of {book} was changed or removed after {day} was sealed."),
        "unsealed": _("Journal {journal} of {book} came into {day} after it was sealed."),
        "seal": _("The seal of {book} for {day} does not fit its chain."),
    }[what]
    return told(words, journal=journal, book=book, day=day)


_UNCOVERED = """
    SELECT b.name, -sum(p.amount_minor)::bigint
    FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id JOIN ledger_posting p ON p.account_id = a.id
    WHERE b.kind = 'platform' AND (a.code IN (1010, 1020, 1030) OR a.code BETWEEN 2000 AND 2999)
    GROUP BY b.name HAVING sum(p.amount_minor) < 0 ORDER BY b.name LIMIT %s
"""


def _uncovered(book: str, short: int) -> Told:
    words = _("{book} owes {short} more than it holds for others: top up its own funds.")
    return told(words, book=book, short=Money(short))
