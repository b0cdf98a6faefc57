"""The lists of the counters as spreadsheets: each has a row for what its page shows, and a stranger's has none."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import AT, a_company, a_person
from builders.billing import Desk, a_desk
from builders.couriers import a_round
from builders.metering import a_meter
from builders.parking import a_lot
from builders.patrols import some_rounds
from builders.venues import a_venue
from builders.workorders import a_crew
from linli.estate.intake import actions as intake
from linli.estate.metering import queries as metering
from linli.estate.metering.rules import ReadingState
from linli.estate.patrols import actions as patrols
from linli.estate.workorders.rules import Skill
from linli.faces.shell import sheets
from linli.kernel.ids import CityId, PayoutId, new
from linli.kernel.money import Money
from linli.money.payouts.queries import PayoutCard
from linli.money.payouts.rules import PayoutState
from linli.reach.lockers import actions as lockers
from linli.reach.lockers.rules import Size
from linli.spine.may import Duty
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk() -> Desk:
    return a_desk()


@pytest.fixture
def taken(visitor):
    """What somebody takes away from an address: the rows beneath the heading. The page offers the sheet."""

    def take(scope, page: str, sheet: str) -> list[list[str]]:
        client = visitor(scope)
        if page:
            assert sheet.partition("?")[0] in client.get(page).content.decode(), page
        answer = client.get(sheet + ("&" if "?" in sheet else "?") + "form=csv")
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "text/csv"), sheet
        heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert all(len(row) == len(heading) for row in rows)
        return rows

    return take


def test_what_is_on_its_way_who_carries_and_when_they_are_wanted(visitor, taken):
    round_ = a_round()
    manager = Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(round_.community.id,),
        duty=Duty.MANAGER,
    )  # fmt: skip
    stranger = replace(manager, person=a_person(), company=a_company(), communities=(a_desk().community.id,))
    round_.given(round_.a_courier(by=manager))
    task = round_.task(1)
    rows = taken(manager, "/p/deliveries/", "/p/deliveries/file/")
    assert len(rows) == 2
    waiting = round_.page(task).number
    assert [row[0] for row in taken(manager, "", f"/p/deliveries/file/?number={waiting}")] == [waiting]
    ((_name, _employment, _vehicle, _at_once, _where, _skills, on_shift, in_hand, *_rest),) = taken(
        manager, "/p/couriers/", "/p/couriers/file/"
    )
    assert (on_shift, in_hand) == ("yes", "1")
    ((begins, ends, *_rest),) = taken(manager, "/p/courier-shifts/", "/p/courier-shifts/file/")
    assert (begins, ends) == tuple(f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" for at in (AT, AT + timedelta(hours=4)))
    for sheet in ("/p/deliveries/file/", "/p/couriers/file/", "/p/courier-shifts/file/"):
        assert taken(stranger, "", sheet) == []
        assert visitor(replace(manager, duty=Duty.GUARD)).get(sheet).status_code == 404


def test_what_may_be_asked_and_who_does_it(taken):
    crew = a_crew()
    crew.a_worker(Skill.PLUMBING, most_open=3)
    manager = replace(crew.steward, duty=Duty.MANAGER)
    types = taken(manager, "/p/work-types/", "/p/work-types/file/")
    assert [row[2] for row in types if row[2] == "tap"] == ["tap"]
    ((name, skills, most, open_jobs, away, rota),) = taken(manager, "/p/workers/", "/p/workers/file/")
    assert ("*" in name, most, open_jobs, away, rota) == (True, "3", "0", "no", "always on duty")
    assert skills
    assert taken(a_desk().scope, "", "/p/workers/file/") == []


def test_points_routes_and_plans_of_patrols_without_the_words_of_their_qr(taken):
    rounds = some_rounds()
    patrols.add_plan(
        rounds.scope, route=rounds.route, weekdays=(0, 6), start_minute=22 * 60, minutes=90, duty=Duty.GUARD,
        people=[], start_on=AT.date(), at=AT,
    )  # fmt: skip
    points = taken(rounds.scope, "/p/patrols/points/", "/p/patrols/points/file/")
    assert len(points) == 3
    secrets = {rounds.secret(nth) for nth in range(3)}
    assert not any(secret in cell for row in points for cell in row for secret in secrets)
    routes = taken(rounds.scope, "/p/patrols/routes/", "/p/patrols/routes/file/")
    assert [row[2] for row in routes] == ["1", "2", "3"]
    ((_route, days, start, minutes, *_rest),) = taken(rounds.scope, "/p/patrols/routes/", "/p/patrols/plans/file/")
    assert (days, start, minutes) == ("Mon Sun", "22:00", "90")


def test_venues_lots_and_what_guests_pay(taken):
    lot = a_lot()
    a_venue(lot.desk, price="20.00")
    lot.a_resident("浙AD54321", space="A-001")
    lot.enters("浙A12345")
    ((name, *_rest, price, _deposit, _text),) = taken(lot.scope, "/p/venues/", "/p/venues/of-communities/file/")
    assert (name, price) == ("羽毛球场", "20.00")
    ((_lot, guests, inside, *_counts, spaces),) = taken(lot.scope, "/p/parking/", "/p/parking/file/")
    assert (guests, inside, spaces) == ("yes", "1", "1")
    tariffs = taken(lot.scope, "/p/parking/tariffs/", "/p/parking/tariffs/file/")
    assert tariffs
    assert all(Money.parse(row[-1]) for row in tariffs)
    stranger = a_desk().scope
    for sheet in ("/p/venues/of-communities/file/", "/p/parking/file/", "/p/parking/tariffs/file/"):
        assert taken(stranger, "", sheet) == []


def test_every_reading_of_a_meter_and_what_waits_for_a_person(visitor, taken, desk):
    home = desk.a_home("3-2-501")
    meter = a_meter(desk, home, label="W-501")
    days = [date(2025, 11, 25) + timedelta(days=nth) for nth in range(metering.MOST_READINGS + 3)]
    for nth, on in enumerate(days, start=1):
        meter.reads(nth, on)
    assert meter.reads(90_000, date(2026, 2, 25)) is ReadingState.WAITING
    rows = taken(desk.scope, f"/p/meters/{meter.id}/", f"/p/meters/{meter.id}/readings/file/")
    assert len(rows) == len(days) + 2, "each, with the one when it was put in and the doubtful one"
    page = visitor(desk.scope).get(f"/p/meters/{meter.id}/").content.decode()
    assert "There are more; the spreadsheet has them all" in page
    ((where, number, _kind, _day, showed, *_rest),) = taken(desk.scope, "/p/readings/", "/p/readings/doubtful/file/")
    assert (where, number, showed) == ("3-2-501", "W-501", "90000")
    stranger = a_desk().scope
    assert visitor(stranger).get(f"/p/meters/{meter.id}/readings/file/").status_code == 404
    assert taken(stranger, "", "/p/readings/doubtful/file/") == []


def test_months_and_the_sheets_that_were_taken_over(visitor, taken, desk):
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="100"), desk.a_home("3-1-501"))
    for first_on in (date(2026, 1, 1), date(2026, 2, 1)):
        desk.issued(first_on)
    months = taken(desk.scope, "/p/charging/", "/p/charging/sheet/")
    assert [(row[0], row[6], row[9]) for row in months] == [
        ("2026-02", "100.00", "100.00"),
        ("2026-01", "100.00", "100.00"),
    ]
    content = b"building,unit,home,area_m2\n3,1,501,80\n"
    intake.take_over(desk.scope, community=desk.community.id, file_name="homes.csv", content=content, at=AT)
    ((_when, sheet, rows, *_did),) = taken(desk.scope, "/p/intake/", "/p/intake/batches/file/")
    assert (sheet, rows) == ("homes.csv", "1")
    stranger = a_desk().scope
    for address in ("/p/charging/sheet/", "/p/intake/batches/file/"):
        assert taken(stranger, "", address) == []
        theirs = f"{address}?community={desk.community.id}"
        assert visitor(stranger).get(theirs).status_code == 404


def test_compartments_and_what_lies_in_them(taken, desk):
    lockers.keep_cabinet(
        desk.scope, community=desk.community.id, label="A", machine="M-1", compartments={Size.SMALL: 2}, at=AT
    )
    rows = taken(desk.scope, "/p/lockers/", "/p/lockers/file/")
    assert [(row[0], row[1], row[3]) for row in rows] == [("A", "1", "no"), ("A", "2", "no")]
    assert taken(a_desk().scope, "", "/p/lockers/file/") == []


def test_payouts_of_the_company(taken, desk, monkeypatch):
    card = PayoutCard(
        PayoutId(new()), CityId(new()), desk.scope.company, Money(12_000), Money(-2_000), Money(10_000),
        PayoutState.SETTLED, "", AT,
    )  # fmt: skip
    asked = []

    def payouts(scope, **how):
        asked.append((scope.company, how))
        return (card,)

    monkeypatch.setattr("linli.faces.property.commissions.payouts.payouts", payouts)
    ((_drawn, claimed, netted, sent, *_state),) = taken(desk.scope, "", "/p/payouts/file/")
    assert (claimed, netted, sent) == ("120.00", "-20.00", "100.00")
    assert asked == [(desk.scope.company, {"payee": desk.scope.company, "limit": sheets.AT_ONCE + 1})]
