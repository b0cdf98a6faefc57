"""Visitors: Django test clients that come from a page of ours and wear a hat, without a sign-in of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from linli.faces.shell import sign_in_cookies
from linli.spine.scope import GUEST, Scope

Visitor = Callable[..., Client]
_SCOPE = "linli.test.scope"


def visitors(patch: pytest.MonkeyPatch) -> Visitor:
    """This will give a maker of clients: `visitor(scope)`, `visitor()` for a guest, `visitor(scope, locale="en")`."""

    def standing_of(http: HttpRequest, *, at: datetime, surely: bool) -> sign_in_cookies.Standing:
        return sign_in_cookies.Standing(http.META.get(_SCOPE, GUEST))

    patch.setattr(sign_in_cookies, "standing_of", standing_of)

    def make(scope: Scope = GUEST, *, locale: str = "en", **extra: Any) -> Client:
        return Client(headers={"sec-fetch-site": "same-origin", "accept-language": locale}, **{_SCOPE: scope}, **extra)

    return make


def part(target: str, tag: str = "") -> dict[str, str]:
    """This will give the headers with which htmx asks for a part: `client.get(url, headers=part("board"))`."""
    return {"hx-request": "true", "hx-request-type": "partial", "hx-target": f"div#{target}", "hx-ptag": tag}
