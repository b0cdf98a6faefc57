"""A body that nobody reads: the real server keeps the connection for the caller's next request."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from linli.faces.shell.hearing_out import HearsOut
from linli.works.ports import any_free_port

LIMIT_S = 20.0
_APPLICATION = """
from linli.faces.shell.hearing_out import HearsOut
def deaf(environ, start):
    start("204 No Content", [])
    return [b""]
application = HearsOut(deaf, most=1000)
"""
_SERVE = """
from granian.server import Server
Server("deaf:application", address="127.0.0.1", port={port}, interface="wsgi", log_enabled=False).serve()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "deaf.py").write_text(_APPLICATION)
    port = any_free_port(range(18600, 18700))
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE.format(port=port)], env={**os.environ, "PYTHONPATH": paths}
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(LIMIT_S)


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + LIMIT_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_a_body_that_comes_after_its_head_and_is_not_wanted_leaves_the_connection_for_the_next_call(
    server: int,
) -> None:
    with _connected(server) as line:
        for _ in range(3):
            line.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n")
            time.sleep(0.05)  # as any network may take between two parcels
            line.sendall(b"{}")
            assert line.recv(4096).startswith(b"HTTP/1.1 204 ")


def test_what_is_longer_than_may_be_sent_is_not_read_to_the_end() -> None:
    sent = BytesIO(bytes(500_000))

    def deaf(environ: object, start: object) -> list[bytes]:
        return [b"no"]

    answer = HearsOut(deaf, most=100_000)({"CONTENT_LENGTH": "500000", "wsgi.input": sent}, lambda *_: print)

    assert list(answer) == [b"no"]
    assert 100_000 <= sent.tell() < 200_000


def test_nobody_waits_for_more_than_was_announced() -> None:
    sent = BytesIO(b"{}GET /the-next-one HTTP/1.1")

    def deaf(environ: object, start: object) -> list[bytes]:
        return [b"no"]

    HearsOut(deaf, most=1000)({"CONTENT_LENGTH": "2", "wsgi.input": sent}, lambda *_: print)

    assert sent.read(3) == b"GET", "on some servers the stream goes on with what is none of this call"
