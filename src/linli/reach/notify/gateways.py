"""The way out: a protocol, the operator's own message relay, and the embedded inbox that stands in for one in the demo.

No provider of text messages speaks like another, and few take free text: most want a template that they approved and
its values. So a message leaves the house as what it means and as what it says, signed, and a program of the operator's
own (the relay, `docs/messages.md`) passes it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

import msgspec
import urllib3
from django.conf import settings
from django.utils.module_loading import import_string

from linli.kernel.signatures import signed
from linli.reach.notify.models import InboxMessage

CONNECT_S, TIMEOUT_S = 2.0, 5.0
AT_ONCE = 8
"""How many messages are on their way to the relay side by side, so that a slow one does not hold up the others."""
AGENT = "Linli-Messages/1"
_LATER = frozenset({408, 425, 429})


class MessageNotSent(Exception):
    """The message was not taken; trying again later may work."""


class MessageRefused(Exception):
    """The message will never be taken as it is: a number that is none, a template that nobody approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on its way to one phone. `id` is the same however often it is tried."""

    id: UUID
    phone: str
    template: str
    language: str
    values: Mapping[str, str]
    text: str


class MessageGateway(Protocol):
    """Carries one message within `TIMEOUT_S`, or raises `MessageNotSent` or, for good, `MessageRefused`."""

    is_embedded: bool
    at_once: int

    def send(self, message: Outgoing, *, at: datetime) -> None: ...


class EmbeddedInbox:
    """Keeps messages in a table that the demo shows on a page. It says what it is: no message leaves the house."""

    is_embedded = True
    at_once = 1

    def send(self, message: Outgoing, *, at: datetime) -> None:
        """This will put the message into the inbox."""
        InboxMessage.objects.create(phone=message.phone, body=message.text, received_at=at)


class MessageRelay:
    """Hands messages to the operator's own program at `LINLI_MESSAGE_URL`, each by one signed POST of JSON."""

    is_embedded = False
    at_once = AT_ONCE

    def send(self, message: Outgoing, *, at: datetime) -> None:
        """This will give the relay one message; what it answers decides whether it is tried again."""
        if not settings.MESSAGE_URL:
            raise MessageNotSent("LINLI_MESSAGE_URL is missing")
        body = msgspec.json.encode({"type": "message", "timestamp": at.astimezone(UTC), "data": _content(message)})
        headers = signed(settings.MESSAGE_SECRET, message=message.id, at=at, body=body)
        try:
            answer = _pool().request(
                "POST",
                settings.MESSAGE_URL,
                body=body,
                headers={**headers, "Content-Type": "application/json", "User-Agent": AGENT},
                redirect=False,
                preload_content=False,
            )
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise MessageNotSent(type(error).__name__) from None  # its words name the address, and may name more
        answer.close()  # its body is not read: nothing in it concerns us
        if 200 <= answer.status < 300:
            return
        if answer.status >= 500 or answer.status in _LATER:
            raise MessageNotSent(f"answered {answer.status}")
        raise MessageRefused(f"answered {answer.status}")


def _content(message: Outgoing) -> dict[str, object]:
    return {
        "phone": message.phone,
        "template": message.template,
        "language": message.language,
        "values": dict(message.values),
        "text": message.text,
    }


@lru_cache(maxsize=1)
def _pool() -> urllib3.PoolManager:
    limits = urllib3.Timeout(connect=CONNECT_S, total=TIMEOUT_S)
    return urllib3.PoolManager(maxsize=AT_ONCE, retries=False, timeout=limits)


def gateway() -> MessageGateway:
    """This will give the configured gateway (`LINLI_MESSAGE_GATEWAY`, a dotted path; the relay unless named)."""
    made: MessageGateway = import_string(settings.MESSAGE_GATEWAY)()
    return made
