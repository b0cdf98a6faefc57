"""Pages travel packed: what a browser waits for on a phone's network is a third of what was written.

Only pages, and only for who says that they can unpack them; what is packed already (assets, pictures, sheets) or
goes on for long (events) passes through. A page holds no secret token that its size could tell about, and cookies come
along only where a page of ours asks (SameSite).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LEAST_BYTES = 1400
"""What fits into one packet arrives no sooner for being smaller."""
LEVEL = 2
"""Half a millisecond for a long page; more work would save a few hundred bytes."""


class Packs:
    """WSGI around WSGI: an answer that is a page leaves packed."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return self._inner(environ, start)
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            if not _is_page(headers):
                return start(status, headers, exc_info)
            told.append((status, headers))
            return _no_writing

        inner = self._inner(environ, listen)
        if not told:
            return inner
        try:
            body = b"".join(inner)
        finally:
            getattr(inner, "close", lambda: None)()
        status, headers = told[-1]
        kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "vary")]
        varies = [value for name, value in headers if name.lower() == "vary"]
        kept.append(("Vary", ", ".join([*varies, "Accept-Encoding"])))
        if len(body) >= LEAST_BYTES:
            body = gzip.compress(body, LEVEL, mtime=0)
            kept.append(("Content-Encoding", "gzip"))
        start(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]


def _is_page(headers: list[tuple[str, str]]) -> bool:
    said = {name.lower(): value for name, value in headers}
    return said.get("content-type", "").startswith("text/html") and "content-encoding" not in said


def _no_writing(data: bytes) -> object:  # noqa: ARG001
    raise RuntimeError("a page is returned, not written")
