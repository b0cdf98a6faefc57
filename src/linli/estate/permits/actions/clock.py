"""What the clock does to permits and moves: some lapse, who asked is reminded, the desk hears of what is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.permits import rules
from linli.estate.permits.actions.asking import move
from linli.estate.permits.actions.relocating import OVER, move_on
from linli.estate.permits.models import Permit, Relocation, RelocationMove
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, PermitId
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine import moves, sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Scope

REMINDED_AGAIN = timedelta(days=1)


@action(needs=May.RUN_CLOCKS)
def keep_deadline(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will do what is due of a permit: let an unpaid one lapse, tell the owner whose days are over."""
    row = Permit.objects.within(scope).select_for_update().filter(pk=permit, next_at__lte=at).first()
    if row is None:
        return
    if row.state == rules.PermitState.GRANTED:
        move(row, rules.PermitVerb.LAPSE, scope, at, due_at=None)
    elif row.state == rules.PermitState.WORKING and row.asker:
        values = {"number": row.label, "day": row.end_on.isoformat()}
        notify.queue_message(SYSTEM, to=PartyId(row.asker), template="permit_over", values=values, at=at)
        Permit.objects.within(scope).filter(pk=permit).update(next_at=at + REMINDED_AGAIN)


@action(needs=May.RUN_CLOCKS)
def keep_relocation(scope: Scope, *, relocation: PermitId, at: datetime) -> None:
    """This will remind who asked of a move that its day is over, and end it when nobody finishes it after that."""
    row = Relocation.objects.within(scope).select_for_update().filter(pk=relocation, next_at__lte=at).first()
    if row is None or row.due_at is None:
        return
    days = timedelta(days=policy(SYSTEM, rules.PermitPolicy, at=at, community=CommunityId(row.community)).move_days)
    ends_at = row.due_at + days
    if ends_at <= at:
        move_on(row, rules.RelocationVerb.LAPSE, scope, at, **OVER)
    else:
        moves.note(RelocationMove, row, "remind", scope=scope, at=at)
        Relocation.objects.within(scope).filter(pk=relocation).update(next_at=ends_at)
    if row.asker:
        over = row.state == rules.RelocationState.LAPSED
        until = places.day_in(CommunityId(row.community), ends_at)
        values = {"number": row.label, "day": row.day.isoformat(), "until": until.isoformat()}
        word = "move_lapsed" if over else "move_late"
        notify.queue_message(SYSTEM, to=PartyId(row.asker), template=word, values=values, at=at)


@action(needs=May.RUN_CLOCKS)
def tell_what_is_late(scope: Scope, *, community: CommunityId, at: datetime) -> int:
    """This will tell a community's stewards what became late, and its managers what stays late; safe to repeat.

    One message to each, however much is late. Where there is no steward the managers hear at once.
    """
    hours = policy(SYSTEM, rules.PermitPolicy, at=at, community=community).manager_hours
    stays = _raise(scope, community, rules.STEWARDS, at - timedelta(hours=hours))
    became = _raise(scope, community, rules.NOBODY, at)
    if not stays + became:
        return 0
    company = people.company_of([community], at=at).get(community)
    staff = people.company_staff(SYSTEM, company=company, at=at) if company else ()
    here = [each for each in staff if each.is_everywhere or community in each.communities]
    managers = [each.party for each in here if each.duty is Duty.MANAGER]
    stewards = [each.party for each in here if each.duty is Duty.STEWARD] or managers
    name = places.community(community).name
    said = named("community", name)
    for late, to in ((became, stewards), (stays, managers)):
        if late:
            values = {**said, "count": str(late)}
            notify.queue_messages(SYSTEM, to=to, template="permits_late", values=values, at=at)
    return stays + became


def _raise(scope: Scope, community: CommunityId, told: int, before: datetime) -> int:
    """What was due before and was told that far is told one further; this says how much it is."""
    late = {"community": community, "late_told": told, "due_at__lte": before}
    waits = [state.value for state in rules.DESK_WAITS_IN]
    works = Permit.objects.within(scope).filter(state__in=waits, **late).update(late_told=told + 1)
    return works + Relocation.objects.within(scope).filter(**late).update(late_told=told + 1)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person wrote, and what was written about their moving."""
    sql.run("SELECT permits_forget(%s)", person)
