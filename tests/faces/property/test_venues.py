"""Venues as their people meet them: the desk adds one, a resident books it, somebody checks them in."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from builders import AT, a_person
from builders.billing import a_desk
from builders.pictures import a_picture
from builders.venues import TOMORROW_AT_NINE, a_venue
from harness.budget import statements_of_pages
from linli.estate.venues import actions, queries
from linli.estate.venues.rules import BookingState
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
A_COURT = {
    "name_zh": "乒乓球室", "name_en": "Table tennis", "capacity": "4",
    "price": "10.00", "opens": "09:00", "closes": "21:00", "slot_min": "60",
    "weekdays": ["0", "1", "2", "3", "4"], "text_zh": "自带球拍",
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch):
    def at(moment):
        monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: moment)
        monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: moment)

    at(AT)
    return at


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("1-1-101")


def text(answer) -> str:
    return answer.content.decode()


def test_a_court_is_opened_booked_checked_in_and_cancelled(visitor, clock, desk, home):
    office = visitor(replace(desk.scope, person=a_person(), duty=Duty.STEWARD))
    owner = visitor(home.scope)
    wrong = office.post("/p/venues/new/", A_COURT | {"community": desk.community.id, "weekdays": []})
    assert wrong.status_code == 422
    where = office.post("/p/venues/new/", A_COURT | {"community": desk.community.id})["Location"]
    (venue,) = queries.venues(desk.scope)
    assert "Table tennis" in text(owner.get("/o/venues/"))
    assert "乒乓球室" in text(visitor(home.scope, locale="zh-CN").get("/o/venues/"))
    assert "自带球拍" in text(owner.get(f"/o/venues/{venue.venue}/"))  # its rules stand in one language only
    page = text(owner.get(f"/o/venues/{venue.venue}/?day=2026-03-03"))
    assert 'value="2026-03-03T09:00"' in page
    asked = {"home": home.id, "start_at": "2026-03-03T09:00", "persons": "2"}
    booked = owner.post(f"/o/venues/{venue.venue}/", asked)
    assert booked.status_code == 303
    taken = owner.post(f"/o/venues/{venue.venue}/?day=2026-03-03", asked)
    assert taken.status_code == 409
    assert "taken" in text(taken)
    assert "1-1-101" in text(office.get(where))
    code = queries.bookings(home.scope)[0].code
    assert code in text(owner.get(booked["Location"]))
    clock(TOMORROW_AT_NINE)
    assert office.post("/p/venues/code/", {"code": code}).status_code == 303
    assert queries.bookings(home.scope)[0].state is BookingState.CHECKED_IN
    later = owner.post(f"/o/venues/{venue.venue}/", asked | {"start_at": "2026-03-04T09:00"})["Location"]
    assert owner.post(f"{later}cancellation/").status_code == 303
    assert queries.bookings(home.scope)[0].state is BookingState.CANCELLED


def test_residents_see_the_venues_picture_drawn_anew_and_its_last_one_is_gone(visitor, clock, desk, home):
    office, owner, venue = visitor(desk.scope), visitor(home.scope), a_venue(desk)
    where = f"/p/venues/{venue}/picture/"

    def shown():
        on_page = re.findall(r'src="(/pictures/[^"]+)"', text(owner.get(f"/o/venues/{venue}/")))
        assert on_page == re.findall(r'src="(/pictures/[^"]+)"', text(owner.get("/o/venues/")))
        return on_page

    assert shown() == []
    wrong = office.post(where, {"picture": SimpleUploadedFile("x.pdf", b"%PDF-1.4")})
    assert (wrong.status_code, shown()) == (415, [])
    for nth in range(2):
        large = SimpleUploadedFile("court.jpg", a_picture(size=(3000, 1500)), content_type="image/jpeg")
        assert office.post(where, {"picture": large}).status_code == 303
        (picture,) = shown()
        if nth == 0:
            first = picture
    drawn = Image.open(io.BytesIO(owner.get(picture).content))
    assert drawn.size == (480, 240)
    assert (first != picture, owner.get(first).status_code) == (True, 404)
    assert visitor(a_desk().scope).post(where, {"picture": large}).status_code == 404
    assert office.post(f"{where}removal/").status_code == 303
    assert (shown(), owner.get(picture).status_code) == ([], 404)


def test_every_page_opens_in_both_languages_within_its_budget(visitor, clock, desk, home):
    venue = a_venue(desk)
    booking = actions.book(home.scope, venue=venue, start_at=TOMORROW_AT_NINE, home=home.id, at=AT)
    of_desk = {
        "/p/venues/": 5,
        "/p/venues/file/?form=csv": 4,
        "/p/venues/new/": 1,
        f"/p/venues/{venue}/?day=2026-03-03": 9,
        f"/p/venues/bookings/{booking}/": 7,
    }
    of_owner = {
        "/o/venues/": 4,
        f"/o/venues/{venue}/?day=2026-03-03": 10,
        f"/o/venues/bookings/{booking}/": 4,
    }
    for locale in ("zh-CN", "en"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), of_desk) == of_desk
        assert statements_of_pages(visitor(home.scope, locale=locale), of_owner) == of_owner


def test_bookings_of_one_moment_are_all_listed_page_by_page_and_found_by_their_door(visitor, clock, desk, home):
    booked = [
        actions.book(home.scope, venue=a_venue(desk, name=f"{nth}号场"), start_at=TOMORROW_AT_NINE, home=home.id, at=AT)
        for nth in range(3)
    ]
    seen: list[object] = []
    for _page in booked:
        after = seen[-1] if seen else None
        (card,) = queries.bookings(desk.scope, after=after, limit=1)
        seen.append(card.booking)
    assert set(seen) == set(booked)
    assert queries.bookings(desk.scope, after=seen[-1]) == ()
    office = visitor(desk.scope)
    assert text(office.get("/p/venues/?words=1-1-101")).count("/p/venues/bookings/") == 3
    assert "/p/venues/bookings/" not in text(office.get("/p/venues/?words=9-9-909"))


def test_strangers_find_nothing_and_a_closed_counter_is_not_there(visitor, clock, desk, home):
    venue = a_venue(desk)
    booking = actions.book(home.scope, venue=venue, start_at=TOMORROW_AT_NINE, home=home.id, at=AT)
    neighbour, other = desk.a_home(), a_desk()
    assert visitor(neighbour.scope).get(f"/o/venues/bookings/{booking}/").status_code == 404
    assert visitor(other.scope).get(f"/p/venues/{venue}/").status_code == 404
    assert visitor(other.scope).post(f"/p/venues/bookings/{booking}/").status_code == 404
    guard = replace(desk.scope, person=a_person(), duty=Duty.GUARD)
    assert visitor(guard).get("/p/venues/").status_code == 404
    policies.set_policy(
        SYSTEM,
        word="venues",
        level="community",
        place=desk.community.id,
        values={"is_offered": False},
        start_at=AT,
        at=AT,
    )
    known_policies.forget()
    assert visitor(home.scope).get("/o/venues/").status_code == 404
    assert queries.bookings(home.scope)[0].state is BookingState.BOOKED
