"""Pages by decorator: address, method and role said once, above the handler; every address names its role.

    @page("owner", "POST", "checkouts/<uuid:checkout>/placement/")
    def create(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse: ...

The registry makes Django's URL patterns, and the laws read it (`house.pages()`).
"""

from __future__ import annotations

import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

from linli.faces.shell import dispatch
from linli.faces.shell.answers import see_other
from linli.faces.shell.faces import FACES, Face, Page
from linli.faces.shell.requests import PageRequest
from linli.spine.may import May

__all__ = ["FACES", "Face", "Page", "Registry", "house", "page", "see_other"]

P = ParamSpec("P")
Q = TypeVar("Q", bound=PageRequest)
Handler = Callable[Concatenate[Q, P], HttpResponseBase]


class PageMistaken(TypeError):
    """A defect in how a page was declared; found when the program starts."""


class Registry:
    """The pages of a house. There is one, `house`; tests build small ones of their own."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str, str], Page] = {}

    def page(
        self,
        face: str,
        method: str,
        path: str,
        *,
        name: str | None = None,
        public: bool = False,
        asks: str | None = None,
        shared_s: int = 0,
        neighbours_s: int = 0,
        needs: May | None = None,
    ) -> Callable[[Handler[Q, P]], Handler[Q, P]]:
        """This will put a handler at an address of a face, for that face's role only.

        `name` is how `url()` and `see_other()` call it (`owner:payment`); by default the last fixed word of the path.
        `public` lets guests in. `asks` names the GET page whose form this POST comes from, when it has another address:
        a refused field is shown there. `shared_s` lets an answer that is the same for everybody be kept and given to
        others for that many seconds; its handler gets a guest's scope, whoever asks, so nothing personal can be in it.
        `neighbours_s` lets it be given to all who wear the same hat in the same communities (guests too): its handler
        gets the scope of a neighbour without a person. `needs` closes the page to hats of the role that may not do
        this: a guard finds no page of the company's earnings.
        """

        def wrap(handler: Handler[Q, P]) -> Handler[Q, P]:
            home = FACES[face]
            role = None if public or shared_s or neighbours_s else home.role
            made = Page(home, method, path, name or _name_of(path), role, handler, asks, shared_s, neighbours_s, needs)
            self._check(made)
            self._pages[(face, path, method)] = made
            return handler

        return wrap

    def pages(self) -> tuple[Page, ...]:
        """This will list every page, for the laws and the doctor."""
        return tuple(self._pages[key] for key in sorted(self._pages))

    def called(self, name: str) -> Page | None:
        """This will find the GET page of a name such as `owner:payment`."""
        face, _, word = name.partition(":")
        return next((p for p in self._pages.values() if (p.face.word, p.name, p.method) == (face, word, "GET")), None)

    def addresses(self) -> list[URLPattern | URLResolver]:
        """This will make the URL patterns of all pages, one namespace a face."""
        by_face: dict[str, dict[str, dict[str, Page]]] = defaultdict(lambda: defaultdict(dict))
        for made in self.pages():
            by_face[made.face.word][made.path][made.method] = made
        return [
            path(FACES[word].prefix, include((self._patterns(by_path), word), namespace=word))
            for word, by_path in by_face.items()
        ]

    def _patterns(self, by_path: Mapping[str, Mapping[str, Page]]) -> list[URLPattern]:
        named: dict[str, str] = {}
        patterns = []
        for where, methods in by_path.items():
            (name,) = {p.name for p in methods.values()}
            if named.setdefault(name, where) != where:
                raise PageMistaken(
                    f"two addresses are called {name!r}, {named[name]!r} and {where!r}: name one of them"
                )
            patterns.append(path(where, self._view(methods), name=name))
        return patterns

    def _view(self, methods: Mapping[str, Page]) -> Callable[..., HttpResponseBase]:
        def view(http: HttpRequest, **parts: Any) -> HttpResponseBase:
            return dispatch.answer(self.called, methods, http, parts)

        return view

    def _check(self, made: Page) -> None:
        where = f"{made.face.word} {made.method} {made.path!r}"
        if (made.face.word, made.path, made.method) in self._pages:
            raise PageMistaken(f"{where} is declared twice")
        if made.method not in ("GET", "POST"):
            raise PageMistaken(
                f"{where}: pages read with GET and change with POST; to cancel is to POST a cancellation"
            )
        if made.path.startswith("/") or (made.path and not made.path.endswith("/")):
            raise PageMistaken(f"{where}: a path has no slash before it and one after it")
        if (made.shared_s or made.neighbours_s) and made.method != "GET":
            raise PageMistaken(f"{where}: only what is read can be shared")
        takes = [p.name for p in list(inspect.signature(made.handler).parameters.values())[1:]]
        if takes != made.parts:
            raise PageMistaken(f"{where}: the handler takes {takes}, the path gives {made.parts}")


house = Registry()
page = house.page


def addresses() -> list[URLPattern | URLResolver]:
    """This will import every face, so that its pages register, and make the house's URL patterns."""
    faces = import_module("linli.faces")
    for found in pkgutil.walk_packages(faces.__path__, "linli.faces."):
        if not found.name.startswith("linli.faces.openapi"):
            import_module(found.name)
    return house.addresses()


def _name_of(where: str) -> str:
    fixed = [p for p in where.strip("/").split("/") if p and not p.startswith("<")]
    return fixed[-1] if fixed else "home"
