"""Places at the desk: a sheet is looked at, then taken in whole or not at all."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import a_community, a_person
from harness.budget import budget
from linli.ground.places import queries
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
HEAD = "city,district,community,lat,lon,building,unit,home,area_m2\n"
GOOD = "江城,滨江区,新园,30.25,120.16,1,1,101,89.37\n"
BAD = "江城,滨江区,新园,95,120.16,1,1,102,many\n"


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


def a_file(*rows: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("places.csv", (HEAD + "".join(rows)).encode())}


def text(response) -> str:
    return response.content.decode()


def test_the_page_keeps_its_budget_in_both_languages(visitor, operator):
    a_community("东园")
    for locale in ("zh-CN", "en"):
        with budget(5):
            assert "东园" in text(visitor(operator, locale=locale).get("/platform/places/"))


def test_a_sheet_is_looked_at_and_taken_in(desk):
    page = text(desk.post("/platform/places/preview/", a_file(GOOD), follow=True))
    assert "1 rows: 1 communities, 1 buildings, 1 homes." in page
    assert queries.communities() == ()
    looked_at = page.split('name="preview" value="')[1].split('"')[0]
    assert desk.post("/platform/places/", {"preview": looked_at}).status_code == 303
    (community,) = queries.communities()
    assert queries.homes_counted([community.id]) == {community.id: 1}


def test_wrong_cells_are_shown_and_nothing_is_taken_in(desk):
    page = text(desk.post("/platform/places/preview/", a_file(GOOD, BAD), follow=True))
    assert "2 cells have to be corrected." in page
    assert ">lat<" in page
    refused = desk.post("/platform/places/", a_file(GOOD, BAD))
    assert refused.status_code == 422
    assert 'id="file-wrong"' in text(refused)
    assert queries.communities() == ()


def test_strangers_add_no_places(visitor):
    for role in (Role.PROPERTY, Role.MERCHANT, Role.RESIDENT):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get("/platform/places/").status_code == 404
        assert client.post("/platform/places/", a_file(GOOD)).status_code == 404
    assert queries.communities() == ()
