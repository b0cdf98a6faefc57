"""The audit at the desk: filtered, paged, masked, and read in the clear only with a reason that is written down."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import linli
from builders import AT, a_person
from builders.people import a_phone
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.faces.shell import voice
from linli.faces.shell.deeds import AREAS, spoken
from linli.ground.people import actions as people
from linli.kernel.ids import PartyId
from linli.money.payouts import actions as payouts
from linli.spine import audit
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person("陈运营"))


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


@pytest.fixture
def held(operator) -> int:
    """An entry whose reason a person wrote, and its number."""
    people.reveal_contact(operator, party=a_person(), why="张三 says 13912345678 is not hers", at=AT)
    return entry_of("read.contact")


def entry_of(action: str) -> int:
    return as_the_house("SELECT max(id) FROM spine_audit WHERE action = %s", action)[0][0]


def readings(entry: int) -> int:
    counted = "SELECT count(*) FROM spine_audit WHERE action = 'read.audit' AND said ->> 'subject' = %s"
    return as_the_house(counted, str(entry))[0][0]


def text(response) -> str:
    return response.content.decode()


def test_the_list_keeps_its_budget_in_both_languages(visitor, operator, held):
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        client.get("/platform/audit/")
        with budget(4):
            assert client.get("/platform/audit/").status_code == 200


def test_a_day_can_be_read_from_its_beginning_on(operator, desk):
    for _ in range(3):
        people.reveal_contact(operator, party=a_person(), why="a letter came back", at=AT)
    newest, oldest = (text(desk.get(f"/platform/audit/?action=read.contact&by={way}")) for way in ("-when", "when"))
    found = [[int(one) for one in re.findall(r"/platform/audit/(\d+)/reading/", page)] for page in (newest, oldest)]
    assert len(found[0]) == 3
    assert found == [sorted(found[0], reverse=True), sorted(found[0])]
    after = text(desk.get(f"/platform/audit/?action=read.contact&by=when&after={min(found[0])}"))
    assert f"/platform/audit/{min(found[0])}/reading/" not in after
    assert f"/platform/audit/{max(found[0])}/reading/" in after


def test_the_session_of_a_sign_in_is_no_cars_stay():
    said = [("session", "01930000-0000-7000-8000-00000000abcd")]
    ((name, _words, _value),) = spoken(said, "sign_in.switch_hat")
    ((stay, _said, _id),) = spoken(said, "parking.let_out")
    assert (name, stay) == ("登录会话", "停车记录")


def test_hours_of_a_rota_are_told_by_the_clock_and_the_day():
    said = [("hours.0.weekday", "0"), ("hours.0.start_minute", "420"), ("hours.0.end_minute", "1320")]
    told = [(name, words) for name, words, _value in spoken(said, "workorders.set_rota")]
    assert [words for _name, words in told] == ["周一", "07:00", "22:00"]
    assert [name.rpartition(" ")[2] for name, _words in told] == ["日期", "开始时间", "结束时间"]


def test_hours_of_a_shop_are_told_by_the_clock():
    said = [("openings.0.opens_min", "540"), ("openings.0.closes_min", "1290"), ("openings.0.weekday", "6")]
    told = [(name, words) for name, words, _value in spoken(said, "shops.set_opening")]
    assert told == [("营业时间 1 开门", "09:00"), ("营业时间 1 打烊", "21:30"), ("营业时间 1 日期", "周日")]


def test_what_people_write_is_masked_and_our_own_words_are_not(desk, held):
    page = text(desk.get("/platform/audit/?action=read"))
    assert "read.contact" in page
    assert "13912345678" not in page
    assert "张三" not in page
    assert "陈**" in page
    assert "陈运营" not in page


def test_every_module_with_verbs_is_named_in_the_readers_language(visitor, operator, held):
    verbs = {
        door.verb
        for found in walk_packages(linli.__path__, "linli.")
        if ".actions" in found.name
        for door in vars(import_module(found.name)).values()
        if isinstance(getattr(door, "verb", None), str)
    }
    assert {verb.partition(".")[0] for verb in verbs} | {"read"} == set(AREAS)
    for locale, named in (("zh-CN", "查看明文"), ("en", "Read in the clear")):
        assert named in text(visitor(operator, locale=locale).get("/platform/audit/?action=read"))


def test_what_was_done_is_said_in_plain_words_with_its_key_beside_it(visitor, operator):
    payouts.set_hold_days(operator, payee=PartyId(a_person()), days=3, at=AT)
    for locale, words in (("zh-CN", ("设置留存天数", "天数")), ("en", ("Set hold days", "days"))):
        page = text(visitor(operator, locale=locale).get("/platform/audit/?action=payouts"))
        assert all(f">{word}<" in page for word in words), words
        assert '<code class="small soft">payouts.set_hold_days</code>' in page


def test_amounts_days_and_times_are_told_as_people_read_them():
    voice.speak(voice.ENGLISH, at=AT)
    said = (
        ("at", "2026-03-02T09:00:00+08:00"),
        ("labour.minor", "6500"),
        ("start_on", "2026-12-03"),
        ("lines.0.quantity", "2"),
        ("is_secret", "false"),
        ("why", ""),
    )
    told = {name: words for name, words, _value in spoken(said)}
    voice.hush()
    assert told["labour"] == "¥65.00"
    assert told["lines 1 quantity"] == "2"
    assert told["is secret"] == "no"
    assert told["why"] == "–"
    assert "3 Dec" in told["start on"]
    assert len(told) == 5


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-11-23T25:61", "0001-01-01T00:00+00:00"])
def test_what_only_looks_like_a_day_is_told_as_it_was_typed(typed):
    ((_name, words, value),) = spoken([("why", typed)])
    assert value == typed
    assert words


def test_an_entry_is_read_in_the_clear_with_a_reason_that_is_written_down(desk, held):
    where, field = f"/platform/audit/{held}/reading/", f"why.{held}"
    refused = desk.post(where, {field: ""})
    assert refused.status_code == 422
    assert f'id="{field}-wrong"' in text(refused)
    assert "13912345678" not in text(refused)
    assert readings(held) == 0
    assert "13912345678" in text(desk.post(where, {field: "She asks who stopped her payouts"}))
    assert readings(held) == 1
    assert "13912345678" not in text(desk.get("/platform/audit/"))


def test_it_is_filtered_by_person_verb_and_day(desk, operator, held):
    phone = a_phone()
    other = a_person(phone=phone)
    people.set_locale(Scope(role=Role.RESIDENT, person=other), party=other, locale="en", at=AT)
    answer = desk.post("/platform/audit/person/", {"phone": phone})
    assert answer.status_code == 303
    assert phone not in answer["Location"]
    page = text(desk.get(answer["Location"]))
    assert "people.set_locale" in page
    assert "read.contact" not in page
    assert "people.set_locale" not in text(desk.get("/platform/audit/?action=read.contact"))
    assert "read.contact" not in text(desk.get("/platform/audit/?day=2020-01-01"))
    assert desk.get("/platform/audit/?day=soon").status_code == 422
    nobody = desk.post("/platform/audit/person/", {"phone": "13900000000"})
    assert nobody.status_code == 422
    assert 'id="phone-wrong"' in text(nobody)


def test_pages_follow_each_other_without_a_gap(desk, operator):
    for _ in range(53):
        payouts.free_payee(operator, payee=PartyId(a_person()), at=AT)
    first = text(desk.get("/platform/audit/?action=payouts.free_payee"))
    assert first.count("payouts.free_payee</code></td>") == 50
    following = first.partition('class="table-foot')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert text(desk.get(following)).count("payouts.free_payee</code></td>") == 3


def test_strangers_find_nothing_and_each_sees_their_own_alone(visitor, operator, held):
    for role in (Role.RESIDENT, Role.MERCHANT, Role.PROPERTY):
        scope = Scope(role=role, person=a_person())
        assert visitor(scope).get("/platform/audit/").status_code == 404
        assert visitor(scope).post(f"/platform/audit/{held}/reading/", {f"why.{held}": "curious"}).status_code == 404
        assert audit.entries(scope) == ()
    assert readings(held) == 0
