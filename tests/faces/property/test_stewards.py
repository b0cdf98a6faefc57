"""The rate of collection by steward: of the buildings that are theirs, month by month, and the rest by itself."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from builders import AT
from builders.billing import Desk, a_desk
from builders.people import a_phone
from harness.budget import budget
from linli.estate.billing import actions, queries
from linli.estate.billing.rules import Channel
from linli.ground.people import actions as people
from linli.ground.places import queries as places
from linli.kernel.money import Money
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
WHERE = "/p/staff/buildings/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk() -> Desk:
    """Three buildings of one home each, owing a hundred a month since January; the first two paid January."""
    made = a_desk()
    people.add_company_staff(made.scope, company=made.company, name="李经理", phone=a_phone(), at=AT)
    fee = made.priced(made.an_item("property_fee"), "fixed", amount="100")
    homes = [made.a_home(door) for door in ("1-1-101", "2-1-101", "3-1-101")]
    made.charged(fee, *homes)
    made.issued(JANUARY)
    for home in homes[:2]:
        actions.take_payment(made.scope, subject=home.id, amount=Money.parse("100"), channel=Channel.CASH, at=AT)
    made.issued(FEBRUARY)
    return made


def building(desk: Desk, label: str) -> str:
    return next(str(card.id) for card in places.buildings(community=desk.community.id).values() if card.label == label)


def by_steward(client, desk: Desk) -> list[list[str]]:
    where = f"/p/collection/sheet/?form=csv&community={desk.community.id}&since=2026-01&until=2026-02"
    rows = csv.reader(io.StringIO(client.get(where).content.decode("utf-8-sig")))
    return [row[2:] for row in rows if row[0] == "Steward"]


def test_each_steward_answers_for_their_own_buildings_and_the_rest_is_nobodys(visitor, desk):
    client = visitor(desk.scope)
    stewards = [
        people.add_company_staff(desk.scope, company=desk.company, name=name, phone=a_phone(), duty=Duty.STEWARD, at=AT)
        for name in ("安管家", "白管家")
    ]
    assert by_steward(client, desk) == []
    page = {"community": str(desk.community.id)}
    for steward, label, start_on in (
        (stewards[0], "1", "2026-01-01"),
        (stewards[1], "2", "2026-01-01"),
        (stewards[0], "2", "2026-02-01"),
    ):
        asked = page | {"steward": str(steward), "chosen": [building(desk, label)], "start_on": start_on}
        assert client.post(WHERE, asked).status_code == 303
    assert by_steward(client, desk) == [
        ["2", "300.00", "100.00", "200.00", "33.33"],
        ["1", "100.00", "100.00", "0.00", "100"],
        ["1", "200.00", "0.00", "200.00", "0"],
    ]
    whole = queries.collected_homes(desk.scope, community=desk.community.id, since=JANUARY, until=FEBRUARY)
    assert sum(due.minor for due, _paid in whole.values()) == 60_000, "the rows above add up to it"
    shown = client.get(f"/p/collection/?community={desk.community.id}&since=2026-01&until=2026-02").content.decode()
    assert "no steward of their own" in shown


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_buildings_are_settled_on_one_page_within_its_budget(visitor, desk, locale):
    client = visitor(desk.scope, locale=locale)
    steward = people.add_company_staff(
        desk.scope, company=desk.company, name="安管家", phone=a_phone(), duty=Duty.STEWARD, at=AT
    )
    asked = {"community": str(desk.community.id), "steward": str(steward), "start_on": "2026-04-01"}
    assert client.post(WHERE, asked).status_code == 422, "nothing is ticked"
    ticked = [building(desk, label) for label in ("1", "2")]
    assert client.post(WHERE, asked | {"chosen": ticked}).status_code == 303
    client.get(WHERE)
    with budget(12):
        shown = client.get(WHERE).content.decode()
    assert shown.count("安**") >= 3
    sheet = client.get(f"{WHERE}sheet/?form=csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0::2] for row in sheet[1:]] == [["1", "2026-04-01"], ["2", "2026-04-01"], ["3", ""]]
    stranger = visitor(a_desk().scope)
    assert stranger.get(f"{WHERE}?community={desk.community.id}").status_code == 404
    assert stranger.post(WHERE, asked | {"chosen": ticked}).status_code == 404
