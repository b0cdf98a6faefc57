"""Questions about messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.refusals import NotFound
from linli.reach.notify.gateways import gateway
from linli.reach.notify.models import InboxMessage, Message
from linli.reach.notify.rules import render
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 50
MOST_LETTERS = 1_000
"""As many as somebody takes along; the page shows the newest."""


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A message as the demo's inbox page shows it."""

    phone: str
    body: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the person it was written to reads it again."""

    template: str
    text: str
    written_at: datetime


@query
def letters(scope: Scope, *, locale: str, limit: int = MOST) -> tuple[Letter, ...]:
    """This will show whoever asks the newest messages that were written to them, in their language."""
    if scope.person is None:
        raise NotFound("person")
    rows = Message.objects.filter(party=scope.person).order_by("-created_at", "-id")[: min(limit, MOST_LETTERS)]
    return tuple(Letter(r.template, render(r.template, locale, r.values), r.created_at) for r in rows)


@query
def inbox(scope: Scope, *, limit: int = 20) -> tuple[InboxEntry, ...]:
    """This will show the newest messages of the embedded inbox; nothing where a real gateway is configured."""
    if not gateway().is_embedded or not scope.is_inside:
        return ()
    rows = InboxMessage.objects.filter(body__isnull=False).order_by("-received_at", "-id")[: min(limit, MOST)]
    return tuple(InboxEntry(r.phone, r.body or "", r.received_at) for r in rows)
