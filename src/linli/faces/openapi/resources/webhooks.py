"""Webhooks of a shop, or of the platform: who listens, and what became of each message."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import Body, Listed, Paged, page_of
from linli.kernel.ids import WebhookId
from linli.reach.webhooks import actions as webhooks
from linli.reach.webhooks import queries
from linli.reach.webhooks.actions import Subscribed
from linli.reach.webhooks.queries import DeliveryCard, SubscriptionCard
from linli.reach.webhooks.rules import EventKind
from linli.spine.may import May
from linli.spine.scope import Role

KEEPERS = (Role.MERCHANT, Role.PLATFORM)
_WEBHOOK = "webhooks/<uuid:webhook>"


class Webhook(Body):
    """Where to send, and what."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    kinds: Annotated[tuple[EventKind, ...], Meta(min_length=1, max_length=50)]


class Sent(msgspec.Struct):
    """The message was queued again as this delivery."""

    delivery: UUID


@endpoint("GET", "webhooks", role=KEEPERS, needs=May.KEEP_WEBHOOKS, summary="List who listens.")
def list_webhooks(request: ApiRequest) -> Listed[SubscriptionCard]:
    return Listed(queries.subscriptions(request.scope))


@endpoint(
    "POST",
    "webhooks",
    role=KEEPERS,
    status=201,
    summary="Have events sent to an address. The secret is shown this once, so a key is refused.",
)
def create_webhook(request: ApiRequest, body: Webhook) -> Subscribed:
    return webhooks.subscribe(request.scope, url=body.url, kinds=body.kinds, at=request.at)


@endpoint("PUT", _WEBHOOK, role=KEEPERS, summary="Send other events, or elsewhere.")
def change_webhook(request: ApiRequest, webhook: WebhookId, body: Webhook) -> None:
    webhooks.change(request.scope, webhook=webhook, url=body.url, kinds=body.kinds, at=request.at)


@endpoint("DELETE", _WEBHOOK, role=KEEPERS, summary="Stop sending.")
def remove_webhook(request: ApiRequest, webhook: WebhookId) -> None:
    webhooks.remove(request.scope, webhook=webhook, at=request.at)


@endpoint("POST", _WEBHOOK + "/secrets", role=KEEPERS, status=201, summary="Draw a new secret; it is shown this once.")
def rotate_webhook_secret(request: ApiRequest, webhook: WebhookId) -> Subscribed:
    return webhooks.rotate_secret(request.scope, webhook=webhook, at=request.at)


@endpoint("POST", _WEBHOOK + "/enablings", role=KEEPERS, summary="Switch on again what failures switched off.")
def enable_webhook(request: ApiRequest, webhook: WebhookId) -> None:
    webhooks.enable(request.scope, webhook=webhook, at=request.at)


@endpoint(
    "GET",
    _WEBHOOK + "/deliveries",
    role=KEEPERS,
    needs=May.KEEP_WEBHOOKS,
    summary="List the messages, the latest first.",
)
def list_deliveries(request: ApiRequest, webhook: WebhookId, query: Paged) -> Listed[DeliveryCard]:
    rows = queries.deliveries(request.scope, webhook=webhook, after=query.after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda row: row.id)


@endpoint(
    "POST", "deliveries/<uuid:delivery>/resendings", role=KEEPERS, status=201, summary="Send a message once more."
)
def resend_delivery(request: ApiRequest, delivery: UUID) -> Sent:
    return Sent(webhooks.resend(request.scope, delivery=delivery, at=request.at))
