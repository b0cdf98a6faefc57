"""How a call is answered: who asks, whether they may, what they sent, and every refusal as a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

_encode = msgspec.json.Encoder(decimal_format="string", order=None).encode


def view(methods: Mapping[str, Endpoint]) -> Callable[..., HttpResponse]:
    """This will make the view of one address."""

    def answer_call(http: HttpRequest, **parts: Any) -> HttpResponse:
        made = methods.get("GET" if http.method == "HEAD" else http.method or "GET")
        try:
            if made is None:
                raise NotThisWay
            return answer(made, http, parts)
        except Refusal as refusal:
            response = refused(refusal, http)
            if made is None:
                response["Allow"] = ", ".join(sorted({*methods, *(("HEAD",) if "GET" in methods else ())}))
            return response

    return answer_call


def refused(refusal: Refusal, http: HttpRequest) -> HttpResponse:
    """This will say no as a problem, with the headers that tell a program what to do about it."""
    response = problem(refusal, instance=http.path)
    response["Cache-Control"] = "no-store"
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if refusal.status == 429:
        response["Retry-After"] = str(refusal.values.get("seconds", 60))
    if isinstance(refusal, Busy | action.StillRunning):
        response["Retry-After"] = "1"
    return response


def nothing_here(http: HttpRequest, **_rest: str) -> HttpResponse:
    """This will answer every address that no endpoint has."""
    return refused(NoPage(), http)


def answer(made: Endpoint, http: HttpRequest, parts: dict[str, Any]) -> HttpResponse:
    """This will find out who asks, whether they may, decode what they send, and encode what they get."""
    at, reads = now(), made.method == "GET"
    caller = _caller(made, http, at=at, reads=reads)
    scope = caller.scope
    if made.roles and scope.role not in made.roles:
        raise callers.SignInNeeded if scope.person is None else NoPage
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


def _said(made: Endpoint, result: Any) -> HttpResponse:
    if result is None:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return HttpResponse(
        _encode(result), status=made.status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _shown(made: Endpoint, http: HttpRequest, result: Any) -> HttpResponse:
    """What is read has a tag; who has it already is told so. Shared answers get theirs where they are kept."""
    if isinstance(result, HttpResponse):
        response, body = result, result.content
    else:
        body = _encode(result)
        response = HttpResponse(body, content_type="application/json")
    if made.shared_s:
        response["Linli-Shared"] = str(made.shared_s)
        response["Cache-Control"] = f"public, max-age={made.shared_s}"
        return response
    tag = f'"{blake2b(body, digest_size=9).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if tag in http.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    for name, value in headers.items():
        response[name] = value
    return response
