"""Distances by road: a table service over HTTP where one is configured, the beeline and three tenths more without it.

The service is asked as open-source road engines answer it: `GET {url}/table/v1/driving/{lon,lat;...}?sources=..
&destinations=..&annotations=distance` gives metres; a pair that it knows no way for is null, and is estimated.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from linli.spine.decoding import decode
from linli.trade.delivery.rules import Point, riding_m, table

TIMEOUT_S = 10.0
SIDE = 50
"""Places to a side of one question: two sides fit what engines take at most, a hundred."""
MOST_BYTES = 2**20
Table = tuple[tuple[int, ...], ...]


class RoadsFailed(Exception):
    """The road engine gave no table; trying again later may work."""


class Roads(Protocol):
    """Tells the metres of every way between places, or raises `RoadsFailed`."""

    is_engine: bool

    def table(self, points: Sequence[Point]) -> Table: ...


class Beelines:
    """What serves without an engine: streets are three tenths longer than beelines."""

    is_engine = False

    def table(self, points: Sequence[Point]) -> Table:
        """This will estimate the ways between all places."""
        return table(points)


class _Answer(msgspec.Struct):
    code: str
    distances: list[list[float | None]] = []


@dataclass(frozen=True, slots=True)
class RoadEngine:
    """An engine behind a table service, asked block by block; one block that fails fails the table."""

    url: str
    timeout_s: float = TIMEOUT_S
    is_engine = True

    def table(self, points: Sequence[Point]) -> Table:
        """This will ask for the ways between all places."""
        sides = [points[n : n + SIDE] for n in range(0, len(points), SIDE)]
        rows: list[list[int]] = []
        for here in sides:
            blocks = [self._block(here, there) for there in sides]
            rows += [[metres for block in blocks for metres in block[n]] for n in range(len(here))]
        return tuple(map(tuple, rows))

    def _block(self, here: Sequence[Point], there: Sequence[Point]) -> list[list[int]]:
        where = ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in (*here, *there))
        sources = ";".join(str(n) for n in range(len(here)))
        goals = ";".join(str(len(here) + n) for n in range(len(there)))
        path = f"/table/v1/driving/{where}?sources={sources}&destinations={goals}&annotations=distance"
        try:
            answer = decode(self._got(path), _Answer)
        except (OSError, http.client.HTTPException, msgspec.MsgspecError) as reason:
            raise RoadsFailed(type(reason).__name__) from reason
        if answer.code != "Ok" or [len(row) for row in answer.distances] != [len(there)] * len(here):
            raise RoadsFailed(answer.code if answer.code != "Ok" else "another table than was asked for")
        return [
            [riding_m(a, b) if metres is None else round(metres) for b, metres in zip(there, row, strict=True)]
            for a, row in zip(here, answer.distances, strict=True)
        ]

    def _got(self, path: str) -> bytes:
        parts = urlsplit(self.url)
        line = (
            http.client.HTTPSConnection(parts.netloc, timeout=self.timeout_s, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(parts.netloc, timeout=self.timeout_s)
        )
        try:
            line.request("GET", parts.path.rstrip("/") + path, headers={"Accept": "application/json"})
            answer = line.getresponse()
            content = answer.read(MOST_BYTES + 1)
        finally:
            line.close()
        if len(content) > MOST_BYTES or answer.status >= 500:
            raise RoadsFailed(f"status {answer.status}, {len(content)} bytes")
        return content


def roads() -> Roads:
    """This will give the engine that `LINLI_ROADS` names, or beelines without one."""
    return RoadEngine(settings.ROADS) if settings.ROADS else Beelines()
