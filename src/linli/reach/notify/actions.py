"""Saying something to a person: queued within an action, or sent at once on an errand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.reach.notify.gateways import MessageGateway, MessageNotSent, MessageRefused, Outgoing, gateway
from linli.reach.notify.models import InboxMessage, Message
from linli.reach.notify.rules import BODY_RETENTION, TRIES, MessageState, language_of, render, wait_before
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

SEND_BATCH = 50
SETTLE_TOGETHER = 10
MOST_NUMBERS = 10_000
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message in the hands of one worker."""

    id: UUID
    party: PartyId
    template: str
    values: dict[str, str]
    attempts: int


@action(needs=May.RUN_CLOCKS, private=("values",))
def queue_message(scope: Scope, *, to: PartyId, template: str, values: Mapping[str, str], at: datetime) -> None:
    """This will queue a message in the caller's transaction; the worker sends it soon after."""
    render(template, "zh", values)
    Message.objects.create(party=to, template=template, values=dict(values), created_at=at, due_at=at)


@action(needs=May.RUN_CLOCKS, private=("values",))
def queue_messages(
    scope: Scope,
    *,
    to: Sequence[PartyId],
    template: str,
    values: Mapping[str, str],
    not_before: datetime | None = None,
    at: datetime,
) -> int:
    """This will queue the same message to many people in one statement, and tell to how many.

    It goes out soon after, or `not_before` a moment: the end of a night's quiet hours.
    """
    render(template, "zh", values)
    return sql.run(
        "INSERT INTO notify_message (id, party, template, values, state, attempts, created_at, due_at)"
        " SELECT m.*, %s, %s::jsonb, %s, 0, %s, %s FROM unnest(%s::uuid[], %s::uuid[]) AS m",
        template,
        msgspec.json.encode(dict(values)).decode(),
        MessageState.QUEUED.value,
        at,
        not_before or at,
        [ids.new() for _each in to],
        list(to),
    )


@action(needs=May.RUN_CLOCKS, private=("letters",))
def queue_letters(
    scope: Scope, *, letters: Sequence[tuple[PartyId, Mapping[str, str]]], template: str, at: datetime
) -> int:
    """This will queue a message to many people in one statement, to each with values of their own; tells how many."""
    for _to, values in letters:
        render(template, "zh", values)
    return sql.run(
        "INSERT INTO notify_message (id, party, template, values, state, attempts, created_at, due_at)"
        " SELECT m.id, m.party, %s, m.vals, %s, 0, %s, %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[]) AS m (id, party, vals)",
        template,
        MessageState.QUEUED.value,
        at,
        at,
        [ids.new() for _each in letters],
        [to for to, _values in letters],
        [msgspec.json.encode(dict(values)).decode() for _to, values in letters],
    )


@errand
def send_now(*, phone: str, template: str, locale: str, values: Mapping[str, str], at: datetime) -> bool:
    """This will hand a message straight to the gateway, keeping nothing of it; False when it was not taken.

    For sign-in codes only: a code must not stand in a queue, a fact or a job.
    """
    message = _outgoing(ids.new(), phone, template, locale, values)
    try:
        gateway().send(message, at=at)
    except (MessageNotSent, MessageRefused) as error:
        _log.warning("message_not_taken", message=str(message.id), template=template, why=str(error))
        return False
    return True


@errand
def send_due(*, at: datetime) -> int:
    """This will send the queued messages that are due, and give how many went out.

    Rows are claimed (their next try is set) before the gateway is called, and a few are settled together: a crash
    repeats at most `SETTLE_TOGETHER` messages later, and two workers do not send the same one.
    """
    claimed = _claim(SYSTEM, at=at)
    if not claimed:
        return 0
    reached = people.ways_to_reach(SYSTEM, parties=[message.party for message in claimed])
    sent, way = 0, gateway()
    for first in range(0, len(claimed), SETTLE_TOGETHER):
        some = claimed[first : first + SETTLE_TOGETHER]
        went, given_up = _carried(way, [one for one in some if one.party in reached], reached, at)
        given_up += [one.id for one in some if one.party not in reached]
        if went or given_up:
            _settle(SYSTEM, went=went, given_up=given_up, at=at)
        sent += len(went)
    return sent


Reached = Mapping[PartyId, tuple[str, str]]


def _carried(
    way: MessageGateway, messages: Sequence[_Claimed], reached: Reached, at: datetime
) -> tuple[list[UUID], list[UUID]]:
    """Which of some messages went out, and which are given up: refused for good, or tried as often as they may be."""
    if way.at_once == 1 or len(messages) < 2:
        ends = [_end_of(way, one, *reached[one.party], at) for one in messages]
    else:
        with ThreadPoolExecutor(min(way.at_once, len(messages)), thread_name_prefix="messages") as hands:
            ends = list(hands.map(lambda one: _end_of(way, one, *reached[one.party], at), messages))
    return (
        [one.id for one, end in zip(messages, ends, strict=True) if end is MessageState.SENT],
        [one.id for one, end in zip(messages, ends, strict=True) if end is MessageState.FAILED],
    )


def _end_of(way: MessageGateway, message: _Claimed, phone: str, locale: str, at: datetime) -> MessageState:
    """How one try ended; the log says why nothing went out, and nothing of what was said or to whom."""
    try:
        way.send(_outgoing(message.id, phone, message.template, locale, message.values), at=at)
    except MessageNotSent as error:
        is_last = message.attempts >= TRIES
        event = "message_given_up" if is_last else "message_not_taken"
        _log.warning(event, message=str(message.id), template=message.template, why=str(error), tries=message.attempts)
        return MessageState.FAILED if is_last else MessageState.QUEUED
    except MessageRefused as error:
        _log.warning("message_refused", message=str(message.id), template=message.template, why=str(error))
        return MessageState.FAILED
    return MessageState.SENT


def _outgoing(id_: UUID, phone: str, template: str, locale: str, values: Mapping[str, str]) -> Outgoing:
    return Outgoing(
        id=id_,
        phone=phone,
        template=template,
        language=language_of(locale),
        values=values,
        text=render(template, locale, values),
    )


@action(needs=May.RUN_CLOCKS)
def _claim(scope: Scope, *, at: datetime) -> tuple[_Claimed, ...]:
    rows = list(
        Message.objects.select_for_update(skip_locked=True)
        .filter(state=MessageState.QUEUED.value, due_at__lte=at)
        .order_by("due_at")[:SEND_BATCH]
    )
    for row in rows:
        row.attempts += 1
        row.due_at = at + wait_before(row.attempts)
    Message.objects.bulk_update(rows, ["attempts", "due_at"])
    return tuple(_Claimed(r.id, PartyId(r.party), r.template, r.values, r.attempts) for r in rows)


@action(needs=May.RUN_CLOCKS)
def _settle(scope: Scope, *, went: Sequence[UUID], given_up: Sequence[UUID], at: datetime) -> None:
    waiting = Message.objects.filter(state=MessageState.QUEUED.value)
    waiting.filter(id__in=went).update(state=MessageState.SENT.value, sent_at=at)
    waiting.filter(id__in=given_up).update(state=MessageState.FAILED.value)


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
