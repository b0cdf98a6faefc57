"""The plan of the community, the shops round it, its neighbours, and the way of an order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.corner import Corner, owner
from builders.orders import an_order
from builders.places import a_home
from harness.budget import budget
from linli.ground.places import actions as places
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


def standing(corner: Corner) -> None:
    here = corner.community
    rows = [places.BuildingRow(label, here.lat + n * 0.001, here.lon) for n, label in enumerate(("7", "8", "12"))]
    places.add_buildings(SYSTEM, community=here.id, rows=rows, at=AT)


def test_my_building_stands_among_the_others_in_their_order(corner: Corner, visitor):
    standing(corner)
    shown = visitor(corner.scope).get(owner("neighbourhood")).content.decode()
    assert shown.count("place-map-mark place-map-building") == 2
    assert shown.index("Building 7") < shown.index("Building 8") < shown.index("Building 12")
    assert "your home" in shown
    assert "The plan is not drawn yet" not in shown


def test_without_places_the_page_says_when_a_plan_comes(corner: Corner, visitor):
    assert "The plan is not drawn yet" in visitor(corner.scope).get(owner("neighbourhood")).content.decode()


def test_shops_are_numbered_on_the_plan_and_lead_to_their_pages(corner: Corner, visitor):
    shown = visitor(corner.scope).get(owner("neighbourhood")).content.decode()
    assert shown.count("place-map-mark place-map-shop") == 2
    for shop in (corner.greengrocer, corner.bakery):
        assert f'href="{owner("communities", corner.community.id, "shops", shop.id)}"' in shown


def test_the_page_keeps_its_budget(corner: Corner, visitor):
    reader = visitor(corner.scope)
    reader.get(owner("neighbourhood"))
    with budget(6):
        assert reader.get(owner("neighbourhood")).status_code == 200


def test_the_way_is_drawn_until_the_order_is_there(corner: Corner, visitor):
    standing(corner)
    reader = visitor(corner.scope)
    order = an_order(corner.tomatoes, home=corner.home, at=AT).paid()
    assert "place-map-way" in reader.get(owner("orders", order.id)).content.decode()
    done = an_order(corner.bread, home=corner.home, at=AT).completed()
    assert "place-map-way" not in reader.get(owner("orders", done.id)).content.decode()


def test_no_way_is_drawn_where_nobody_knows_where_they_stand(corner: Corner, visitor, monkeypatch):
    from linli.faces.owner import surroundings

    monkeypatch.setattr(surroundings.shops, "whereabouts", lambda **_shops: {})
    home = a_home("9-1-101", community=corner.community).with_owner()
    order = an_order(corner.tomatoes, home=home, at=AT).paid()
    shown = visitor(home.scope).get(owner("orders", order.id)).content.decode()
    assert "place-map-way" not in shown


def test_an_order_that_is_late_says_so_and_what_can_be_done(corner: Corner, visitor, monkeypatch):
    from linli.faces.shell import dispatch

    order = an_order(corner.tomatoes, home=corner.home, at=AT).paid().accepted()
    reader = visitor(corner.scope)
    assert "Later than promised" not in reader.get(owner("orders", order.id)).content.decode()
    monkeypatch.setattr(dispatch, "now", lambda: AT + timedelta(hours=3))
    shown = reader.get(owner("orders", order.id)).content.decode()
    assert "Later than promised" in shown
    assert f'href="{owner("orders", order.id, "refund-request")}"' in shown
