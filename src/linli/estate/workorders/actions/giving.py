"""Who does it: given by the house, grabbed, given by the desk, handed on, given back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.held import hold, hold_own, said, step, told_of
from linli.estate.workorders.models import Order, Sla, Type, Worker, holding
from linli.estate.workorders.queries.hands import hands_of, hold_workers
from linli.estate.workorders.rules import Skill, Way, WorkState, WorkVerb
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


class Gone(Refusal):
    """Somebody else was faster."""

    says = _("Somebody else has taken this already.")


class HandsFull(Refusal):
    """The worker has as many open jobs as the community allows."""

    says = _("That is {open} open jobs already; {most} is the most here. Finish one first.")


class OffDuty(Refusal):
    """The worker is away, or their rota says that they do not work now."""

    says = _("This worker is not on duty now.")


class LacksSkill(Refusal):
    """The worker cannot do work of this kind."""

    says = _("This worker does not do work of this kind.")


class NotForGrabbing(Refusal):
    """Work of this type is given, not grabbed."""

    says = _("Work of this kind is given out by the desk.")


@action(needs=May.RUN_CLOCKS)
def give_by_house(scope: Scope, *, order: WorkOrderId, at: datetime) -> PartyId | None:
    """This will give a raised order to the best of those able to do it, or to nobody yet; safe to repeat."""
    row = hold(scope, order)
    if row.state != WorkState.RAISED:
        return None
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    way = way_of(row, terms, at)
    if way not in (Way.NEAREST, Way.ROTA):
        return None
    hold_workers([row.community])
    order_of = rules.ranked if way is Way.NEAREST else rules.in_turn
    hands = hands_of(row, terms, at)
    found = order_of(hands, _skill(row), minutes_a_job=terms.minutes_a_job)
    if not found:
        return None
    _give(scope, row, found[0], WorkVerb.GIVE, among=len(found), at=at)
    return found[0].person


@action(needs=May.DISPATCH_WORK, private=("why",))
def give_work(
    scope: Scope, *, order: WorkOrderId, person: PartyId, beyond_limit: bool = False, why: str = "", at: datetime
) -> None:
    """This will give an order to a worker of the community, or hand it on from another; the desk's own choice.

    `beyond_limit` gives it even to who has as many open jobs as allowed.
    """
    row = hold(scope, order)
    _hand_on(scope, row, person, beyond_limit, said(why), at)


@action(needs=May.DO_WORK, private=("why",))
def transfer_work(scope: Scope, *, order: WorkOrderId, person: PartyId, why: str, at: datetime) -> None:
    """This will hand work on to a colleague who is able to do it and has room for it."""
    row = hold_own(scope, order)
    if row.assignee == person:
        raise Invalid("person", _("They have it already."))
    _hand_on(scope, row, person, False, said(why, field="why", needed=True), at)


@action(needs=May.DO_WORK, private=("why",))
def return_work(scope: Scope, *, order: WorkOrderId, why: str, at: datetime) -> None:
    """This will give work back; the house gives it to somebody else, never to whoever returned it."""
    row = hold_own(scope, order)
    reason = said(why, field="why", needed=True)
    step(scope, row, WorkVerb.RETURN, at=at, why=reason, assignee=None, choice=None)
    tell(told_of(events.WorkOrderReturned, row, at))


@action(needs=May.DO_WORK)
def grab_work(scope: Scope, *, order: WorkOrderId, at: datetime) -> None:
    """This will take work off the list for the asker, if nobody was faster and they have room for it.

    The order is locked first and the worker second, so that neither is an order taken twice nor a limit passed by
    taking two at once.
    """
    row = hold(scope, order)
    if row.state != WorkState.RAISED or scope.person is None:
        raise Gone
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    if way_of(row, terms, at) is not Way.GRAB:
        raise NotForGrabbing
    choice = _insist_on_room(row, scope.person, terms, False, at)
    _note_given(row, scope.person, at)
    changes: dict[str, Any] = {"assignee": scope.person, "choice": kept_choice(choice, 1)}
    step(scope, row, WorkVerb.GRAB, at=at, accepted_at=row.accepted_at or at, **changes)


def way_of(row: Order, terms: rules.WorkOrderPolicy, at: datetime) -> Way:
    """This will say how an order finds who does it: as its type says here, else as the community does."""
    owns = holding(Sla.objects.inside().filter(community=row.community, type_id=row.type_id), at)
    word = owns.values_list("way", flat=True).first()
    return Way(word) if word else terms.way


def _hand_on(scope: Scope, row: Order, person: PartyId, beyond_limit: bool, why: str, at: datetime) -> None:
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    choice = _insist_on_room(row, person, terms, beyond_limit, at)
    verb = WorkVerb.GIVE if row.state == WorkState.RAISED else WorkVerb.TRANSFER
    _give(scope, row, choice, verb, among=1, at=at, why=why)


def _insist_on_room(
    row: Order, person: PartyId, terms: rules.WorkOrderPolicy, beyond_limit: bool, at: datetime
) -> rules.Choice:
    hold_workers([row.community], person)
    hand = next((each for each in hands_of(row, terms, at, person) if each.person == person), None)
    return insist_on_room(hand, _skill(row), terms, beyond_limit)


def insist_on_room(
    hand: rules.Hand | None, skill: Skill, terms: rules.WorkOrderPolicy, beyond_limit: bool
) -> rules.Choice:
    """This will refuse who does not work there, cannot do it or has enough in hand; else say what it means for them."""
    if hand is None:
        raise NotFound("worker", field="person")
    if not hand.is_on_duty:
        raise OffDuty(field="person")
    if not rules.is_able(hand, skill):
        raise LacksSkill(field="person")
    if hand.open_jobs >= hand.most_open and not beyond_limit:
        raise HandsFull(field="person", open=hand.open_jobs, most=hand.most_open)
    return rules.choice_of(hand, minutes_a_job=terms.minutes_a_job)


def _give(
    scope: Scope, row: Order, choice: rules.Choice, verb: WorkVerb, *, among: int, at: datetime, why: str = ""
) -> None:
    _note_given(row, choice.person, at)
    step(scope, row, verb, at=at, why=why, assignee=choice.person, choice=kept_choice(choice, among))
    values = {"number": row.number}
    notify.queue_message(SYSTEM, to=choice.person, template="work_given", values=values, at=at)


def _note_given(row: Order, person: PartyId, at: datetime) -> None:
    Worker.objects.inside().filter(community=row.community, person=person).update(last_given_at=at)


def kept_choice(choice: rules.Choice, among: int) -> dict[str, int]:
    """This will tell why this one: what they had in hand, how far they were, what that comes to, and of how many."""
    return {
        "open_jobs": choice.open_jobs,
        "distance_m": choice.distance_m,
        "minutes": choice.minutes,
        "among": among,
    }


def _skill(row: Order) -> Skill:
    return Skill(Type.objects.inside().values_list("skill", flat=True).get(pk=row.type_id))
