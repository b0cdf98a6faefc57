"""The gallery: every component with its examples, for those who build faces and those who look after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from markupsafe import Markup

from linli.faces.shell import maps, templates, voice
from linli.faces.shell.answers import NoPage
from linli.faces.shell.components import Component, Example, components
from linli.faces.shell.forms import Fields
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PageRequest, PublicRequest
from linli.faces.shell.shapes import Moment
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid


@dataclass(frozen=True)
class Shown:
    """A component and its examples, made."""

    component: Component
    examples: tuple[tuple[Example, Markup], ...]


@page("public", "GET", "gallery/")
def show(request: PublicRequest) -> HttpResponse:
    """This will show all components; only in a demo, or where LINLI_GALLERY asks for it."""
    if not (settings.SHOW_GALLERY or settings.DEMO):
        raise NoPage
    shown = [Shown(c, tuple((e, example(request, e.body)) for e in c.examples)) for c in components()]
    return request.render("shell/gallery.jinja", shown=shown)


def example(request: PageRequest, body: str) -> Markup:
    """This will make one example; it speaks both languages with `t(english, chinese)`."""
    made = templates.environment().from_string(body).render(sample_values(request))
    return Markup(made)  # noqa: S704 - our own examples, made by an escaping environment


def sample_values(request: PageRequest) -> dict[str, Any]:
    """This will give what examples may use besides the components."""

    def minutes(n: int) -> datetime:
        return request.at + timedelta(minutes=n)

    refused = replace(request, refusal=Invalid("quantity", "Please write at most {high}.", high=99))
    refused.form = Fields(QueryDict("quantity=120"))
    return {
        "request": request,
        "refused_request": refused,
        "t": _both(request),
        "at": request.at,
        "minutes": minutes,
        "Money": Money,
        "a_plan": maps.plan(_spots()),
        "Moment": Moment,
    }


def _spots() -> list[maps.Spot]:
    where = [(31.3000, 120.6000), (31.3004, 120.6010), (31.3011, 120.6004), (31.3008, 120.6021)]
    kinds: list[maps.Kind] = ["shop", "building", "building", "home"]
    return [
        maps.Spot(kind=kind, lat=lat, lon=lon, mark=str(n), name=str(n))
        for n, (kind, (lat, lon)) in enumerate(zip(kinds, where, strict=True), start=1)
    ]


def _both(request: PageRequest) -> Callable[[str, str], str]:
    return lambda english, chinese: english if request.locale == voice.ENGLISH else chinese
