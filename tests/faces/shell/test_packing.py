"""Pages are packed for browsers that can unpack them, and nothing else is."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from linli.faces.shell.packing import LEAST_BYTES, Packs

PAGE = "text/html; charset=utf-8"
LONG = "邻里 ".encode() * 400


class Body(list[bytes]):
    """What an application returns, which is to be closed by who reads it."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def asked(body: bytes, kind: str, *more: tuple[str, str], accepts: str = "gzip, br") -> tuple[dict[str, str], bytes]:
    given = Body([body[:7], body[7:]])
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def inner(environ: Any, start: Any) -> Body:
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body))), *more])
        return given

    answer = Packs(inner)({"HTTP_ACCEPT_ENCODING": accepts}, lambda *said: told.append(said[:2]))
    whole = b"".join(answer)
    assert answer is given or given.closed == 1
    return dict(told[0][1]), whole


def test_a_page_is_packed_and_says_so():
    headers, body = asked(LONG, PAGE, ("Vary", "Cookie"))
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Vary"] == "Cookie, Accept-Encoding"
    assert headers["Content-Length"] == str(len(body))
    assert gzip.decompress(body) == LONG
    assert len(body) < len(LONG) / 10


def test_a_page_that_fits_into_a_packet_stays_as_it_is():
    short = b"x" * (LEAST_BYTES - 1)
    headers, body = asked(short, PAGE)
    assert body == short
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize(
    ("kind", "accepts", "more"),
    [
        (PAGE, "identity", ()),
        ("text/event-stream", "gzip", ()),
        ("application/json", "gzip", ()),
        (PAGE, "gzip", (("Content-Encoding", "br"),)),
    ],
)
def test_everything_else_passes_through(kind: str, accepts: str, more: tuple[tuple[str, str], ...]):
    headers, body = asked(LONG, kind, *more, accepts=accepts)
    assert body == LONG
    assert headers["Content-Length"] == str(len(LONG))
    assert "Vary" not in headers
