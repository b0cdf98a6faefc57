"""Instalment plans: asked for by one, decided by another, kept by paying, broken by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.online import Manner, NothingOwed, begin_collection
from linli.estate.billing.actions.settling import hold_open_lines, still_open, subject_of
from linli.estate.billing.actions.telling import tell_people
from linli.estate.billing.actions.waiving import OwnWaiver
from linli.estate.billing.models import Line, Pause, Plan, PlanMove, PlanPart
from linli.estate.billing.queries.instalments import paid_of, parts_of
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CollectionId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_LINES = 200


class InPlan(Refusal):
    """A line would belong to two plans."""

    says = _("Some of these charges belong to a plan already.")


@action(needs=May.CHASE_ARREARS, private=("why",))
def ask_plan(
    scope: Scope, *, subject: UUID, lines: Sequence[int], count: int, first_on: date, why: str, at: datetime
) -> UUID:
    """This will ask to have open lines of one obligor paid in so many monthly instalments; somebody else decides."""
    insist_on_reason(why)
    community, about = subject_of(scope, subject)
    if not 0 < len(lines) <= MOST_LINES:
        raise Invalid("lines", _("Between 1 and {most} lines, each once."), most=MOST_LINES)
    found = _free_lines(scope, subject, lines)
    if len({row.obligor for row in found}) != 1:
        raise Invalid("lines", _("A plan is for what one person owes."))
    total = Money.total(still_open(row) for row in found)
    if not 2 <= count <= rules.MOST_PARTS or total.minor < count:
        raise Invalid("count", _("Between 2 and {most} instalments."), most=rules.MOST_PARTS)
    if first_on < places.day_in(community, at):
        raise Invalid("first_on", _("The day lies in the past."))
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    row = Plan.objects.create(
        id=ids.new(),
        company=company_of(scope),
        community=community,
        subject=about.home or subject,
        obligor=found[0].obligor,
        lines=[row.pk for row in found],
        minors=[still_open(row).minor for row in found],
        total_minor=total.minor,
        count=count,
        first_on=first_on,
        stops_late=terms.plan_stops_late,
        state=rules.PLAN_LIFE.birth.value,
        why=why.strip(),
        asked_by=scope.person,
        asked_at=at,
        lapses_at=at + timedelta(days=terms.waiver_days),
    )
    _note(scope, row, rules.PlanVerb.ASK, at, why)
    return UUID(str(row.pk))


@action(needs=May.WAIVE_FEES, private=("answer",))
def decide_plan(scope: Scope, *, plan: UUID, approve: bool, answer: str = "", at: datetime) -> None:
    """This will approve a plan, over what of its lines is still open, or refuse it; not by who asked, unless the
    community's policy allows that."""
    row = _held(scope, plan)
    community = CommunityId(row.community)
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    if approve and terms.waived_by_two and row.asked_by == scope.person:
        raise OwnWaiver
    verb = rules.PlanVerb.APPROVE if approve else rules.PlanVerb.REFUSE
    row.state = rules.PLAN_LIFE.after(rules.PlanState(row.state), verb).value
    if approve:
        _approve(scope, row, at)
    row.decided_by, row.decided_at, row.answer = scope.person, at, answer.strip()
    row.save()
    _note(scope, row, verb, at, answer)


@action(needs=May.CHASE_ARREARS, private=("why",))
def cancel_plan(scope: Scope, *, plan: UUID, why: str, at: datetime) -> None:
    """This will take a plan back; what is open is due as it was, and late fees run again from today."""
    insist_on_reason(why)
    _end(scope, _held(scope, plan), rules.PlanVerb.CANCEL, rules.BrokenFrom.BREAK, at, why)


@action(needs=May.PAY)
def begin_plan_payment(scope: Scope, *, plan: UUID, at: datetime) -> CollectionId:
    """This will ask for one payment of the instalment that is next; it pays the lines in the plan's order."""
    row = Plan.objects.within(scope).filter(pk=plan).first()
    if row is None or row.obligor != scope.person or row.state != rules.PlanState.KEPT.value:
        raise NotFound("plan")
    found = {line.pk: line for line in hold_open_lines(scope, row.subject, row.lines)}
    paid = paid_of(row.lines, row.minors, {line.pk: still_open(line) for line in found.values()})
    waiting = next((each for each in rules.standing(parts_of([plan])[plan], paid) if each.open), None)
    if waiting is None or not found:
        raise NothingOwed
    opened = [
        rules.OpenLine(line=line, due_on=found[line].due_on, open=still_open(found[line]))
        for line in row.lines
        if line in found
    ]
    spent = rules.in_turn(waiting.open, opened).allocations
    return begin_collection(
        Manner(PartyId(row.obligor)), row.subject, [(found[each.line], each.amount) for each in spent], at
    )


@action(needs=May.RUN_CLOCKS)
def keep_plans(scope: Scope, *, limit: int, after: UUID | None = None, at: datetime) -> UUID | None:
    """This will finish plans that are paid, break those that are not kept, let lapse what nobody decided, and remind of
    what is due soon; gives the last that it looked at, None at the end."""
    states = (rules.PlanState.ASKED.value, rules.PlanState.KEPT.value)
    rows = Plan.objects.within(scope).select_for_update(skip_locked=True).filter(state__in=states)
    found = list((rows if after is None else rows.filter(pk__gt=after)).order_by("id")[:limit])
    lines = Line.objects.within(scope).filter(pk__in={line for row in found for line in row.lines})
    opened = {line.pk: still_open(line) for line in lines}
    parts = parts_of([row.pk for row in found])
    days = {each: places.day_in(each, at) for each in {CommunityId(row.community) for row in found}}
    for row in found:
        paid = paid_of(row.lines, row.minors, opened)
        _keep(scope, row, paid, parts.get(row.pk, ()), today=days[CommunityId(row.community)], at=at)
    return UUID(str(found[-1].pk)) if len(found) == limit else None


def _keep(
    scope: Scope, row: Plan, paid: Money, parts: Sequence[rules.Instalment], *, today: date, at: datetime
) -> None:
    if row.state == rules.PlanState.ASKED.value:
        if row.lapses_at <= at:
            row.state = rules.PLAN_LIFE.after(rules.PlanState.ASKED, rules.PlanVerb.LAPSE).value
            row.save(update_fields=["state"])
            _note(scope, row, rules.PlanVerb.LAPSE, at)
        return
    community = CommunityId(row.community)
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    if paid == Money(row.total_minor):
        _end(scope, row, rules.PlanVerb.FINISH, rules.BrokenFrom.BREAK, at)
    elif rules.missed(parts, paid, today, terms.plan_grace_days) is not None:
        _end(scope, row, rules.PlanVerb.BREAK, terms.plan_broken_from, at)
        _tell(row, "plan_broken", at)
    else:
        soon = today + timedelta(days=terms.plan_told_days)
        due = [each.part.nth for each in rules.standing(parts, paid) if each.open and each.part.due_on <= soon]
        if due and due[-1] > row.told_nth:
            Plan.objects.within(scope).filter(pk=row.pk).update(told_nth=due[-1])
            _tell(row, "plan_due", at)


def _approve(scope: Scope, row: Plan, at: datetime) -> None:
    found = _free_lines(scope, row.subject, row.lines, but=row.pk)
    total = Money.total(still_open(line) for line in found)
    if total.minor < row.count:
        raise NothingOwed
    row.lines, row.minors = [line.pk for line in found], [still_open(line).minor for line in found]
    row.total_minor = total.minor
    PlanPart.objects.bulk_create(
        PlanPart(
            plan=row,
            community=row.community,
            obligor=row.obligor,
            nth=part.nth,
            due_on=part.due_on,
            amount_minor=part.amount.minor,
        )
        for part in rules.instalments(total, row.count, row.first_on)
    )
    today = places.day_in(CommunityId(row.community), at)
    Pause.objects.bulk_create(
        Pause(line=line, plan=row, community=row.community, start_on=today, stops_late=row.stops_late) for line in found
    )


def _free_lines(scope: Scope, subject: UUID, lines: Sequence[int], but: UUID | None = None) -> list[Line]:
    """The open lines of a plan to be, the oldest first, under lock; none of them in another plan."""
    found = hold_open_lines(scope, subject, list(lines))
    if not found or (but is None and len(found) != len(set(lines))):
        raise Invalid("lines", _("Nothing is open on this line any more."))
    taken = Plan.objects.within(SYSTEM).filter(
        lines__overlap=[row.pk for row in found], state__in=(rules.PlanState.ASKED.value, rules.PlanState.KEPT.value)
    )
    if any(plan.pk != but for plan in taken):
        raise InPlan(field="lines")
    return sorted(found, key=lambda row: (row.due_on, row.kind == rules.LineKind.LATE_FEE.value, row.pk))


def _end(scope: Scope, row: Plan, verb: rules.PlanVerb, since: rules.BrokenFrom, at: datetime, why: str = "") -> None:
    row.state = rules.PLAN_LIFE.after(rules.PlanState(row.state), verb).value
    row.ended_at = at
    row.save(update_fields=["state", "ended_at"])
    pauses = Pause.objects.within(SYSTEM).filter(plan=row, end_on=None)
    if since is rules.BrokenFrom.START:
        pauses.update(end_on=F("start_on"))
    else:
        pauses.update(end_on=places.day_in(CommunityId(row.community), at))
    _note(scope, row, verb, at, why)


def _held(scope: Scope, plan: UUID) -> Plan:
    row = Plan.objects.within(scope).select_for_update().filter(pk=plan).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("plan")
    return row


def _tell(row: Plan, template: str, at: datetime) -> None:
    tell_people([PartyId(row.obligor)], template, CommunityId(row.community), at)


def _note(scope: Scope, row: Plan, verb: rules.PlanVerb, at: datetime, why: str = "") -> None:
    PlanMove.objects.create(
        plan=row,
        community=row.community,
        obligor=row.obligor,
        verb=verb.value,
        person=scope.person,
        why=why.strip(),
        happened_at=at,
    )
