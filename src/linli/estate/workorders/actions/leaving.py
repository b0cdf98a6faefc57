"""Somebody leaves the company, a community or the duty in which work is done: what is in their hands goes to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.held import Step, changes_of, step_many, told_of
from linli.estate.workorders.models import Order, Quote, Worker
from linli.estate.workorders.rules import QuoteState, QuoteVerb, WorkState, WorkVerb
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, PartyId
from linli.spine.action import action
from linli.spine.may import May, carries
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Role, Scope


@action(needs=May.RUN_CLOCKS)
def let_go(scope: Scope, *, person: PartyId, at: datetime) -> int:
    """This will take somebody off the workers of every community in which they do no work for its company any more.

    Their open work goes back to the house, which gives it to somebody else or shows the desk that nobody has it; what
    is done stays theirs. A price that waited for an answer lapses: whoever comes next tells their own. Answers with
    how many orders went back; safe to repeat.
    """
    rows = list(Worker.objects.within(scope).filter(person=person, left_at__isnull=True))
    working = {company: _where_they_work(company, person, at) for company in {PartyId(row.company) for row in rows}}
    left = [row for row in rows if CommunityId(row.community) not in working[PartyId(row.company)]]
    if not left:
        return 0
    where, states = [row.community for row in left], [state.value for state in rules.IN_HAND]
    found = Order.objects.within(scope).filter(community__in=where, assignee=person, state__in=states)
    orders = list(found.select_for_update().order_by("pk"))
    _lapse(scope, [row for row in orders if row.state == WorkState.QUOTED], at)
    step_many(scope, [_back(row, at) for row in orders], at=at)
    for row in orders:
        tell(told_of(events.WorkOrderReturned, row, at))
    Worker.objects.within(scope).filter(pk__in=[row.pk for row in left]).update(left_at=at)
    return len(orders)


def _where_they_work(company: PartyId, person: PartyId, at: datetime) -> frozenset[CommunityId]:
    staff = people.company_staff(SYSTEM, company=company, at=at)
    found = next((each for each in staff if each.party == person), None)
    if found is None or not carries(Role.PROPERTY, May.DO_WORK, found.duty):
        return frozenset()
    return frozenset(people.communities_of(company, at=at) if found.is_everywhere else found.communities)


def _back(row: Order, at: datetime) -> Step:
    return Step(row, WorkVerb.RETURN, changes_of(row, WorkVerb.RETURN, at=at) | {"assignee": None, "choice": None})


def _lapse(scope: Scope, rows: Sequence[Order], at: datetime) -> None:
    lapsed = rules.QUOTE_LIFE.after(QuoteState.OFFERED, QuoteVerb.LAPSE)
    offered = Quote.objects.within(scope).filter(order__in=rows, state=QuoteState.OFFERED.value)
    offered.update(state=lapsed.value, answered_at=at)
    step_many(scope, [Step(row, WorkVerb.LAPSE, changes_of(row, WorkVerb.LAPSE, at=at)) for row in rows], at=at)
