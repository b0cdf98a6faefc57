"""Assets from end to end as people do them: the desk enters a lift and plans it, an engineer scans its label, ticks the
checklist and counts it, and the desk sees what was done and what differs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_picture
from builders.assets import a_sheet, a_stock
from builders.billing import a_desk
from harness.budget import statements_of_pages
from linli.estate.assets import actions, queries, tasks
from linli.estate.assets.queries import Sought
from linli.estate.workorders import queries as workorders
from linli.estate.workorders.queries import Wanted
from linli.kernel import ids

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def stock():
    return a_stock()


def text(response):
    return response.content.decode()


def a_file(name="scan.png"):
    return SimpleUploadedFile(name, a_picture())


def test_every_page_opens_in_both_languages_within_its_budget(visitor, stock):
    lift = stock.an_asset()
    stock.a_plan(lift)
    engineer, community = stock.an_engineer(), stock.desk.community.id
    (task,) = stock.opened()
    taking = actions.begin_taking(stock.scope, community=community, name="盘点", at=AT)
    secret = stock.card(lift).secret
    desk = {
        "/p/assets/": 5,
        "/p/assets/labels/": 3,
        f"/p/assets/new/{community}/": 6,
        f"/p/assets/{lift}/": 12,
        f"/p/assets/{lift}/change/": 5,
        "/p/assets/plans/": 8,
        "/p/assets/tasks/": 4,
        f"/p/assets/tasks/{task.task}/": 5,
        "/p/assets/stock-takings/": 3,
        f"/p/assets/stock-taking/{taking}/": 6,
        "/p/assets/sheet/": 3,
    }
    on_foot = {
        "/p/assets/walk/": 4,
        f"/p/assets/scan/{secret}/": 9,
        f"/p/assets/scan/{secret}/tasks/{task.task}/": 18,
        f"/p/assets/scan/{secret}/counts/{taking}/": 7,
    }
    for locale in ("zh-CN", "en"):
        for scope, pages in ((stock.scope, desk), (engineer, on_foot)):
            client = visitor(scope, locale=locale)
            assert statements_of_pages(client, pages) == pages


def test_an_engineer_finds_the_label_and_not_the_register_and_a_stranger_nothing(visitor, stock):
    lift = stock.an_asset()
    engineer, stranger = visitor(stock.an_engineer()), visitor(a_desk().scope)
    secret = stock.card(lift).secret
    assert engineer.get(f"/p/assets/scan/{secret}/").status_code == 200
    for where in ("/p/assets/", "/p/assets/plans/", "/p/assets/sheet/"):
        assert engineer.get(where).status_code == 404
    for where in (f"/p/assets/{lift}/", f"/p/assets/scan/{secret}/"):
        assert stranger.get(where).status_code == 404


def test_a_lift_is_entered_planned_inspected_by_law_counted_and_retired(visitor, stock):
    client, community = visitor(stock.scope), stock.desk.community.id
    draft = {"kind": "lift", "name": "1 号梯", "place": "首层", "building": "1 栋", "cost": "240000.00"}
    wrong = client.post(f"/p/assets/new/{community}/", draft | {"life_months": "120"})
    assert wrong.status_code == 422
    assert "bought_on-wrong" in text(wrong)
    bought = {"bought_on": "2020-03-01", "salvage": "12000.00", "life_months": "120"}
    client.post(f"/p/assets/new/{community}/", draft | bought)
    (lift,) = queries.assets(stock.scope, sought=Sought())
    assert "103,200.00" in text(client.get(f"/p/assets/{lift.asset}/"))
    plan = {"name": "年度检验", "asset": lift.asset, "n": "12", "every": "months", "anchor": "2026-03-02"}
    client.post(f"/p/assets/plans/{community}/", plan | {"items": "限速器\n安全钳", "is_statutory": "1"})
    assert tasks.open_tasks(at=AT) == 1
    (task,) = queries.tasks(stock.scope, today=AT.date())
    engineer = stock.an_engineer()
    stock.given_to(engineer, task)
    phone, where = visitor(engineer), f"/p/assets/scan/{lift.secret}/"
    assert "年度检验" in text(phone.get(where))
    answers = {"items.0": "ok", "items.1": "finding", "words.1": "间隙过大"}
    refused = phone.post(f"{where}tasks/{task.task}/", answers)
    assert refused.status_code == 422
    assert "expires_on-wrong" in text(refused)
    certified = answers | {"expires_on": "2027-03-02", "certificate": a_file(), "photos": a_file("a.png")}
    done = phone.post(f"{where}tasks/{task.task}/", certified)
    assert done.headers["Location"] == where
    shown = text(client.get(f"/p/assets/tasks/{task.task}/"))
    assert "间隙过大" in shown
    states = {order.state.value for order in workorders.work_orders(stock.scope, wanted=Wanted(), at=AT)}
    assert states == {"done", "raised"}
    client.post(f"/p/assets/stock-takings/{community}/", {"name": "盘点"})
    (taking,) = queries.takings(stock.scope)
    damaged = {"seen": "damaged", "words": "面板破了", "photos": a_file()}
    assert phone.post(f"{where}counts/{taking.taking}/", {"seen": "damaged"}).status_code == 422
    phone.post(f"{where}counts/{taking.taking}/", damaged)
    client.post(f"/p/assets/stock-taking/{taking.taking}/closing/", {})
    assert "面板破了" in text(client.get(f"/p/assets/stock-taking/{taking.taking}/"))
    client.post(f"/p/assets/{lift.asset}/moves/", {"verb": "retire", "why": "更换"})
    assert queries.assets(stock.scope, sought=Sought()) == ()


def test_a_number_opens_an_asset_and_damage_becomes_a_work_order(visitor, stock):
    lift = stock.an_asset()
    phone, secret = visitor(stock.an_engineer()), stock.card(lift).secret
    assert phone.post("/p/assets/walk/", {"secret": "AS-1"}).status_code == 422
    found = phone.post("/p/assets/walk/", {"secret": "as-260302-0001"})
    assert found.headers["Location"] == f"/p/assets/scan/{secret}/"
    phone.post(f"/p/assets/scan/{secret}/", {"words": "异响", "photos": a_file()})
    (order,) = workorders.work_orders(stock.scope, wanted=Wanted(), at=AT)
    assert order.place == "1 号梯 · 1 栋首层"


def test_papers_are_kept_and_places_changed_from_the_page(visitor, stock):
    lift = stock.an_asset()
    client = visitor(stock.scope)
    assert client.post(f"/p/assets/{lift}/papers/", {"kind": "certificate", "title": "合格证"}).status_code == 422
    client.post(f"/p/assets/{lift}/papers/", {"kind": "manual", "title": "说明书", "file": a_file()})
    (paper,) = queries.asset_page(stock.scope, asset=lift, at=AT).papers
    assert "说明书" in text(client.get(f"/p/assets/{lift}/"))
    client.post(f"/p/assets/{lift}/papers/{paper.paper}/removal/", {})
    assert queries.asset_page(stock.scope, asset=lift, at=AT).papers == ()
    moved = {"place": "库房", "relocation_why": "换新", "keeper": stock.an_engineer().person}
    client.post(f"/p/assets/{lift}/relocation/", moved)
    assert stock.card(lift).where == "库房"
    client.post(f"/p/assets/{lift}/code/", {})
    client.post(f"/p/assets/{lift}/change/", {"kind": "lift", "name": "梯一", "place": "库房"})
    assert stock.card(lift).name == "梯一"


def test_a_sheet_is_looked_at_taken_over_exported_and_undone(visitor, stock):
    client, community = visitor(stock.scope), stock.desk.community.id
    wrong = SimpleUploadedFile("a.csv", a_sheet("A1,飞机,机,1 栋,,,,"))
    asked = "/p/assets/sheet/preview/"
    assert "“飞机”" in text(client.post(asked, {"community": community, "file": wrong}, follow=True))
    good = a_sheet("A1,电梯,1 号梯,1 栋,2020-03-01,240000,12000,120", "A2,水泵,泵,地下,,,,")
    seen = client.post(asked, {"community": community, "file": SimpleUploadedFile("a.csv", good)})
    preview = parse_qs(urlsplit(seen.headers["Location"]).query)["preview"][0]
    assert queries.assets(stock.scope, sought=Sought()) == ()
    assert client.post("/p/assets/sheet/", {"community": ids.new(), "preview": preview}).status_code == 404
    client.post("/p/assets/sheet/", {"community": community, "preview": preview})
    listed = client.get("/p/assets/file/?form=csv").content.decode("utf-8-sig")
    assert "AS-260302-0001,A1,lift,1 号梯,,1 栋,,,2020-03-01,,,240000.00,136800.00,103200.00,in use" in listed
    (batch,) = queries.asset_batches(stock.scope, community=community)
    client.post(f"/p/assets/sheet/{batch.batch}/undoing/", {})
    assert queries.assets(stock.scope, sought=Sought()) == ()
    assert client.get("/p/assets/sheet/template/").content.decode("utf-8-sig").startswith("own_number,kind,name,")


def test_lists_of_tasks_and_counts_are_taken_away_as_sheets(visitor, stock):
    stock.an_asset()
    stock.a_plan()
    (task,) = stock.opened()
    client = visitor(stock.scope)
    assert "MT-260302-0001,月度保养,AS-260302-0001" in client.get("/p/assets/tasks/file/?form=csv").content.decode()
    client.post(f"/p/assets/tasks/{task.task}/calling-off/", {"why": "停用"})
    assert "停用" in text(client.get(f"/p/assets/tasks/{task.task}/"))
    client.post(f"/p/assets/stock-takings/{stock.desk.community.id}/", {"name": "盘点", "kind": "lift"})
    (taking,) = queries.takings(stock.scope)
    assert "1 号梯" in client.get(f"/p/assets/stock-taking/{taking.taking}/file/?form=csv").content.decode()
    client.post(f"/p/assets/stock-taking/{taking.taking}/calling-off/", {"why": "改期"})
    (plan,) = queries.plans(stock.scope, community=stock.desk.community.id)
    client.post(f"/p/assets/plans/{plan.plan}/ending/", {})
    assert queries.plans(stock.scope, community=stock.desk.community.id) == ()
