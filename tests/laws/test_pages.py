"""The law of addresses: every address is a page that names its role, or one of the few that need none."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver

from linli.config import urls
from linli.faces.shell.pages import house

WITHOUT_A_ROLE = {"healthz", "readyz", "asset", "picture"}
OTHER_FACES = ("api/", "callbacks/")
"""Addresses of programs, whose own tests hold them to their tokens and signatures."""
SAMPLE = "01930000-0000-7000-8000-000000000001"


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, where)
        else:
            yield where, pattern


def test_every_address_is_a_page_or_needs_no_role():
    declared = {page.face.prefix + page.path for page in house.pages()}
    strange = [
        where
        for where, pattern in _addresses(urls.urlpatterns)
        if where not in declared and pattern.name not in WITHOUT_A_ROLE and not where.startswith(OTHER_FACES)
    ]
    assert strange == []


def test_a_page_of_a_face_is_for_that_faces_role_or_says_that_guests_may_come():
    assert {p.address for p in house.pages() if p.role not in (None, p.face.role)} == set()


def test_every_page_of_the_companys_desk_names_what_a_duty_must_allow():
    """The first page shows each duty what waits for it, the palette and the places on foot what it may open; a worker
    of the browser knows nothing of anybody. All are open to all of them."""
    assert _open_to_all("property") == {("GET", ""), ("GET", "find/"), ("GET", "on-foot/"), ("GET", "on-foot/worker/")}


def test_every_page_of_the_platforms_desk_names_what_an_operator_must_be_allowed():
    """An operator of one city may less than others; what each sees on the first page and finds, is theirs to see."""
    assert _open_to_all("platform") == {("GET", ""), ("GET", "find/")}


def _open_to_all(desk: str) -> set[tuple[str, str]]:
    return {(page.method, page.path) for page in house.pages() if page.face.word == desk and page.needs is None}


def test_a_guest_gets_no_further_than_the_sign_in():
    """Asked of every page that names a role; nothing of it may be made, so no database is needed."""
    client = Client(headers={"sec-fetch-site": "same-origin"})
    for page in house.pages():
        if page.role is None:
            continue
        where = page.address
        for part in page.parts:
            open_part = next(w for w in where.split("/") if w.endswith(f"{part}>"))
            where = where.replace(open_part, "1" if open_part.startswith("<int:") else SAMPLE)
        answer = client.get(where) if page.method == "GET" else client.post(where)
        expected = 302 if page.method == "GET" else 404
        assert answer.status_code == expected, f"{page.method} {where}"
