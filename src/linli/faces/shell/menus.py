"""The menus of the desks, said once: what stands at the side of every page, and what the palette finds.

A place names the permission that its page needs, so that nobody is shown what they may not open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.faces.shell.messages import gettext as _
from linli.spine.may import May

if TYPE_CHECKING:
    from linli.faces.shell.requests import PageRequest


@dataclass(frozen=True)
class Place:
    """A page of a menu; `label` is a text of the catalogs."""

    name: str
    label: str
    icon: str = ""
    needs: May | None = None

    def is_open_to(self, request: PageRequest) -> bool:
        """Whether the hat that is worn may open it."""
        return self.needs is None or request.scope.may(self.needs)


@dataclass(frozen=True)
class Group:
    """Places under one heading, folded until one of them is open."""

    label: str
    icon: str
    places: tuple[Place, ...]


Menu = tuple[Place | Group, ...]
_menus: dict[type[PageRequest], Menu] = {}


def register(requests: type[PageRequest], menu: Menu) -> None:
    """This will make a menu known as that of the face whose requests these are; called once, where it is written."""
    _menus[requests] = menu


def menu_of(request: PageRequest) -> Menu:
    """This will give the menu of the face that a request came to."""
    return _menus.get(type(request), ())


def rows_of(group: Group) -> list[tuple[str, str, May | None]]:
    """This will give a group's places in the reader's words, with what each needs."""
    return [(place.name, _(place.label), place.needs) for place in group.places]


def open_places(request: PageRequest) -> Iterator[tuple[str, Place]]:
    """This will give every place that the reader may open, with the heading it stands under."""
    for item in menu_of(request):
        heading, places = ("", (item,)) if isinstance(item, Place) else (_(item.label), item.places)
        yield from ((heading, place) for place in places if place.is_open_to(request))
