"""A resident says where things are left when nobody opens; the courier's phone shows it; in both languages."""

from __future__ import annotations

import pytest

from builders.clock import AT
from builders.couriers import HOUR, a_round
from linli.faces.shell import dispatch, doorway
from linli.ground.policies import actions as policies
from linli.kernel.ids import new
from linli.spine.scope import SYSTEM
from linli.trade.delivery import queries
from linli.trade.delivery.rules import DropOff

pytestmark = pytest.mark.django_db
STATION = {"station_name": "南门驿站", "station_where": "南门外 3 号"}


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_what_is_said_on_one_phone_is_shown_and_followed_on_the_other(visitor, monkeypatch, locale):
    for each in (dispatch, doorway):
        monkeypatch.setattr(each, "now", lambda: AT)
    round_ = a_round()
    values = {"drop_offs": ["door", "desk", "station"], **STATION}
    policies.set_policy(
        SYSTEM, word="delivery", level="community", place=round_.community.id, values=values,
        start_at=AT - HOUR, at=AT - HOUR,
    )  # fmt: skip
    home, courier = round_.homes[0], round_.a_courier()
    resident, rider = visitor(home.scope, locale=locale), visitor(courier, locale=locale)
    address = f"/o/homes/{home.id}/delivery-places/"
    assert address in resident.get(f"/o/homes/{home.id}/").content.decode()
    assert "南门外 3 号" in resident.get(address).content.decode()
    assert resident.post(address, {"place-1": "locker"}).status_code == 422
    assert resident.post(address, {"place-1": "station", "place-2": "", "place-3": "desk"}).status_code == 303
    assert queries.wished_places(home.scope, home=home.id) == (DropOff.STATION, DropOff.DESK)
    assert resident.get(f"/o/homes/{new()}/delivery-places/").status_code == 404
    task = round_.taken(courier)
    page = f"/c/tasks/{task}/"
    assert 'value="station"' in rider.get(page).content.decode()
    assert rider.post(f"{page}place/", {"place": "shelf"}).status_code == 422
    assert rider.post(f"{page}place/", {"place": "station"}).status_code == 303
    assert round_.page(task).drop_off is DropOff.STATION
    assert "南门外 3 号" in rider.get(page).content.decode()
    assert resident.post(address, {}).status_code == 303
    assert queries.wished_places(home.scope, home=home.id) == ()
