"""One connection to the live process: a strict reading of one GET, and then a stream that only we write to.

So much of HTTP/1.1 as EventSource and a reverse proxy need, and no more: one request a connection, no body, a head of
at most 8 KiB within five seconds.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from linli.config.live.hub import Hub
from linli.spine import hints

PATH = "/live/"
HEALTH = "/live/healthz"
HEAD_MOST = 8192
HEAD_LIMIT_S = 5.0
MOST_PARTS = 8
BUFFER_MOST = 16_384
"""Whoever leaves so much unread is gone, or as good as gone."""
AGAIN_MS = (1000, 4000)
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"} | {
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
_ALL_ANSWERS = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"


class TurnedAway(Exception):
    """Why there is no stream, as a status of HTTP."""

    def __init__(self, status: int) -> None:
        self.status = status


@dataclass(frozen=True)
class House:
    """Whose pages may listen: by the key of their tokens, and by the place they come from."""

    key: bytes
    origins: frozenset[str]
    is_behind_proxy: bool

    @classmethod
    def of(cls, settings: Any, *, web_port: int | None) -> House:
        """This will read the settings; pages of the given port of our own names may listen from another port."""
        beside = () if web_port is None else (f"http://{host}:{web_port}" for host in settings.ALLOWED_HOSTS)
        return cls(
            key=hints.key_of(settings.SECRET_KEY.encode()),
            origins=frozenset((*beside, *settings.CSRF_TRUSTED_ORIGINS)),
            is_behind_proxy=settings.SECURE_PROXY_SSL_HEADER is not None,
        )


@dataclass(frozen=True)
class Head:
    """The head of a request, as far as we care."""

    method: str
    path: str
    query: str
    fields: Mapping[str, str]


def read_head(raw: bytes) -> Head:
    """This will read a request's head; what is not plainly one is turned away."""
    if len(raw) > HEAD_MOST:
        raise TurnedAway(431)
    try:
        first, *lines = raw.decode("ascii").split("\r\n")
        method, target, version = first.split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        address = urlsplit(target)
    except ValueError:
        raise TurnedAway(400) from None
    if version not in ("HTTP/1.1", "HTTP/1.0") or not target.startswith("/") or "" in fields:
        raise TurnedAway(400)
    return Head(method, address.path, address.query, fields)


class Visit(asyncio.Protocol):
    """One connection, from its head to its end."""

    def __init__(self, hub: Hub, house: House) -> None:
        self._hub = hub
        self._house = house
        self._read = b""
        self._is_answered = False
        self._limit: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self.address = ""
        self.until = 0.0
        self.parts: Sequence[Sequence[bytes]] = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._limit = asyncio.get_running_loop().call_later(HEAD_LIMIT_S, self._transport.abort)

    def connection_lost(self, _error: Exception | None) -> None:
        self._patience_ends()
        self._hub.leave(self)

    def data_received(self, data: bytes) -> None:
        """This will read until the head is whole, answer it, and want to hear no more."""
        if self._is_answered:
            return
        self._read += data
        head, end, _more = self._read.partition(b"\r\n\r\n")
        if not end and len(head) <= HEAD_MOST:
            return
        self._is_answered, self._read = True, b""
        self._patience_ends()
        origin = None
        try:
            asked = read_head(head)
            origin = self._origin_of(asked)
            self._listen(asked, origin)
        except TurnedAway as why:
            self._say(why.status, "", origin)
            self._transport.close()

    def send(self, said: bytes) -> None:
        """This will write into the stream; one that is not read any more is dropped."""
        if self._transport.is_closing():
            return
        self._transport.write(said)
        if self._transport.get_write_buffer_size() > BUFFER_MOST:
            self._transport.abort()

    def close(self) -> None:
        """This will end the stream."""
        self._hub.leave(self)
        self._transport.close()

    def _listen(self, asked: Head, origin: str | None) -> None:
        if asked.path not in (PATH, HEALTH):
            raise TurnedAway(404)
        if asked.method != "GET":
            raise TurnedAway(405)
        if asked.path == HEALTH:
            raise TurnedAway(503 if self._hub.is_deaf else 200)
        tokens = [value for name, value in parse_qsl(asked.query) if name == "t"]
        if not 0 < len(tokens) <= MOST_PARTS:
            raise TurnedAway(400)
        try:
            opened = [hints.opened(one, key=self._house.key, at=datetime.now(UTC)) for one in tokens]
        except hints.NotOurs:
            raise TurnedAway(403) from None
        self.parts, self.until = [topics for topics, _until in opened], min(until for _topics, until in opened)
        self.address = self._address_of(asked)
        if self._hub.is_deaf or not self._hub.has_room_for(self.address):
            raise TurnedAway(503)
        self._hub.admit(self)
        self._say(200, "Content-Type: text/event-stream; charset=utf-8\r\nX-Accel-Buffering: no\r\n", origin)
        self.send(b"retry: %d\n\n" % random.randint(*AGAIN_MS))  # noqa: S311 - so that not all come back at once

    def _origin_of(self, asked: Head) -> str | None:
        """Browsers name a page's place where it is not that of the stream; any but ours are turned away."""
        origin = asked.fields.get("origin")
        if origin is None or origin in self._house.origins:
            return origin
        if self._house.is_behind_proxy and urlsplit(origin).netloc == asked.fields.get("host"):
            return None
        raise TurnedAway(403)

    def _address_of(self, asked: Head) -> str:
        if self._house.is_behind_proxy:
            said = asked.fields.get("x-forwarded-for", "").rpartition(",")[2].strip()
            if said:
                return said
        peer = self._transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) else ""

    def _say(self, status: int, more: str, origin: str | None) -> None:
        allowed = f"Access-Control-Allow-Origin: {origin}\r\nVary: Origin\r\n" if origin else ""
        self.send(f"HTTP/1.1 {status} {_REASONS[status]}\r\n{_ALL_ANSWERS}{allowed}{more}\r\n".encode())

    def _patience_ends(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
