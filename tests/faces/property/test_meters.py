"""A month of readings as people live it: on foot, doubtful, from a sheet, sent by a resident, accepted at the desk."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders.billing import a_desk
from builders.metering import a_meter, at
from builders.pictures import a_picture
from harness.budget import budget
from linli.estate.metering import actions, queries
from linli.estate.metering.models import Meter
from linli.estate.metering.rules import Kind
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 1, 25), date(2026, 2, 25)
NOW = at(FEB)


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
def meter(desk, home):
    made = a_meter(desk, home, label="W-501")
    for nth, on in enumerate((date(2025, 11, 25), date(2025, 12, 25), JAN), start=2):
        made.reads(30 * nth, on)
    return made


def pages(desk, meter):
    of = f"?community={desk.community.id}"
    return {
        f"/p/meters/{of}": 5,
        f"/p/meters/file/{of}&form=csv": 4,
        f"/p/meters/new/{of}": 2,
        f"/p/meters/{meter.id}/": 9,
        f"/p/readings/{of}": 5,
        f"/p/readings/file/{of}": 5,
        "/p/readings/sheet/": 1,
        f"/p/walk/{meter.id}/": 9,
    }


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_every_page_opens_within_its_budget(visitor, desk, meter, locale):
    client = visitor(desk.scope, locale=locale)
    for where, statements in pages(desk, meter).items():
        assert client.get(where).status_code == 200, where
        with budget(statements):
            client.get(where)


def test_strangers_find_no_meter(visitor, desk, meter, home):
    other = visitor(a_desk().scope)
    assert other.get(f"/p/meters/{meter.id}/").status_code == 404
    assert other.get(f"/p/walk/{meter.id}/").status_code == 404
    assert visitor(desk.a_home().scope).get(f"/o/meters/{meter.id}/").status_code == 404
    other.post(f"/p/walk/{meter.id}/", {"shown": "130"})
    assert len(queries.meter_page(desk.scope, meter=meter.id).readings) == 4


def text(response) -> str:
    return response.content.decode()


def test_who_walks_is_warned_at_once_and_led_on_to_the_next_meter(visitor, desk, meter):
    later = a_meter(desk, desk.a_home("10-1-101"), label="W-101")
    client: Client = visitor(desk.scope)
    first = client.get("/p/walk/")
    assert first["Location"].startswith(f"/p/walk/{meter.id}/")
    page = text(client.get(first["Location"]))
    assert "3-2-501" in page
    assert "120" in page
    warned = client.post(f"/p/walk/{meter.id}/", {"shown": "900"})
    assert warned.status_code == 422
    assert "780" in text(warned)
    assert 'name="sure"' in text(warned)
    kept = client.post(f"/p/walk/{meter.id}/", {"shown": "149"})
    onward = client.get(kept["Location"])
    assert onward["Location"].startswith(f"/p/walk/{later.id}/")
    assert "149" in text(client.get(f"/p/meters/{meter.id}/"))
    client.post(f"/p/walk/{later.id}/", {"shown": "7"})
    assert "All meters are read" in text(client.get("/p/walk/"))


def test_a_meter_that_was_billed_up_to_a_later_day_is_read_after_that(visitor, desk, meter):
    billed = [actions.BilledTo(meter.id, uuid4(), NOW.date() + timedelta(days=1))]
    actions.lock_readings(desk.scope, community=desk.community.id, month=date(2026, 2, 1), rows=billed, at=NOW)
    client: Client = visitor(desk.scope)
    refused = client.post(f"/p/walk/{meter.id}/", {"shown": "149"})
    assert refused.status_code == 422
    assert "Read it again after that" in text(refused)
    assert queries.meter_page(desk.scope, meter=meter.id).card.last == (Decimal(120),)


def test_a_resident_sends_a_reading_and_the_desk_lets_it_stand(visitor, desk, meter, home):
    owner: Client = visitor(home.scope)
    assert "W-501" in text(owner.get(f"/o/meters/{meter.id}/"))
    assert "120" in text(owner.get("/o/meters/"))
    without = owner.post(f"/o/meters/{meter.id}/", {"shown": "151"})
    assert without.status_code == 422
    photo = SimpleUploadedFile("meter.jpg", a_picture(), content_type="image/jpeg")
    sent = owner.post(f"/o/meters/{meter.id}/", {"shown": "151", "photo": photo})
    assert sent.status_code == 303
    assert "151" in text(owner.get(f"/o/meters/{meter.id}/"))
    client: Client = visitor(desk.scope)
    (waiting,) = queries.doubtful(desk.scope, communities=[desk.community.id])
    assert "3-2-501" in text(client.get("/p/readings/"))
    picture = client.get(f"/p/readings/{waiting.reading.id}/photo/")
    assert client.get(picture["Location"])["Content-Type"].startswith("image/")
    assert client.post(f"/p/readings/{waiting.reading.id}/refusal/", {}).status_code == 422
    assert client.post(f"/p/readings/{waiting.reading.id}/acceptance/", {}).status_code == 303
    assert queries.meter_page(desk.scope, meter=meter.id).card.last == (Decimal(151),)


def test_a_sheet_is_looked_at_and_taken_in(visitor, desk, meter):
    client: Client = visitor(desk.scope)
    walking_list = client.get(f"/p/readings/file/?community={desk.community.id}").content.decode("utf-8-sig")
    heading, row = walking_list.splitlines()[:2]
    cells = row.split(",")
    cells[heading.split(",").index("reading")] = "150"
    content = "\n".join([heading, ",".join(cells)]).encode()

    def given():
        return {"community": str(desk.community.id), "file": SimpleUploadedFile("r.csv", content)}

    seen = text(client.post("/p/readings/sheet/preview/", given(), follow=True))
    assert "1 new readings" in seen
    looked_at = {"community": str(desk.community.id), "preview": seen.split('name="preview" value="')[1].split('"')[0]}
    assert visitor(a_desk().scope).post("/p/readings/sheet/", looked_at).status_code == 404
    assert len(queries.meter_page(desk.scope, meter=meter.id).readings) == 4
    assert client.post("/p/readings/sheet/", looked_at).status_code == 303
    assert queries.meter_page(desk.scope, meter=meter.id).card.last == (Decimal(150),)


def test_meters_are_put_in_exchanged_corrected_and_taken_out(visitor, desk, home, meter):
    client: Client = visitor(desk.scope)
    new = {
        "community": str(desk.community.id),
        "kind": "electricity",
        "serves": "lift",
        "building": "3",
        "label": "L-1",
        "factor": "40",
        "digits": "6",
        "first": "12",
        "start_on": "2026-02-01",
    }
    made = client.post("/p/meters/new/", new)
    assert made.status_code == 303
    lift = Meter.objects.inside().get(label="L-1")
    assert queries.shares(desk.scope, meter=lift.pk) == {home.id: Decimal(1)}
    wrong = client.post("/p/meters/new/", {**new, "serves": "home", "door": "9-9-999"})
    assert wrong.status_code == 422
    meter.reads(160, date(2026, 2, 20))
    latest = queries.meter_page(desk.scope, meter=meter.id).readings[0]
    fixed = {"shown": "140", "why": "misread"}
    assert client.post(f"/p/meters/{meter.id}/readings/{latest.id}/correction/", fixed).status_code == 303
    change = {"on": "2026-02-24", "final": "144", "new_label": "W-502", "first": "0"}
    assert client.post(f"/p/meters/{meter.id}/exchange/", change).status_code == 303
    assert "taken out" in text(client.get(f"/p/meters/{meter.id}/"))
    asked = {"community": desk.community.id, "kind": Kind.COLD_WATER, "homes": [home.id]}
    after = Meter.objects.inside().get(label="W-502")
    actions.take_reading(desk.scope, meter=after.pk, shown=[Decimal(6)], read_on=FEB, at=NOW)
    used = queries.usage(desk.scope, **asked, start=date(2026, 2, 1), end=date(2026, 3, 1), at=NOW)[home.id]
    assert used.quantity == Decimal(30)
    ended = client.post(f"/p/meters/{lift.pk}/end/", {"end_on": "2026-02-25", "last": "50"})
    assert ended.status_code == 303


def test_what_was_not_read_is_estimated(visitor, desk, meter):
    client: Client = visitor(desk.scope)
    asked = {"community": str(desk.community.id), "first_on": "2026-02-01"}
    assert client.post("/p/readings/estimates/", asked).status_code == 303
    (progress,) = queries.progress(desk.scope, community=desk.community.id, first_on=date(2026, 2, 1), at=NOW)
    assert (progress.estimated, progress.unread) == (1, 0)


def test_a_community_that_does_not_offer_it_shows_residents_no_meters(visitor, desk, meter, home):
    policies.set_policy(
        SYSTEM,
        word="metering",
        level=Level.COMMUNITY,
        place=desk.community.id,
        values={"is_offered": False},
        start_at=NOW,
        at=NOW,
    )
    owner: Client = visitor(home.scope)
    assert owner.get("/o/meters/").status_code == 404
    assert "My meters" not in text(owner.get("/o/property/"))
