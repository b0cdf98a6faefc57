"""What a resident takes along: everything that the company's counters hold about them, and nothing of a neighbour's."""

from __future__ import annotations

import json

import pytest

from builders import a_person
from builders.billing import a_desk
from builders.counters import Counters

pytestmark = pytest.mark.django_db


def test_the_file_has_what_was_said_and_done_at_every_counter(visitor):
    desk = a_desk()
    home, neighbour = desk.a_home_of(a_person("欧阳修竹")), desk.a_home()
    Counters(desk, home, "欧阳修竹", "my own words", "浙A66666").all()
    held = json.loads(visitor(home.scope).get("/o/me/data.json/").content)
    assert [line["item"]["en"] for line in held["bills"]["lines"]].count("Property fee") >= 4
    assert held["bills"]["invoices"][0]["title"] == "my own words"
    assert held["bills"]["deposits"][-1]["deducted"] == {"minor": 500}
    assert held["readings"][0]["note"] == "my own words"
    assert [each["carrier"] for each in held["parcels"]] == ["sf"]
    assert [(car["plate"], car["about"]) for car in held["cars"]] == [("浙A66666", "my own words")]
    assert {each["kind"] for each in held["permits"]} == {"permit", "relocation", "release"}
    assert ["my own words"] * 2 in [each["words"] for each in held["permits"]]
    assert [each["state"] for each in held["bookings"]] == ["called_off"]
    assert [(vote["title"], vote["way"]) for vote in held["votes"]["votes"]] == [({"zh": "换电梯"}, "phone")]
    assert held["votes"]["objections"][0]["text"] == "my own words"
    others = visitor(neighbour.scope).get("/o/me/data.json/").content.decode()
    assert "my own words" not in others
    assert "浙A66666" not in others
