"""How a call is answered: who asks, whether they may, what they sent, and every refusal as a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from linli.faces.openapi import callers, reading
from linli.faces.openapi.endpoints import ApiRequest, Endpoint
from linli.faces.openapi.limits import allow
from linli.faces.shell.answers import NoPage, NotThisWay, problem
from linli.faces.shell.clock import now
from linli.faces.shell.requests import address_of
from linli.kernel.refusals import Busy, Refusal
from linli.spine import action

_JSON, _NOT_KEPT = ("Content-Type", "application/json"), ("Cache-Control", "no-store")
_encode = msgspec.json.Encoder(decimal_format="string", order=None).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a response of Django's costs ten times as much to make."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""

    @classmethod
    def of(cls, response: HttpResponse) -> Answer:
        """This will take over what was made as a response."""
        return cls(response.status_code, list(response.items()), response.content)

    def as_django(self) -> HttpResponse:
        """This will give it as the response of a view."""
        return HttpResponse(self.body, status=self.status, headers=dict(self.headers))


def answer_call(methods: Mapping[str, Endpoint], http: HttpRequest, parts: dict[str, Any]) -> Answer:
    """This will answer a call to an address, by whichever method."""
    made = methods.get("GET" if http.method == "HEAD" else http.method or "GET")
    try:
        if made is None:
            raise NotThisWay
        return answer(made, http, parts)
    except Refusal as refusal:
        said = refused(refusal, http)
        if made is None:
            said.headers.append(("Allow", ", ".join(sorted({*methods, *(("HEAD",) if "GET" in methods else ())}))))
        return said


def refused(refusal: Refusal, http: HttpRequest) -> Answer:
    """This will say no as a problem, with the headers that tell a program what to do about it."""
    response = problem(refusal, instance=http.path)
    response["Cache-Control"] = "no-store"
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if refusal.status == 429:
        response["Retry-After"] = str(refusal.values.get("seconds", 60))
    if isinstance(refusal, Busy | action.StillRunning):
        response["Retry-After"] = "1"
    return Answer.of(response)


def nothing_here(http: HttpRequest) -> Answer:
    """This will answer every address that no endpoint has."""
    return refused(NoPage(), http)


def answer(made: Endpoint, http: HttpRequest, parts: dict[str, Any]) -> Answer:
    """This will find out who asks, whether they may, decode what they send, and encode what they get."""
    at, reads = now(), made.method == "GET"
    caller = _caller(made, http, at=at, reads=reads)
    scope = caller.scope
    if made.roles and scope.role not in made.roles:
        raise callers.SignInNeeded if scope.person is None else NoPage
    if made.needs is not None and not scope.may(made.needs):
        raise NoPage
    if not reads and (key := reading.key_of(http)) is not None:
        if scope.person is None:
            raise action.KeyNotTaken(field="Idempotency-Key")
        scope = scope.keyed(key)
    request = ApiRequest(scope, at, http, caller.session, caller.check_due)
    given = dict(parts)
    if made.body is not None:
        given["body"] = reading.body_of(http, made.body)
    if made.query is not None:
        given["query"] = reading.query_of(http, made.query)
    if not reads:
        return _said(made, made.handler(request, **given))
    with action.reading(scope):
        return _shown(made, http, made.handler(request, **given))


def _caller(made: Endpoint, http: HttpRequest, *, at: Any, reads: bool) -> callers.Caller:
    """Whoever comes with a token that is none is counted by address, so that guessing has its limit too."""
    if made.shared_s:
        return callers.NOBODY
    try:
        caller = callers.caller_of(http, at=at, surely=made.surely, inside=made.asked_inside)
    except callers.SignInNeeded:
        allow(address_of(http), reads=reads)
        raise
    allow(str(caller.scope.person or address_of(http)), reads=reads)
    return caller


def _said(made: Endpoint, result: Any) -> Answer:
    if result is None:
        return Answer(204, [_NOT_KEPT])
    return Answer(made.status, [_JSON, _NOT_KEPT], _encode(result))


def _shown(made: Endpoint, http: HttpRequest, result: Any) -> Answer:
    """What is read has a tag; who has it already is told so. Shared answers get theirs where they are kept."""
    if isinstance(result, HttpResponse):
        body, kind = result.content, ("Content-Type", result["Content-Type"])
    else:
        body, kind = _encode(result), _JSON
    if made.shared_s:
        shared = ("Cache-Control", f"public, max-age={made.shared_s}")
        return Answer(200, [kind, ("Linli-Shared", str(made.shared_s)), shared], body)
    tag = f'"{blake2b(body, digest_size=9).hexdigest()}"'
    headers = [("ETag", tag), ("Cache-Control", "private, no-cache"), ("Vary", "Authorization")]
    if tag in http.META.get("HTTP_IF_NONE_MATCH", ""):
        return Answer(304, headers)
    return Answer(200, [kind, *headers], body)
