"""Messages waiting to be carried, and what the embedded inbox received."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.reach.notify.rules import MESSAGE_LIFE, MessageState
from linli.spine.base import Model, state_check


class Message(Model):
    """A message to a party; its phone is looked up when it is sent, so it is not stored here."""

    party = models.UUIDField()
    template = models.TextField()
    values = models.JSONField()
    state = models.TextField(default=MessageState.QUEUED.value)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notify_message"
        constraints: ClassVar = [state_check("notify_message_state", MESSAGE_LIFE.states)]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="notify_message_due", condition=models.Q(state="queued")),
            models.Index(fields=["party", "-created_at"], name="notify_message_party"),
        ]


class InboxMessage(Model):
    """What the embedded gateway was given, for the demo's inbox page; the body is erased after the retention."""

    phone = models.TextField()
    body = models.TextField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "notify_inbox"
        indexes: ClassVar = [models.Index(fields=["-received_at"], name="notify_inbox_newest")]
