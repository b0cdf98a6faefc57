"""A repair walks through three hands: a resident's phone, the desk, the worker's phone; and back, priced and rated."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT, a_picture
from builders.orders import climb
from builders.workorders import HOUR, a_crew
from harness.budget import budget
from harness.visitors import part
from linli.estate.workorders import actions, queries
from linli.estate.workorders.actions.giving import LacksSkill, OffDuty
from linli.estate.workorders.rules import OutageState, Skill, Supply, WorkState
from linli.faces.owner import work_order_moments
from linli.faces.shell import dispatch, doorway
from linli.ground.policies import actions as policies
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def crew():
    return a_crew()


@pytest.fixture(params=["en", "zh-CN"])
def locale(request) -> str:
    return str(request.param)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("leak.jpg", a_picture(), content_type="image/jpeg")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_repair_from_the_residents_phone_to_the_rating(crew, visitor, locale):
    worker = crew.a_worker()
    resident, desk = visitor(crew.resident, locale=locale), visitor(crew.steward, locale=locale)
    phone = visitor(worker, locale=locale)
    tap = crew.type_id("tap")
    assert f"/o/work-orders/new/{tap}/" in text(resident, "/o/work-orders/new/")
    assert "¥120.00" in text(resident, "/o/work-orders/new/")
    text(resident, f"/o/work-orders/new/{tap}/")
    sent = resident.post(
        f"/o/work-orders/new/{tap}/", {"home": str(crew.home.id), "words": "滴水", "photos": [photo()]}
    )
    assert sent.status_code == 303
    address = sent["Location"]
    order = address.rstrip("/").rpartition("/")[2]
    shown = text(resident, address)
    assert re.search(r"/files/[^/\"]+/", shown)
    assert order in text(desk, "/p/work-board/")
    assert worker.person is not None
    assert str(worker.person) in text(desk, f"/p/work-orders/{order}/")
    desk.post(f"/p/work-orders/{order}/assignment/", {"person": str(worker.person)})
    assert order in text(phone, "/p/jobs/")
    for step in ("acceptance", "arrival"):
        assert phone.post(f"/p/jobs/{order}/steps/{step}/").status_code == 303
    phone.post(f"/p/jobs/{order}/materials/", {"name": "阀芯", "quantity": "1", "unit_price": "12.50"})
    phone.post(f"/p/jobs/{order}/quote/", {"labour": "30", "what": "更换"})
    assert "¥42.50" in text(resident, address)
    assert "¥42.50" in resident.get(address, headers=part("work-order")).content.decode()
    resident.post(f"{address}agreement/", {"amount": "42.50"})
    assert "¥42.50" in text(phone, f"/p/jobs/{order}/")
    done = phone.post(f"/p/jobs/{order}/completion/", {"answer": "换好了", "photos": [photo()]})
    assert done.status_code == 303
    assert "换好了" in text(resident, address)
    resident.post(f"{address}rating/", {"stars": "5", "words": "快"})
    desk.post(f"/p/work-orders/{order}/return-visit/", {"satisfaction": "satisfied", "heard": "很好"})
    page = crew.page(order)
    assert (page.state, page.stars, page.price) == (WorkState.DONE, 5, Money(42_50))
    assert page.charge_line is not None
    assert page.visits[0].words == "很好"
    seen = text(desk, f"/p/work-orders/{order}/")
    assert "很好" in seen
    assert ("已完成 · 评价" if locale == "zh-CN" else "done · rated") in seen  # who rated it has not done it
    assert not re.search(r"3-2-501\s+3-2-501", seen)
    resident.post(f"{address}reopening/", {"why": "还漏"})
    assert crew.page(order).state is WorkState.RAISED


def test_the_page_of_an_order_keeps_still_while_nothing_happens(crew, visitor):
    address = f"/o/work-orders/{crew.raised()}/"
    resident = visitor(crew.resident)
    first = resident.get(address, headers=part("work-order"))
    again = resident.get(address, headers=part("work-order", first["HX-PTag"]))
    assert (first.status_code, again.status_code) == (200, 304)


def test_a_number_is_shown_to_who_does_the_work_and_written_down(crew, visitor):
    worker = crew.a_worker()
    order = crew.working(worker)
    phone = visitor(worker)
    assert "****" in text(phone, f"/p/jobs/{order}/")
    shown = phone.post(f"/p/jobs/{order}/phone/", {"reason": "门禁"}).content.decode()
    assert re.search(r"\+86139\d{8}", shown)
    assert phone.post(f"/p/jobs/{order}/phone/", {"reason": ""}).status_code == 422


def test_a_refused_field_is_shown_on_the_page_it_came_from(crew, visitor):
    worker = crew.a_worker()
    order = crew.working(worker)
    refused = visitor(worker).post(f"/p/jobs/{order}/pause/", {"why": "等", "until": "2020-01-01T09:00"})
    assert refused.status_code == 422
    assert crew.page(order).state is WorkState.WORKING
    empty = visitor(crew.resident).post(f"/o/work-orders/new/{crew.type_id('tap')}/", {"home": str(crew.home.id)})
    assert empty.status_code == 422
    assert len(queries.my_orders(crew.resident)) == 1


@pytest.mark.parametrize(
    ("deed", "sent", "panel"),
    [
        ("materials", {"name": "阀芯", "quantity": "1", "unit_price": "x"}, "Materials"),
        ("quote", {"labour": "-1"}, "Tell a price"),
        ("pause", {"why": " ", "until": "2026-01-01T09:00"}, "Pause"),
        ("return", {"person": "", "why": " "}, "I cannot do it"),
    ],
)
def test_what_was_refused_stands_open_on_the_workers_phone_and_nothing_else(crew, visitor, deed, sent, panel):
    worker = crew.a_worker()
    order = crew.working(worker)
    refused = visitor(worker).post(f"/p/jobs/{order}/{deed}/", sent)
    assert refused.status_code == 422
    assert re.findall(r"<details class=\"card\" open><summary>([^<·]+)", refused.content.decode()) == [panel]


def test_an_order_that_was_opened_again_says_when(crew, visitor):
    order = crew.done(crew.a_worker())
    actions.reopen_work(crew.resident, order=order, why="还漏", at=AT + 5 * HOUR)
    page = crew.page(order)
    (sent, *_rest) = work_order_moments.moments(page)
    assert (page.reopened, sent.at) == (1, AT + 5 * HOUR)


def test_work_that_was_handed_on_waits_for_its_next_worker_and_the_history_says_for_whom(crew, visitor):
    first, second = crew.a_worker(), crew.a_worker()
    order = crew.working(first)
    there = crew.page(order)
    actions.transfer_work(first, order=order, person=second.person, why="换人", at=AT + HOUR)
    page = crew.page(order)
    sent, taken, visited, done = work_order_moments.moments(page)
    assert (page.arrived_at, sent.state) == (there.arrived_at, "done")
    assert [each.state for each in (taken, visited, done)] == ["now", "next", "next"]
    assert (taken.at, taken.promised, visited.at) == (None, page.due_at, None)
    given = [(move.verb, move.assignee) for move in page.moves if move.assignee]
    assert given == [("give", first.person), ("transfer", second.person)]
    history = re.sub(r"<[^>]+>", "", text(visitor(crew.steward), f"/p/work-orders/{order}/").partition("History")[2])
    assert history.count(f"to {page.names[second.person]}") >= 1
    actions.accept_work(second, order=order, at=AT + 2 * HOUR)
    assert [each.state for each in work_order_moments.moments(crew.page(order))] == ["done", "done", "now", "next"]


def test_the_desk_reads_whether_a_worker_is_off_duty_or_does_no_such_work(crew, visitor):
    away, painter = crew.a_worker(), crew.a_worker(Skill.CARPENTRY)
    here = crew.desk.community.id
    actions.set_away(crew.desk.scope, community=here, person=away.person, is_away=True, at=AT)
    order = crew.raised()
    shown = text(visitor(crew.steward), f"/p/work-orders/{order}/")
    assert (shown.count("not on duty"), shown.count("does not do such work")) == (1, 1)
    with pytest.raises(OffDuty):
        actions.give_work(crew.desk.scope, order=order, person=away.person, at=AT)
    with pytest.raises(LacksSkill):
        actions.give_work(crew.desk.scope, order=order, person=painter.person, at=AT)


def test_a_worker_knows_of_the_warranty_before_they_speak_of_money(crew, visitor, locale):
    worker = crew.a_worker()
    paid, again = crew.working(worker), crew.working(worker)
    phone = visitor(worker, locale=locale)
    said, asks = ("保修期至", "报价") if locale == "zh-CN" else ("Under warranty until", "Tell a price")
    before = text(phone, f"/p/jobs/{again}/")
    actions.quote_work(worker, order=paid, labour=Money(30_00), at=AT)
    actions.agree_to_quote(crew.resident, order=paid, amount=Money(30_00), at=AT)
    actions.finish_work(worker, order=paid, at=AT)
    after = text(phone, f"/p/jobs/{again}/")
    assert (said in before, said in after) == (False, True)
    assert (asks in before, asks in after) == (True, False)


def test_the_desk_gives_an_order_and_grants_no_time_with_it(crew, visitor):
    crew.a_worker()
    page = text(visitor(crew.steward, locale="zh-CN"), f"/p/work-orders/{crew.raised()}/")
    assert "派单" in page
    assert "同意延期" not in page


def test_a_neighbour_and_another_company_find_no_order(crew, visitor):
    order = crew.raised()
    neighbour = visitor(crew.desk.a_home("3-2-502").scope)
    stranger = visitor(a_crew().desk.scope)
    assert neighbour.get(f"/o/work-orders/{order}/").status_code == 404
    assert neighbour.post(f"/o/work-orders/{order}/cancellation/").status_code == 404
    assert stranger.get(f"/p/work-orders/{order}/").status_code == 404
    assert crew.page(order).state is WorkState.RAISED


def test_a_counter_that_is_closed_is_not_there(crew, visitor):
    resident = visitor(crew.resident)
    assert "/o/work-orders/" in text(resident, "/o/property/")
    policies.set_policy(
        SYSTEM, word="workorders", level="community", place=crew.desk.community.id, values={"is_offered": False},
        start_at=AT - HOUR, at=AT - HOUR,
    )  # fmt: skip
    assert "/o/work-orders/" not in text(resident, "/o/property/")
    for address in ("", "new/", f"new/{crew.type_id('tap')}/"):
        assert resident.get(f"/o/work-orders/{address}").status_code == 404


def test_a_technician_sees_jobs_and_neither_board_nor_rules(crew, visitor):
    phone = visitor(crew.a_worker())
    assert phone.get("/p/jobs/").status_code == 200
    for address in ("work-board/", "work-orders/", "punctuality/", "work-types/", "workers/"):
        assert phone.get(f"/p/{address}").status_code in (403, 404)


def test_work_is_taken_from_the_list_on_the_phone(crew, visitor):
    tap = crew.type_id("tap")
    manager, community = visitor(crew.desk.scope), str(crew.desk.community.id)
    promise = {"community": community, "accept": "10", "arrive": "60", "finish": "600", "way": "grab"}
    assert manager.post(f"/p/work-types/{tap}/promise/", promise).status_code == 303
    worker, order = crew.a_worker(), crew.raised()
    climb(AT)
    phone = visitor(worker)
    assert str(order) in text(phone, "/p/jobs/")
    taking = f"/p/jobs/{order}/steps/grab/"
    assert taking in phone.get(f"/p/jobs/{order}/").content.decode()
    phone.post(taking)
    assert crew.page(order).assignee == worker.person
    given = crew.raised("drain")
    assert f"/p/jobs/{given}/steps/grab/" not in phone.get(f"/p/jobs/{given}/").content.decode()


def test_the_desk_keeps_types_workers_and_rota(crew, visitor, locale):
    manager, community = visitor(crew.desk.scope, locale=locale), str(crew.desk.community.id)
    new = {"word": "solar", "name_zh": "太阳能", "name_en": "Solar", "kind": "repair", "skill": "plumbing"}
    new |= {"accept": "30", "arrive": "120", "finish": "1440", "under": str(crew.type_id("water")), "at_home": "1"}
    assert manager.post("/p/work-types/", new).status_code == 303
    assert ("太阳能" if locale == "zh-CN" else "Solar") in text(manager, "/p/work-types/")
    assert manager.post("/p/work-types/", new | {"arrive": "10"}).status_code == 422
    tap, later = crew.type_id("tap"), {"community": community, "start_on": "2026-03-10"}
    promise = later | {"accept": "10", "arrive": "60", "finish": "600", "way": "grab"}
    assert manager.post(f"/p/work-types/{tap}/promise/", promise).status_code == 303
    off = f"/p/work-types/{tap}/promise/calling-off/"
    assert off in manager.get("/p/work-types/").content.decode()
    assert manager.post(off, later).status_code == 303
    assert off not in manager.get("/p/work-types/").content.decode()
    past = manager.post(f"/p/work-types/{tap}/promise/", promise | {"start_on": "2026-03-01"})
    assert past.status_code == 422
    worker = crew.a_worker()
    rota = {"community": community, f"{worker.person}.0": "08:00-12:00，13:30-18:00", f"{worker.person}.5": ""}
    assert manager.post(f"/p/workers/{worker.person}/rota/", rota).status_code == 303
    (card,) = queries.workers(crew.desk.scope, community=crew.desk.community.id)
    assert card.shifts == ((0, 480, 720), (0, 810, 1080))
    assert "13:30-18:00" in text(manager, "/p/workers/")
    wrong = {"community": community, f"{worker.person}.0": "soon"}
    assert manager.post(f"/p/workers/{worker.person}/rota/", wrong).status_code == 422
    manager.post(f"/p/workers/{worker.person}/absence/", {"community": community, "is_away": "1"})
    (card,) = queries.workers(crew.desk.scope, community=crew.desk.community.id)
    assert card.is_away


def test_an_outage_is_announced_to_the_homes_it_touches_and_stands_on_their_phone(crew, visitor, locale):
    crew.desk.a_home("4-1-101")
    other = crew.desk.a_home("5-1-101")
    desk = visitor(crew.steward, locale=locale)
    times = {"starts_at": "2026-03-02T11:00", "ends_at": "2026-03-02T13:00"}
    asked = {"there": str(crew.desk.community.id), "supply": "water", "where": "3-2、4", **times}
    assert desk.get("/p/outages/").content.decode().count('id="community"') <= 1
    announced = desk.post("/p/outages/", asked)
    assert announced.status_code == 303
    text(desk, announced["Location"])
    (card,) = queries.outages(crew.desk.scope)
    assert card.place in desk.get("/p/outages/file/?form=csv").content.decode("utf-8-sig")
    assert (card.supply, card.homes, card.place) == (Supply.WATER, 2, "4, 3-2")
    assert "11:00-13:00" in text(visitor(crew.resident, locale=locale), "/o/work-orders/")
    assert "11:00-13:00" not in text(visitor(other.scope, locale=locale), "/o/work-orders/")
    for missing in ("99", "99-1", "99-1-101", "1-1-1-1"):
        refused = desk.post("/p/outages/", asked | {"where": missing})
        assert (refused.status_code, "aria-invalid" in refused.content.decode()) == (422, True)
    where = f"/p/outages/{card.outage}/"
    moving = text(desk, where)
    assert ('value="2026-03-02T11:00"' in moving, 'value="2026-03-02T13:00"' in moving) == (True, True)
    assert where in desk.get("/p/outages/?off=water&state=announced").content.decode()
    assert where not in desk.get("/p/outages/?off=gas").content.decode()
    assert card.place not in desk.get("/p/outages/file/?form=csv&state=over").content.decode("utf-8-sig")
    desk.post(f"/p/outages/{card.outage}/end/")
    assert queries.outage_page(crew.desk.scope, outage=card.outage).card.state is OutageState.OVER
    assert "11:00-13:00" not in text(visitor(crew.resident, locale=locale), "/o/work-orders/")


def test_punctuality_is_counted_by_type_and_by_worker_and_taken_away(crew, visitor, locale):
    worker = crew.a_worker()
    crew.done(worker)
    late = crew.working(worker)
    actions.finish_work(worker, order=late, at=AT + timedelta(days=2))
    desk = visitor(crew.steward, locale=locale)
    assert "50" in text(desk, "/p/punctuality/")
    sheet = desk.get("/p/punctuality/file/?form=csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[2:7] for line in sheet[1:]] == [["2", "2", "2", "2", "1"]] * 2
    listed = desk.get("/p/work-orders/file/?form=csv").content.decode("utf-8-sig").splitlines()
    assert len(listed) == 3


def test_what_is_said_by_phone_is_taken_down(crew, visitor):
    desk, community = visitor(crew.steward), str(crew.desk.community.id)
    text(desk, "/p/work-orders/new/")
    given = {"community": community, "type": str(crew.type_id("leak")), "door": "3-2-501", "words": "爆管了"}
    assert desk.post("/p/work-orders/new/", given | {"door": "9-9-999"}).status_code == 422
    sent = desk.post("/p/work-orders/new/", given)
    assert sent.status_code == 303
    order = sent["Location"].rstrip("/").rpartition("/")[2]
    assert (crew.page(order).home, crew.page(order).source) == (crew.home.id, "staff")


class TestBudgets:
    @pytest.mark.parametrize(
        ("address", "statements"),
        [("work-board/", 11), ("work-orders/", 12), ("punctuality/", 7), ("work-types/", 5), ("outages/", 3)],
    )
    def test_a_page_of_the_desk_asks_no_more_however_much_there_is(self, crew, visitor, address, statements):
        worker = crew.a_worker()
        for _ in range(3):
            crew.raised()
            crew.given(worker)
        desk = visitor(crew.desk.scope)
        with budget(statements):
            assert desk.get(f"/p/{address}").status_code == 200

    def test_the_phones_pages(self, crew, visitor):
        worker = crew.a_worker()
        order, _second, _third = (crew.given(worker) for _ in range(3))
        with budget(6):
            visitor(worker).get("/p/jobs/")
        with budget(4):
            visitor(crew.resident).get("/o/work-orders/")
        with budget(10):
            visitor(crew.resident).get(f"/o/work-orders/{order}/")


def test_both_sides_talk_on_their_own_pages(crew, visitor, locale):
    worker = crew.a_worker()
    order = crew.given(worker)
    mine, theirs, desk = (visitor(scope, locale=locale) for scope in (crew.resident, worker, crew.steward))
    assert mine.post(f"/o/work-orders/{order}/sayings/", {"say": "门禁密码在邻居家"}).status_code == 303
    assert "门禁密码在邻居家" in text(theirs, f"/p/jobs/{order}/")
    assert theirs.post(f"/p/jobs/{order}/sayings/", {"say": "半小时到"}).status_code == 303
    assert desk.post(f"/p/work-orders/{order}/sayings/", {"say": "已安排"}).status_code == 303
    assert desk.post(f"/p/work-orders/{order}/sayings/", {"say": ""}).status_code == 422
    shown = text(mine, f"/o/work-orders/{order}/")
    assert shown.index("门禁密码在邻居家") < shown.index("半小时到") < shown.index("已安排")
    neighbour = visitor(crew.desk.a_home().scope, locale=locale)
    assert neighbour.post(f"/o/work-orders/{order}/sayings/", {"say": "我也是"}).status_code == 404


@pytest.mark.parametrize(("locale", "said"), [("en", "raised · reopened"), ("zh-CN", "待派单 · 重开")])
def test_an_order_that_came_back_to_a_state_says_in_its_history_by_what(crew, visitor, locale, said):
    order = crew.done(crew.a_worker())
    actions.reopen_work(crew.resident, order=order, why="还漏", at=AT + 5 * HOUR)
    history = re.sub(r"<[^>]+>", "", text(visitor(crew.steward, locale=locale), f"/p/work-orders/{order}/"))
    assert history.count(said) == 1
