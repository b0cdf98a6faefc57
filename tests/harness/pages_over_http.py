"""Our pages over real HTTP in the test's own process, each request in a thread, as browsers and providers call."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from types import ModuleType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication

import jinja2
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.urls import path

from linli.faces.shell import assets, front_page, reading_choices, templates
from linli.faces.shell.pages import Registry


class Server(ThreadingMixIn, WSGIServer):
    """Each request in a thread of its own, as granian serves them."""

    daemon_threads = True

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            connection.close()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving_pages(application: WSGIApplication | None = None) -> Iterator[str]:
    """This will serve the pages inside the block and give their address; only these, where an application is given."""
    server = make_server("127.0.0.1", 0, application or get_wsgi_application(), Server, Quiet)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def pages_of_a_test(settings, patch: pytest.MonkeyPatch, registry: Registry, **drawn: str) -> None:
    """This will make the house one of a test's own pages and what every page leans on; `drawn` names their templates:
    `count=...` is `test/count.jinja`.
    """
    registry.page("public", "POST", "reading/")(reading_choices.create)
    registry.page("public", "GET", "home/")(front_page.show)
    urls = ModuleType("urls_of_a_test")
    urls.urlpatterns = [path("a/<str:name>", assets.serve), *registry.addresses()]
    patch.setitem(sys.modules, f"{urls.__name__}_{id(registry)}", urls)
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = f"{urls.__name__}_{id(registry)}", ["127.0.0.1"]
    own = jinja2.DictLoader({f"test/{name}.jinja": source for name, source in drawn.items()})
    patch.setattr(templates.environment(), "loader", jinja2.ChoiceLoader([own, templates.environment().loader]))


def until(holds: Callable[[], bool], *, timeout_s: float = 90.0) -> None:
    """This will wait until something holds."""
    give_up = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)
