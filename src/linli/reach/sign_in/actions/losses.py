"""A way back for who lost the phone of their authenticator and the codes on paper: another takes it off for them.

Whoever answers for a person (`rules.answers_for`) says that it is lost, and why they believe it; never of themselves.
Staff of companies and shops are let in anew at once: who says it works beside them. An operator of the platform reaches
everything, so one word is not enough: a second operator confirms, or a day passes (`operator_loss_h`) during which the
person is told on the number they sign in with and can stop it, and a code of the authenticator that was not lost after
all stops it by itself. That holds for two operators as for twenty; the only one is helped on the machine
(`linli operators lost-authenticator`), by whoever could change the database anyway.

Taken off, every device of the person is signed out and unknown again, and the next sign-in begins like the first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.reach.sign_in import rules
from linli.reach.sign_in.actions.authenticators import forget_authenticator
from linli.reach.sign_in.models import Device, Loss, LossMove, Session
from linli.reach.sign_in.queries import has_authenticator
from linli.reach.sign_in.rules import LOSS_LIFE, LossState, LossVerb, SignInPolicy
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope

AT_ONCE = 100
"""How many that have waited long enough are taken off in one turn of the clock."""


class NotOfOneself(Refusal):
    """A lost authenticator of one's own is another's to take off; one that is at hand comes off with its code."""

    says = _("This is your own. With a code of it you take it off yourself; without one, somebody else has to do so.")


class NothingLost(Refusal):
    """There is no authenticator to take off."""

    says = _("They have no authenticator, and sign in with their phone alone.")


class AnotherConfirms(Refusal):
    """The second word is another's than the first."""

    says = _("You reported it yourself: another operator confirms it.")


@action(needs=May.KEEP_STAFF, private=("why",))
def report_loss(scope: Scope, *, person: PartyId, why: str, at: datetime) -> bool:
    """This will have a lost authenticator taken off: at once, and then True, or of an operator after a day.

    Reported again while it waits, nothing changes.
    """
    said = " ".join(why.split())
    if not 0 < len(said) <= rules.MOST_WHY:
        raise Invalid("why", _("Please say in at most {most} characters why."), most=rules.MOST_WHY)
    if scope.person is None or scope.person == person:
        raise NotOfOneself(field="why")
    hats = people.hats(SYSTEM, person=person, at=at)
    if not rules.answers_for(scope, hats):
        raise NotFound("person")
    if not has_authenticator(SYSTEM, person=person):
        raise NothingLost(field="why")
    return _report(
        SYSTEM, by=scope, helper=scope.person, person=person, is_operator=rules.is_operator(hats), why=said, at=at
    )


@action(needs=May.RUN_CLOCKS, private=("by", "why"))
def _report(
    scope: Scope, *, by: Scope, helper: PartyId, person: PartyId, is_operator: bool, why: str, at: datetime
) -> bool:
    """Written as the house itself: what was reported of somebody is walled from who reports it."""
    if Loss.objects.within(scope).filter(person=person, state=LossState.WAITING.value).exists():
        return False
    hours = policy(SYSTEM, SignInPolicy, at=at).operator_loss_h if is_operator else 0
    row = Loss.objects.create(person=person, asked_by=helper, asked_at=at, due_at=at + timedelta(hours=hours))
    moves.born(LossMove, row, "report", scope=by, at=at, why=why)
    if is_operator:
        said = {"hours": str(hours)}
        notify.queue_message(SYSTEM, to=person, template="authenticator_reported_lost", values=said, at=at)
        return False
    _take_off(row, LossVerb.WAIT_OUT, by, at)
    return True


@action(needs=May.KEEP_STAFF)
def confirm_loss(scope: Scope, *, loss: UUID, at: datetime) -> None:
    """This will take an operator's lost authenticator off at once, on the word of a second operator."""
    if not scope.is_everywhere or scope.role is not Role.PLATFORM:
        raise NotFound("loss")
    row = _waiting(scope, loss)
    if scope.person == row.person:
        raise NotOfOneself
    if scope.person == row.asked_by:
        raise AnotherConfirms
    _take_off(row, LossVerb.CONFIRM, scope, at)


@action(needs=May.KEEP_OWN_PROFILE)
def stop_loss(scope: Scope, *, loss: UUID, at: datetime) -> None:
    """This will leave an authenticator as it is: its person says so, or an operator of the whole platform."""
    row = _waiting(scope, loss)
    if not (scope.is_everywhere or scope.person == row.person):
        raise NotFound("loss")
    moves.take(LossMove, row, LossVerb.STOP, life=LOSS_LIFE, states=LossState, scope=scope, at=at)


@action(needs=May.RUN_CLOCKS)
def take_off_due(scope: Scope, *, at: datetime) -> int:
    """This will take off what waited its time, and tell of how many persons."""
    due = Loss.objects.within(scope).select_for_update(skip_locked=True)
    rows = list(due.filter(state=LossState.WAITING.value, due_at__lte=at).order_by("due_at")[:AT_ONCE])
    for row in rows:
        _take_off(row, LossVerb.WAIT_OUT, scope, at)
    return len(rows)


@action(needs=May.RUN_CLOCKS)
def take_off_on_the_machine(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will take an authenticator off at once, for whoever holds the machine; the only operator has nobody else."""
    if not has_authenticator(scope, person=person):
        raise NothingLost
    waiting = Loss.objects.within(scope).select_for_update().filter(person=person, state=LossState.WAITING.value)
    if (row := waiting.first()) is not None:
        _take_off(row, LossVerb.CONFIRM, scope, at)
    else:
        _let_in_anew(person, at)


def _take_off(row: Loss, verb: LossVerb, by: Scope, at: datetime) -> None:
    moves.take(LossMove, row, verb, life=LOSS_LIFE, states=LossState, scope=by, at=at)
    _let_in_anew(PartyId(row.person), at)


def _let_in_anew(person: PartyId, at: datetime) -> None:
    forget_authenticator(person)
    Session.objects.filter(person=person, ended_at__isnull=True).update(ended_at=at)
    Device.objects.filter(person=person).delete()
    notify.queue_message(SYSTEM, to=person, template="authenticator_taken_off", values={}, at=at)


def _waiting(scope: Scope, loss: UUID) -> Loss:
    rows = Loss.objects.within(scope).select_for_update()
    row = rows.filter(pk=loss, state=LossState.WAITING.value).first()
    if row is None:
        raise NotFound("loss")
    return row
