"""The desk where programs are answered: the JSON face and the providers' call-backs, without Django's way in.

A call is small and comes often, so what is done for each is what it needs: the same things that the doorway does for
pages (whose voice, how large, from where, one log line, what a browser may do), one walk to its endpoint, the answer.
Django still leads here (`through_django`), which is how tests and a program without the desk call.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import LimitedStream, WSGIRequest
from django.http import HttpRequest, HttpResponse

from linli.faces.openapi import answering, payment_callbacks
from linli.faces.openapi.answering import Answer
from linli.faces.openapi.endpoints import PREFIX, Endpoint, endpoints
from linli.faces.shell import answers, doorway, voice
from linli.faces.shell.clock import now
from linli.faces.shell.routes import Routes
from linli.spine import sql

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PHRASES = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}
_CALLBACKS = "/" + payment_callbacks.PREFIX


class Call(WSGIRequest):
    """A request of Django's that has read nothing yet but its method and address."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = self.META = environ
        self.method = environ["REQUEST_METHOD"].upper()
        self.path = self.path_info = environ["PATH_INFO"]
        self.content_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        self._stream = LimitedStream(environ["wsgi.input"], length)  # type: ignore[assignment]  # as Django does
        self._read_started = False
        self.resolver_match = None

    @cached_property
    def body(self) -> bytes:  # Django looks four times at how large it may be
        """What was sent, as long as the doorway lets it be."""
        return self._stream.read()


class Desk:
    """WSGI before WSGI: answers what programs ask, and hands everything else on."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner
        self._headers = list(doorway.security_headers())

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not (path.startswith(("/" + PREFIX, _CALLBACKS)) and path.isascii()):
            return self._inner(environ, start)
        began, call = time.perf_counter(), Call(environ)
        call.reference = answers.new_reference()  # type: ignore[attr-defined]
        voice.speak(doorway.locale_of(environ), at=now())
        try:
            where, answer = _answer(call)
        except SuspiciousOperation:
            where, answer = "", Answer.of(answers.unreadable(call))
        except Exception:
            where, answer = "", Answer.of(answers.defect(call))
        finally:
            voice.hush()
            sql.forget_broken()
        doorway.note(call, where, answer.status, time.perf_counter() - began)
        start(_PHRASES[answer.status], [*answer.headers, *self._headers])
        return [answer.body]


def _answer(call: Call) -> tuple[str, Answer]:
    if (turned := doorway.turned_away(call)) is not None:
        return "", Answer.of(turned)
    if call.path.startswith(_CALLBACKS):
        return payment_callbacks.NAME, Answer.of(payment_callbacks.answer(call, call.path[len(_CALLBACKS) :]))
    return _endpoint(call, call.path[len(PREFIX) + 1 :])


def _endpoint(http: HttpRequest, address: str) -> tuple[str, Answer]:
    found = ROUTES.find(address)
    if found is None:
        return "api:nothing", answering.nothing_here(http)
    (name, methods), parts = found
    return name, answering.answer_call(methods, http, parts)


def through_django(http: HttpRequest, rest: str) -> HttpResponse:
    """This will answer a call that came by Django's way."""
    name, answer = _endpoint(http, rest)
    http.endpoint = name  # type: ignore[attr-defined]
    return answer.as_django()


def _routes() -> Routes[tuple[str, dict[str, Endpoint]]]:
    by_path: dict[str, dict[str, Endpoint]] = {}
    for made in endpoints():
        by_path.setdefault(made.path, {})[made.method] = made
    routes: Routes[tuple[str, dict[str, Endpoint]]] = Routes()
    for path, methods in by_path.items():
        routes.add(path, (next(iter(methods.values())).name, methods))
    return routes


ROUTES = _routes()
