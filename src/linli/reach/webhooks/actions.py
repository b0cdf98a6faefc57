"""Subscribing, queueing what happened, sending it, and trying again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, Max

from linli.kernel import ids
from linli.kernel.ids import WebhookId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.webhooks import gateways, rules
from linli.reach.webhooks.models import Delivery, Subscription
from linli.reach.webhooks.rules import (
    DELIVERY_LIFE,
    SUBSCRIPTION_LIFE,
    DeliveryState,
    DeliveryVerb,
    EventKind,
    Message,
    Outcome,
    SubscriptionState,
    SubscriptionVerb,
)
from linli.spine import seals, sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

SEND_BATCH = 50
AT_ONCE = 8
"""How many are sent side by side, so that one slow receiver does not hold up the others."""
SEAL = "webhooks"


class TooManySubscriptions(Refusal):
    """A shop has a limited number of addresses."""

    says = _("There are {most} webhooks already. Remove one first.")


class SwitchedOff(Refusal):
    """Nothing is sent to an address that is switched off."""

    says = _("This webhook is switched off. Enable it first.")


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A new subscription with its secret, which is shown this once and kept in no stored response."""

    webhook: WebhookId
    secret: str


@action(needs=May.KEEP_WEBHOOKS, private=("url",), shown_once=True)
def subscribe(scope: Scope, *, url: str, kinds: Sequence[EventKind], at: datetime) -> Subscribed:
    """This will send what happens in the scope's shop (or, for the platform, everywhere) to an address from now on."""
    if scope.shop is None and not scope.is_inside:
        raise NotFound("shop")
    _check(url, kinds)
    mine = Subscription.objects.within(scope).exclude(state=SubscriptionState.REMOVED.value).filter(shop=scope.shop)
    if mine.count() >= rules.MOST_SUBSCRIPTIONS:
        raise TooManySubscriptions(most=rules.MOST_SUBSCRIPTIONS)
    secret = rules.new_secret()
    row = Subscription.objects.create(
        shop=scope.shop,
        url=url,
        secret=seals.sealed(secret, _house_secret(), purpose=SEAL),
        kinds=sorted({kind.value for kind in kinds}),
        created_at=at,
    )
    return Subscribed(WebhookId(row.pk), secret)


@action(needs=May.KEEP_WEBHOOKS, private=("url",))
def change(scope: Scope, *, webhook: WebhookId, url: str, kinds: Sequence[EventKind], at: datetime) -> None:
    """This will send other events, or to another address, from now on."""
    _check(url, kinds)
    row = _own(scope, webhook)
    row.url, row.kinds = url, sorted({kind.value for kind in kinds})
    row.save(update_fields=["url", "kinds"])


@action(needs=May.KEEP_WEBHOOKS, shown_once=True)
def rotate_secret(scope: Scope, *, webhook: WebhookId, at: datetime) -> Subscribed:
    """This will draw a new secret; what is sent from now on is signed with it."""
    row, secret = _own(scope, webhook), rules.new_secret()
    row.secret = seals.sealed(secret, _house_secret(), purpose=SEAL)
    row.save(update_fields=["secret"])
    return Subscribed(webhook, secret)


@action(needs=May.KEEP_WEBHOOKS)
def enable(scope: Scope, *, webhook: WebhookId, at: datetime) -> None:
    """This will switch a subscription on again that failures switched off."""
    row = _own(scope, webhook)
    row.failures = 0
    _move(row, SubscriptionVerb.ENABLE, why="")


@action(needs=May.KEEP_WEBHOOKS)
def remove(scope: Scope, *, webhook: WebhookId, at: datetime) -> None:
    """This will stop sending to an address; what was sent can still be read until it is forgotten."""
    row = _own(scope, webhook)
    row.secret = b""
    row.save(update_fields=["secret"])
    _move(row, SubscriptionVerb.REMOVE, why="")
    _give_up(row, at=at)


@action(needs=May.RUN_CLOCKS, private=("messages",))
def queue(scope: Scope, *, messages: Sequence[Message], at: datetime) -> int:
    """This will queue messages for whoever wants them, once each however often it is asked, and tell how many."""
    wanted = sql.fetch(
        "SELECT m.n::int, s.id, s.shop FROM unnest(%s::uuid[], %s::text[]) WITH ORDINALITY AS m(shop, kind, n)"
        " JOIN webhooks_subscription AS s ON s.state = 'active' AND m.kind = ANY(s.kinds)"
        " AND (s.shop = m.shop OR s.shop IS NULL) ORDER BY m.n, s.id",
        [m.shop for m in messages],
        [m.kind.value for m in messages],
    )
    if not wanted:
        return 0
    chosen = [(messages[n - 1], subscription, shop) for n, subscription, shop in wanted]
    made = sql.fetch(
        "INSERT INTO webhooks_delivery (id, subscription_id, shop, message, nth, kind, body, state, attempts, why,"
        " created_at, due_at) SELECT d.id, d.subscription, d.shop, d.message, 1, d.kind, d.body, %s, 0, '', %s, %s"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])"
        " AS d(id, subscription, shop, message, kind, body) ON CONFLICT DO NOTHING RETURNING 1",
        DELIVERY_LIFE.birth.value,
        at,
        at,
        [ids.new() for _one in chosen],
        [subscription for _message, subscription, _shop in chosen],
        [shop for _message, _subscription, shop in chosen],
        [message.id for message, *_rest in chosen],
        [message.kind.value for message, *_rest in chosen],
        [message.body for message, *_rest in chosen],
    )
    return len(made)


@action(needs=May.KEEP_WEBHOOKS)
def resend(scope: Scope, *, delivery: UUID, at: datetime) -> UUID:
    """This will queue a message once more, under its own id, whatever became of it before."""
    old = Delivery.objects.within(scope).filter(pk=delivery).first()
    if old is None:
        raise NotFound("delivery")
    row = _own(scope, WebhookId(old.subscription_id))
    if row.state != SubscriptionState.ACTIVE.value:
        raise SwitchedOff
    before = Delivery.objects.within(scope).filter(subscription=row, message=old.message)
    made = Delivery.objects.create(
        subscription=row,
        shop=row.shop,
        message=old.message,
        nth=(before.aggregate(most=Max("nth"))["most"] or 0) + 1,
        kind=old.kind,
        body=old.body,
        created_at=at,
        due_at=at,
    )
    return UUID(str(made.pk))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery taken up for one try."""

    delivery: UUID
    message: UUID
    url: str
    secret: bytes
    body: str


@errand
def send_due(*, at: datetime, limit: int = SEND_BATCH) -> int:
    """This will send the deliveries that are due, and give how many were taken.

    A delivery is claimed (its next try is set) before it is sent: a crash in between repeats it later, under the same
    id, and two workers never send it at once.
    """
    claimed = claim(SYSTEM, limit=limit, at=at)
    if not claimed:
        return 0
    with ThreadPoolExecutor(min(AT_ONCE, len(claimed)), thread_name_prefix="webhooks") as hands:
        outcomes = list(hands.map(lambda one: _send(one, at), claimed))
    for one, outcome in zip(claimed, outcomes, strict=True):
        record(SYSTEM, delivery=one.delivery, outcome=outcome, at=at)
    return sum(outcome.is_taken for outcome in outcomes)


def _send(one: Claimed, at: datetime) -> Outcome:
    body = one.body.encode()
    headers = rules.signed(
        seals.unsealed(one.secret, _house_secret(), purpose=SEAL), message=one.message, at=at, body=body
    )
    return gateways.post(one.url, headers={**headers, "Content-Type": "application/json"}, body=body)


@action(needs=May.RUN_CLOCKS)
def claim(scope: Scope, *, limit: int, at: datetime) -> tuple[Claimed, ...]:
    """This will take up what is due and set when it is tried again, should nobody report how it went."""
    rows = list(
        Delivery.objects.inside()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("subscription")
        .filter(state=DeliveryState.QUEUED.value, due_at__lte=at, subscription__state=SubscriptionState.ACTIVE.value)
        .order_by("due_at")[:limit]
    )
    for row in rows:
        row.attempts += 1
        row.due_at = at + (rules.wait_after(row.attempts) or rules.BACK_OFF[-1])
    Delivery.objects.inside().bulk_update(rows, ["attempts", "due_at"])
    return tuple(
        Claimed(row.pk, row.message, row.subscription.url, bytes(row.subscription.secret), row.body) for row in rows
    )


@action(needs=May.RUN_CLOCKS)
def record(scope: Scope, *, delivery: UUID, outcome: Outcome, at: datetime) -> None:
    """This will write down how a try went, and switch the subscription off where it fails again and again."""
    row = Delivery.objects.inside().select_for_update().filter(pk=delivery).first()
    if row is None or row.state != DeliveryState.QUEUED.value:
        return
    row.status, row.why = outcome.status, outcome.why
    if outcome.is_taken:
        _end(row, DeliveryVerb.DELIVER, at=at)
        Subscription.objects.inside().filter(pk=row.subscription_id).exclude(failures=0).update(failures=0)
        return
    if rules.wait_after(row.attempts) is None:
        _end(row, DeliveryVerb.FAIL, at=at)
    else:
        row.save(update_fields=["status", "why"])
    _count_failure(row.subscription_id, outcome, at=at)


def _end(row: Delivery, verb: DeliveryVerb, *, at: datetime) -> None:
    row.state, row.ended_at = DELIVERY_LIFE.after(DeliveryState(row.state), verb).value, at
    row.save(update_fields=["state", "ended_at", "status", "why"])


def _count_failure(subscription: UUID, outcome: Outcome, *, at: datetime) -> None:
    Subscription.objects.inside().filter(pk=subscription).update(failures=F("failures") + 1)
    row = Subscription.objects.inside().select_for_update().get(pk=subscription)
    if row.state == SubscriptionState.ACTIVE.value and (outcome.is_gone or row.failures >= rules.FAILURES_MOST):
        _move(row, SubscriptionVerb.DISABLE, why="gone" if outcome.is_gone else "failures")
        _give_up(row, at=at)


def _give_up(row: Subscription, *, at: datetime) -> None:
    """Nothing waits for an address that is not called any more; each message can be sent again by hand."""
    Delivery.objects.inside().filter(subscription=row, state=DeliveryState.QUEUED.value).update(
        state=DeliveryState.FAILED.value, ended_at=at, why="switched off"
    )


@action(needs=May.RUN_CLOCKS)
def forget_old(scope: Scope, *, at: datetime, limit: int = 5000) -> int:
    """This will delete deliveries that were kept long enough."""
    old = Delivery.objects.inside().filter(created_at__lt=at - rules.KEPT).values("pk")[:limit]
    return Delivery.objects.inside().filter(pk__in=old).delete()[0]


def _check(url: str, kinds: Sequence[EventKind]) -> None:
    if fault := rules.url_fault(url, inside=gateways.may_go_inside()):
        raise Invalid("url", fault)
    if not kinds:
        raise Invalid("kinds", _("Name at least one kind of event."))


def _own(scope: Scope, webhook: WebhookId) -> Subscription:
    row = Subscription.objects.within(scope).select_for_update().filter(pk=webhook).first()
    if row is None or row.state == SubscriptionState.REMOVED.value:
        raise NotFound("webhook")
    return row


def _move(row: Subscription, verb: SubscriptionVerb, *, why: str) -> None:
    row.state, row.why = SUBSCRIPTION_LIFE.after(SubscriptionState(row.state), verb).value, why
    row.save(update_fields=["state", "why", "failures"])


def _house_secret() -> bytes:
    return str(settings.SECRET_KEY).encode()
