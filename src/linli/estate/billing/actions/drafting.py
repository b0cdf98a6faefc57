"""Drafting a month: what every home of a community would owe, as often as it takes, before anything goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.actions.costs import draft_costs
from linli.estate.billing.actions.working_out import Holdings, Portion, Worker
from linli.estate.billing.models import DraftLine, Month
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope

PORTION = 10_000
"""So many assignments are drafted at a time: memory stays bounded whatever the community."""


class IssuedAlready(Refusal):
    """The bills of a month are with those who owe them."""

    says = _("The bills of {month} are issued. What is wrong on them is credited line by line.")


class ClosedAlready(Refusal):
    """A month that is closed stays as it is."""

    says = _("{month} is closed: nothing of it changes any more.")


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """What a month would come to: lines and their sum, and how many are stopped."""

    month: UUID
    lines: int
    amount: Money
    stopped: int


@action(needs=May.ISSUE_BILLS, private=("tell",))
def draft_month(
    scope: Scope, *, community: CommunityId, first_on: date, tell: Progress = unheard, at: datetime
) -> DraftSummary:
    """This will work out what every home of a community owes for a month, anew; nothing goes out yet."""
    month = _open(scope, community, first_on, at)
    DraftLine.objects.within(scope).filter(month=month).delete()
    days = rules.Days(first_on, rules.add_months(first_on, 1))
    worker = Worker(scope, company_of(scope), community, days, at)
    lines, stopped, amount, done = 0, 0, 0, 0
    total = _counted(community, worker.since, days.end)
    for held in _portions(community, worker.since, days.end):
        tell(done, total, _("Working out what each home owes"))
        done += len(held)
        portion = worker.work_out(held)
        _write(month, portion)
        lines += portion.lines
        stopped += portion.stopped
        amount += portion.minor
    tell(total, total, _("Sharing the costs"))
    shared = draft_costs(scope, month, days, at)
    lines, stopped, amount = lines + shared[0], stopped + shared[1], amount + shared[2]
    Month.objects.within(scope).filter(pk=month.pk).update(drafted_at=at)
    return DraftSummary(month.pk, lines - stopped, Money(amount), stopped)


def _open(scope: Scope, community: CommunityId, first_on: date, at: datetime) -> Month:
    if community not in scope.communities:
        raise NotFound("community")
    if first_on.day != 1:
        raise Invalid("first_on", _("A month is named by its first day."))
    card = places.community(community)
    Month.objects.bulk_create(
        [
            Month(
                company=company_of(scope),
                community=community,
                city=card.city,
                currency=card.currency,
                first_on=first_on,
                state=rules.MONTH_LIFE.birth.value,
                opened_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return held_month(scope, community, first_on, rules.MonthVerb.DRAFT)


def held_month(scope: Scope, community: CommunityId, first_on: date, verb: rules.MonthVerb) -> Month:
    """This will give the month under lock, if the verb is open to it."""
    month = Month.objects.within(scope).select_for_update().filter(community=community, first_on=first_on).first()
    if month is None:
        raise NotFound("month")
    if month.state == rules.MonthState.CLOSED.value:
        raise ClosedAlready(month=f"{first_on:%Y-%m}")
    if month.state == rules.MonthState.ISSUED.value and verb is not rules.MonthVerb.CLOSE:
        raise IssuedAlready(month=f"{first_on:%Y-%m}")
    rules.MONTH_LIFE.after(rules.MonthState(month.state), verb)
    return month


def _counted(community: CommunityId, since: date, until: date) -> int:
    """So many assignments are looked at."""
    return int(sql.fetch(_HOW_MANY, community, until, since)[0][0])


_HOW_MANY = """
    SELECT count(*) FROM billing_assignment
    WHERE community = %s AND start_on < %s AND (end_on IS NULL OR end_on > %s)
"""
_HELD = """
    SELECT a.subject::text, a.id::text, a.subject_kind, a.home::text, a.obligor::text, a.item_id::text, a.start_on,
           a.end_on, a.parameters::text
    FROM billing_assignment AS a
    WHERE a.community = %s AND a.start_on < %s AND (a.end_on IS NULL OR a.end_on > %s)
      AND (a.subject, a.id) > (%s::uuid, %s::uuid)
    ORDER BY a.subject, a.id LIMIT %s
"""
"""In the order of an index, which `ORDER BY subject`, the text that is asked for, would not be."""


def _portions(community: CommunityId, since: date, until: date) -> Iterator[Holdings]:
    """What is charged in the month, subject by subject."""
    after = (str(UUID(int=0)),) * 2
    while rows := sql.fetch(_HELD, community, until, since, *after, PORTION):
        yield rows
        after = rows[-1][0], rows[-1][1]


_DRAFT = """
    WITH outcome AS MATERIALIZED (
        SELECT o.*, o.reason_text::jsonb AS reason
        FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::date[], %s::date[], %s::bigint[], %s::text[], %s::text[],
                    %s::text[]) WITH ORDINALITY
             AS o (item, tariff, start_on, end_on, due_on, minor, reason_text, stop, about, nth)
    )
    INSERT INTO billing_draft (month_id, community, subject, subject_kind, home, obligor, item_id, tariff_id, start_on,
                               end_on, due_on, amount_minor, reason, stop, about)
    SELECT %s, %s, l.subject, l.kind, l.home, l.obligor, o.item, o.tariff, o.start_on, o.end_on, o.due_on, o.minor,
           o.reason, o.stop, o.about
    FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::int[]) WITH ORDINALITY
         AS l (subject, kind, home, obligor, outcome, nth)
    JOIN outcome o ON o.nth = l.outcome
    ORDER BY l.nth
"""


def _write(month: Month, portion: Portion) -> None:
    """One statement; what many lines have in common is sent once."""
    outcomes = portion.outcomes
    given: list[Any] = [[getattr(each, name) for each in outcomes] for name in Portion.COLUMNS]
    sql.run(_DRAFT, *given, month.pk, month.community, *map(_array, portion.columns()))


def _array(values: list[str]) -> str:
    """Ids and words of ours, as one text: psycopg would look at each of them twice."""
    return "{" + ",".join(values) + "}"
