"""The ear: takes the provider's signed call-backs over HTTP and hands each to the one handler."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

import structlog

from linli.works.ports import ADDRESS

MOST_BYTES = 64 * 1024
PATH = "/callbacks/payments/"
STOP_LIMIT_S = 15.0
_log = structlog.get_logger()


class EarDeaf(RuntimeError):
    """The process that takes call-backs ended before it listened."""


class _Ear(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self) -> None:
        """This will take one call-back: 204 once it is kept; anything else is told again."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BYTES))
        self.send_response(self._taken(body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _taken(self, body: bytes) -> int:
        from django.db import connection

        from linli.money.payments import actions as payments
        from linli.money.payments.rules import is_about_payout
        from linli.money.payouts import actions as payouts
        from linli.spine.scope import SYSTEM

        source = self.path.removeprefix(PATH).strip("/")
        try:
            event = payments.read_callback(source=source, headers=dict(self.headers.items()), body=body)
            if is_about_payout(event):
                payouts.record_transfer_event(SYSTEM, source=source, event=event, at=event.occurred_at)
            else:
                payments.record_event(SYSTEM, source=source, event=event, at=event.occurred_at)
        except (payments.ForgedCallback, payments.StaleCallback):
            return 401
        except Exception as error:
            _log.warning("callback_not_kept", error=type(error).__name__)
            connection.close()
            return 500
        return 204

    def finish(self) -> None:
        """This will let go of the database with the line: each line is a thread with a connection of its own."""
        from django.db import connection

        super().finish()
        connection.close()

    def log_message(self, *_: object) -> None:
        """This will say nothing: call-backs are counted in the books."""


def listen(port: int, tied: Connection) -> None:
    """This will take call-backs until the other end of `tied` is closed or says something; a process's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the starter's, who lets go of us
    import django

    django.setup()
    with listening(port):
        try:
            tied.send("listening")
            tied.recv()
        except (EOFError, OSError):
            pass


@contextmanager
def listening(port: int) -> Iterator[None]:
    """This will take call-backs in threads of this process: enough where few pay, and there at once."""
    server = ThreadingHTTPServer((ADDRESS, port), _Ear)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="ear", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class Ear:
    """The process that takes the provider's call-backs."""

    def __init__(self, port: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=listen, args=(port, theirs), name="ear", daemon=True)
        self._process.start()
        theirs.close()
        try:
            self._line.recv()
        except EOFError:
            raise EarDeaf("whoever takes the call-backs did not start") from None

    def stop(self) -> None:
        """This will let it go."""
        self._line.close()
        self._process.join(STOP_LIMIT_S)
        self._process.kill()
