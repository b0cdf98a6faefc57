"""Answers that are the same for everybody, given again from memory before Django or the database are asked.

A page declared with `shared_s` is made as a guest whoever asks, so nothing personal can be in it. Its answer is kept in
this process for those few seconds under its address, language, text size and the part htmx asked for; a browser that
already has it gets 304. Nothing is ever invalidated: what may not be `shared_s` seconds old is not shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any

from linli.faces.shell import voice

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "Linli-Shared"
MOST = 1000
MOST_BYTES = 256 * 1024
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer, until when it may be given, and its tag."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    until: float


class SharedAnswers:
    """WSGI around WSGI; it knows no page, only the header by which a page says that its answer may be shared."""

    def __init__(self, inner: WSGIApplication, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._clock = clock
        self._kept: dict[Key, Kept] = {}
        self._storing = Lock()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self._inner(environ, start)
        key = _key_of(environ)
        kept = self._kept.get(key)
        if kept is None or kept.until <= self._clock():
            return self._asked(key, environ, start)
        return _give(kept, environ, start)

    def _asked(self, key: Key, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Ask inside; keep the answer if it says so."""
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            if not any(name == HEADER for name, _ in headers):
                return start(status, headers, exc_info)
            told.append((status, headers))
            return _no_writing

        inner = self._inner(environ, listen)
        if not told:
            return inner
        body = b"".join(inner)
        getattr(inner, "close", lambda: None)()
        headers = [(name, value) for name, value in told[0][1] if name != HEADER]
        seconds = float(next(value for name, value in told[0][1] if name == HEADER))
        if any(name.lower() == "set-cookie" for name, _ in headers):
            raise RuntimeError("a shared answer may not set a cookie")
        tag = f'"{blake2b(body, digest_size=9).hexdigest()}"'
        headers += [("ETag", tag), ("Vary", "Cookie, Accept-Language, HX-Request")]
        kept = Kept(headers, body, tag, self._clock() + seconds)
        if len(body) <= MOST_BYTES:
            self._keep(key, kept)
        return _give(kept, environ, start)

    def _keep(self, key: Key, kept: Kept) -> None:
        with self._storing:
            self._kept.pop(key, None)
            while len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = kept


def _key_of(environ: WSGIEnvironment) -> Key:
    cookies = environ.get("HTTP_COOKIE", "")
    return (
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        voice.locale_for(cookies, environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        "large" if f"{voice.LARGE_TEXT_COOKIE}=large" in cookies else "",
        environ.get("HTTP_HX_TARGET", "") if environ.get("HTTP_HX_REQUEST_TYPE") == "partial" else "",
    )


def _give(kept: Kept, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    if kept.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start("304 Not Modified", [h for h in kept.headers if h[0] not in ("Content-Length", "Content-Type")])
        return [b""]
    start("200 OK", kept.headers)
    return [kept.body]


def _no_writing(data: bytes) -> object:  # noqa: ARG001
    raise RuntimeError("a shared answer is returned, not written")
