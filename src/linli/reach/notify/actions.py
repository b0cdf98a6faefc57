"""Saying something to a person: queued within an action, or sent at once on an errand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.ground.people import queries as people
from linli.kernel.ids import PartyId
from linli.reach.notify.gateways import MessageNotSent, gateway
from linli.reach.notify.models import InboxMessage, Message
from linli.reach.notify.rules import BODY_RETENTION, TRIES, MessageState, render, wait_before
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

SEND_BATCH = 50
MOST_NUMBERS = 10_000


@action(needs=May.RUN_CLOCKS, private=("values",))
def queue_message(scope: Scope, *, to: PartyId, template: str, values: Mapping[str, str], at: datetime) -> None:
    """This will queue a message in the caller's transaction; the worker sends it soon after."""
    render(template, "zh", values)
    Message.objects.create(party=to, template=template, values=dict(values), created_at=at, due_at=at)


@action(needs=May.RUN_CLOCKS, private=("values",))
def queue_messages(
    scope: Scope, *, to: Sequence[PartyId], template: str, values: Mapping[str, str], at: datetime
) -> int:
    """This will queue the same message to many people in one statement, and tell to how many."""
    render(template, "zh", values)
    rows = [Message(party=each, template=template, values=dict(values), created_at=at, due_at=at) for each in to]
    return len(Message.objects.bulk_create(rows, batch_size=2000))


@errand
def send_now(*, phone: str, template: str, locale: str, values: Mapping[str, str], at: datetime) -> bool:
    """This will hand a message straight to the gateway, keeping nothing of it; False when the gateway is out of reach.

    For sign-in codes only: a code must not stand in a queue, a fact or a job.
    """
    try:
        gateway().send(phone=phone, body=render(template, locale, values), at=at)
    except MessageNotSent:
        return False
    return True


@errand
def send_due(*, at: datetime) -> int:
    """This will send the queued messages that are due, and give how many went out.

    A row is claimed (its next try is set) before the gateway is called, so a crash repeats at most one message later
    and two workers do not send the same one.
    """
    claimed = _claim(SYSTEM, at=at)
    sent = 0
    for message, party, template, values, attempts in claimed:
        phone = people.phone_of(SYSTEM, party=party)
        locale = people.locale_of(SYSTEM, party=party)
        try:
            if phone is not None:
                gateway().send(phone=phone, body=render(template, locale, values), at=at)
        except MessageNotSent:
            if attempts >= TRIES:
                _settle(SYSTEM, message=message, state=MessageState.FAILED, at=at)
            continue
        _settle(SYSTEM, message=message, state=MessageState.SENT if phone else MessageState.FAILED, at=at)
        sent += phone is not None
    return sent


@action(needs=May.RUN_CLOCKS)
def _claim(scope: Scope, *, at: datetime) -> tuple[tuple[UUID, PartyId, str, dict[str, str], int], ...]:
    rows = list(
        Message.objects.select_for_update(skip_locked=True)
        .filter(state=MessageState.QUEUED.value, due_at__lte=at)
        .order_by("due_at")[:SEND_BATCH]
    )
    for row in rows:
        row.attempts += 1
        row.due_at = at + wait_before(row.attempts)
    Message.objects.bulk_update(rows, ["attempts", "due_at"])
    return tuple((r.id, PartyId(r.party), r.template, r.values, r.attempts) for r in rows)


@action(needs=May.RUN_CLOCKS)
def _settle(scope: Scope, *, message: UUID, state: MessageState, at: datetime) -> None:
    Message.objects.filter(id=message, state=MessageState.QUEUED.value).update(
        state=state.value, sent_at=at if state is MessageState.SENT else None
    )


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will delete the messages to an erased person, and from the embedded inbox what numbers of nobody received.

    Their number is gone by now, so the inbox is asked which of its numbers still lead to somebody.
    """
    Message.objects.filter(party=person).delete()
    kept = InboxMessage.objects.exclude(phone="")
    numbers = set(kept.order_by("-received_at").values_list("phone", flat=True)[:MOST_NUMBERS])
    known = people.known_phones(scope, phones=numbers)
    kept.exclude(phone__in=known).update(body=None, phone="")


@action(needs=May.RUN_CLOCKS)
def erase_old_bodies(scope: Scope, *, at: datetime, older_than: timedelta = BODY_RETENTION) -> int:
    """This will erase the bodies that the embedded inbox has shown long enough."""
    return InboxMessage.objects.filter(received_at__lt=at - older_than, body__isnull=False).update(body=None, phone="")
