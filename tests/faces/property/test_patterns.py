"""One community set up as another at the desk: side by side, taken over, and undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_community, a_person
from builders.billing import SINCE, a_desk
from builders.venues import a_venue
from harness.budget import budget
from linli.estate.venues import queries as venues
from linli.ground.people import actions as people
from linli.ground.policies import actions as policies
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    found = a_desk()
    a_venue(found)
    policies.set_policy(
        SYSTEM, word="parcels", level="community", place=found.community.id, values={"keep_days": 15}, start_at=AT,
        at=AT,
    )  # fmt: skip
    return found


@pytest.fixture
def other(desk):
    made = a_community("桂花苑")
    people.entrust_community(SYSTEM, community=made.id, company=desk.company, start_on=SINCE, at=AT)
    return made


@pytest.fixture
def manager(desk, other):
    return replace(desk.scope, person=a_person("王经理"), duty=Duty.MANAGER, communities=(desk.community.id, other.id))


def text(answer) -> str:
    return answer.content.decode()


def test_a_community_is_set_up_as_another_and_back(visitor, manager, desk, other):
    office = visitor(manager)
    side_by_side = f"/p/patterns/?target={other.id}&source={desk.community.id}"
    page = text(office.get(side_by_side))
    assert "羽毛球场" in page
    assert "Days after which a parcel goes back to its carrier" in page
    asked = {"source": desk.community.id, "target": other.id, "start_on": AT.date().isoformat()}
    refused = office.post(side_by_side, asked)
    assert refused.status_code == 422
    assert "Choose at least one part to take over." in text(refused)
    asked |= {"parts": ["venues", "settings.parcels"], "differing": "overwrite"}
    assert office.post(side_by_side, asked).status_code == 303
    assert [card.name for card in venues.venues(manager, community=other.id)] == [{"zh": "羽毛球场"}]
    after = text(office.get(side_by_side))
    assert "Both communities are set up alike already." in after
    batch = after.partition("/p/patterns/")[2].partition("/undoing/")[0].rpartition("/")[2]
    assert office.post(f"/p/patterns/{batch}/undoing/", {"target": other.id}).status_code == 303
    assert venues.venues(manager, community=other.id) == ()


def test_the_pages_open_in_both_languages_within_their_budget(visitor, manager, desk, other):
    for locale in ("zh-CN", "en"):
        client = visitor(manager, locale=locale)
        with budget(4):
            assert client.get("/p/patterns/").status_code == 200
        with budget(25):
            assert client.get(f"/p/patterns/?target={other.id}&source={desk.community.id}").status_code == 200


def test_a_steward_and_a_manager_of_one_community_take_nothing_over(visitor, manager, desk, other):
    asked = {
        "source": desk.community.id, "target": other.id, "start_on": AT.date().isoformat(), "parts": ["venues"],
        "differing": "overwrite",
    }  # fmt: skip
    for scope in (replace(manager, duty=Duty.STEWARD), replace(manager, communities=(other.id,))):
        assert visitor(scope).post("/p/patterns/", asked).status_code == 404
    assert venues.venues(manager, community=other.id) == ()
    assert "none to take from" in text(visitor(replace(manager, communities=(other.id,))).get("/p/patterns/"))


def test_another_companys_community_is_on_no_side_of_the_page(visitor, manager, desk, other):
    stranger, day = a_desk(), AT.date().isoformat()
    mine, theirs = stranger.community.id, desk.community.id
    office = visitor(replace(stranger.scope, duty=Duty.MANAGER))
    assert "羽毛球场" not in text(office.get("/p/patterns/"))
    for source, target in ((theirs, mine), (mine, theirs), (theirs, other.id)):
        assert office.get(f"/p/patterns/?source={source}&target={target}").status_code == 404
        asked = {"source": source, "target": target, "start_on": day, "parts": ["venues"], "differing": "overwrite"}
        assert office.post("/p/patterns/", asked).status_code == 404
    assert venues.venues(stranger.scope, community=mine) == ()
    assert venues.venues(manager, community=other.id) == ()
