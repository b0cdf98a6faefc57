"""A small road engine that answers over real HTTP: every way is twice its beeline, or as broken as it is told to be."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from linli.ground.places.rules import distance_m


class Engine:
    """What it is to answer, and how often it was asked. `how`: ok, slow, broken, short or words."""

    def __init__(self) -> None:
        self.how, self.asked, self.url = "ok", 0, ""

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked += 1
        if self.how == "broken":
            return 500, b"{}"
        if self.how == "words":
            return 200, b"<html>no table here"
        parts = urlsplit(path)
        points = [tuple(map(float, each.split(","))) for each in parts.path.rsplit("/", 1)[1].split(";")]
        query = parse_qs(parts.query)
        here, there = ([points[int(n)] for n in query[side][0].split(";")] for side in ("sources", "destinations"))
        rows: list[list[int | None]] = [[2 * distance_m(a[1], a[0], b[1], b[0]) for b in there] for a in here]
        if self.how == "short":
            rows.pop()
        if self.how == "islands":
            rows = [[None for _ in row] for row in rows]
        return 200, json.dumps({"code": "Ok", "distances": rows}).encode()


@contextmanager
def a_road_engine() -> Iterator[Engine]:
    """This will run an engine for a test."""
    engine = Engine()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if engine.how == "slow":
                time.sleep(1.0)
            status, content = engine.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked has waited long enough
                self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    engine.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
