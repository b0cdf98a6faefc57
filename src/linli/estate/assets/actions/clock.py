"""What the clock does with assets, and what they forget: the desk is told once of each thing that waits."""

from __future__ import annotations

from datetime import datetime

from linli.estate.assets import rules
from linli.estate.assets.models import Asset, Paper, Task
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Scope


@action(needs=May.RUN_CLOCKS)
def tell_what_waits(scope: Scope, *, community: CommunityId, at: datetime) -> int:
    """This will tell a community's managers of what became overdue since they heard last; safe to repeat."""
    today = places.day_in(community, at)
    undone = [state.value for state in rules.UNDONE]
    late = Task.objects.within(scope).filter(
        community=community, state__in=undone, due_on__lt=today, told_at__isnull=True
    )
    tasks = late.update(told_at=at)
    repairs = Asset.objects.within(scope).filter(community=community, due_at__lt=at, told_at__isnull=True)
    slow = repairs.update(told_at=at)
    papers = _remind(scope, community, at)
    if tasks + slow + papers:
        company = people.company_of([community], at=at).get(community)
        name = places.community(community).name
        said = {**named("community", name), "tasks": str(tasks)}
        values = {**said, "papers": str(papers), "repairs": str(slow)}
        notify.queue_messages(
            SYSTEM, to=_managers(company, community, at), template="assets_wait", values=values, at=at
        )
    return tasks + slow + papers


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person wrote about assets."""
    sql.run("SELECT assets_forget(%s)", person)


def _remind(scope: Scope, community: CommunityId, at: datetime) -> int:
    """The certificates that reached a stage of reminding that the desk has not heard of."""
    stages = policy(scope, rules.AssetPolicy, at=at, community=community).reminder_days
    today = places.day_in(community, at)
    reached = []
    held = Paper.objects.within(scope).filter(community=community, removed_at=None, expires_on__isnull=False)
    for paper in held.exclude(reminded=0).order_by("expires_on")[:1_000]:
        stage = rules.reminder_stage(paper.expires_on, today, stages) if paper.expires_on else None
        if stage is not None and (paper.reminded is None or stage < paper.reminded):
            paper.reminded = stage
            reached.append(paper)
    if reached:
        Paper.objects.inside().bulk_update(reached, ["reminded"])
    return len(reached)


def _managers(company: PartyId | None, community: CommunityId, at: datetime) -> list[PartyId]:
    if company is None:
        return []
    staff = people.company_staff(SYSTEM, company=company, at=at)
    return [
        each.party
        for each in staff
        if each.duty is Duty.MANAGER and (each.is_everywhere or community in each.communities)
    ]
