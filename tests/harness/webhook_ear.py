"""A small receiver of webhooks over real HTTP; it writes down what it heard and answers as it is told."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass(frozen=True)
class Heard:
    """One call as it came in, names of headers in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebhookEar:
    """Listens on a port of its own. `answers` are given in turn, the last one for ever; `slow_s` drips the answer."""

    answers: list[int] = field(default_factory=lambda: [204])
    slow_s: float = 0.0
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status = ear.answers.pop(0) if len(ear.answers) > 1 else ear.answers[0]
                lines = f"HTTP/1.1 {status} x\r\nLocation: {ear.url}/elsewhere\r\nContent-Length: 0\r\n\r\n".encode()
                for byte in lines if ear.slow_s else ():
                    time.sleep(ear.slow_s)
                    self.wfile.write(bytes([byte]))
                if not ear.slow_s:
                    self.wfile.write(lines)

            def log_message(self, *_: object) -> None: ...

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None: ...

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
