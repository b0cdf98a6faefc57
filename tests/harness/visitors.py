"""Visitors: Django test clients that come from a page of ours and wear a hat, without a sign-in of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from linli.faces.shell import long_work, sign_in_cookies
from linli.ground.chores.actions import carry_one
from linli.ground.chores.models import Chore
from linli.ground.chores.rules import UNDER_WAY
from linli.kernel.ids import ChoreId
from linli.spine.action import query
from linli.spine.scope import GUEST, SYSTEM, Scope

Visitor = Callable[..., Client]
_SCOPE = "linli.test.scope"


def visitors(patch: pytest.MonkeyPatch) -> Visitor:
    """This will give a maker of clients: `visitor(scope)`, `visitor()` for a guest, `visitor(scope, locale="en")`."""

    def standing_of(http: HttpRequest, *, at: datetime, surely: bool) -> sign_in_cookies.Standing:
        return sign_in_cookies.Standing(http.META.get(_SCOPE, GUEST))

    patch.setattr(sign_in_cookies, "standing_of", standing_of)
    patch.setattr(long_work, "rest", a_worker_at_hand)

    def make(scope: Scope = GUEST, *, locale: str = "en", **extra: Any) -> Client:
        return Client(headers={"sec-fetch-site": "same-origin", "accept-language": locale}, **{_SCOPE: scope}, **extra)

    return make


def a_worker_at_hand(_seconds: float = 0) -> None:
    """This will carry out long work while the page that asked for it waits, in the test's own transaction."""
    for chore, asked_at in list_waiting(SYSTEM):
        carry_one(chore, at=asked_at)


@query
def list_waiting(_scope: Scope) -> list[tuple[ChoreId, datetime]]:
    """This will list what nobody has carried out yet."""
    rows = Chore.objects.inside().filter(state__in=UNDER_WAY, failures=0).order_by("id")
    return [(ChoreId(row.pk), row.asked_at) for row in rows]


def part(target: str, tag: str = "") -> dict[str, str]:
    """This will give the headers with which htmx asks for a part: `client.get(url, headers=part("board"))`."""
    return {"hx-request": "true", "hx-request-type": "partial", "hx-target": f"div#{target}", "hx-ptag": tag}
