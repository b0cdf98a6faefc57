"""A month goes out once and is closed; then nothing of it changes any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.estate.billing import events, rules
from linli.estate.billing.actions.costs import issue_costs
from linli.estate.billing.actions.covering import use_terms
from linli.estate.billing.actions.drafting import held_month
from linli.estate.billing.actions.keeping import use_credit
from linli.estate.billing.models import DraftLine, Month
from linli.estate.billing.queries import differences
from linli.estate.metering import actions as metering
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, MeterId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.spine import outbox, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope

PORTION = 5_000
"""So many lines go out and are posted at once: memory stays bounded whatever the community."""


class Unfinished(Refusal):
    """Some lines of the draft cannot be worked out."""

    says = _("{stopped} charges cannot be worked out yet. Look at them, or issue without them.")


class NothingDrafted(Refusal):
    """A month is looked at before it goes out."""

    says = _("This month has not been drafted.")


class DoesNotReconcile(Refusal):
    """The book says something else than the lines: somebody has to look before the month is closed."""

    says = _("{count} figures do not agree. The first is {what}: the book says {booked}, the lines say {counted}.")


class MonthNotOver(Refusal):
    """Money still comes in on the days of a month that runs: closed early, the desk could take none until its end."""

    says = _("This month is not over. It can be closed from {day} on.")


@dataclass(frozen=True, slots=True)
class Issued:
    bills: int
    lines: int
    amount: Money


@action(needs=May.ISSUE_BILLS, private=("tell",))
def issue_month(
    scope: Scope,
    *,
    community: CommunityId,
    first_on: date,
    without_stopped: bool = False,
    tell: Progress = unheard,
    at: datetime,
) -> Issued:
    """This will turn a month's draft into bills and post them to the company's book, once, all or nothing.

    Lines that are stopped hold it back, unless it is said that it goes out without them.
    """
    month = held_month(scope, community, first_on, rules.MonthVerb.ISSUE)
    if month.drafted_at is None:
        raise NothingDrafted
    issue_costs(scope, month, at)
    stopped = DraftLine.objects.within(scope).filter(month=month).exclude(stop="").count()
    if stopped and not without_stopped:
        raise Unfinished(stopped=stopped)
    issued = _written(month, tell, at)
    tell(issued.lines, issued.lines, _("Closing the readings, using what was prepaid"))
    _lock_readings(scope, month, at)
    if stopped:
        _leave_for_next(scope, month, at)
    use_terms(month, at)
    use_credit(scope, community, at)
    DraftLine.objects.within(scope).filter(month=month, stop="").delete()
    Month.objects.within(scope).filter(pk=month.pk).update(
        state=rules.MONTH_LIFE.after(rules.MonthState(month.state), rules.MonthVerb.ISSUE).value, issued_at=at
    )
    outbox.tell(
        events.BillsIssued(
            community=community,
            month=month.pk,
            first_on=first_on,
            bills=issued.bills,
            lines=issued.lines,
            amount=issued.amount,
            at=at,
        )
    )
    return issued


def _written(month: Month, tell: Progress, at: datetime) -> Issued:
    """Bills, lines and journals, portion by portion of whole subjects."""
    total = DraftLine.objects.inside().filter(month=month, stop="").count()
    bills, lines, minor = 0, 0, 0
    after: UUID | None = UUID(int=0)
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    with ledger.refusing():
        while True:
            tell(lines, total, _("Writing the bills and the company's book"))
            ((after, *wrote),) = sql.fetch(_ISSUE, month.pk, after, PORTION, bills, at)
            if after is None:
                return Issued(bills, lines, Money(minor))
            bills, lines, minor = bills + wrote[0], lines + wrote[1], minor + wrote[2]


_ISSUE = "SELECT * FROM billing_issue_next(%s, %s, %s, %s, %s)"


_READ = """
    SELECT d.subject, d.id, d.item_id, (r ->> 'meter_id')::uuid, (r ->> 'end_on')::date,
           CASE WHEN d.cost IS NOT NULL THEN d.end_on END
    FROM (SELECT subject, id, item_id, cost, end_on, reason FROM billing_draft
          WHERE month_id = %s AND stop = '' AND (subject, id) > (%s, %s)
            AND jsonb_typeof(reason -> 'readings') = 'array' AND reason -> 'readings' <> '[]'
          ORDER BY subject, id LIMIT %s) d, LATERAL jsonb_array_elements(d.reason -> 'readings') AS r
    ORDER BY d.subject, d.id
"""


def _lock_readings(scope: Scope, month: Month, at: datetime) -> None:
    """The readings that went into these bills stand for good, and only those: who reads later is billed later."""
    after: tuple[object, object] = UUID(int=0), 0
    while rows := sql.fetch(_READ, month.pk, *after, PORTION):
        latest: dict[tuple[UUID, UUID], tuple[date, date | None]] = {}
        for _subject, _id, item, meter, read_on, days_end_on in rows:
            latest[(meter, item)] = max((read_on, days_end_on), latest.get((meter, item), (date.min, None)), key=_first)
        billed = [metering.BilledTo(MeterId(meter), item, *upto) for (meter, item), upto in latest.items()]
        metering.lock_readings(scope, community=CommunityId(month.community), month=month.first_on, rows=billed, at=at)
        after = rows[-1][0], rows[-1][1]


_LEFT_OUT = """
    SELECT d.subject, t.terms ->> 'meter', d.item_id, min(d.start_on), min(a.start_on)
    FROM billing_draft d
    JOIN billing_tariff t ON t.id = d.tariff_id AND t.basis = 'usage'
    JOIN billing_assignment a ON a.item_id = d.item_id AND a.subject = d.subject
         AND a.start_on <= d.start_on AND (a.end_on IS NULL OR a.end_on > d.start_on)
    WHERE d.month_id = %s AND d.stop <> '' AND d.subject > %s
    GROUP BY d.subject, t.terms ->> 'meter', d.item_id ORDER BY d.subject LIMIT %s
"""


def _leave_for_next(scope: Scope, month: Month, at: datetime) -> None:
    """What was metered and could not be worked out goes into the next bill, whatever is read in the meantime."""
    after = UUID(int=0)
    while rows := sql.fetch(_LEFT_OUT, month.pk, after, PORTION):
        left = [metering.NotBilled(*row) for row in rows]
        metering.mark_left_out(scope, community=CommunityId(month.community), month=month.first_on, rows=left, at=at)
        after = rows[-1][0]


def _first(upto: tuple[date, date | None]) -> date:
    return upto[0]


@action(needs=May.ISSUE_BILLS)
def close_month(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> None:
    """This will close a month: nothing is taken or credited on its days any more.

    Only when it is over, and the company's book and the lines of the community say the same, account by account and
    line by line.
    """
    month = held_month(scope, community, first_on, rules.MonthVerb.CLOSE)
    following = rules.add_months(first_on, 1, anchor=1)
    if places.day_in(community, at) < following:
        raise MonthNotOver(day=following.isoformat())
    found = differences(scope, community=community, company=PartyId(month.company))
    if found:
        raise DoesNotReconcile(
            count=len(found), what=found[0].what, booked=str(found[0].booked), counted=str(found[0].counted)
        )
    Month.objects.within(scope).filter(pk=month.pk).update(
        state=rules.MONTH_LIFE.after(rules.MonthState(month.state), rules.MonthVerb.CLOSE).value, closed_at=at
    )
