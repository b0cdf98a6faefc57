"""Doing the work: accept, arrive, pause, note materials, finish with photos; and what is charged for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from linli.estate.billing import actions as billing
from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.held import MOST_WORDS, hold_own, said, step, told_of
from linli.estate.workorders.actions.photos import kept_photos
from linli.estate.workorders.models import Material, Order, Quote
from linli.estate.workorders.rules import Kind, WorkState, WorkVerb
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, FileId, HomeId, PartyId, WorkOrderId
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

DONE_PHOTO = "work_done_photo"
_NOBODY_THERE = (WorkState.RAISED, WorkState.ASSIGNED, WorkState.ACCEPTED)
ITEM = "work_orders"
ITEM_NAME = {"zh": "维修与上门服务", "en": "Repairs and services"}


class AgreedAlready(Refusal):
    """The price stands; what costs more needs a new quote."""

    says = _("The price is agreed. Quote again if something more is needed, or add it free of charge.")


@action(needs=May.DO_WORK)
def accept_work(scope: Scope, *, order: WorkOrderId, at: datetime) -> None:
    """This will take on what was given to the asker: from now on who asked knows that somebody comes."""
    row = hold_own(scope, order)
    step(scope, row, WorkVerb.ACCEPT, at=at, accepted_at=row.accepted_at or at)


@action(needs=May.DO_WORK)
def arrive_at_work(scope: Scope, *, order: WorkOrderId, at: datetime) -> None:
    """This will note that the worker is there and begins."""
    row = hold_own(scope, order)
    step(scope, row, WorkVerb.ARRIVE, at=at, arrived_at=row.arrived_at or at)


@action(needs=May.DO_WORK, private=("why",))
def pause_work(scope: Scope, *, order: WorkOrderId, why: str, until: datetime, at: datetime) -> None:
    """This will stop the clock of an order for a reason, until a moment at which it runs again by itself."""
    row = hold_own(scope, order)
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    reason = said(why, field="why", needed=True)
    if not at < until <= at + timedelta(days=terms.pause_days):
        raise Invalid("until", _("Between now and {most} days from now."), most=terms.pause_days)
    step(scope, row, WorkVerb.PAUSE, at=at, why=reason, until=until)


@action(needs=May.DO_WORK)
def resume_work(scope: Scope, *, order: WorkOrderId, at: datetime) -> None:
    """This will let the clock run again; what is promised moved by as long as it stood still."""
    step(scope, hold_own(scope, order), WorkVerb.RESUME, at=at)


@action(needs=May.DO_WORK, private=("name",))
def add_material(
    scope: Scope, *, order: WorkOrderId, name: str, material: rules.Material | None = None, at: datetime
) -> None:
    """This will note something that is used up; at a price only as long as none is agreed."""
    row = hold_own(scope, order)
    if row.state != WorkState.WORKING:
        raise WrongState(state=row.state, verb="add_material")
    called = said(name, 60, field="name", needed=True)
    used = material or rules.Material(called, rules.ONE, Money.zero)
    if not 0 < used.quantity <= rules.MOST_QUANTITY or used.unit_price < Money.zero:
        raise Invalid("quantity", _("More than nothing, and at most {most}."), most=str(rules.MOST_QUANTITY))
    if Material.objects.within(scope).filter(order=row).count() >= rules.MOST_MATERIALS:
        raise Invalid("name", _("At most {most} materials."), most=rules.MOST_MATERIALS)
    if used.unit_price and _agreed(row) is not None:
        raise AgreedAlready
    Material.objects.create(
        order=row,
        community=row.community,
        name=called,
        quantity=used.quantity,
        unit_minor=used.unit_price.minor,
        used_at=at,
    )


@action(needs=May.DO_WORK, private=("answer", "uploads"))
def finish_work(
    scope: Scope,
    *,
    order: WorkOrderId,
    answer: str = "",
    photos: Sequence[FileId] = (),
    uploads: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> None:
    """This will say that the work is done, show how it looks, and charge what was agreed, once.

    Without having arrived only what is answered can be finished; and an answer needs words. The desk answers what
    nobody has taken on yet: whoever answers has it then.
    """
    row = hold_own(scope, order)
    answered = Kind(row.kind) in rules.WITHOUT_A_VISIT
    if row.state in _NOBODY_THERE and not answered:
        raise WrongState(state=row.state, verb=WorkVerb.FINISH.value)
    words = said(answer, MOST_WORDS, field="answer")
    if answered and not words:
        raise Invalid("answer", _("Please answer in words."))
    terms = policy(scope, rules.WorkOrderPolicy, at=at, community=CommunityId(row.community))
    kept = kept_photos(scope, photos, uploads, purpose=DONE_PHOTO, at=at)
    agreed = _agreed(row)
    changes: dict[str, Any] = {}
    if agreed is not None and row.home is not None:
        changes = {"charge_line": _charge(row, HomeId(row.home), agreed, at), "charged_at": at, "paid_at": None}
    if row.state in (WorkState.RAISED, WorkState.ASSIGNED):
        changes |= {"assignee": scope.person, "choice": None, "accepted_at": row.accepted_at or at}
    step(
        scope,
        row,
        WorkVerb.FINISH,
        at=at,
        until=at + timedelta(days=terms.reopen_days),
        answer=words,
        done_photos=kept,
        done_at=at,
        **changes,
    )
    amount = Money(agreed.amount_minor) if agreed else Money.zero
    person = PartyId(row.assignee) if row.assignee else None
    tell(told_of(events.WorkOrderDone, row, at, person=person, amount=amount))
    if row.raised_by is not None:
        to, values = PartyId(row.raised_by), {"number": row.number}
        notify.queue_message(
            SYSTEM, to=to, template="complaint_answered" if answered else "work_done", values=values, at=at
        )


def _agreed(row: Order) -> Quote | None:
    """The price that was agreed to last and is not charged yet; a later one takes the place of those before it."""
    found = Quote.objects.inside().filter(order=row, state=rules.QuoteState.AGREED.value).order_by("-id").first()
    answered_at = found.answered_at if found else None
    if answered_at is None or (row.charged_at is not None and answered_at <= row.charged_at):
        return None
    return found


def _charge(row: Order, home: HomeId, agreed: Quote, at: datetime) -> int:
    """One line for each time the work was done: `work_order:<id>`, and for what was re-opened with its number."""
    community = CommunityId(row.community)
    item = billing.ensure_item(SYSTEM, community=community, word=ITEM, name=ITEM_NAME, at=at)
    source = f"work_order:{row.pk}" + (f":{row.reopened}" if row.reopened else "")
    return billing.charge_once(
        SYSTEM,
        community=community,
        subject=home,
        obligor=PartyId(agreed.answered_by) if agreed.answered_by else None,
        item=item,
        amount=Money(agreed.amount_minor),
        title={"zh": f"工单 {row.number}", "en": f"Work order {row.number}"},
        source=source,
        at=at,
    )
