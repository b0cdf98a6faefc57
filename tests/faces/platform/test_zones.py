"""Zones at the operator's desk: looked at before they are opened, edited, their slots called off."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_community, a_person
from builders.delivery import a_zone
from harness.budget import budget
from linli.faces.shell import dispatch, doorway
from linli.spine.scope import Role, Scope
from linli.trade.delivery import queries

pytestmark = pytest.mark.django_db
LIST = "/platform/zones/"


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def desk(visitor):
    return visitor(Scope(role=Role.PLATFORM, person=a_person()))


def text(answer) -> str:
    return answer.content.decode()


def test_a_zone_is_looked_at_before_it_is_opened(desk):
    city = a_city()
    near, taken = (a_community(f"小区{lat}", city=city, lat=lat) for lat in (30.26, 30.251))
    a_zone(taken)
    hub = {"city": str(city.id), "lat": "30.25", "lon": "120.16"}
    shown = text(desk.get(LIST + "new/", {**hub, "radius_m": "3000"}))
    assert f'value="{near.id}" checked' in shown
    assert f'value="{taken.id}" disabled' in shown
    assert len(queries.zones(city=city.id)) == 1
    sent = {**hub, "name_zh": "滨江", "name_en": "Riverside", "drops": "40", "radius_m": "2500", "communities": near.id}
    assert desk.post(LIST, sent).status_code == 303
    (made,) = (zone for zone in queries.zones(city=city.id) if zone.name["en"] == "Riverside")
    assert (made.drops, made.radius_m, [part.community for part in made.communities]) == (40, 2500, [near.id])


def test_a_community_of_another_zone_is_refused_beside_the_list(desk):
    zone = a_zone()
    hub = {"city": str(zone.community.city), "lat": "30.25", "lon": "120.16", "drops": "40"}
    answer = desk.post(LIST, {**hub, "name_zh": "二", "name_en": "Two", "communities": zone.community.id})
    assert answer.status_code in (409, 422)
    assert len(queries.zones(city=zone.community.city)) == 1


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_zone_shows_its_communities_terms_and_slots_and_is_edited(visitor, locale):
    zone = a_zone(a_community("河湾"))
    two = a_community("柳岸", city=zone.community, lat=30.255)
    desk = visitor(Scope(role=Role.PLATFORM, person=a_person()), locale=locale)
    shown = text(desk.get(f"{LIST}{zone.id}/"))
    assert "¥6.00" in shown
    assert "0/60" in shown
    assert f'value="{two.id}">' in shown
    sent = {"name_zh": "三", "name_en": "Three", "drops": "50", "communities": [zone.community.id, two.id]}
    assert desk.post(f"{LIST}{zone.id}/", sent).status_code == 303
    card = queries.zone(zone.id)
    assert ({part.community for part in card.communities}, card.drops) == ({zone.community.id, two.id}, 50)


def test_a_slot_is_called_off_with_a_reason(desk):
    zone = a_zone()
    slot = zone.slot().slot
    where = f"{LIST}{zone.id}/slots/{slot}/calling-off/"
    assert desk.post(where, {"why": " "}).status_code != 303
    assert zone.slot().slot == slot
    assert desk.post(where, {"why": "台风"}).status_code == 303
    assert zone.slot().slot != slot


def test_its_ways_are_measured_and_it_is_closed(desk):
    zone = a_zone()
    assert desk.post(f"{LIST}{zone.id}/measurement/").status_code == 303
    assert desk.post(f"{LIST}{zone.id}/closing/").status_code == 303
    assert not queries.zone(zone.id).is_open
    assert desk.get(f"{LIST}{zone.id}/").status_code == 200


def test_an_operator_of_another_city_finds_no_zone_here(visitor):
    zone = a_zone()
    stranger = visitor(Scope(role=Role.PLATFORM, person=a_person(), city=a_city().id))
    assert stranger.get(f"{LIST}{zone.id}/").status_code == 404
    assert stranger.post(f"{LIST}{zone.id}/closing/").status_code == 404
    assert queries.zone(zone.id).is_open


def test_pages_keep_their_budgets(desk):
    city = a_city()
    zone = a_zone(a_community(city=city))
    for nth in range(4):
        a_community(city=city, lat=30.25 + nth / 1000)
    new = {"city": str(city.id), "lat": "30.25", "lon": "120.16"}
    for where, query, most in ((LIST, {}, 2), (f"{LIST}{zone.id}/", {}, 6), (f"{LIST}new/", new, 4)):
        desk.get(where, query)
        with budget(most):
            assert desk.get(where, query).status_code == 200, where
