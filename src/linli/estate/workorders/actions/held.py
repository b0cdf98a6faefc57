"""What every verb on a work order does: hold it, take the verb by its life, move its clocks, leave a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.workorders import events, rules
from linli.estate.workorders.models import Move, Order
from linli.estate.workorders.rules import WorkState, WorkVerb
from linli.kernel.ids import CommunityId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

MOST_WORDS = 1_000
MOST_WHY = 200
STOPPED = frozenset({WorkState.PAUSED, WorkState.QUOTED})
_V = WorkVerb
_TOLD_APART = frozenset({_V.RAISE, _V.RETURN, _V.QUOTE, _V.FINISH, _V.REOPEN, _V.CLOSE, _V.CANCEL})
"""Verbs that tell a fact of their own."""


class NotYours(Refusal):
    """Somebody else has this work in hand."""

    says = _("Somebody else has this work in hand.")


def hold(scope: Scope, order: WorkOrderId) -> Order:
    """This will lock an order that the scope reaches until the transaction ends, or refuse with `NotFound`."""
    row = Order.objects.within(scope).select_for_update().filter(pk=order).first()
    if row is None:
        raise NotFound("work order")
    return row


def hold_many(scope: Scope, orders: Sequence[WorkOrderId]) -> list[Order]:
    """This will lock orders that the scope reaches, in the order of their ids; those it does not reach are absent."""
    if not 0 < len(orders) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    rows = Order.objects.within(scope).select_for_update(of=("self",)).select_related("type")
    return list(rows.filter(pk__in=orders).order_by("pk"))


def hold_own(scope: Scope, order: WorkOrderId) -> Order:
    """This will lock an order for whoever has it in hand, or for the desk."""
    row = hold(scope, order)
    if row.assignee != scope.person and not scope.may(May.DISPATCH_WORK):
        raise NotYours
    return row


def hold_asked(scope: Scope, order: WorkOrderId) -> Order:
    """This will lock an order for whoever asked for it."""
    row = hold(scope, order)
    if scope.person is None or row.raised_by != scope.person:
        raise NotFound("work order")
    return row


def promised(row: Order) -> rules.Promise:
    """This will read what was promised for an order."""
    return rules.Promise(
        accept_due_at=row.accept_due_at, arrive_due_at=row.arrive_due_at, finish_due_at=row.finish_due_at
    )


def step(
    scope: Scope,
    row: Order,
    verb: WorkVerb,
    *,
    at: datetime,
    why: str = "",
    until: datetime | None = None,
    promise: rules.Promise | None = None,
    **changes: object,
) -> None:
    """This will take a verb on a held order: its state, its clocks, and the row that tells of it.

    Leaving a stop moves what is promised by as long as the clock stood still. Who gets work late has as long to accept
    it as anybody: the limit of a transfer or a return counts from now. `promise` takes the place of what was promised.
    """
    changes |= changes_of(row, verb, at=at, until=until, promise=promise)
    moves.take(
        Move, row, verb, life=rules.WORK_LIFE, states=WorkState, scope=scope, at=at, why=said(why, MOST_WHY), **changes
    )
    if verb not in _TOLD_APART:
        tell(told_of(events.WorkOrderMoved, row, at))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a held order that may be taken: what changes with it."""

    row: Order
    verb: WorkVerb
    changes: dict[str, object]


def step_many(scope: Scope, steps: Sequence[Step], *, at: datetime, why: str = "") -> None:
    """This will take steps on held orders, in two statements for each verb and whatever it changes."""
    alike: dict[tuple[WorkVerb, tuple[str, ...]], list[Order]] = defaultdict(list)
    for each in steps:
        for name, value in each.changes.items():
            setattr(each.row, name, value)
        alike[(each.verb, tuple(sorted(each.changes)))].append(each.row)
    for (verb, changed), rows in alike.items():
        moves.take_many(
            Move, rows, verb, life=rules.WORK_LIFE, states=WorkState, scope=scope, at=at, why=said(why, MOST_WHY),
            changed=changed,
        )  # fmt: skip
        for row in rows:
            if verb not in _TOLD_APART:
                tell(told_of(events.WorkOrderMoved, row, at))


def changes_of(
    row: Order, verb: WorkVerb, *, at: datetime, until: datetime | None = None, promise: rules.Promise | None = None
) -> dict[str, object]:
    """This will say what a verb does to the clocks of an order, or refuse where its life does not allow it."""
    changes: dict[str, object] = {}
    before = WorkState(row.state)
    state = rules.WORK_LIFE.after(before, verb)
    still = promise or promised(row)
    if before in STOPPED and row.stopped_at is not None:
        still = rules.after_a_stop(still, row.stopped_at, at)
        changes["stopped_at"] = None
    if still != promised(row):
        changes |= asdict(still)
    if state in STOPPED:
        changes["stopped_at"] = at
    if verb in (WorkVerb.TRANSFER, WorkVerb.RETURN):
        until = at + (row.accept_due_at - row.clock_at)
        due: datetime | None = until
    else:
        is_visited = rules.Kind(row.kind) not in rules.WITHOUT_A_VISIT
        due = rules.due_at(state, still, until, is_visited=is_visited)
    return changes | {"due_at": due, "escalates_at": rules.escalates_at(state, due, at), "told": 0}


def said(words: str, most: int = MOST_WORDS, *, field: str = "words", needed: bool = False) -> str:
    """This will tidy what somebody wrote, and refuse too much of it, or nothing where something is needed."""
    tidy = words.strip()
    if len(tidy) > most:
        raise Invalid(field, _("At most {most} characters."), most=most)
    if needed and not tidy:
        raise Invalid(field, _("Please say why."))
    return tidy


def told(row: Order, at: datetime) -> dict[str, object]:
    """This will give what every fact about an order carries."""
    about: UUID | None = row.about
    return {
        "order": WorkOrderId(row.pk),
        "community": CommunityId(row.community),
        "work": row.kind,
        "source": row.source,
        "about": about,
        "at": at,
    }


def told_of(kind: type[events.WorkOrderFact], row: Order, at: datetime, **more: object) -> events.WorkOrderFact:
    """This will make a fact about an order."""
    return kind(**told(row, at), **more)  # type: ignore[arg-type]
