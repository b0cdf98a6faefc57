"""The menus of the desks, said once: what stands at the side of every page, and what the palette finds.

A place names the permission that its page needs, so that nobody is shown what they may not open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Protocol

from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.spine.may import May
from linli.spine.scope import Scope


class Asked(Protocol):
    """What a menu has to know of a request: its face by its type, and the hat that is worn."""

    scope: Scope


@dataclass(frozen=True)
class Place:
    """A page of a menu; `label` is a text of the catalogs."""

    name: str
    label: str
    icon: str = ""
    needs: May | None = None
    counts: Callable[[Any], int] | None = None
    """What waits there for the reader; it asks the database nothing, as every page shows it."""
    holds: tuple[str, ...] = ()
    """How the addresses of pages begin that stand behind this one although theirs do not begin with its own."""

    def is_open_to(self, request: Asked) -> bool:
        """Whether the hat that is worn may open it."""
        return self.needs is None or request.scope.may(self.needs)


@dataclass(frozen=True)
class Group:
    """Places under one heading, folded until one of them is open."""

    label: str
    icon: str
    places: tuple[Place, ...]


Menu = tuple[Place | Group, ...]
_menus: dict[type[Asked], Menu] = {}
_beneath: dict[type[Asked], tuple[Group, ...]] = {}


def register(requests: type[Asked], menu: Menu, *, beneath: tuple[Group, ...] = ()) -> None:
    """This will make a menu known as that of the face whose requests these are; called once, where it is written.

    `beneath` are pages that stand behind others: they take no place at the side, and the palette finds them.
    """
    _menus[requests], _beneath[requests] = menu, beneath


def menu_of(request: Asked) -> Menu:
    """This will give the menu of the face that a request came to."""
    return _menus.get(type(request), ())


def rows_of(group: Group) -> list[tuple[str, str, May | None]]:
    """This will give a group's places in the reader's words, with what each needs."""
    return [(place.name, _(place.label), place.needs) for place in group.places]


def places_in(item: Place | Group) -> tuple[Place, ...]:
    """This will give the places of a heading, or the one place that stands by itself."""
    return item.places if isinstance(item, Group) else (item,)


def here(request: Asked, path: str) -> str:
    """This will name the place of the menu behind which a page stands: the one that knows most of its address.

    "" where the hat that is worn may open none of those behind which it stands.
    """
    known = (
        (len(start), place.name)
        for item in menu_of(request)
        for place in places_in(item)
        if place.is_open_to(request)
        for start in addresses_of(place)
        if path == start or (path.startswith(start) and not place.name.endswith(":home"))
    )
    return max(known, key=itemgetter(0), default=(0, ""))[1]


@cache
def addresses_of(place: Place) -> tuple[str, ...]:
    """This will give how the addresses begin that stand behind a place, its own first."""
    return url(place.name), *place.holds


def open_places(request: Asked) -> Iterator[tuple[str, Place]]:
    """This will give every place that the reader may open, with the heading it stands under."""
    for item in (*menu_of(request), *_beneath.get(type(request), ())):
        heading, places = ("", (item,)) if isinstance(item, Place) else (_(item.label), item.places)
        yield from ((heading, place) for place in places if place.is_open_to(request))
