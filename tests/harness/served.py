"""The house served in this process, for browser tests that need pages with a database but no sign-in of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.http import HttpRequest
from playwright.sync_api import Page

from harness.pages_over_http import serving_pages
from linli.faces.shell import sign_in_cookies
from linli.spine.scope import GUEST, Scope


class Served(NamedTuple):
    """Where the house is, and which hats there are: a browser wears the one that its cookie `who` names."""

    address: str
    scopes: dict[str, Scope]


@contextmanager
def serving(patch: pytest.MonkeyPatch) -> Iterator[Served]:
    """This will serve the house while the block runs."""
    from linli.config.wsgi import application

    scopes: dict[str, Scope] = {}

    def standing_of(http: HttpRequest, *, at: object, surely: bool) -> sign_in_cookies.Standing:
        return sign_in_cookies.Standing(scopes.get(http.COOKIES.get("who", ""), GUEST))

    patch.setattr(sign_in_cookies, "standing_of", standing_of)
    with serving_pages(application) as address:
        yield Served(address, scopes)


def wears(screen: Page, house: str, who: str) -> None:
    """This will put a hat on a browser."""
    screen.context.add_cookies([{"name": "who", "value": who, "url": house}])
