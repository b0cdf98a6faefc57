"""Parcels in lockers on two phones: staff puts one in, whoever it is for opens the door; in both languages."""

from __future__ import annotations

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import as_the_house
from linli.estate.parcels import actions
from linli.estate.parcels.rules import Carrier, Scan
from linli.faces.shell import dispatch, doorway
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import gateways
from linli.reach.lockers.rules import Size

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    for each in (dispatch, doorway):
        monkeypatch.setattr(each, "now", lambda: AT)


@pytest.fixture
def machines(monkeypatch):
    stood = gateways.EmbeddedCabinets()
    monkeypatch.setattr(gateways, "cabinets", lambda: stood)
    return stood


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_it_goes_from_the_shelf_into_a_compartment_and_from_there_to_whom_it_is_for(visitor, machines, locale):
    desk = a_desk()
    home, community = desk.a_home("3-2-501"), desk.community.id
    lockers.keep_cabinet(desk.scope, community=community, label="A", machine="m", compartments={Size.SMALL: 2}, at=AT)
    ((sign,),) = as_the_house("SELECT sign FROM lockers_cabinet")
    scans = [Scan("SF10001", "3-2-501")]
    (parcel,) = actions.scan_in(
        desk.scope, community=community, carrier=Carrier.SF, shelf="A1", scans=scans, at=AT
    ).parcels  # fmt: skip
    staff, resident = visitor(desk.scope, locale=locale), visitor(home.scope, locale=locale)
    address = f"/p/parcels/{parcel}/"
    assert "/compartment/" in staff.get(address).content.decode()
    assert staff.post(f"{address}compartment/", {"size": "large"}).status_code == 409
    assert staff.post(f"{address}compartment/", {"size": "small"}).status_code == 303
    assert "A 01" in staff.get(address).content.decode()
    machines.silent = {"m"}
    refused = staff.post(f"{address}shut-door/", {})
    assert (refused.status_code, 'name="seen_shut"' in refused.content.decode()) == (409, True)
    machines.silent = set()
    assert staff.post(f"{address}shut-door/", {}).status_code == 303
    assert "SF10001" in staff.get("/p/lockers/").content.decode()
    mine = resident.get("/o/parcels/").content.decode()
    assert ("A 01" in mine, sign in mine) == (True, False)
    machines.stuck = {("m", 1)}
    refused = resident.post("/o/parcels/compartments/", {"parcel": str(parcel), "sign": sign})
    assert (refused.status_code, "A 01" in refused.content.decode()) == (409, True)
    refused = staff.post(f"{address}shelving/", {})
    assert (refused.status_code, 'name="by_key"' in refused.content.decode()) == (409, True)
    machines.stuck = set()
    wrong = "0000" if sign != "0000" else "1111"
    assert resident.post("/o/parcels/compartments/", {"parcel": str(parcel), "sign": wrong}).status_code == 409
    assert resident.post("/o/parcels/compartments/", {"parcel": str(parcel), "sign": sign}).status_code == 303
    assert as_the_house("SELECT state FROM parcels_parcel") == [("fetched",)]
    assert staff.get(address).status_code == 200
