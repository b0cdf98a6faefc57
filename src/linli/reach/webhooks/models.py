"""Subscriptions and deliveries."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from linli.reach.webhooks.rules import DELIVERY_LIFE, SUBSCRIPTION_LIFE
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Subscription(ScopedModel):
    """An address that wants to hear. `shop` is empty for the platform's, which hear of every shop."""

    shop = models.UUIDField(null=True)
    url = models.TextField()
    secret = models.BinaryField()
    kinds = ArrayField(models.TextField())
    state = models.TextField(default=SUBSCRIPTION_LIFE.birth.value)
    why = models.TextField(default="")
    failures = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "webhooks_subscription"
        constraints: ClassVar = [state_check("webhooks_subscription_state", SUBSCRIPTION_LIFE.states)]
        indexes: ClassVar = [
            models.Index(fields=["shop"], name="webhooks_subscription_shop", condition=models.Q(state="active"))
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(shop=scope.shop) if scope.shop else models.Q(pk__in=())


class Delivery(ScopedModel):
    """One message on its way to one subscription; `nth` counts how often it was queued."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE)
    shop = models.UUIDField(null=True)
    message = models.UUIDField()
    nth = models.SmallIntegerField(default=1)
    kind = models.TextField()
    body = models.TextField()
    state = models.TextField(default=DELIVERY_LIFE.birth.value)
    attempts = models.SmallIntegerField(default=0)
    status = models.SmallIntegerField(null=True)
    why = models.TextField(default="")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhooks_delivery"
        constraints: ClassVar = [
            state_check("webhooks_delivery_state", DELIVERY_LIFE.states),
            models.UniqueConstraint(fields=["subscription", "message", "nth"], name="webhooks_delivery_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="webhooks_delivery_due", condition=models.Q(state="queued")),
            models.Index(fields=["subscription", "-id"], name="webhooks_delivery_newest"),
            models.Index(fields=["created_at"], name="webhooks_delivery_age"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        return models.Q(shop=scope.shop) if scope.shop else models.Q(pk__in=())
