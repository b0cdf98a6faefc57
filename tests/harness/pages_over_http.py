"""Our pages over real HTTP in the test's own process: a provider's call-backs arrive there, each in its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connection


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
def serving_pages() -> Iterator[str]:
    """This will serve the pages inside the block and give their address."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def until(holds: Callable[[], bool], *, timeout_s: float = 90.0) -> None:
    """This will wait until something holds."""
    give_up = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)
