"""Ways by road: asked of an engine block by block; whatever it does, a zone has distances."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from builders import AT, a_city, a_home
from builders.delivery import a_zone
from harness.road_engine import a_road_engine
from linli.kernel.refusals import NotFound
from linli.spine.scope import Role, Scope
from linli.trade.delivery import actions, queries, rules, tasks
from linli.trade.delivery.gateways import Beelines, RoadEngine, RoadsFailed, roads
from linli.trade.delivery.models import Place, Zone

POINTS = tuple(rules.Point(UUID(int=n), 30.25 + n / 1000, 120.16) for n in range(120))


@pytest.fixture
def engine():
    with a_road_engine() as running:
        yield running


def test_a_large_zone_is_asked_block_by_block_and_put_together_again(engine):
    table = RoadEngine(engine.url).table(POINTS)
    assert engine.asked == 9
    assert (len(table), {len(row) for row in table}) == (120, {120})
    assert (table[0][0], table[0][119], table[119][0]) == (0, 2 * 13232, 2 * 13232)
    assert table[3][70] == table[70][3] == 2 * 7450


@pytest.mark.parametrize("how", ["broken", "short", "words"])
def test_an_engine_that_answers_nonsense_gives_no_table(engine, how):
    engine.how = how
    with pytest.raises(RoadsFailed):
        RoadEngine(engine.url).table(POINTS[:3])


def test_an_engine_that_does_not_answer_in_time_or_at_all_gives_no_table(engine):
    engine.how = "slow"
    with pytest.raises(RoadsFailed):
        RoadEngine(engine.url, timeout_s=0.1).table(POINTS[:3])
    with pytest.raises(RoadsFailed):
        RoadEngine("http://127.0.0.1:9").table(POINTS[:3])


def test_a_pair_without_a_way_is_estimated(engine):
    engine.how = "islands"
    assert RoadEngine(engine.url).table(POINTS[:2]) == rules.table(POINTS[:2])


def test_without_an_engine_ways_are_estimated(settings):
    settings.ROADS = ""
    assert isinstance(roads(), Beelines)
    settings.ROADS = "http://127.0.0.1:9"
    assert isinstance(roads(), RoadEngine)


@pytest.fixture
def zone(db):
    return a_zone(a_home().community)


def kept(zone):
    return list(Place.objects.filter(zone=zone.id).order_by("nth").values_list("metres", "by_road"))


@pytest.mark.django_db
def test_a_new_zone_is_measured_by_the_clock_and_again_after_a_week(zone, settings, engine):
    settings.ROADS = engine.url
    tasks.measure_zones(at=AT)
    ((first, by_road), _second) = kept(zone)
    assert by_road
    assert len(first) == 2
    engine.asked = 0
    tasks.measure_zones(at=AT + timedelta(days=6))
    assert engine.asked == 0
    tasks.measure_zones(at=AT + timedelta(days=7))
    assert engine.asked == 1


@pytest.mark.django_db
def test_an_engine_that_fails_leaves_what_was_measured_and_is_asked_again(zone, engine):
    road = RoadEngine(engine.url)
    engine.how = "broken"
    assert actions.measure_roads(zone=zone.id, at=AT, engine=road) == 0
    assert [by_road for _metres, by_road in kept(zone)] == [False, False]
    engine.how = "ok"
    assert queries.zones_to_measure(at=AT + timedelta(minutes=15), limit=5) == (zone.id,)
    actions.measure_roads(zone=zone.id, at=AT, engine=road)
    measured = kept(zone)
    engine.how = "broken"
    actions.measure_roads(zone=zone.id, at=AT, engine=road)
    assert kept(zone) == measured
    assert measured[0][1]


@pytest.mark.django_db
def test_a_zone_that_changes_is_measured_at_the_next_turn(zone):
    tasks.measure_zones(at=AT)
    assert queries.zones_to_measure(at=AT, limit=5) == ()
    a_home("9-1-101", community=zone.community)
    card = queries.zone(zone.id)
    actions.edit_zone(
        Scope(role=Role.PLATFORM), zone=zone.id, name=card.name, communities=[zone.community.id], drops=9, at=AT
    )
    assert queries.zones_to_measure(at=AT, limit=5) == (zone.id,)
    tasks.measure_zones(at=AT)
    assert len(kept(zone)) == 3


@pytest.mark.django_db
def test_an_operator_of_another_city_keeps_no_zone_here(zone):
    stranger = Scope(role=Role.PLATFORM, city=a_city().id)
    before = Zone.objects.get(pk=zone.id)
    for forbidden in (actions.want_measured, actions.close_zone):
        with pytest.raises(NotFound):
            forbidden(stranger, zone=zone.id, at=AT + timedelta(hours=1))
    with pytest.raises(NotFound):
        actions.call_off_slot(stranger, slot=zone.slot().slot, why="雨", at=AT)
    after = Zone.objects.get(pk=zone.id)
    assert (after.measure_at, after.closed_at) == (before.measure_at, None)
    assert len(queries.offered(community=zone.community.id, at=AT).slots) == 10
