"""A month as a desk is led through it: what each step needs is asked once, the rules say what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.estate.billing import rules
from linli.estate.billing.queries.bank import bank_lines_counted
from linli.estate.billing.queries.months import MonthPage, month_page
from linli.estate.billing.queries.read_days import read_days
from linli.estate.billing.queries.reconciling import Difference, differences
from linli.estate.billing.rules import BankState, MonthFacts, MonthState, Stage
from linli.estate.metering import queries as metering
from linli.estate.metering.queries import Progress
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class MonthGuide:
    """How a month stands; `page` is None before its first draft."""

    community: CommunityId
    first_on: date
    facts: MonthFacts
    page: MonthPage | None
    readings: tuple[Progress, ...]
    late: Money
    reminded: int
    automatic: int
    """So many automatic payments of its bills are planned or under way."""
    differences: tuple[Difference, ...]

    @property
    def stages(self) -> tuple[Stage, ...]:
        return rules.stages(self.facts)


_COUNTS = """
    SELECT (SELECT state FROM billing_month WHERE community = %s AND first_on = %s),
           (SELECT told_at IS NOT NULL FROM billing_month WHERE community = %s AND first_on = %s),
           (SELECT count(*) FROM billing_cost WHERE community = %s AND first_on = %s AND state <> 'withdrawn'),
           (SELECT count(*) FROM billing_cost WHERE community = %s AND first_on = %s AND state <> 'withdrawn'),
           (SELECT count(*) FROM billing_cost c JOIN billing_month m ON m.community = c.community
                AND m.first_on = c.first_on
            WHERE c.community = %s AND c.first_on = %s AND c.state = 'entered'
              AND (m.drafted_at IS NULL OR c.entered_at > m.drafted_at)),
           places_day(%s, %s) >= %s::date + interval '1 month'
"""
_LATE = """
    WITH late AS (
        SELECT coalesce(l.home, l.subject) AS account, l.obligor,
               sum(l.amount_minor - l.paid_minor - l.credited_minor) AS minor
        FROM billing_month m JOIN billing_bill b ON b.month_id = m.id JOIN billing_line l ON l.bill_id = b.id
        WHERE m.community = %s AND m.first_on = %s AND l.is_open AND l.due_on < places_day(l.community, %s)
        GROUP BY 1, 2
    )
    SELECT count(*), coalesce(sum(minor), 0)::bigint, count(*) FILTER (WHERE EXISTS (
               SELECT FROM billing_reminder r WHERE r.subject = late.account AND r.obligor = late.obligor
               AND r.sent_at >= %s)),
           (SELECT count(*) FROM billing_round r JOIN billing_mandate m ON m.id = r.mandate_id
            WHERE m.community = %s AND r.state IN ('planned', 'asked'))
    FROM late
"""


@query
def month_guide(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> MonthGuide:
    """This will tell how each step of a community's month stands, and what is missing of it."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    here, before = (community, first_on), (community, rules.add_months(first_on, -1, anchor=1))
    told = sql.fetch(_COUNTS, *here, *here, *here, *before, *here, community, at, first_on)
    ((word, is_told, costs, costs_before, undrafted, is_over),) = told
    state = None if word is None else MonthState(word)
    page = None if state is None else month_page(scope, community=community, first_on=first_on)
    days = read_days(scope, community=community, first_on=first_on)
    readings = metering.progress(scope, community=community, first_on=first_on, days=days, at=at)
    issued_at = at if page is None or page.card.issued_at is None else page.card.issued_at
    ((late, late_minor, reminded, automatic),) = sql.fetch(_LATE, *here, at, issued_at, community)
    found = differences(scope, community=community, company=scope.company) if state is MonthState.ISSUED else ()
    facts = MonthFacts(
        state=state,
        unread=sum(each.unread for each in readings),
        doubtful=sum(each.waiting for each in readings),
        costs_entered=costs,
        costs_before=costs_before,
        undrafted=undrafted,
        stopped=0 if page is None else page.stopped,
        outliers=0 if page is None else len(page.outliers),
        is_told=bool(is_told),
        is_over=is_over,
        open=Money.zero if page is None or state is MonthState.OPEN else page.card.open,
        late=late - reminded,
        unmatched=bank_lines_counted(scope)[BankState.WAITING],
        differences=len(found),
    )
    return MonthGuide(community, first_on, facts, page, readings, Money(late_minor), reminded, automatic, found)
