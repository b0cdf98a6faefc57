"""The threshold: a page is reached by one walk along its address, without Django's way in.

Django tries a face's addresses one after the other and sends signals round. What stands in the way of a page is
the same here and there: the doorway, and Django's own answers to what a view raises. Whatever is no page (health,
pictures, assets, an address that leads nowhere) is Django's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.faces.shell import dispatch
from linli.faces.shell.doorway import Doorway
from linli.faces.shell.pages import Page, Registry, house
from linli.faces.shell.routes import Routes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


Way = tuple[Mapping[str, Page], dict[str, Any]]
"""Where an address leads: to its page by method, with the parts of the address."""


Answers = Callable[[HttpRequest], HttpResponseBase]


class Threshold:
    """WSGI before WSGI: answers what the pages of a house answer, and hands everything else on."""

    def __init__(self, inner: WSGIApplication, house: Registry = house) -> None:
        self._inner = inner
        self._house = house
        self._routes = routes_of(house)
        self._go_in = _refusing(Doorway(_refusing(self._shown)))

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        way = self.way(environ["PATH_INFO"])
        if way is None:
            return self._inner(environ, start)
        response = self.answer(WSGIRequest(environ), way)
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        start(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        if response.streaming:
            return cast("Iterable[bytes]", response)  # whoever reads it closes it
        body = cast("HttpResponse", response).content
        response.close()
        return [body]

    def way(self, path: str) -> Way | None:
        """This will tell which page an address leads to; None where that is Django's to say."""
        return self._routes.find(path[1:]) if path.isascii() else None

    def answer(self, http: HttpRequest, way: Way) -> HttpResponseBase:
        """This will answer a request to a page; closing the response closes the request."""
        http.way = way  # type: ignore[attr-defined]
        http.endpoint = next(iter(way[0].values())).called  # type: ignore[attr-defined]  # what the log calls it
        response = self._go_in(http)
        response._resource_closers.append(http.close)  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's handler does
        return response

    def _shown(self, http: HttpRequest) -> HttpResponseBase:
        methods, parts = http.way  # type: ignore[attr-defined]
        return dispatch.answer(self._house.called, methods, http, parts)


def _refusing(answer: Answers) -> Answers:
    """Django's own words for what is raised: 404, 400, 403, or a defect with its number."""
    return cast("Answers", convert_exception_to_response(answer))


def routes_of(house: Registry) -> Routes[Mapping[str, Page]]:
    """This will make the ways to all pages of a house: each leads to its page by method."""
    by_address: dict[str, dict[str, Page]] = {}
    for page in house.pages():
        by_address.setdefault(page.address, {})[page.method] = page
    routes: Routes[Mapping[str, Page]] = Routes()
    for address, methods in by_address.items():
        routes.add(address[1:], methods)
    return routes
