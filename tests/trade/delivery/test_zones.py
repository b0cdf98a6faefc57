"""Zones: found by the 3 km rule, edited, closed; every community in one zone only."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_community, a_home
from builders.delivery import a_zone
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.models import Slot

pytestmark = pytest.mark.django_db
NAME = {"zh": "滨江", "en": "Riverside"}


def test_a_zone_takes_the_communities_within_three_kilometres_that_are_in_none():
    city = a_city()
    near, far, taken = (a_community(city=city, lat=lat) for lat in (30.26, 30.30, 30.251))
    a_zone(taken)
    assert [each.zone is None for each in queries.propose_zone(lat=30.25, lon=120.16)] == [False, True]
    zone = actions.open_zone(SYSTEM, city=city.id, name=NAME, lat=30.25, lon=120.16, at=AT)
    assert [part.community for part in queries.zone(zone).communities] == [near.id]
    assert queries.offered(community=near.id, at=AT).zone == zone
    assert queries.offered(community=far.id, at=AT).zone is None


def test_a_community_is_in_one_zone_only():
    zone = a_zone()
    with pytest.raises(actions.InAnotherZone) as refused:
        a_zone(zone.community)
    assert refused.value.field == "communities.0"
    assert len(queries.zones()) == 1


def test_neighbours_share_the_slots_of_their_zone():
    city = a_city()
    one, two = a_community(city=city), a_community(city=city, lat=30.255)
    zone = a_zone(one)
    actions.edit_zone(SYSTEM, zone=zone.id, name=NAME, communities=[one.id, two.id], drops=4, at=AT)
    actions.hold_slots(SYSTEM, held=zone.holding(3), at=AT)
    assert queries.offered(community=two.id, at=AT).slots[0].left == 1


def test_slots_are_opened_once():
    zone = a_zone()
    first = Slot.objects.filter(zone=zone.id).count()
    assert (first, tasks.open_slots(at=AT)) == (10, 0)


def test_a_zone_is_closed_only_when_nobody_waits_for_it():
    zone = a_zone()
    held = zone.holding()
    actions.hold_slots(SYSTEM, held=held, at=AT)
    with pytest.raises(actions.StillOrdered):
        actions.close_zone(SYSTEM, zone=zone.id, at=AT)
    assert zone.slot().left == 59
    actions.release_slots(SYSTEM, orders=[held.places[0].order])
    actions.close_zone(SYSTEM, zone=zone.id, at=AT)
    assert queries.offered(community=zone.community.id, at=AT).zone is None
    with pytest.raises(NotFound):
        actions.close_zone(SYSTEM, zone=zone.id, at=AT)


def test_a_community_built_within_the_radius_joins_by_itself():
    city = a_city()
    first = a_community(city=city)
    zone = actions.open_zone(
        SYSTEM, city=city.id, name=NAME, lat=30.25, lon=120.16, communities=[first.id], radius_m=2000, at=AT
    )
    near, far = a_community(city=city, lat=30.26), a_community(city=city, lat=30.28)
    assert [actions.join_zone(SYSTEM, community=each.id, at=AT) for each in (near, far, near)] == [True, False, False]
    assert {part.community for part in queries.zone(zone).communities} == {first.id, near.id}


def test_nonsense_is_refused_by_its_field():
    zone = a_zone()
    for wrong, field in (({"drops": 0}, "drops"), ({"radius_m": 0}, "radius_m"), ({"name": {"zh": "一"}}, "name")):
        right = {"name": NAME, "communities": [zone.community.id], "drops": 9}
        with pytest.raises(Invalid) as refused:
            actions.edit_zone(SYSTEM, zone=zone.id, **{**right, **wrong}, at=AT)
        assert refused.value.field == field
    assert queries.zone(zone.id).drops == 60


def test_the_ways_between_all_places_of_a_zone_are_kept():
    home = a_home()
    zone = a_zone(home.community)
    assert actions.measure_zone(SYSTEM, zone=zone.id, at=AT) == 2
    building = next(each for each in queries.distances(zone.id, places=[zone.id]))
    assert building == (zone.id, zone.id)
