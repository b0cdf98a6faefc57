"""The way out: a protocol, and the embedded inbox that stands in for a text-message provider in the demo."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from linli.reach.notify.models import InboxMessage

TIMEOUT_S = 5.0


class MessageNotSent(Exception):
    """The provider did not take the message; trying again later may work."""


class MessageGateway(Protocol):
    """Carries one text to one phone within `TIMEOUT_S`, or raises `MessageNotSent`."""

    is_embedded: bool

    def send(self, *, phone: str, body: str, at: datetime) -> None: ...


class EmbeddedInbox:
    """Keeps messages in a table that the demo shows on a page. It says what it is: no message leaves the house."""

    is_embedded = True

    def send(self, *, phone: str, body: str, at: datetime) -> None:
        """This will put the message into the inbox."""
        InboxMessage.objects.create(phone=phone, body=body, received_at=at)


def gateway() -> MessageGateway:
    """This will give the configured gateway (`LINLI_MESSAGE_GATEWAY`, a dotted path)."""
    made: MessageGateway = import_string(settings.MESSAGE_GATEWAY)()
    return made
