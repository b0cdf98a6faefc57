"""Neighbours' parking spaces by the JSON face: found, booked, followed, taken back, reported."""

from __future__ import annotations

import pytest

from builders.clock import AT
from builders.parking import NEIGHBOURS_CAR, a_lot
from builders.shared_spaces import a_shared_space, clock, state
from harness.callers import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    def at(moment):
        monkeypatch.setattr("linli.faces.openapi.answering.now", lambda: moment)

    at(AT)
    return at


@pytest.fixture
def shared():
    return a_shared_space()


def wanted(shared, **other):
    asked = {"offer": str(shared.offer), "start_at": clock(14).isoformat(), "end_at": clock(16).isoformat()}
    return asked | {"home": str(shared.booker.id), "plate": NEIGHBOURS_CAR} | other


def test_a_space_is_found_booked_paid_for_and_reported(shared, now):
    caller, community = Caller(shared.booker.scope), shared.lot.desk.community.id
    (free,) = caller.get(f"communities/{community}/shared-spaces").json["items"]
    assert (free["offer"], free["price"]) == (str(shared.offer), {"minor": 500})
    made = caller.post("space-bookings", wanted(shared), key="k1")
    assert (made.status, made.json["state"], made.json["amount"]) == (201, "held", {"minor": 1000})
    assert caller.post("space-bookings", wanted(shared), key="k1").json == made.json
    booking = made.json["booking"]
    shared.pay(booking)
    assert [each["state"] for each in caller.get("space-bookings").json["items"]] == ["booked"]
    early = caller.post(f"space-bookings/{booking}/reports")
    assert (early.status, early.code) == (409, "parking.NotRunning")
    now(clock(14))
    assert caller.post(f"space-bookings/{booking}/reports").status == 204
    shown = caller.get(f"space-bookings/{booking}").json
    assert shown["card"]["state"] == "reported"
    assert [step["verb"] for step in shown["history"]][-1] == "report"


def test_a_booking_is_taken_back_by_its_booker_alone(shared):
    booking = shared.book()
    for stranger in (shared.holder, shared.lot.desk.a_home()):
        assert Caller(stranger.scope).get(f"space-bookings/{booking}").status == 404
        assert Caller(stranger.scope).post(f"space-bookings/{booking}/cancellations").status == 404
    assert state(booking) == "held"
    assert Caller(shared.booker.scope).post(f"space-bookings/{booking}/cancellations").status == 204
    assert state(booking) == "cancelled"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"end_at": "9999-12-31T23:59:59-14:00"}, "end_at"),
        ({"start_at": "0001-01-01T00:00:00+14:00"}, "end_at"),
        ({"start_at": "0001-01-01T00:00:00+14:00", "end_at": "0001-01-01T02:00:00+14:00"}, "start_at"),
        ({"plate": "浙B99999"}, "plate"),
        ({"start_at": clock(14).replace(minute=30).isoformat()}, "start_at"),
    ],
)
def test_hours_and_plates_that_cannot_be_are_refused_by_their_field(shared, wrong, field):
    caller = Caller(shared.booker.scope)
    answer = caller.post("space-bookings", wanted(shared, **wrong))
    assert (answer.status, answer.json["field"]) == (422, field)
    assert caller.get("space-bookings").json["items"] == []


def test_days_without_end_and_communities_that_do_not_share_are_refused(shared):
    community = shared.lot.desk.community.id
    caller = Caller(shared.booker.scope)
    for day in ("9999-12-31", "0001-01-01", "2026-03-01"):
        answer = caller.get(f"communities/{community}/shared-spaces?day={day}")
        assert (answer.status, answer.json["field"]) == (422, "day")
    elsewhere = a_lot()
    theirs = elsewhere.desk.community.id
    assert Caller(elsewhere.desk.a_home().scope).get(f"communities/{theirs}/shared-spaces").status == 404
    assert caller.get(f"communities/{theirs}/shared-spaces").status == 404
