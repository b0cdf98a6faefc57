"""Many buildings at once, each where it stands."""

from __future__ import annotations

import pytest

from builders.clock import AT
from builders.places import a_community
from linli.ground.places import actions
from linli.ground.places.actions import BuildingRow, HomeRow
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine import sql
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
ROWS = [BuildingRow("1", 30.1, 120.1), BuildingRow("2", 30.2, 120.2)]


def test_buildings_are_added_where_they_stand_and_homes_find_them():
    community = a_community().id

    first, second = actions.add_buildings(SYSTEM, community=community, rows=ROWS, at=AT)
    actions.add_homes(SYSTEM, community=community, rows=[HomeRow("2", "1", "101")], at=AT)

    rows = sql.fetch(
        "SELECT id, label, lat, lon FROM places_building WHERE community_id = %s ORDER BY label", community
    )
    assert rows == [(first, "1", 30.1, 120.1), (second, "2", 30.2, 120.2)]


def test_a_known_building_keeps_its_id_and_takes_the_new_point():
    community = a_community().id
    before = actions.add_buildings(SYSTEM, community=community, rows=ROWS, at=AT)

    after = actions.add_buildings(SYSTEM, community=community, rows=[BuildingRow("1", 31.0, 121.0)], at=AT)

    assert after == before[:1]
    assert sql.fetch("SELECT lat, lon FROM places_building WHERE id = %s", before[0]) == [(31.0, 121.0)]


def test_one_bad_row_refuses_all_of_them():
    community = a_community().id

    with pytest.raises(Invalid) as refused:
        actions.add_buildings(SYSTEM, community=community, rows=[*ROWS, BuildingRow("3", 95.0, 120.0)], at=AT)

    assert refused.value.field == "lat"
    assert sql.fetch("SELECT count(*) FROM places_building WHERE community_id = %s", community) == [(0,)]


def test_a_community_nobody_knows_gets_no_buildings():
    with pytest.raises(NotFound):
        actions.add_buildings(SYSTEM, community=CommunityId(ids.new()), rows=ROWS, at=AT)
