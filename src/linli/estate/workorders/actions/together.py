"""Many orders at once, as the desk ticked them: given to one worker, or called off; each is refused by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.giving import insist_on_room, kept_choice
from linli.estate.workorders.actions.held import Step, changes_of, hold_many, said, step_many, told_of
from linli.estate.workorders.models import Order, Worker
from linli.estate.workorders.queries.hands import hands_of_many, hold_workers
from linli.estate.workorders.rules import Skill, WorkState, WorkVerb
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, WorkOrderId
from linli.kernel.refusals import Invalid
from linli.kernel.together import Together, missing, sorted_out
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


@action(needs=May.DISPATCH_WORK)
def give_many(
    scope: Scope, *, orders: Sequence[WorkOrderId], person: PartyId, beyond_limit: bool = False, at: datetime
) -> Together:
    """This will give orders to one worker, or hand them on: in the order in which they fall due, as many as have room.

    What they have in hand already stays with them and is refused; a handful of statements, however many orders.
    """
    rows = hold_many(scope, orders)
    lost = missing(orders, {row.pk for row in rows}, "work order")
    terms = {
        one: policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(one))
        for one in {row.community for row in rows}
    }
    hold_workers(terms, person)
    hands = hands_of_many(rows, terms, at, person) if rows else {}
    given = 0

    def check(row: Order) -> Step:
        nonlocal given
        if row.assignee == person and WorkState(row.state) in rules.IN_HAND:
            raise Invalid("person", _("They have it already."))
        hand = next(iter(hands.get(row.pk, ())), None)
        busier = replace(hand, open_jobs=hand.open_jobs + given) if hand else None
        choice = insist_on_room(busier, Skill(row.type.skill), terms[row.community], beyond_limit)
        verb = WorkVerb.GIVE if row.state == WorkState.RAISED else WorkVerb.TRANSFER
        changes = changes_of(row, verb, at=at) | {"assignee": person, "choice": kept_choice(choice, 1)}
        given += 1
        return Step(row, verb, changes)

    steps, refused = sorted_out(sorted(rows, key=_urgency), _of, check)
    step_many(scope, steps, at=at)
    if steps:
        where = {each.row.community for each in steps}
        Worker.objects.inside().filter(community__in=where, person=person).update(last_given_at=at)
        _tell_worker(person, [each.row for each in steps], at)
    return Together(tuple(each.row.pk for each in steps), (*refused, *lost))


@action(needs=May.DISPATCH_WORK, private=("why",))
def cancel_many(scope: Scope, *, orders: Sequence[WorkOrderId], why: str, at: datetime) -> Together:
    """This will call orders off for one reason, as far as nobody has come yet."""
    reason = said(why, field="why", needed=True)
    rows = hold_many(scope, orders)

    def check(row: Order) -> Step:
        return Step(row, WorkVerb.CANCEL, changes_of(row, WorkVerb.CANCEL, at=at))

    steps, refused = sorted_out(rows, _of, check)
    step_many(scope, steps, at=at, why=reason)
    for each in steps:
        tell(told_of(events.WorkOrderCancelled, each.row, at))
    lost = missing(orders, {row.pk for row in rows}, "work order")
    return Together(tuple(each.row.pk for each in steps), (*refused, *lost))


def _of(row: Order) -> UUID:
    return row.pk


def _urgency(row: Order) -> tuple[datetime, UUID]:
    return row.finish_due_at, row.pk


def _tell_worker(person: PartyId, rows: Sequence[Order], at: datetime) -> None:
    """One message, however many orders: a telephone that rings twenty times tells less than one that says twenty."""
    first = {"number": rows[0].number}
    if len(rows) == 1:
        notify.queue_message(SYSTEM, to=person, template="work_given", values=first, at=at)
    else:
        values = {"n": str(len(rows)), **first}
        notify.queue_message(SYSTEM, to=person, template="work_given_many", values=values, at=at)
