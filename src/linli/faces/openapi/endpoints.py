"""Endpoints by decorator: method, address, shapes and role said once; the OpenAPI document is made from them.

    @endpoint("POST", "orders", role=Role.RESIDENT, says="Place an order of several lines in one call.")
    def create_order(request: ApiRequest, body: NewOrder) -> PlacedOrder: ...

Shapes are msgspec Structs and the frozen dataclasses of queries. A handler parses nothing, calls one action or a query,
and returns a shape. The same decorator serves the hot paths: it costs a few dozen microseconds.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from linli.faces.openapi import callers
from linli.faces.openapi.limits import allow
from linli.faces.shell.answers import NoPage, NotThisWay, problem
from linli.faces.shell.clock import now
from linli.kernel.refusals import Invalid, Refusal
from linli.spine.action import reading
from linli.spine.scope import Role, Scope

PREFIX = "api/v1/"
BODY_MOST = 1024 * 1024
KEY_MOST = 128
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_AT = re.compile(r"^(?P<reason>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """Who asks, when, and the raw request for the few that need it."""

    scope: Scope
    at: datetime
    http: HttpRequest


@dataclass(frozen=True)
class Endpoint:
    """One method of one address. `role` None: anybody, `surely`: the session is looked up even with an access token."""

    method: str
    path: str
    says: str
    roles: tuple[Role, ...]
    surely: bool
    status: int
    handler: Callable[..., Any]
    body: type | None
    query: type | None
    answer: Any
    parts: tuple[str, ...]


_endpoints: list[Endpoint] = []


def endpoint(
    method: str, path_: str, *, says: str, role: Role | tuple[Role, ...] = (), surely: bool = False, status: int = 200
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """This will put a handler at `/api/v1/{path}`; parts are written `<uuid:order>`.

    A parameter `body` is decoded from the JSON body, `query` from the query string; both are msgspec Structs.
    """

    def wrap(handler: Callable[..., Any]) -> Callable[..., Any]:
        hints = get_type_hints(handler)
        names = list(inspect.signature(handler).parameters)[1:]
        roles = role if isinstance(role, tuple) else (role,)
        parts = tuple(n for n in names if n not in ("body", "query"))
        made = Endpoint(
            method, path_, says, roles, surely, status, handler,
            hints.get("body"), hints.get("query"), hints.get("return"), parts,
        )  # fmt: skip
        _endpoints.append(made)
        return handler

    return wrap


def endpoints() -> tuple[Endpoint, ...]:
    """This will list every endpoint, for the OpenAPI document and the laws."""
    return tuple(_endpoints)


def addresses() -> list[URLPattern]:
    """This will make Django's URL patterns, one view for each path with its methods."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for made in _endpoints:
        by_path.setdefault(made.path, {})[made.method] = made
    return [path(PREFIX + where, _view(methods), name=_name(where)) for where, methods in by_path.items()]


def _name(where: str) -> str:
    return "api:" + re.sub(r"<\w+:(\w+)>", r"\1", where).strip("/").replace("/", "-")


def _view(methods: dict[str, Endpoint]) -> Callable[..., HttpResponse]:
    def view(http: HttpRequest, **parts: Any) -> HttpResponse:
        made = methods.get(http.method or "GET")
        try:
            if made is None:
                raise NotThisWay
            return answer(made, http, parts)
        except Refusal as refusal:
            response = problem(refusal, instance=http.path)
            if refusal.status == 429:
                response["Retry-After"] = str(refusal.values.get("seconds", 1))
            return response

    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def answer(made: Endpoint, http: HttpRequest, parts: dict[str, Any]) -> HttpResponse:
    """This will find out who asks, whether they may, decode what they send, and encode what they get."""
    at = now()
    scope = callers.scope_of(http, at=at, surely=made.surely)
    if made.roles and scope.role not in made.roles:
        raise callers.SignInNeeded if scope.person is None else NoPage
    allow(str(scope.person or callers.address_of(http)), reads=made.method == "GET")
    request = ApiRequest(scope.keyed(_key(http)) if made.method != "GET" else scope, at, http)
    given = dict(parts)
    if made.body is not None:
        given["body"] = _decoded(http, made.body)
    if made.query is not None:
        given["query"] = _asked(http, made.query)
    if made.method == "GET":
        with reading(scope):
            result = made.handler(request, **given)
    else:
        result = made.handler(request, **given)
    if isinstance(result, HttpResponse):
        return result
    return HttpResponse(
        msgspec.json.encode(result) if result is not None else b"",
        status=made.status if result is not None else 204,
        content_type="application/json",
        headers={"Cache-Control": "private, no-store"},
    )


def _key(http: HttpRequest) -> str | None:
    key = http.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid("Idempotency-Key", "Use 1 to {most} printable characters without spaces.", most=KEY_MOST)
    return key


def _decoded(http: HttpRequest, shape: type) -> Any:
    if int(http.META.get("CONTENT_LENGTH") or 0) > BODY_MOST:
        raise Invalid("body", "The body is larger than {most} bytes.", most=BODY_MOST)
    try:
        return msgspec.json.decode(http.body, type=shape)
    except msgspec.ValidationError as error:
        raise _invalid(error, "body") from error
    except msgspec.DecodeError as error:
        raise Invalid("body", "The body is not valid JSON.") from error


def _asked(http: HttpRequest, shape: type) -> Any:
    try:
        return msgspec.convert(http.GET.dict(), shape, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error, "query") from error


def _invalid(error: msgspec.ValidationError, where: str) -> Invalid:
    found = _AT.match(str(error))
    reason, place = (found["reason"], found["path"] or "") if found else (str(error), "")
    field = re.sub(r"\[(\d+)\]", r".\1", place).strip(".") or where
    return Invalid(field, reason.replace("{", "(").replace("}", ")"))
