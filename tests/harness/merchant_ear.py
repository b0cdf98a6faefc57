"""A small merchant that hears the embedded provider's call-backs over real HTTP and writes down what it heard."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from linli.money.payments.gateways.client import HttpGateway
from linli.money.payments.gateways.protocol import ForgedCallback, GatewayEvent, StaleCallback


class MerchantEar:
    """Listens on a port of its own; `gateway` proves what it hears once it is known."""

    def __init__(self) -> None:
        self.gateway: HttpGateway | None = None
        self.heard: list[GatewayEvent] = []
        self.refused: list[str] = []
        self.deaf_for = 0
        self._changed = threading.Condition()
        ear = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = 4096

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(ear.take(dict(self.headers.items()), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/callbacks"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """This will hear one call-back and answer its status."""
        assert self.gateway is not None
        with self._changed:
            try:
                event = self.gateway.verify_callback(headers, body)
            except (ForgedCallback, StaleCallback) as error:
                self.refused.append(type(error).__name__)
                return 401
            finally:
                self._changed.notify_all()
            if self.deaf_for > 0:
                self.deaf_for -= 1
                return 503
            self.heard.append(event)
            return 204

    def wait_until(self, holds: Callable[[], bool], *, timeout_s: float = 90.0) -> None:
        """This will wait until what was heard satisfies the test."""
        with self._changed:
            assert self._changed.wait_for(holds, timeout_s), f"heard {self.heard}, refused {self.refused}"

    def of(self, reference: str) -> list[GatewayEvent]:
        """This will give what was heard about one reference, in order."""
        return [event for event in self.heard if event.reference == reference]

    def hear(self, reference: str, times: int = 1) -> list[GatewayEvent]:
        """This will wait until that many call-backs about a reference were heard."""
        self.wait_until(lambda: len(self.of(reference)) >= times)
        return self.of(reference)

    def hear_no_more(self, reference: str, times: int) -> None:
        """This will give the provider time to say too much."""
        time.sleep(0.3)
        assert len(self.of(reference)) == times

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
