"""Questions about places."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import a_city, a_community, a_home
from harness.budget import budget
from linli.ground.places import queries, rules
from linli.kernel import ids
from linli.kernel.ids import HomeId
from linli.kernel.refusals import NotFound
from linli.spine import sql

LAT = st.floats(-90, 90).map(rules.degrees)
LON = st.floats(-180, 180).map(rules.degrees)
pytestmark = pytest.mark.django_db


def test_a_community_card_tells_what_its_city_decides():
    city = a_city("星城", timezone="Asia/Urumqi", currency="CNY")
    community = a_community("北苑", city=city, lat=43.8, lon=87.6)
    with budget(1):
        card = queries.community(community.id)
    assert (card.name, card.district) == ({"zh": "北苑", "en": "北苑"}, {"zh": "滨江区", "en": "Riverside"})
    assert (card.city, card.timezone, card.currency) == (city.id, "Asia/Urumqi", "CNY")
    assert (card.lat, card.lon, card.address) == (43.8, 87.6, "滨江路8号")


def test_an_unknown_place_is_not_found():
    for question in (queries.community, queries.home, queries.city):
        with pytest.raises(NotFound):
            question(ids.new())


def test_neighbours_are_the_others_within_the_distance_nearest_first():
    city = a_city()
    here = a_community(city=city, lat=30.25, lon=120.16)
    near = a_community(city=city, lat=30.26, lon=120.16)
    nearer = a_community(city=city, lat=30.25, lon=120.165)
    far = a_community(city=city, lat=30.29, lon=120.16)
    with budget(1):
        found = queries.neighbours(here.id)
    assert [(n.community, n.distance_m) for n in found] == [(nearer.id, 480), (near.id, 1112)]
    assert [n.community for n in queries.neighbours(here.id, within_m=5000)] == [nearer.id, near.id, far.id]
    assert [n.community for n in queries.neighbours(here.id, limit=1)] == [nearer.id]
    assert [n.community for n in queries.communities_near(lat=30.29, lon=120.16, distance_m=10)] == [far.id]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(st.tuples(LAT, LON), min_size=1, max_size=6),
    centre=st.tuples(LAT, LON),
    radius=st.sampled_from([0, 10, 3_000, 500_000, 9_000_000]),
)
def test_the_index_box_loses_nobody_not_at_the_poles_nor_over_the_date_line(points, centre, radius):
    sql.run("DELETE FROM places_community")
    city = a_city()
    made = {a_community(city=city, lat=lat, lon=lon).id: (lat, lon) for lat, lon in points}
    found = queries.communities_near(lat=centre[0], lon=centre[1], distance_m=radius)
    expected = {id_: rules.distance_m(*centre, *point) for id_, point in made.items()}
    assert {n.community: n.distance_m for n in found} == {i: d for i, d in expected.items() if d <= radius}


def test_homes_are_described_in_one_statement_and_unknown_ones_are_absent():
    home = a_home("3-2-501", area_m2="89.37")
    with budget(1):
        cards = queries.homes([home.id, HomeId(ids.new())])
    card = cards.pop(home.id)
    assert cards == {}
    assert (card.building, card.unit, card.label, card.door) == ("3", "2", "501", "3-2-501")
    assert card.address.endswith(" 3-2-501")
    assert (card.community, card.area_m2) == (home.community.id, Decimal("89.37"))


def test_a_home_is_found_by_what_people_type():
    community = a_community()
    doors = ("3-2-501", "3-2-502", "13-2-501", "5-1-1501")
    homes = {door: a_home(door, community=community).id for door in doors}
    a_home("3-2-501")

    def find(words: str) -> list[str]:
        return [h.door for h in queries.find_homes(community.id, words=words)]

    assert find("3栋2单元501室") == ["3-2-501", "13-2-501"]
    assert find("501") == ["3-2-501", "13-2-501", "5-1-1501"]
    assert find("%") == []
    assert find("") == ["3-2-501", "3-2-502", "5-1-1501", "13-2-501"]
    assert queries.find_homes(community.id, words="3-2-502")[0].id == homes["3-2-502"]


def test_the_day_of_an_instant_is_the_communitys():
    west = a_community(city=a_city(timezone="America/New_York"))
    assert queries.day_in(west.id, datetime(2026, 3, 1, 4, 59, tzinfo=UTC)) == date(2026, 2, 28)
