"""The law of menus: behind whichever page of a desk somebody stands, its menu marks the place that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import pytest
from django.http import HttpRequest

from linli.faces.shell import menus
from linli.faces.shell.faces import FACES, Page
from linli.faces.shell.pages import addresses, house
from linli.faces.shell.requests import PageRequest
from linli.spine.may import PERMITS, PERMITS_OF_A_CITY, PERMITS_OF_DUTY, May
from linli.spine.scope import Role, Scope

DESKS = ("merchant", "property", "platform")
NO_PLACE = {
    "merchant:find": "what the palette shows",
    "property:find": "what the palette shows",
    "platform:find": "what the palette shows",
    "property:on-foot": "the first page on foot, which has a bar of its own",
    "property:on-foot-worker": "a script",
}


@dataclass(frozen=True)
class Hat:
    """What one who works at a desk may do there."""

    may_do: frozenset[May]

    def may(self, what: May) -> bool:
        return what in self.may_do


HATS: dict[str, list[Hat]] = {
    "merchant": [Hat(PERMITS[Role.MERCHANT])],
    "property": [Hat(permits) for permits in PERMITS_OF_DUTY.values()],
    "platform": [Hat(PERMITS[Role.PLATFORM]), Hat(PERMITS_OF_A_CITY)],
}


def asked_by(desk: str, hat: Hat) -> PageRequest:
    return FACES[desk].request(http=HttpRequest(), scope=cast(Scope, hat), at=datetime(2026, 3, 2, tzinfo=UTC))


def pages_of(desk: str) -> list[Page]:
    addresses()
    return [
        page
        for page in house.pages()
        if page.face.word == desk and page.method == "GET" and not page.name.endswith("-file")
    ]


@pytest.mark.parametrize("desk", DESKS)
def test_every_page_of_a_desk_marks_a_place_for_whoever_may_open_it(desk):
    strange = {
        page.called
        for hat in HATS[desk]
        for page in pages_of(desk)
        if (page.needs is None or hat.may(page.needs)) and not menus.here(asked_by(desk, hat), page.address)
    }
    assert strange == {name for name in NO_PLACE if name.startswith(f"{desk}:")}


@pytest.mark.parametrize("desk", DESKS)
def test_a_page_of_the_menu_marks_itself(desk):
    request = asked_by(desk, HATS[desk][0])
    at = {page.called: page.address for page in pages_of(desk)}
    places = [place for item in menus.menu_of(request) for place in menus.places_in(item)]
    assert [menus.here(request, at[place.name]) for place in places] == [place.name for place in places]


@pytest.mark.parametrize("desk", DESKS)
def test_a_place_holds_nothing_but_addresses_of_pages(desk):
    request = asked_by(desk, HATS[desk][0])
    held = [start for item in menus.menu_of(request) for place in menus.places_in(item) for start in place.holds]
    known = [page.address for page in pages_of(desk)]
    assert [start for start in held if not any(address.startswith(start) for address in known)] == []


@pytest.mark.parametrize(
    ("desk", "path", "place"),
    [
        ("merchant", "/m/proposals/1/", "merchant:goods"),
        ("merchant", "/m/carry/", "merchant:goods"),
        ("property", "/p/assets/tasks/1/", "property:asset-tasks"),
        ("property", "/p/accounts/1/", "property:cashier"),
        ("platform", "/platform/journals/7/", "platform:trial-balance"),
        ("platform", "/platform/cash/", "platform:differences"),
    ],
)
def test_a_page_beneath_another_marks_its_parent(desk, path, place):
    assert menus.here(asked_by(desk, HATS[desk][0]), path) == place
