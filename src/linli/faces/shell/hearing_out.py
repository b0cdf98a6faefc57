"""Whoever sends something is heard to the end before they are answered, also where nobody wanted to know it.

A server cannot use a connection again on which a body is still on its way when the answer is complete: it closes it,
the caller's next request breaks, and the answer itself may be lost with what was not read. So a call that is answered
by its address alone, or refused by its headers, has its body read and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.handlers.wsgi import LimitedStream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PIECE = 64 * 1024


class HearsOut:
    """WSGI around WSGI. What is longer than `most` is not waited for: who sends that much may lose the line.

    Servers differ in whether reading ends with the body or waits for more, so the body's length is kept here.
    """

    def __init__(self, inner: WSGIApplication, *, most: int) -> None:
        self._inner = inner
        self._most = most

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH")
        if not (length and length.isdecimal()):
            return self._inner(environ, start)
        environ["wsgi.input"] = sent = LimitedStream(environ["wsgi.input"], int(length))
        answer = self._inner(environ, start)
        left = self._most
        while left > 0 and (piece := sent.read(_PIECE)):
            left -= len(piece)
        return answer
