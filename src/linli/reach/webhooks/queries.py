"""Questions about webhooks: who listens, and what became of each message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import ShopId, WebhookId
from linli.kernel.refusals import NotFound
from linli.reach.webhooks.models import Delivery, Subscription
from linli.reach.webhooks.rules import DeliveryState, SubscriptionState
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class SubscriptionCard:
    """An address that listens. Its secret was shown once. `why` says what switched it off."""

    id: WebhookId
    shop: ShopId | None
    url: str
    kinds: tuple[str, ...]
    state: SubscriptionState
    why: str
    failures: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    """One message to one subscription; `status` is the last answer's, 0 where there was none."""

    id: UUID
    message: UUID
    kind: str
    state: DeliveryState
    attempts: int
    status: int | None
    why: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


@query
def subscriptions(scope: Scope, *, limit: int = MOST_LISTED) -> tuple[SubscriptionCard, ...]:
    """This will list who listens: a shop's own subscriptions, or all of them to the platform."""
    rows = Subscription.objects.within(scope).exclude(state=SubscriptionState.REMOVED.value).order_by("id")
    return tuple(
        SubscriptionCard(
            id=WebhookId(row.pk),
            shop=ShopId(row.shop) if row.shop else None,
            url=row.url,
            kinds=tuple(row.kinds),
            state=SubscriptionState(row.state),
            why=row.why,
            failures=row.failures,
            created_at=row.created_at,
        )
        for row in rows[: min(limit, MOST_LISTED)]
    )


@query
def deliveries(
    scope: Scope, *, webhook: WebhookId, after: UUID | None = None, limit: int = 50
) -> tuple[DeliveryCard, ...]:
    """This will list the messages to a subscription, the latest first."""
    if not Subscription.objects.within(scope).filter(pk=webhook).exists():
        raise NotFound("webhook")
    rows = Delivery.objects.within(scope).filter(subscription_id=webhook).order_by("-id")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return tuple(
        DeliveryCard(
            id=row.pk,
            message=row.message,
            kind=row.kind,
            state=DeliveryState(row.state),
            attempts=row.attempts,
            status=row.status,
            why=row.why,
            created_at=row.created_at,
            due_at=row.due_at if row.state == DeliveryState.QUEUED.value else None,
            ended_at=row.ended_at,
        )
        for row in rows[: min(limit, MOST_LISTED + 1)]
    )
