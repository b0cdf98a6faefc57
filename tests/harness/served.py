"""The house served in this process, for browser tests that need pages with a database but no sign-in of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connection
from django.http import HttpRequest
from playwright.sync_api import Page, sync_playwright

from harness.browser import ARGUMENTS, NO_CHROMIUM, find_chromium
from linli.faces.shell import sign_in_cookies
from linli.spine.scope import GUEST, Scope


class Served(NamedTuple):
    """Where the house is, and which hats there are: a browser wears the one that its cookie `who` names."""

    address: str
    scopes: dict[str, Scope]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


@contextmanager
def serving(patch: pytest.MonkeyPatch) -> Iterator[Served]:
    """This will serve the house while the block runs."""
    from linli.config.wsgi import application

    scopes: dict[str, Scope] = {}

    def standing_of(http: HttpRequest, *, at: object, surely: bool) -> sign_in_cookies.Standing:
        return sign_in_cookies.Standing(scopes.get(http.COOKIES.get("who", ""), GUEST))

    patch.setattr(sign_in_cookies, "standing_of", standing_of)
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    server = make_server("127.0.0.1", 0, application, _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Served(f"http://127.0.0.1:{server.server_port}", scopes)
    server.shutdown()


@contextmanager
def phone_screen(locale: str = "en-GB") -> Iterator[Page]:
    """This will open a page on a phone in the machine's Chromium."""
    program = find_chromium()
    if program is None:
        pytest.fail(NO_CHROMIUM)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        page = chromium.new_context(viewport={"width": 390, "height": 844}, locale=locale).new_page()
        page.set_default_timeout(15_000)
        yield page
        connection.close()  # the one beside the browser's loop: its database ends with the test
        chromium.close()


def wears(screen: Page, house: str, who: str) -> None:
    """This will put a hat on a browser."""
    screen.context.add_cookies([{"name": "who", "value": who, "url": house}])
