"""Who does work in a community: skills, limits, absence, and the hours of the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.estate.workorders import rules
from linli.estate.workorders.models import Order, Shift, Worker
from linli.estate.workorders.queries.hands import MOST_WORKERS
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_LIMIT = 50
MOST_SHIFTS = 21
A_DAY = 24 * 60


class WorkInHand(Refusal):
    """Somebody who has work in hand cannot leave it behind."""

    says = _("They still have {n} open jobs here. Hand these on first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of a day of the week (Monday is 0), in minutes of the community's day; over midnight they are two."""

    weekday: int
    start_minute: int
    end_minute: int


@action(needs=May.KEEP_WORK_RULES)
def keep_worker(
    scope: Scope,
    *,
    community: CommunityId,
    person: PartyId,
    skills: Sequence[rules.Skill],
    most_open: int | None = None,
    at: datetime,
) -> None:
    """This will let somebody of the company's staff do work in a community, or change what they are able to do."""
    _insist_on_reach(scope, community)
    if not skills:
        raise Invalid("skills", _("Please choose at least one."))
    if most_open is not None and not 0 < most_open <= MOST_LIMIT:
        raise Invalid("most_open", _("Between 1 and {most}."), most=MOST_LIMIT)
    company = people.company_of([community], at=at).get(community)
    if company is None or person not in {
        each.party
        for each in people.company_staff(SYSTEM, company=company, at=at)
        if each.is_everywhere or community in each.communities
    }:
        raise NotFound("person", field="person")
    if Worker.objects.within(scope).filter(community=community, left_at__isnull=True).count() >= MOST_WORKERS:
        raise Invalid("person", _("At most {most} workers in a community."), most=MOST_WORKERS)
    kept = {
        "company": company,
        "skills": sorted({skill.value for skill in skills}),
        "most_open": most_open,
        "left_at": None,
    }
    Worker.objects.within(scope).update_or_create(
        community=community, person=person, defaults=kept, create_defaults={**kept, "is_away": False}
    )


@action(needs=May.KEEP_WORK_RULES)
def remove_worker(scope: Scope, *, community: CommunityId, person: PartyId, at: datetime) -> None:
    """This will take somebody off the workers of a community, once nothing is in their hands any more."""
    row = _worker(scope, community, person)
    states = [state.value for state in rules.IN_HAND]
    in_hand = Order.objects.within(scope).filter(community=community, assignee=person, state__in=states).count()
    if in_hand:
        raise WorkInHand(n=in_hand)
    row.left_at = at
    row.save(update_fields=["left_at"])


@action(needs=May.DO_WORK)
def set_away(scope: Scope, *, community: CommunityId, person: PartyId, is_away: bool, at: datetime) -> None:
    """This will say that a worker is away or back: oneself, or anybody by the desk. Who is away is given nothing."""
    if person != scope.person and not scope.may(May.DISPATCH_WORK):
        raise NotFound("worker")
    row = _worker(scope, community, person)
    row.is_away = is_away
    row.save(update_fields=["is_away"])


@action(needs=May.KEEP_WORK_RULES)
def set_rota(scope: Scope, *, community: CommunityId, person: PartyId, hours: Sequence[Hours], at: datetime) -> None:
    """This will settle at which hours of the week a worker is on duty; without any they always are."""
    row = _worker(scope, community, person)
    _insist_on_hours(hours)
    Shift.objects.within(scope).filter(worker=row).delete()
    Shift.objects.bulk_create(
        Shift(
            community=community,
            worker=row,
            weekday=each.weekday,
            start_minute=each.start_minute,
            end_minute=each.end_minute,
        )
        for each in hours
    )


def _insist_on_hours(hours: Sequence[Hours]) -> None:
    if len(hours) > MOST_SHIFTS:
        raise Invalid("hours", _("At most {most} in a week."), most=MOST_SHIFTS)
    before: Hours | None = None
    for each in sorted(hours, key=lambda one: (one.weekday, one.start_minute)):
        fits = 0 <= each.weekday <= 6 and 0 <= each.start_minute < each.end_minute <= A_DAY
        if not fits or (before and before.weekday == each.weekday and each.start_minute < before.end_minute):
            raise Invalid("hours", _("Hours begin before they end, within one day, and do not overlap."))
        before = each


def _worker(scope: Scope, community: CommunityId, person: PartyId) -> Worker:
    _insist_on_reach(scope, community)
    row = (
        Worker.objects.within(scope)
        .select_for_update()
        .filter(community=community, person=person, left_at__isnull=True)
        .first()
    )
    if row is None:
        raise NotFound("worker")
    return row


def _insist_on_reach(scope: Scope, community: CommunityId) -> None:
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
