"""Lists in pages are sorted by the house over all of them, and the next page goes on where the last one ended."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from builders import AT
from builders.billing import a_desk
from builders.contracts import TODAY, a_contract
from builders.metering import a_meter
from builders.parking import a_lot
from builders.visits import a_gate
from builders.workorders import a_crew
from linli.estate.billing import actions as billing
from linli.estate.contracts.rules import Terms
from linli.estate.parcels import actions as parcels
from linli.estate.parcels.rules import Carrier, Scan
from linli.estate.workorders import actions as work
from linli.faces.property import bills as bills_page
from linli.faces.property import contracts as contracts_page
from linli.faces.property import meters as meters_page
from linli.faces.property import parcels as parcels_page
from linli.faces.property import parking_stays as stays_page
from linli.faces.property import visits as visits_page
from linli.faces.property import work_orders as work_page
from linli.faces.shell import dispatch, doorway
from linli.kernel.money import Money

pytestmark = pytest.mark.django_db
AREAS = {"3-1-501": "90", "3-1-502": "120", "3-1-503": "60", "3-1-504": "120", "3-1-505": "75"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


def pages(client, address: str, what: str) -> list[list[str]]:
    """What a list shows, page by page, along its own links."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content.decode()[-1500:]
        html = answer.content.decode()
        found.append(re.findall(what, html.partition("<tbody>")[2].partition("</tbody>")[0]))
        onward = re.search(r'<a href="([^"]+)" rel="next"', html)
        address = onward[1].replace("&amp;", "&") if onward else ""
    return found


def test_bills_are_sorted_by_amount_over_all_pages(visitor, monkeypatch):
    monkeypatch.setattr(bills_page, "A_PAGE", 2)
    desk = a_desk()
    tariff = desk.priced(desk.an_item("property_fee"), price="1.00")
    for door, area in AREAS.items():
        desk.charged(tariff, desk.a_home(door, area_m2=area))
    billing.draft_month(desk.scope, community=desk.community.id, first_on=date(2026, 3, 1), at=AT)
    billing.issue_month(desk.scope, community=desk.community.id, first_on=date(2026, 3, 1), at=AT)
    clerk = visitor(desk.scope, locale="en")
    doors = r">(3-1-50\d)<"
    falling = pages(clerk, "/p/bills/?by=-amount", doors)
    assert [len(each) for each in falling] == [2, 2, 1]
    assert [AREAS[door] for page in falling for door in page] == ["120", "120", "90", "75", "60"]
    rising = [AREAS[door] for page in pages(clerk, "/p/bills/?by=open", doors) for door in page]
    assert rising == ["60", "75", "90", "120", "120"]
    assert sorted(door for page in pages(clerk, "/p/bills/?by=due", doors) for door in page) == sorted(AREAS)
    assert len(pages(clerk, "/p/bills/?by=nothing", doors)) == 3
    html = clerk.get("/p/bills/?by=-amount").content.decode()
    assert 'aria-sort="descending"' in html
    assert "by=amount" in html
    assert "data-part" in html


def test_work_orders_are_sorted_by_their_deadline_over_all_pages(visitor, monkeypatch):
    monkeypatch.setattr(work_page, "A_PAGE", 2)
    crew = a_crew()
    raised = [
        work.raise_work_order(
            crew.steward, community=crew.desk.community.id, type_id=crew.type_id("tap"), home=None, place=f"Gate {n}",
            words="It drips", at=AT - timedelta(hours=hours),
        )
        for n, hours in enumerate((1, 3, 2))
    ]  # fmt: skip
    clerk = visitor(crew.steward, locale="en")
    orders = r"/p/work-orders/([0-9a-f-]{36})/"
    soonest = [each for page in pages(clerk, "/p/work-orders/?by=due", orders) for each in page]
    assert soonest == [str(raised[1]), str(raised[2]), str(raised[0])]
    latest = [each for page in pages(clerk, "/p/work-orders/?by=-due", orders) for each in page]
    assert latest == soonest[::-1]
    assert len([each for page in pages(clerk, "/p/work-orders/?by=-price", orders) for each in page]) == 3


def test_a_view_of_a_list_is_saved_seen_and_forgotten(visitor):
    desk = a_desk()
    clerk = visitor(desk.scope, locale="en")
    kept = clerk.post("/views/", {"page": "/p/bills/", "name": "Late first", "query": "by=-open&standing=late&after=9"})
    assert kept.status_code == 303
    assert kept["Location"] == "/p/bills/?by=-open&standing=late"
    html = clerk.get(kept["Location"]).content.decode()
    assert re.search(r'standing=late" aria-current="true">Late first</a>', html)
    removal = re.search(r'action="(/views/[0-9a-f-]{36}/removal/)"', html)
    assert removal
    assert "Late first" in clerk.get("/p/bills/").content.decode()
    assert "Late first" not in clerk.get("/p/arrears/").content.decode()
    assert "Late first" not in visitor(a_desk().scope, locale="en").get("/p/bills/").content.decode()
    assert clerk.post(removal[1])["Location"] == "/p/bills/"
    assert "Late first" not in clerk.get("/p/bills/").content.decode()


def test_a_view_leads_nowhere_else_and_guests_keep_none(visitor, client):
    clerk = visitor(a_desk().scope, locale="en")
    assert clerk.post("/views/", {"page": "//evil.example/p/", "name": "x", "query": ""}).status_code == 404
    assert client.post("/views/", {"page": "/p/bills/", "name": "x", "query": ""}).status_code == 404


def test_parcels_are_sorted_by_their_shelf_and_by_when_they_came(visitor, monkeypatch):
    monkeypatch.setattr(parcels_page, "MOST", 2)
    desk = a_desk()
    desk.a_home("3-1-501")
    for nth, shelf in enumerate("BCA"):
        parcels.scan_in(
            desk.scope, community=desk.community.id, carrier=Carrier.SF, shelf=shelf,
            scans=[Scan(f"SF1000{nth}", "3-1-501")], at=AT + timedelta(hours=nth),
        )  # fmt: skip
    clerk = visitor(desk.scope, locale="en")
    shelves = r"<td>([ABC])</td>"
    assert [each for page in pages(clerk, "/p/parcels/?by=shelf", shelves) for each in page] == ["A", "B", "C"]
    assert [each for page in pages(clerk, "/p/parcels/?by=-due", shelves) for each in page] == ["A", "C", "B"]
    assert pages(clerk, "/p/parcels/", shelves) == [["A", "C"], ["B"]]


def test_contracts_are_sorted_by_their_sum_and_by_their_end(visitor, monkeypatch):
    monkeypatch.setattr(contracts_page, "A_PAGE", 2)
    desk = a_desk()
    for months, monthly in ((12, 900), (24, 100), (18, 500)):
        years, rest = divmod(months, 12)
        a_contract(
            desk, subject=f"Shop {months}", end_on=TODAY.replace(year=TODAY.year + years, month=TODAY.month + rest),
            terms=Terms(monthly=Money(monthly * 100), every_months=3),
        )  # fmt: skip
    clerk, months = visitor(desk.scope, locale="en"), r">Shop (\d+)<"
    assert [each for page in pages(clerk, "/p/contracts/?by=-sum", months) for each in page] == ["12", "18", "24"]
    assert pages(clerk, "/p/contracts/?by=end", months) == [["12", "18"], ["24"]]
    assert pages(clerk, "/p/contracts/", months) == [["18", "24"], ["12"]]


def test_stays_are_sorted_by_when_they_began_and_go_on_from_page_to_page(visitor, monkeypatch):
    monkeypatch.setattr(stays_page, "A_PAGE", 2)
    lot = a_lot()
    for nth in range(1, 4):
        lot.enters(f"浙A0000{nth}", AT + timedelta(minutes=nth))
    clerk, plates = visitor(lot.scope, locale="en"), r"A·?0000(\d)"
    assert pages(clerk, "/p/parking/stays/", plates) == [["3", "2"], ["1"]]
    assert pages(clerk, "/p/parking/stays/?by=entered", plates) == [["1", "2"], ["3"]]
    assert pages(clerk, "/p/parking/stays/?by=-owing", plates) == [["3", "2"], ["1"]], "what owes alike, by its age"
    assert pages(clerk, "/p/parking/stays/?by=fee", plates) == [["1", "2"], ["3"]]


def test_meters_are_walked_past_or_sorted_by_number_and_by_when_they_were_read(visitor, monkeypatch):
    monkeypatch.setattr(meters_page, "A_PAGE", 2)
    desk = a_desk()
    for door, label, on in (
        ("3-1-101", "W-3", date(2026, 1, 20)),
        ("3-1-102", "W-1", date(2026, 2, 20)),
        ("3-1-103", "W-2", date(2026, 1, 25)),
    ):
        a_meter(desk, desk.a_home(door), label=label).reads(30, on)
    clerk, labels = visitor(desk.scope, locale="en"), r"<td>W-(\d)"
    assert pages(clerk, "/p/meters/", labels) == [["3", "1"], ["2"]]
    assert pages(clerk, "/p/meters/?by=-way", labels) == [["2", "1"], ["3"]]
    assert pages(clerk, "/p/meters/?by=number", labels) == [["1", "2"], ["3"]]
    assert pages(clerk, "/p/meters/?by=-read", labels) == [["1", "2"], ["3"]]
    assert pages(clerk, "/p/meters/?by=read", labels) == [["3", "2"], ["1"]]


def test_visits_are_sorted_by_when_they_begin_over_all_pages(visitor, monkeypatch):
    monkeypatch.setattr(visits_page, "MOST", 2)
    gate = a_gate()
    invited = [gate.a_pass(first_on=AT.date() + timedelta(days=days)) for days in (2, 0, 1)]
    clerk, passes = visitor(gate.guard, locale="en"), r"/p/visits/([0-9a-f-]{36})/\""
    second, first, third = ([str(each)] for each in (invited[2], invited[1], invited[0]))
    assert pages(clerk, "/p/visits/?by=begin", passes) == [first + second, third]
    assert pages(clerk, "/p/visits/?by=-begin", passes) == [third + second, first]
    assert pages(clerk, "/p/visits/", passes) == [second + first, third]
    assert pages(clerk, "/p/visits/?by=entries", passes) == [third + first, second], "entered alike, by their age"
