"""After the work and around it: rating, return visit, re-opening, cancelling, and a resident's phone for a reason."""

from __future__ import annotations

from datetime import datetime

from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.held import hold, hold_asked, hold_own, said, step, told_of
from linli.estate.workorders.models import Order, ReturnVisit, Sla, Type, holding
from linli.estate.workorders.rules import Satisfaction, WorkState, WorkVerb
from linli.ground.people import actions as people
from linli.ground.people.actions import Contact
from linli.kernel.ids import PartyId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

FEWEST_STARS, MOST_STARS = 1, 5


class RatedAlready(Refusal):
    """One rating for each time the work was done."""

    says = _("You have said already how it was.")


class OverThere(Refusal):
    """Its phone is shown only while the work is in hand."""

    says = _("The number is shown only while this work is in hand.")


@action(needs=May.RAISE_WORK_ORDER, private=("words",))
def rate_work(scope: Scope, *, order: WorkOrderId, stars: int, words: str = "", at: datetime) -> None:
    """This will say how it was, by who asked, once for each time that it was done."""
    if not FEWEST_STARS <= stars <= MOST_STARS:
        raise Invalid("stars", _("Between {low} and {high} stars."), low=FEWEST_STARS, high=MOST_STARS)
    row = hold_asked(scope, order)
    if row.stars is not None:
        raise RatedAlready
    step(scope, row, WorkVerb.RATE, at=at, until=row.due_at, stars=stars, rating_words=said(words), rated_at=at)


@action(needs=May.DISPATCH_WORK, private=("words",))
def record_return_visit(
    scope: Scope, *, order: WorkOrderId, satisfaction: Satisfaction, words: str = "", at: datetime
) -> None:
    """This will note what was heard when the desk asked afterwards."""
    row = hold(scope, order)
    heard = said(words)
    step(scope, row, WorkVerb.VISIT, at=at, until=row.due_at)
    ReturnVisit.objects.create(
        order=row,
        community=row.community,
        satisfaction=satisfaction.value,
        words=heard,
        visited_by=scope.person,
        visited_at=at,
    )


@action(needs=May.RAISE_WORK_ORDER, private=("why",))
def reopen_work(scope: Scope, *, order: WorkOrderId, why: str, at: datetime) -> None:
    """This will say that it was not put right: it begins again with a new promise; by who asked, or the desk."""
    row = hold(scope, order)
    if row.raised_by != scope.person and not scope.may(May.DISPATCH_WORK):
        raise NotFound("work order")
    promise = rules.promise(at, _minutes(row, at))
    step(
        scope,
        row,
        WorkVerb.REOPEN,
        at=at,
        promise=promise,
        why=said(why, field="why", needed=True),
        assignee=None,
        choice=None,
        clock_at=at,
        accepted_at=None,
        arrived_at=None,
        done_at=None,
        stars=None,
        rating_words="",
        rated_at=None,
        reopened=row.reopened + 1,
    )
    tell(told_of(events.WorkOrderReopened, row, at))


@action(needs=May.RAISE_WORK_ORDER, private=("why",))
def cancel_work(scope: Scope, *, order: WorkOrderId, why: str = "", at: datetime) -> None:
    """This will call it off before anybody has come: by who asked, or by the desk, which says why."""
    row = hold(scope, order)
    is_own = scope.person is not None and row.raised_by == scope.person
    if not is_own and not scope.may(May.DISPATCH_WORK):
        raise NotFound("work order")
    step(scope, row, WorkVerb.CANCEL, at=at, why=said(why, field="why", needed=not is_own))
    tell(told_of(events.WorkOrderCancelled, row, at))


@action(needs=May.DO_WORK, private=("why",), shown_once=True)
def reveal_who_asked(scope: Scope, *, order: WorkOrderId, why: str, at: datetime) -> Contact:
    """This will show the phone of who asked to whoever has the work in hand; it is written down who looked and why."""
    row = hold_own(scope, order)
    if WorkState(row.state) not in rules.IN_HAND:
        raise OverThere
    if row.raised_by is None:
        raise NotFound("contact")
    return people.reveal_contact(scope, party=PartyId(row.raised_by), why=why, at=at)


def _minutes(row: Order, at: datetime) -> rules.Minutes:
    """How long the type may take in this community now."""
    columns = ("accept_minutes", "arrive_minutes", "finish_minutes")
    owns = holding(Sla.objects.inside().filter(community=row.community, type_id=row.type_id), at)
    own = owns.values_list(*columns).first()
    accept, arrive, finish = own or Type.objects.inside().values_list(*columns).get(pk=row.type_id)
    return rules.Minutes(accept=accept, arrive=arrive, finish=finish)
