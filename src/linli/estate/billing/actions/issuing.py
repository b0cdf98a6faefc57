"""A month goes out once and is closed; then nothing of it changes any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from linli.estate.billing import events, rules
from linli.estate.billing.actions.drafting import held_month
from linli.estate.billing.models import DraftLine, Month
from linli.estate.metering import actions as metering
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, credit, debit, fee_income, fee_receivable, property_book
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

POSTED_AT_ONCE = 2_000
"""So many bills are posted in one statement: memory stays bounded whatever the community."""


class Unfinished(Refusal):
    """Some lines of the draft cannot be worked out."""

    says = _("{stopped} charges cannot be worked out yet. Look at them, or issue without them.")


class NothingDrafted(Refusal):
    """A month is looked at before it goes out."""

    says = _("This month has not been drafted.")


@dataclass(frozen=True, slots=True)
class Issued:
    bills: int
    lines: int
    amount: Money


_OBLIGORS = """
    SELECT DISTINCT subject, subject_kind, home, obligor FROM billing_draft WHERE month_id = %s AND stop = ''
    ORDER BY subject, obligor
"""
_BILLS = """
    INSERT INTO billing_bill (id, month_id, community, subject, subject_kind, home, obligor, number, issued_at)
    SELECT b.id, %s, %s, b.subject, b.kind, b.home, b.obligor, b.number, %s
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[])
         AS b(id, subject, kind, home, obligor, number)
"""
_LINES = """
    INSERT INTO billing_line (bill_id, community, subject, subject_kind, home, obligor, item_id, tariff_id, kind,
                              start_on, end_on, due_on, amount_minor, paid_minor, credited_minor, source, reason,
                              issued_at)
    SELECT b.id, d.community, d.subject, d.subject_kind, d.home, d.obligor, d.item_id, d.tariff_id, 'charge',
           d.start_on, d.end_on, d.due_on,
           d.amount_minor, 0, 0, '', d.reason, %s
    FROM billing_draft d
    JOIN billing_bill b ON b.month_id = d.month_id AND b.subject = d.subject AND b.obligor = d.obligor
    WHERE d.month_id = %s AND d.stop = '' ORDER BY d.id
"""
_SUMS = """
    SELECT b.id, b.subject, b.obligor, i.word, sum(l.amount_minor)::bigint
    FROM (SELECT id, subject, obligor FROM billing_bill WHERE month_id = %s AND id > %s ORDER BY id LIMIT %s) b
    JOIN billing_line l ON l.bill_id = b.id JOIN billing_item i ON i.id = l.item_id
    GROUP BY b.id, b.subject, b.obligor, i.word ORDER BY b.id, i.word
"""


@action(needs=May.ISSUE_BILLS)
def issue_month(
    scope: Scope, *, community: CommunityId, first_on: date, without_stopped: bool = False, at: datetime
) -> Issued:
    """This will turn a month's draft into bills and post them to the company's book, once, all or nothing.

    Lines that are stopped hold it back, unless it is said that it goes out without them.
    """
    month = held_month(scope, community, first_on, rules.MonthVerb.ISSUE)
    if month.drafted_at is None:
        raise NothingDrafted
    stopped = DraftLine.objects.within(scope).filter(month=month).exclude(stop="").count()
    if stopped and not without_stopped:
        raise Unfinished(stopped=stopped)
    bills = _bills(month, at)
    lines = sql.run(_LINES, at, month.pk)
    amount = _posted(month, at)
    DraftLine.objects.within(scope).filter(month=month, stop="").delete()
    Month.objects.within(scope).filter(pk=month.pk).update(
        state=rules.MONTH_LIFE.after(rules.MonthState(month.state), rules.MonthVerb.ISSUE).value, issued_at=at
    )
    metering.lock_readings(scope, community=community, until=rules.add_months(first_on, 1), at=at)
    tell(
        events.BillsIssued(
            community=community, month=month.pk, first_on=first_on, bills=bills, lines=lines, amount=amount, at=at
        )
    )
    return Issued(bills, lines, amount)


def _bills(month: Month, at: datetime) -> int:
    owing = sql.fetch(_OBLIGORS, month.pk)
    return sql.run(
        _BILLS,
        month.pk,
        month.community,
        at,
        [ids.new() for _row in owing],
        *([row[column] for row in owing] for column in range(4)),
        [f"{month.first_on:%Y%m}-{nth:06d}" for nth in range(1, len(owing) + 1)],
    )


def _posted(month: Month, at: datetime) -> Money:
    """Post a journal for each bill: what its obligor owes, against the income of each item."""
    total, after = Money.zero, UUID(int=0)
    while True:
        rows = sql.fetch(_SUMS, month.pk, after, POSTED_AT_ONCE)
        if not rows:
            return total
        drafts = [draft for _bill, of in groupby(rows, lambda row: row[0]) if (draft := _journal(month, list(of), at))]
        ledger.post_many(SYSTEM, drafts=tuple(drafts))
        total += Money(sum(row[4] for row in rows))
        after = rows[-1][0]


def _journal(month: Month, rows: Sequence[tuple[Any, ...]], at: datetime) -> Draft | None:
    bill, subject, obligor = rows[0][:3]
    amounts = [(word, Money(minor)) for *_, word, minor in rows]
    owed = Money.total(amount for _, amount in amounts)
    if not owed:
        return None
    return Draft(
        key=f"bill_issued:{bill}",
        book=property_book(PartyId(month.company)),
        currency=month.currency,
        document=f"bill:{bill}",
        kind="bill_issued",
        at=at,
        legs=(
            debit(fee_receivable(subject, PartyId(obligor)), owed),
            *(credit(fee_income(word), amount) for word, amount in amounts),
        ),
    )


@action(needs=May.ISSUE_BILLS)
def close_month(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> None:
    """This will close a month: nothing is taken or credited on its days any more."""
    month = held_month(scope, community, first_on, rules.MonthVerb.CLOSE)
    Month.objects.within(scope).filter(pk=month.pk).update(
        state=rules.MONTH_LIFE.after(rules.MonthState(month.state), rules.MonthVerb.CLOSE).value, closed_at=at
    )
