"""Whoever sends something is heard to the end before they are answered, also where nobody wanted to know it.

A server cannot use a connection again on which a body is still on its way when the answer is complete: it closes it,
the caller's next request breaks, and the answer itself may be lost with what was not read. So a call that is answered
by its address alone, or refused by its headers, has its body read and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PIECE = 64 * 1024


class HearsOut:
    """WSGI around WSGI. What is longer than `most` is not waited for: who sends that much may lose the line."""

    def __init__(self, inner: WSGIApplication, *, most: int) -> None:
        self._inner = inner
        self._most = most

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = self._inner(environ, start)
        if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
            left, sent = self._most, environ["wsgi.input"]
            while left > 0 and (piece := sent.read(_PIECE)):
                left -= len(piece)
        return answer
