"""What the palette of a desk finds: pages of its menu, and what each face adds (homes, orders, people, goods)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from linli.faces.shell import menus
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.requests import PageRequest

MOST_WORDS = 40
MOST_OF_A_KIND = 6
LEAST = 2
"""Fewer letters than this find pages only: half the homes have a 1 in their door."""


@dataclass(frozen=True)
class Found:
    """One thing with the page it leads to."""

    label: str
    href: str
    about: str = ""


@dataclass(frozen=True)
class Kind:
    """Things of one kind, under a heading."""

    label: str
    icon: str
    found: tuple[Found, ...]


def words_of(request: PageRequest) -> str:
    """This will give what somebody looks for."""
    return request.query.maybe_text("words", most=MOST_WORDS) or ""


def pages_called(request: PageRequest, words: str) -> Kind:
    """This will find pages of the menu by their names, in the reader's language or in English."""
    wanted = words.casefold()
    found = [
        Found(_(place.label), url(place.name), heading)
        for heading, place in menus.open_places(request)
        if wanted in f"{_(place.label)} {place.label} {heading}".casefold()
    ]
    return Kind(_("Pages"), "corner-down-right", tuple(found[: MOST_OF_A_KIND if words else None]))


def show(request: PageRequest, template: str, words: str, kinds: Iterable[Kind], **values: Any) -> HttpResponse:
    """This will answer with what was found, or with the part of it that the palette asked for."""
    shown = [kind for kind in (pages_called(request, words), *kinds) if kind.found]
    return request.render(template, words=words, kinds=shown, **values)
