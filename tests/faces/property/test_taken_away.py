"""Lists of the desk as spreadsheets: what stands on the page stands in the sheet, and a stranger gets neither."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.test import Client

from builders import AT
from builders.assets import Stock, a_stock
from builders.billing import Desk, a_desk
from linli.estate.billing import actions, queries
from linli.estate.billing.rules import Channel, ShareBy
from linli.estate.intake import actions as intake
from linli.kernel.money import Money

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def rows(client: Client, address: str) -> list[list[str]]:
    """This will give the rows of a sheet beneath its heading."""
    answer = client.get(address + ("&" if "?" in address else "?") + "form=csv")
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "text/csv"), address
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def test_a_month_is_taken_away_line_by_line_before_and_after_it_goes_out(visitor, desk):
    fee = desk.priced(desk.an_item("property_fee"), price="2")
    home, unknown = desk.a_home("3-1-501", area_m2="80"), desk.a_home("3-1-502", area_m2=None)
    desk.charged(fee, home, unknown)
    clerk, where = visitor(desk.scope), f"/p/charging/{desk.community.id}/2026-03/"
    actions.draft_month(desk.scope, community=desk.community.id, first_on=MARCH, at=AT)
    assert f"{where}sheet/" in clerk.get(where).content.decode()
    drafted = rows(clerk, f"{where}sheet/")
    assert [(row[0], row[6], row[7], row[8]) for row in drafted] == [
        ("3-1-501", "160.00", "", ""),
        ("3-1-502", "0.00", "missing", "home.area"),
    ]
    actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, without_stopped=True, at=AT)
    out = rows(clerk, f"{where}sheet/")
    assert out == drafted[:1]
    assert "*" in out[0][2], "who owes it is masked, as on every page"
    page = queries.month_page(desk.scope, community=desk.community.id, first_on=MARCH)
    assert Money.total(Money.parse(row[6]) for row in out) == page.amount
    for address in (f"{where}sheet/", f"/p/charging/{desk.community.id}/2026-01/sheet/"):
        scope = a_desk().scope if address.startswith(where) else desk.scope
        assert visitor(scope).get(address).status_code == 404


def test_what_is_charged_to_whom_and_what_is_collected_is_taken_away(visitor, desk):
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    home, other = desk.a_home("3-1-501"), desk.a_home("4-1-101")
    desk.charged(fee, home, other)
    desk.issued(FEBRUARY)
    actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("100"), channel=Channel.CASH, at=AT)
    clerk, community = visitor(desk.scope), desk.community.id
    assert [row[1] for row in rows(clerk, "/p/fee-items/sheet/")] == ["property_fee"]
    charged = rows(clerk, f"/p/fee-items/{fee}/homes/{community}/sheet/")
    assert sorted(row[0] for row in charged) == ["3-1-501", "4-1-101"]
    collected = rows(clerk, f"/p/collection/sheet/?community={community}&since=2026-02&until=2026-02")
    assert [row[1:] for row in collected if row[0] == "Building"] == [
        ["3", "1", "100.00", "100.00", "0.00", "100"],
        ["4", "1", "100.00", "0.00", "100.00", "0"],
    ]
    (paid, line) = rows(clerk, f"/p/accounts/{home.id}/sheet/")
    assert (paid[5:], line[5:]) == (["", "100.00", "0.00"], ["100.00", "", "100.00"])
    assert [row[0] for row in (paid, line)] == [AT.date().isoformat()] * 2
    stranger = visitor(a_desk().scope)
    for address in (f"fee-items/{fee}/homes/{community}", f"accounts/{home.id}", f"home-facts/{community}"):
        assert stranger.get(f"/p/{address}/sheet/").status_code == 404
    assert rows(stranger, "/p/fee-items/sheet/") == []


def test_homes_are_taken_away_so_that_the_one_sheet_takes_them_in_again(visitor, desk):
    desk.a_home("3-1-501", area_m2="89.37")
    desk.a_home("3-1-502", area_m2="120.00")
    clerk, community = visitor(desk.scope), desk.community.id
    content = clerk.get(f"/p/home-facts/{community}/sheet/?form=csv").content
    assert "89.37" in content.decode()
    seen = intake.preview_sheet(desk.scope, community=community, file_name="homes.csv", content=content, at=AT)
    assert (seen.rows, seen.same, seen.errors) == (2, 2, ())


def test_shared_costs_and_the_banks_lines_are_taken_away(visitor, desk):
    desk.a_home("3-1-501")
    item = desk.an_item("lift_power")
    clerk, where = visitor(desk.scope), f"/p/charging/{desk.community.id}/2026-03/costs/"
    entered = {
        "item": item,
        "title": "一栋电梯",
        "amount": "88.80",
        "by": ShareBy.AREA.value,
        "place": "",
        "do": "enter",
    }
    assert clerk.post(where, entered).status_code == 303
    ((_item, title, *_rest, amount, charged, _back, state),) = rows(clerk, f"{where}sheet/")
    assert (title, amount, charged, state) == ("一栋电梯", "88.80", "0.00", "entered")
    sheet = b"date,amount,payer,memo,reference\n2026/3/2,3.21,Somebody,rent,A2"
    actions.import_bank_lines(desk.scope, file_name="bank.csv", content=sheet, at=AT)
    assert [row[:2] for row in rows(clerk, "/p/bank/sheet/")] == [["2026-03-02", "3.21"]]
    assert rows(clerk, "/p/bank/sheet/?state=matched") == []
    assert clerk.get("/p/bank/sheet/?state=cakes").status_code == 404
    stranger = visitor(a_desk().scope)
    assert stranger.get(f"{where}sheet/").status_code == 404
    assert rows(stranger, "/p/bank/sheet/") == []


def test_plans_and_stock_takings_and_the_team_are_taken_away(visitor):
    stock: Stock = a_stock()
    stock.an_asset()
    stock.a_plan()
    clerk = visitor(stock.scope)
    community = stock.desk.community.id
    assert [row[0] for row in rows(clerk, f"/p/assets/plans/sheet/?community={community}")] == ["月度保养"]
    clerk.post(f"/p/assets/stock-takings/{community}/", {"name": "盘点", "kind": "lift"})
    ((_label, name, *_dates, counted, every, _differ, state),) = rows(
        clerk, f"/p/assets/stock-takings/sheet/?community={community}"
    )
    assert (name, counted, every, state) == ("盘点", "0", "1", "open")
    team = rows(clerk, "/p/staff/sheet/")
    assert all("*" in row[3] for row in team if row[3])
