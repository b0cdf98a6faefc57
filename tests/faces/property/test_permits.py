"""Works, moves and goods as their people meet them: the owner asks, the desk decides, the guard lets out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_person
from builders.billing import a_desk
from builders.people import a_phone
from builders.pictures import a_picture
from harness.budget import statements_of_pages
from linli.estate.billing import actions as billing
from linli.estate.billing.rules import Channel
from linli.estate.permits import actions, queries
from linli.estate.permits.rules import Direction, PermitState, ReleaseState, RelocationState, Work
from linli.ground.people import actions as staff
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.kernel.money import Money
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("1-1-101")


def text(answer) -> str:
    return answer.content.decode()


def set_terms(desk, **values):
    policies.set_policy(
        SYSTEM, word="permits", level="community", place=desk.community.id, values=values, start_at=AT, at=AT
    )
    known_policies.forget()


def on_duty(desk, duty):
    return replace(desk.scope, person=a_person(), duty=duty)


def works(home, **more):
    asked = {"home": home.id, "works": "paint", "text": "刷墙", "start_on": "2026-03-10", "end_on": "2026-04-10"}
    return asked | more


def test_works_from_the_request_to_the_deposit(visitor, desk, home):
    owner, office = visitor(home.scope), visitor(on_duty(desk, Duty.STEWARD))
    refused = owner.post("/o/permits/new/", works(home, works="walls"))
    assert refused.status_code == 422
    assert "field-error" in text(refused)
    asked = owner.post("/o/permits/new/", works(home))
    assert asked.status_code == 303
    (card,) = queries.permits(desk.scope)
    where = f"/p/permits/{card.permit}/"
    assert card.label in text(office.get("/p/permits/?state=asked"))
    in_chinese = visitor(on_duty(desk, Duty.STEWARD), locale="zh-CN")
    deciding = text(in_chinese.get(where))
    assert "bottom-bar" in deciding  # whoever looks at the works stands in the home
    assert ("截止时间" in deciding, "应缴日" in deciding) == (True, False)  # the day to decide by is no day to pay by
    actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    assert "出门物品" in text(in_chinese.get("/p/goods/"))
    assert "账单号" not in text(in_chinese.get("/p/permits/"))
    assert office.post(f"{where}decision/", {"decision": "refuse"}).status_code == 422
    assert office.post(f"{where}decision/", {"decision": "grant", "why": "可以"}).status_code == 303
    page = text(owner.get(asked["Location"]))
    assert "¥2,000.00" in page
    assert "停车费" not in text(in_chinese.get(where))
    begun = owner.post(f"{asked['Location']}deposit/")
    assert begun.status_code == 303
    assert "¥2,000.00" in text(owner.get(begun["Location"]))
    assert visitor(desk.a_home("3-2-502").scope).get(begun["Location"]).status_code == 404
    waits = queries.permits(desk.scope)[0].permit
    deposit = queries.permit_page(desk.scope, permit=waits, at=AT).deposit
    till = f'href="/p/deposits/{deposit}/"'
    assert till in text(visitor(desk.scope).get(where))
    assert (till in text(office.get(where))) == on_duty(desk, Duty.STEWARD).may(May.TAKE_FEES)
    billing.take_deposit(desk.scope, deposit=deposit, channel=Channel.CASH, at=AT)
    actions.note_deposit(SYSTEM, permit=waits, at=AT)
    assert "It goes back when the works are accepted" in text(owner.get(asked["Location"]))  # paid, and not forgotten
    assert "已收" in text(in_chinese.get(where))
    set_terms(desk, deposit=Money.zero, fee=Money.zero)
    second = owner.post("/o/permits/new/", works(home, works="floor"))["Location"]
    permit = queries.permits(desk.scope)[0].permit
    where = f"/p/permits/{permit}/"
    office.post(f"{where}decision/", {"decision": "grant"})
    assert office.post(f"{where}inspections/", {"look": "violation", "text": "噪音"}).status_code == 303
    assert "噪音" in text(owner.get(second))
    said = text(in_chinese.get(where))  # of works, not of orders: in the list, at the head and in the history
    assert ("施工中" in said, "处理中" in said, "施工中" in text(in_chinese.get("/p/permits/"))) == (True, False, True)
    assert owner.post(f"{second}finish/").status_code == 303
    assert office.post(f"{where}inspections/", {"look": "accept", "text": "合格"}).status_code == 303
    assert "验收合格" in text(in_chinese.get(where))
    assert queries.permits(desk.scope)[0].state is PermitState.CLOSED


def test_a_deposit_that_went_back_is_told_to_both_sides_with_what_was_kept_of_it(visitor, desk, home):
    owner, office = visitor(home.scope), visitor(on_duty(desk, Duty.STEWARD), locale="zh-CN")
    set_terms(desk, fee=Money.zero)
    mine = owner.post("/o/permits/new/", works(home))["Location"]
    permit = queries.permits(desk.scope)[0].permit
    where = f"/p/permits/{permit}/"
    office.post(f"{where}decision/", {"decision": "grant"})
    deposit = queries.permit_page(desk.scope, permit=permit, at=AT).deposit
    billing.take_deposit(desk.scope, deposit=deposit, channel=Channel.CASH, at=AT)
    actions.note_deposit(SYSTEM, permit=permit, at=AT)
    owner.post(f"{mine}finish/")
    office.post(f"{where}inspections/", {"look": "accept", "text": "看过"})
    assert "接受" not in text(office.get(where))
    settled = office.post(f"{where}settlement/", {"keep": "150", "keep_why": "墙面修补", "channel": "cash"})
    assert settled.status_code == 303
    theirs = text(office.get(where))
    assert "已退还 ¥1,850.00，扣款 ¥150.00" in theirs
    assert "未交" not in theirs
    page = re.sub(r"<[^>]+>|\s", "", text(owner.get(mine)))
    assert "Keptback:墙面修补" in page
    assert "¥150.00" in page
    assert "¥1,850.00" in page


def test_goods_pass_the_guard_by_their_code_once(visitor, desk, home):
    owner, guard = visitor(home.scope), visitor(on_duty(desk, Duty.GUARD))
    slip = owner.post("/o/permits/goods/", {"home": home.id, "goods": "沙发一套"})["Location"]
    code = queries.releases(home.scope)[0].code
    assert code in text(owner.get(slip))
    assert code not in text(guard.get("/p/goods/"))
    at_gate = text(guard.get("/p/gate/goods/"))
    assert code not in at_gate
    assert "沙发一套" in at_gate
    assert "bottom-bar" in at_gate
    wrong = guard.post("/p/gate/goods/", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    found = guard.post("/p/gate/goods/", {"code": code})["Location"]
    slip = text(guard.get(found))
    assert "沙发一套" in slip
    assert 'class="back"' in slip  # the frame of whoever works on foot: no menu stands above the goods
    assert guard.post(found)["Location"].startswith("/p/gate/goods/")
    assert "沙发一套" not in text(guard.get("/p/gate/goods/"))
    assert guard.post(found).status_code == 409
    assert queries.releases(home.scope)[0].state is ReleaseState.USED
    assert guard.get("/p/permits/").status_code == 404


def test_a_tenant_moves_in_by_the_list(visitor, desk, home):
    owner, office = visitor(home.scope), visitor(on_duty(desk, Duty.STEWARD))
    moving = {"home": home.id, "residency": "tenant", "name": "新租客", "phone": a_phone(), "day": "2026-03-05"}
    assert owner.post("/o/permits/moves/in/", moving).status_code == 303
    (card,) = queries.relocations(desk.scope)
    where = f"/p/moves/{card.relocation}/"
    assert where in text(office.get("/p/moves/walk/"))
    assert "bottom-bar" in text(office.get(where))  # whoever goes through the list stands in the home
    assert office.post(f"{where}finish/").status_code == 409
    for item in ("keys", "meters", "cards", "handbook"):
        assert office.post(f"{where}checks/", {"item": item, f"note.{item}": "好"}).status_code == 303
    assert office.post(f"{where}finish/").status_code == 303
    assert queries.relocations(desk.scope)[0].state is RelocationState.DONE
    assert where not in text(office.get("/p/moves/walk/"))


def test_every_page_opens_in_both_languages_within_its_budget(visitor, desk, home):
    permit = actions.ask_permit(
        home.scope,
        home=home.id,
        works=[Work.PAINT],
        text="刷墙",
        start_on=date(2026, 3, 10),
        end_on=date(2026, 4, 10),
        at=AT,
    )
    slip = actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    moving = {"direction": Direction.MOVE_IN, "residency": "tenant", "day": AT.date(), "name": "新", "phone": a_phone()}
    move = actions.ask_relocation(home.scope, home=home.id, at=AT, **moving)
    of_desk = {
        "/p/permits/": 4,
        "/p/permits/file/?form=csv": 4,
        f"/p/permits/{permit}/": 8,
        "/p/permits/?words=1-1-101": 5,
        "/p/goods/": 4,
        "/p/goods/file/?form=csv": 4,
        "/p/gate/goods/": 4,
        f"/p/goods/{slip}/": 7,
        "/p/moves/": 4,
        "/p/moves/file/?form=csv": 4,
        "/p/moves/walk/": 4,
        f"/p/moves/{move}/": 8,
    }
    of_owner = {
        "/o/permits/": 7,
        "/o/permits/new/": 3,
        f"/o/permits/{permit}/": 6,
        "/o/permits/goods/": 3,
        f"/o/permits/goods/{slip}/": 5,
        "/o/permits/moves/": 8,
        f"/o/permits/moves/{move}/": 6,
    }
    for locale in ("zh-CN", "en"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), of_desk) == of_desk
        assert statements_of_pages(visitor(home.scope, locale=locale), of_owner) == of_owner


@pytest.mark.parametrize("words", ["1-1-101", "GR-260302-0001"])
def test_a_slip_is_found_by_its_door_or_number_and_its_history_says_who_let_it_out(visitor, desk, home, words):
    slip = actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    other = desk.a_home("2-1-202")
    actions.ask_release(other.scope, home=other.id, goods="钢琴", at=AT)
    phone = a_phone()
    staff.add_company_staff(desk.scope, company=desk.company, name="李经理", phone=a_phone(), at=AT)
    staff.add_company_staff(desk.scope, company=desk.company, name="守门人", phone=phone, duty=Duty.GUARD, at=AT)
    guard = visitor(replace(desk.scope, person=a_person(phone=phone), duty=Duty.GUARD))
    listed = text(guard.get("/p/goods/", {"words": words}))
    assert ("沙发" in listed, "钢琴" in listed) == (True, False)
    sheet = guard.get("/p/goods/file/", {"words": words, "form": "csv"}).content.decode("utf-8-sig")
    assert ("沙发" in sheet, "钢琴" in sheet) == (True, False)
    assert "钢琴" not in text(guard.get("/p/goods/", {"words": "3-3-303"}))
    guard.post(f"/p/goods/{slip}/")
    assert "守**" in text(visitor(desk.scope).get(f"/p/goods/{slip}/"))


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_owners_picture_of_the_goods_is_there_for_the_guard_who_adds_another(visitor, desk, home, locale):
    slip = actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    owner, guard = visitor(home.scope, locale=locale), visitor(on_duty(desk, Duty.GUARD), locale=locale)
    picture = {"files": SimpleUploadedFile("sofa.jpg", a_picture())}
    assert owner.post(f"/o/attachments/goods/{slip}/", picture).status_code == 303
    assert "sofa.jpg" in text(guard.get(f"/p/goods/{slip}/"))
    added = guard.post(f"/p/attachments/goods/{slip}/", {"files": SimpleUploadedFile("trolley.jpg", a_picture())})
    assert added["Location"].startswith(f"/p/goods/{slip}/")
    page = text(owner.get(f"/o/permits/goods/{slip}/"))
    assert ("trolley.jpg" in page, page.count("/removal/")) == (True, 1)
    wrong = guard.post(f"/p/attachments/goods/{slip}/", {"files": SimpleUploadedFile("x.exe", b"MZ\x00")})
    assert (wrong.status_code, "field-error" in text(wrong)) == (415, True)
    assert guard.post(f"/p/attachments/goods/{slip}/").status_code == 422
    assert guard.post(f"/p/attachments/moves/{slip}/", picture).status_code == 404
    neighbour, other = visitor(desk.a_home("2-1-202").scope), visitor(a_desk().scope)
    assert neighbour.post(f"/o/attachments/goods/{slip}/", picture).status_code == 404
    assert other.post(f"/p/attachments/goods/{slip}/", picture).status_code == 404
    removals = re.findall(r"/p/attachments/[0-9a-f-]{36}/removal/", text(guard.get(f"/p/goods/{slip}/")))
    assert [other.post(each).status_code for each in removals] == [404, 404]
    assert [guard.post(each).status_code for each in removals] == [303, 303]
    assert "sofa.jpg" not in text(guard.get(f"/p/goods/{slip}/"))


def test_strangers_find_nothing_and_a_closed_counter_is_not_there(visitor, desk, home):
    slip = actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    stranger, other = a_desk().a_home(), a_desk()
    assert visitor(stranger.scope).get(f"/o/permits/goods/{slip}/").status_code == 404
    assert visitor(other.scope).get(f"/p/goods/{slip}/").status_code == 404
    assert visitor(other.scope).post(f"/p/goods/{slip}/").status_code == 404
    assert queries.releases(home.scope)[0].state is ReleaseState.ISSUED
    set_terms(desk, is_offered=False)
    assert visitor(home.scope).get("/o/permits/").status_code == 404


def test_the_desk_finds_what_is_late_among_the_moves_and_works(visitor, desk, home, monkeypatch):
    office, owner = visitor(on_duty(desk, Duty.STEWARD)), visitor(home.scope)
    moving = {"direction": Direction.MOVE_IN, "residency": "tenant", "name": "新租客", "at": AT}
    asked = [
        actions.ask_relocation(home.scope, home=home.id, day=day, phone=a_phone(), **moving)
        for day in (AT.date(), AT.date() + timedelta(days=9))
    ]
    owner.post("/o/permits/new/", works(home))
    (permit,) = queries.permits(desk.scope)
    for now in ("dispatch", "doorway"):
        monkeypatch.setattr(f"linli.faces.shell.{now}.now", lambda: AT + timedelta(days=4))
    late, later = (f"/p/moves/{each}/" for each in asked)
    whole, narrowed = text(office.get("/p/moves/")), text(office.get("/p/moves/?late=1"))
    assert late in whole
    assert later in whole
    assert late in narrowed
    assert later not in narrowed
    assert "file/?late=1" in narrowed
    for page in ("/p/moves/", "/p/permits/"):
        assert 'name="late"' in text(office.get(page))
    assert ">late<" in text(office.get(late))
    assert f"/p/permits/{permit.permit}/" in text(office.get("/p/permits/?late=1"))
    rows = text(office.get("/p/moves/file/?late=1&form=csv")).splitlines()
    assert len(rows) == 2
    assert rows[1].split(",")[-1].startswith("2026-03-03")
