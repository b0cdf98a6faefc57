"""Endpoints by decorator: method, address, shapes and role said once; the OpenAPI document is made from them.

    @endpoint("POST", "orders", role=Role.RESIDENT, summary="Place an order of several lines in one call.")
    def create_order(request: ApiRequest, body: NewOrder) -> PlacedOrder: ...

Shapes are msgspec Structs and the frozen dataclasses of queries. A handler parses nothing, calls one action or a query,
and returns a shape. The same decorator serves the hot paths: it costs a few dozen microseconds.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from typing import Any, TypeVar, get_type_hints

from django.http import HttpRequest

from linli.faces.openapi.shapes import Body, Query
from linli.kernel.ids import PartyId, SessionId, ShopId
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.spine.scope import Role, Scope

PREFIX = "api/v1/"
_PART = re.compile(r"<\w+:(\w+)>")
STAFF = frozenset({Role.MERCHANT, Role.PROPERTY, Role.COURIER, Role.PLATFORM})
SIGNED_IN = (Role.RESIDENT, Role.MERCHANT, Role.PROPERTY, Role.COURIER, Role.PLATFORM)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """Who asks, in which session, when; and the raw request for the few that need it.

    `scope` carries the idempotency key of a change.
    """

    scope: Scope
    at: datetime
    http: HttpRequest
    session: SessionId | None = None
    check_due: bool = False

    @property
    def unkeyed(self) -> Scope:
        """The scope without the key, for what calls several actions and is safe to repeat by itself."""
        return replace(self.scope, once=None)

    @property
    def person(self) -> PartyId:
        """Who asks, where somebody must."""
        return _present(self.scope.person, "person")

    @property
    def shop(self) -> ShopId:
        """The shop of a merchant."""
        return _present(self.scope.shop, "shop")


def _present(value: T | None, thing: str) -> T:
    if value is None:
        raise NotFound(thing)
    return value


@dataclass(frozen=True)
class Endpoint:
    """One method of one address. No `roles`: anybody. `surely`: the session is asked even with an access token.

    `needs`: what the role must carry, where the handler calls no action that asks for it.

    `asked_inside`: it is asked by the transaction of the handler's one action or query, ahead of everything else.
    `shared_s`: an answer without anything personal that may be kept and given to everybody for so many seconds.
    """

    method: str
    path: str
    summary: str
    roles: tuple[Role, ...]
    needs: May | None
    surely: bool
    asked_inside: bool
    status: int
    shared_s: int
    handler: Callable[..., Any]
    body: type[Body] | None
    query: type[Query] | None
    answer: Any

    @property
    def parts(self) -> list[str]:
        return _PART.findall(self.path)

    @property
    def address(self) -> str:
        return "/" + PREFIX + self.path

    @property
    def name(self) -> str:
        """How the log calls the address."""
        return "api:" + _PART.sub(r"\1", self.path).strip("/").replace("/", "-")


class EndpointMistaken(TypeError):
    """A defect in how an endpoint was declared; found when the program starts."""


_endpoints: dict[tuple[str, str], Endpoint] = {}


def endpoint(
    method: str,
    path_: str,
    *,
    summary: str,
    role: Role | tuple[Role, ...] | None = None,
    needs: May | None = None,
    surely: bool | None = None,
    asked_inside: bool = False,
    status: int = 200,
    shared_s: int = 0,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """This will put a handler at `/api/v1/{path}`; parts are written `<uuid:order>`.

    A parameter `body` is decoded from the JSON body, `query` from the query string. Staff and every change ask the
    session itself, unless `surely` says otherwise; `asked_inside` is for handlers that only call one action or query
    with the request's scope, and saves them a trip to the database.
    """

    def wrap(handler: Callable[..., Any]) -> Callable[..., Any]:
        hints = get_type_hints(handler)
        roles = () if role is None else role if isinstance(role, tuple) else (role,)
        sure = method != "GET" or bool(STAFF & set(roles)) if surely is None else surely
        made = Endpoint(
            method, path_, summary, roles, needs, sure and bool(roles), asked_inside, status, shared_s,
            handler, hints.get("body"), hints.get("query"), hints.get("return"),
        )  # fmt: skip
        _check(made)
        _endpoints[(path_, method)] = made
        return handler

    return wrap


def _check(made: Endpoint) -> None:
    where = f"{made.method} {made.path}"
    if (made.path, made.method) in _endpoints:
        raise EndpointMistaken(f"{where} is declared twice")
    if any(made.handler.__name__ == other.handler.__name__ for other in _endpoints.values()):
        raise EndpointMistaken(f"{where}: another handler is called {made.handler.__name__}; it is the operation's id")
    for shape, base in ((made.body, Body), (made.query, Query)):
        if shape is not None and not issubclass(shape, base):
            raise EndpointMistaken(f"{where}: {shape.__name__} has to be a {base.__name__}, which knows its fields")
    if made.shared_s and (made.roles or made.method != "GET"):
        raise EndpointMistaken(f"{where}: only what anybody may read can be shared")
    takes = list(inspect.signature(made.handler).parameters)[1:]
    given = [*made.parts, *(n for n in ("body", "query") if n in takes)]
    if sorted(takes) != sorted(given):
        raise EndpointMistaken(f"{where}: the handler takes {takes}, the address gives {given}")


def endpoints() -> tuple[Endpoint, ...]:
    """This will import the resources and list every endpoint, for the document and the laws."""
    resources = import_module("linli.faces.openapi.resources")
    for found in pkgutil.iter_modules(resources.__path__, resources.__name__ + "."):
        import_module(found.name)
    return tuple(_endpoints[key] for key in sorted(_endpoints))
