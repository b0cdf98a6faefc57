"""Patrols from end to end as people do them: the desk sets up points, lays a route and plans it, a guard scans and
answers on the phone, a finding is a work order, and the desk sees what was walked and what is hard to believe."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.billing import a_desk
from builders.patrols import some_rounds
from harness.budget import budget
from linli.estate.patrols import queries, tasks
from linli.estate.patrols.rules import mark_of
from linli.estate.workorders import queries as workorders
from linli.estate.workorders.queries import Wanted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def rounds():
    return some_rounds()


def text(response):
    return response.content.decode()


def test_every_page_opens_in_both_languages_within_its_budget(visitor, rounds):
    guard, patrol = rounds.a_guard(), rounds.sent()
    rounds.visits(guard, patrol, 0)
    point, secret = rounds.points[1], rounds.secret(1)
    desk = {
        "/p/patrols/": 4,
        f"/p/patrols/{patrol}/": 8,
        "/p/patrols/rates/": 4,
        "/p/patrols/points/": 3,
        "/p/patrols/points/sheet/": 3,
        f"/p/patrols/points/{point}/": 3,
        "/p/patrols/routes/": 11,
    }
    on_foot = {"/p/patrols/walk/": 3, f"/p/patrols/walk/{patrol}/": 7, f"/p/patrols/scan/{secret}/": 8}
    for locale in ("zh-CN", "en"):
        for scope, pages in ((rounds.scope, desk), (guard, on_foot)):
            client = visitor(scope, locale=locale)
            for where, statements in pages.items():
                assert client.get(where).status_code == 200, where
                with budget(statements):
                    client.get(where)


def test_a_patrol_that_nobody_walked_is_no_missed_appointment(visitor, rounds):
    page = text(visitor(rounds.scope, locale="zh-CN").get("/p/patrols/"))
    assert "未巡检" in page
    assert "爽约" not in page


def test_a_guard_finds_the_walk_and_not_the_plans_and_a_stranger_nothing(visitor, rounds):
    guard, stranger = visitor(rounds.a_guard()), visitor(a_desk().scope)
    patrol = rounds.sent()
    assert guard.get(f"/p/patrols/walk/{patrol}/").status_code == 200
    for where in ("/p/patrols/", "/p/patrols/points/sheet/", "/p/patrols/routes/"):
        assert guard.get(where).status_code == 404
    for where in (f"/p/patrols/{patrol}/", f"/p/patrols/points/{rounds.points[0]}/"):
        assert stranger.get(where).status_code == 404
    assert "not open on a patrol of yours" in text(stranger.get(f"/p/patrols/scan/{rounds.secret(0)}/"))


def test_the_desk_sets_up_points_lays_a_route_and_plans_it_and_the_clock_makes_the_walk(visitor):
    desk = a_desk()
    client, community = visitor(desk.scope), desk.community.id
    for name in ("水泵房", "配电室"):
        items = "设备无异响\n水压 | 0.2 | 0.6 | MPa"
        client.post(f"/p/patrols/points/{community}/new/", {"name": name, "place": "地下一层", "items": items})
    first, second = queries.points(desk.scope, community=community)
    assert [(item.words, item.measure) for item in first.items] == [("设备无异响", ""), ("水压", "MPa")]
    wrong = client.post(f"/p/patrols/points/{first.point}/", {"name": "x", "place": "y", "items": "水压 | a | b"})
    assert wrong.status_code == 422
    client.post(
        f"/p/patrols/routes/{community}/",
        {
            "name": "设备巡检",
            "points": [second.point, first.point],
            f"nth.{first.point}": "2",
            f"nth.{second.point}": "1",
        },
    )
    (route,) = queries.routes(desk.scope, community=community)
    assert [stop.point for stop in route.stops] == [second.point, first.point]
    client.post(
        "/p/patrols/plans/",
        {
            "route": route.route,
            "weekdays": ["0"],
            "start": "22:00",
            "minutes": "60",
            "duty": "guard",
            "start_on": "2026-03-02",
        },
    )
    assert tasks.open_patrols(at=AT) == 1
    assert "PT-260302-0001" in text(client.get("/p/patrols/"))
    sheet = text(client.get("/p/patrols/points/sheet/"))
    assert first.secret in sheet


def test_a_guard_scans_answers_and_what_is_wrong_becomes_a_work_order(visitor, rounds):
    client, patrol = visitor(rounds.a_guard()), rounds.sent()
    where = f"/p/patrols/scan/{rounds.secret(0)}/"
    assert "水压" in text(client.get(where))
    refused = client.post(where, {"patrol": patrol, "items.light": "ok"})
    assert refused.status_code == 422
    assert 'id="items.pressure-wrong"' in text(refused)
    wrong = {"patrol": patrol, "items.light": "finding", "words.light": "灯管坏了", "items.pressure": "0.4"}
    answered = client.post(where, wrong)
    assert answered.headers["Location"] == f"/p/patrols/walk/{patrol}/"
    (order,) = workorders.work_orders(rounds.scope, wanted=Wanted(), at=AT)
    assert order.place == "泵房1 · 地下1层"
    fine = {"patrol": patrol, "items.light": "ok", "items.pressure": "0.4"}
    code = client.post(f"/p/patrols/walk/{patrol}/code/", {"secret": rounds.secret(1)})
    assert code.headers["Location"] == f"/p/patrols/scan/{rounds.secret(1)}/"
    client.post(f"/p/patrols/scan/{rounds.secret(1)}/", fine)
    last = client.post(f"/p/patrols/scan/{rounds.secret(2)}/", fine)
    assert last.headers["Location"] == "/p/patrols/walk/"
    page = text(visitor(rounds.scope).get(f"/p/patrols/{patrol}/"))
    assert "灯管坏了" in page
    assert "too fast" in page


def test_a_phone_keeps_the_pages_of_points_without_their_secrets_and_cannot_check_from_them(visitor, rounds):
    client, patrol = visitor(rounds.a_guard()), rounds.sent()
    walk = text(client.get(f"/p/patrols/walk/{patrol}/"))
    assert ">to do<" in walk  # a point that nobody was at yet is not "open"
    kept = [f"/p/patrols/walk/{patrol}/points/{mark_of(rounds.secret(nth))}/" for nth in range(3)]
    for nth, where in enumerate(kept):
        assert f'<data value="{where}" hidden>' in walk
        page = text(client.get(where))
        assert 'action="/p/patrols/scan/-/"' in page
        assert rounds.secret(nth) not in walk + page
    fine = {"patrol": patrol, "items.light": "ok", "items.pressure": "0.4"}
    assert client.post("/p/patrols/scan/-/", fine).status_code == 404
    assert client.get(f"/p/patrols/walk/{patrol}/points/{'0' * 64}/").status_code == 404


def test_a_check_that_comes_again_because_its_answer_was_lost_is_answered_the_same(visitor, rounds):
    client, patrol = visitor(rounds.a_guard()), rounds.sent()
    fine = {"patrol": patrol, "items.light": "ok", "items.pressure": "0.4", "once": "k1"}
    said = (AT - timedelta(seconds=9)).isoformat()
    for sent in (fine, fine | {"said_at": said}):
        answer = client.post(f"/p/patrols/scan/{rounds.secret(0)}/", sent)
        assert answer.headers["Location"] == f"/p/patrols/walk/{patrol}/"
    assert queries.patrol(rounds.scope, patrol=patrol, at=AT).row.visited == 1


def test_rates_and_lists_are_taken_away_as_sheets(visitor, rounds):
    rounds.sent(minutes=30)
    tasks.lapse_patrols(at=AT + timedelta(minutes=30))
    client = visitor(rounds.scope)
    assert "not walked" in client.get("/p/patrols/file/?form=csv").content.decode("utf-8-sig")
    assert "夜间巡更,1,0,0,1,3,0,0,0" in client.get("/p/patrols/rates/file/?form=csv").content.decode("utf-8-sig")
