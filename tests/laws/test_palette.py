"""The law of the palette: it finds every page of a merchant's and of the platform's desk that stands by itself."""

from __future__ import annotations

from importlib import import_module

import pytest

from linli.faces.shell.menus import Group
from linli.faces.shell.pages import addresses, house

ELSEWHERE = {
    "merchant:find": "it is where the palette looks",
    "platform:find": "it is where the palette looks",
    "platform:account": "one account, reached from its kind; the address names which",
    "platform:new-zone": "what is around a hub that the page of zones asks for",
}
FILES = ("-file", "-sheet")
PAGES_ALL_THE_SAME = {"merchant:goods-sheet"}
"""It takes a sheet in, and gives none."""


@pytest.mark.parametrize("face", ["merchant", "platform"])
def test_the_palette_knows_every_page_that_stands_by_itself(face):
    addresses()
    menu = import_module(f"linli.faces.{face}.menu")
    groups = [each if isinstance(each, Group) else Group("", "", (each,)) for each in (*menu.MENU, *menu.BENEATH)]
    places = {place.name: place for group in groups for place in group.places}
    pages = [page for page in house.pages() if page.face.word == face and page.method == "GET" and not page.parts]
    named = {f"{face}:{page.name}": page for page in pages}
    lists = {name for name in named if not name.endswith(FILES) or name in PAGES_ALL_THE_SAME}
    assert lists - set(places) == {name for name in ELSEWHERE if name.startswith(f"{face}:")}
    assert set(places) <= set(named)
    assert all(place.needs is named[name].needs for name, place in places.items())
