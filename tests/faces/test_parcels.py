"""Parcels from end to end: a batch is taken in on the phone, the resident finds the code, and fetches with it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT
from builders.billing import a_desk
from builders.pictures import a_picture
from harness.budget import budget
from linli.ground.policies import actions as policies
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("3-2-501")


@pytest.fixture
def point(visitor, desk, home):
    return visitor(desk.scope)


@pytest.fixture
def resident(visitor, home):
    return visitor(home.scope)


def text(response) -> str:
    return response.content.decode()


def taken_in(point, desk, lines="SF10001 3-2-501"):
    form = {"community": str(desk.community.id), "carrier": "sf", "shelf": "A1", "lines": lines}
    return point.post("/p/parcels/new/", form)


def where_is(point) -> str:
    return re.search(r'href="(/p/parcels/[\w-]{36}/)"', text(point.get("/p/parcels/")))[1]


def test_a_parcel_is_taken_in_found_by_its_resident_and_fetched_with_the_code(point, resident, desk):
    assert taken_in(point, desk).status_code == 303
    assert "1 waiting" in text(resident.get("/o/property/"))
    code = re.search(r'parcel-code">(\d{6})<', text(resident.get("/o/parcels/")))[1]
    where = where_is(point)
    assert code not in text(point.get(where))
    wrong = "000000" if code != "000000" else "000001"
    answer = point.post(where + "handover/", {"code": wrong})
    assert "This is not the code of this parcel." in text(answer)
    assert point.post(where + "handover/", {"code": code}).status_code == 303
    assert "fetched" in text(point.get(where))
    assert "No parcel waits" in text(resident.get("/o/parcels/"))
    assert "SF10001" in point.get("/p/parcels/file/?form=csv").content.decode("utf-8-sig")


def test_lines_that_cannot_be_placed_are_shown_again_and_the_others_are_in(point, desk):
    answer = taken_in(point, desk, "SF10001 3-2-501\nSF10002 9-9-999")
    assert answer.status_code == 422
    assert "1 parcel is taken in." in text(answer)
    assert ">SF10002 9-9-999</textarea>" in text(answer)
    unread = taken_in(point, desk, "nothing")
    assert unread.status_code == 422
    assert 'id="lines-wrong"' in text(unread)


def test_somebody_of_the_household_fetches_with_their_papers_and_the_desk_may_give_back(point, desk):
    taken_in(point, desk, "SF10001 3-2-501")
    where = where_is(point)
    assert point.post(where + "identity/", {"taker": ""}).status_code == 422
    assert point.post(where + "identity/", {"taker": "王父"}).status_code == 303
    assert "王父" in text(point.get(where))
    assert point.post(where + "return/").status_code == 409


def test_the_resident_sees_how_their_parcel_came_and_a_neighbour_does_not(visitor, point, resident, desk):
    taken_in(point, desk)
    parcel = where_is(point).split("/")[3]
    picture = SimpleUploadedFile("dented.jpg", a_picture(), content_type="image/jpeg")
    paper = SimpleUploadedFile("list.pdf", b"%PDF-1.4", content_type="application/pdf")
    for file in (picture, paper):
        assert point.post(f"/p/attachments/parcels/{parcel}/", {"files": file}).status_code == 303
    (link,) = set(re.findall(r'<img src="(/files/[^"]+)"', text(resident.get("/o/parcels/"))))
    assert resident.get(link)["Content-Type"] == "image/jpeg"
    neighbour = visitor(desk.a_home("3-2-502").scope)
    assert "<img" not in text(neighbour.get("/o/parcels/")).partition("<main")[2]


def test_every_page_opens_in_both_languages_within_its_budget(visitor, point, desk, home):
    taken_in(point, desk)
    staffs = {"/p/parcels/": 6, "/p/parcels/?words=3-2-501": 7, "/p/parcels/new/": 1, where_is(point): 11}
    for locale in ("zh-CN", "en"):
        for scope, pages in ((home.scope, {"/o/parcels/": 7}), (desk.scope, staffs)):
            client = visitor(scope, locale=locale)
            for page, statements in pages.items():
                assert client.get(page).status_code == 200, page
                with budget(statements):
                    client.get(page)


def test_strangers_find_nothing_and_a_closed_counter_is_not_there(visitor, point, resident, desk):
    taken_in(point, desk)
    assert visitor(a_desk().scope).get(where_is(point)).status_code == 404
    values = {"is_offered": False}
    place = desk.community.id
    policies.set_policy(SYSTEM, word="parcels", level="community", place=place, values=values, start_at=AT, at=AT)
    assert resident.get("/o/parcels/").status_code == 404
    assert "/o/parcels/" not in text(resident.get("/o/property/"))
