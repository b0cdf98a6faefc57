"""A client that asks for one thing over and over with as little work of its own as there can be."""

from __future__ import annotations

import socket
import time

from linli.works.bench.crowd import Start
from linli.works.ports import ADDRESS

TIMEOUT_S = 10.0


def ask_again_and_again(start: Start, port: int, path: str, headers: dict[str, str]) -> tuple[int, set[str]]:
    """This will ask on one connection until the time is over, and tell what was answered."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    question = f"GET {path} HTTP/1.1\r\nHost: {ADDRESS}:{port}\r\n{lines}\r\n".encode()
    asked, statuses = 0, set[str]()
    with socket.create_connection((ADDRESS, port), timeout=TIMEOUT_S) as link:
        until = start()
        while time.monotonic() < until:
            link.sendall(question)
            statuses.add(_answer(link))
            asked += 1
    return asked, statuses


def _answer(link: socket.socket) -> str:
    got = link.recv(262_144)
    while (end := got.find(b"\r\n\r\n")) < 0:
        more = link.recv(262_144)
        if not more:
            raise RuntimeError("the connection was closed in the middle of an answer")
        got += more
    head = got[:end].lower()
    at = head.find(b"content-length:")
    missing = (int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0) - (len(got) - end - 4)
    status = got[9:12].decode()
    while status != "304" and missing > 0:
        missing -= len(link.recv(262_144)) or missing
    return status
