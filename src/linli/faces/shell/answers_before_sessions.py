"""Answers that are the same for many, given again from memory before Django or the database are asked.

A page declared with `shared_s` is made as a guest whoever asks, so nothing personal can be in it; one declared with
`neighbours_s` is made for a nameless neighbour. Its answer is kept in this process for those few seconds under its
address, language, text size, the part htmx asked for and the readers it is for; a browser that already has it gets 304.
Nothing is ever invalidated: what may not be so many seconds old is not shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from linli.faces.shell import voice
from linli.faces.shell.kept_answers import Kept, KeptAnswers, Key

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SHARED, AMONG = "Linli-Shared", "Linli-Among"
PART = "HX-PTag"
"""Stands at an answer that is a part of a page, as htmx asked for it."""
EVERYBODY = ""


def _everybody_is_the_same(environ: WSGIEnvironment) -> str | None:  # noqa: ARG001
    return None


class SharedAnswers:
    """WSGI around WSGI; it knows no page, only the headers by which a page says that its answer may be shared.

    `group_of` names the readers whom the asker belongs to, from the headers alone, or is None where that takes more.
    """

    def __init__(
        self,
        inner: WSGIApplication,
        *,
        group_of: Callable[[WSGIEnvironment], str | None] = _everybody_is_the_same,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._group_of = group_of
        self._clock = clock
        self._kept = KeptAnswers()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self._inner(environ, start)
        key, now = _key_of(environ), self._clock()
        kept = self._kept.get((*key, EVERYBODY), now)
        if kept is None and (group := self._group_of(environ)) is not None:
            kept = self._kept.get((*key, group), now)
        return self._asked(key, environ, start) if kept is None else _give(kept, environ, start)

    def _asked(self, key: Key, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Ask inside; keep the answer if it says so."""
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            if not any(name == SHARED for name, _ in headers):
                return start(status, headers, exc_info)
            told.append((status, headers))
            return _no_writing

        inner = self._inner(environ, listen)
        if not told:
            return inner
        body = b"".join(inner)
        getattr(inner, "close", lambda: None)()
        said = dict(told[0][1])
        if any(name.lower() == "set-cookie" for name in said):
            raise RuntimeError("a shared answer may not set a cookie")
        headers = [(name, value) for name, value in told[0][1] if name not in (SHARED, AMONG)]
        tag = f'"{blake2b(body, digest_size=9).hexdigest()}"'
        headers += [("ETag", tag), ("Vary", "Cookie, Accept-Language, HX-Request")]
        kept = Kept(headers, body, tag, self._clock() + float(said[SHARED]))
        if _part_of(environ) and PART not in said:
            return _give(kept, environ, start)  # the whole page, as there is no such part: not kept under its name
        self._kept.put((*key, said.get(AMONG, EVERYBODY)), kept)
        return _give(kept, environ, start)


def _key_of(environ: WSGIEnvironment) -> Key:
    cookies = environ.get("HTTP_COOKIE", "")
    return (
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        voice.locale_for(cookies, environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        "large" if f"{voice.LARGE_TEXT_COOKIE}=large" in cookies else "",
        _part_of(environ),
    )


def _part_of(environ: WSGIEnvironment) -> str:
    part: str = environ.get("HTTP_HX_TARGET", "") if environ.get("HTTP_HX_REQUEST_TYPE") == "partial" else ""
    return part


def _give(kept: Kept, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    if kept.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start("304 Not Modified", [h for h in kept.headers if h[0] not in ("Content-Length", "Content-Type")])
        return [b""]
    start("200 OK", kept.headers)
    return [kept.body]


def _no_writing(data: bytes) -> object:  # noqa: ARG001
    raise RuntimeError("a shared answer is returned, not written")
