"""Work orders by the JSON face: asked for, followed, priced, rated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builders.workorders import a_crew
from harness.callers import Caller
from linli.estate.workorders import actions
from linli.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return a_crew()


def test_a_resident_asks_follows_agrees_and_rates(crew):
    caller, community = Caller(crew.resident), crew.desk.community.id
    types = caller.get(f"communities/{community}/work-order-types").json
    tap = next(each for each in types if each["word"] == "tap")
    asked = {"community": str(community), "home": str(crew.home.id), "type": tap["type"], "words": "滴水"}
    made = caller.post("work-orders", asked, key="k1")
    assert made.status == 201
    assert caller.post("work-orders", asked, key="k1").json == made.json
    order = made.json["order"]
    assert [card["order"] for card in caller.get("work-orders").json["items"]] == [order]
    worker, now = crew.a_worker(), datetime.now(UTC)
    actions.give_work(crew.desk.scope, order=order, person=worker.person, at=now)
    for step in (actions.accept_work, actions.arrive_at_work):
        step(worker, order=order, at=now)
    actions.quote_work(worker, order=order, labour=Money(30_00), at=now)
    shown = caller.get(f"work-orders/{order}").json
    assert (shown["state"], shown["quotes"][0]["amount"]) == ("quoted", {"minor": 3000})
    assert caller.post(f"work-orders/{order}/agreements", {"amount": {"minor": 2999}}).status == 404
    assert caller.post(f"work-orders/{order}/agreements", {"amount": {"minor": 3000}}).status == 204
    actions.finish_work(worker, order=order, at=now)
    assert caller.post(f"work-orders/{order}/ratings", {"stars": 5, "words": "快"}).status == 204
    assert caller.get(f"work-orders/{order}").json["stars"] == 5


def test_a_stranger_finds_nothing_and_changes_nothing(crew):
    order = crew.raised()
    stranger = Caller(a_crew().resident)
    assert stranger.get(f"work-orders/{order}").status == 404
    assert stranger.post(f"work-orders/{order}/cancellations", {"why": "x"}).status == 404
    assert stranger.get(f"communities/{crew.desk.community.id}/outages").status == 404
    assert crew.page(order).state == "raised"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"kind": "wish"}, 422), ({"home": None}, 422), ({"words": "x" * 1001}, 422), ({"colour": "red"}, 422)],
)
def test_bad_input_is_refused_and_nothing_is_raised(crew, wrong, status):
    caller = Caller(crew.resident)
    asked = {"community": str(crew.desk.community.id), "home": str(crew.home.id), "words": "滴水"}
    assert caller.post("work-orders", asked | wrong).status == status
    assert caller.get("work-orders").json["items"] == []
