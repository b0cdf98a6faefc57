"""Saying something about an order while it lasts: who asked to the company, and the company back."""

from __future__ import annotations

from datetime import datetime

from linli.estate.workorders.actions.held import hold, said
from linli.estate.workorders.models import Order, Saying
from linli.estate.workorders.rules import WorkState
from linli.kernel.ids import PartyId, WorkOrderId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_SAYINGS = 100
_OVER = frozenset({WorkState.CLOSED, WorkState.CANCELLED})


class SaidEnough(Refusal):
    """What is over, or went to and fro a hundred times, needs a call or a new order."""

    says = _("Nothing can be added here any more. Please ask anew, or call.")


@action(needs=May.RAISE_WORK_ORDER, private=("words",))
def say_about_work(scope: Scope, *, order: WorkOrderId, words: str, at: datetime) -> None:
    """This will add words to an order, by who asked or by the company's staff, and tell the other side of them."""
    row = hold(scope, order)
    by_company = scope.company is not None
    if not by_company and row.raised_by != scope.person:
        raise NotFound("work order")
    if WorkState(row.state) in _OVER or Saying.objects.within(scope).filter(order=row).count() >= MOST_SAYINGS:
        raise SaidEnough
    Saying.objects.create(
        order=row,
        community=row.community,
        by_company=by_company,
        person=scope.person,
        words=said(words, field="say", needed=True),
        said_at=at,
    )
    other = _other_side(row, by_company)
    if other is not None and other != scope.person:
        notify.queue_message(SYSTEM, to=other, template="work_said", values={"number": row.number}, at=at)


def _other_side(row: Order, by_company: bool) -> PartyId | None:
    """Who asked, or who has it in hand; where nobody has, the desk sees it on the order."""
    found = row.raised_by if by_company else row.assignee
    return PartyId(found) if found else None
