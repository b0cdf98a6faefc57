"""A live process of a test's own, what can be asked of it, and a way to ring."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from harness.databases import OwnDatabase
from linli.spine import hints
from linli.works.ports import any_free_port

LIMIT_S = 60.0


class Live:
    """A live process, and streams from it."""

    def __init__(self, own: OwnDatabase, log: Path, *, web_port: int = 8000, **more: str) -> None:
        self.own, self.log, self.port, self.web_port = own, log, any_free_port(range(18700, 18800)), web_port
        self.environment = own.environment() | {
            "LINLI_SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "linli.config.settings",
            **more,
        }
        self.start()

    def start(self) -> None:
        told = f"live.run(host='127.0.0.1', port={self.port}, web_port={self.web_port})"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", f"import django; django.setup()\nfrom linli.config import live\n{told}"],
                env=self.environment,
                stdout=out,
                stderr=out,
            )
        until = time.monotonic() + LIMIT_S
        while not self.is_well():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def is_well(self) -> bool:
        try:
            return self.ask("/live/healthz").startswith(b"HTTP/1.1 200 ")
        except OSError:
            return False

    def ask(self, target: str, *fields: str) -> bytes:
        """The beginning of what is answered."""
        with self.open(target, *fields) as link:
            return read_until(link, b"\r\n\r\n")

    def open(self, target: str, *fields: str) -> socket.socket:
        link = socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT_S)
        link.sendall("\r\n".join((f"GET {target} HTTP/1.1", "Host: here", *fields, "", "")).encode())
        return link

    def listen(self, *topics: hints.Topic) -> socket.socket:
        link = self.open(f"/live/?t={token(*topics)}")
        assert read_until(link, b"retry: ").startswith(b"HTTP/1.1 200 ")
        read_until(link, b"\n\n")
        return link

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def token(*topics: hints.Topic, ago: timedelta = timedelta(0), secret: str = "") -> str:
    key = hints.key_of((secret or settings.SECRET_KEY).encode())
    return hints.token(topics, key=key, at=datetime.now(UTC) - ago)


def read_until(link: socket.socket, mark: bytes) -> bytes:
    said = b""
    while mark not in said:
        more = link.recv(1)
        if not more:
            return said
        said += more
    return said


def ring(own: OwnDatabase, *topics: hints.Topic) -> None:
    with own.connect("worker", autocommit=True) as link:
        body = b64encode(b"".join(map(hints.digest, topics))).decode()
        link.execute("SELECT pg_notify(%s, %s)", [hints.CHANNEL, body])
