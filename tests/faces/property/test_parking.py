"""Parking from end to end as people do it: the desk opens a lot, a guard lets cars in and out, a driver pays by phone,
a shop gives a voucher, a resident registers a car, a machine tells what it saw."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_shop
from builders.billing import a_desk
from builders.parking import a_lot
from builders.pictures import a_picture
from harness.budget import budget
from harness.callers import Caller
from linli.estate.parking import actions, queries
from linli.estate.parking.rules import Terms, VoucherKind
from linli.faces.openapi import limits
from linli.ground.policies import actions as policies
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
GUEST_CAR, OWN_CAR = "浙A12345", "浙AD54321"
NOW = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.openapi.answering.now", lambda: NOW)


@pytest.fixture
def lot():
    return a_lot()


def guard(lot):

    return replace(lot.scope, duty=Duty.GUARD)


def text(response):
    return response.content.decode()


def code_of(lot):
    return queries.lot(lot.scope, lot=lot.id, at=AT).code


def pages(lot):
    """Every page of the desk and of the guard, with the statements it may send."""
    lot.a_resident(OWN_CAR, space="A-001")
    stay = lot.enters(GUEST_CAR).session
    community = lot.desk.community.id
    (tariff,) = queries.tariffs(lot.scope, community=community)
    (space,) = queries.spaces(lot.scope, lot=lot.id, on=AT.date())
    (car,) = queries.cars(lot.scope, community=community)
    return {
        "/p/parking/": 3,
        f"/p/parking/lots/{lot.id}/": 7,
        f"/p/parking/lots/{lot.id}/spaces/{space.space}/": 9,
        "/p/parking/stays/": 4,
        f"/p/parking/stays/{stay}/": 12,
        "/p/parking/income/": 3,
        "/p/parking/cars/": 4,
        f"/p/parking/cars/{car.vehicle}/papers/": 8,
        f"/p/parking/holdings/{space.holding}/": 7,
        "/p/parking/lists/": 3,
        "/p/parking/tariffs/": 3,
        f"/p/parking/tariffs/{community}/{tariff.tariff}/?entered_on=2026-03-02&hours=3": 3,
        f"/p/parking/tariffs/{community}/new/": 3,
        "/p/parking/vouchers/": 5,
        f"/p/parking/barrier/{lot.id}/": 4,
        f"/p/parking/barrier/{lot.id}/?plate={GUEST_CAR}": 12,
        f"/p/parking/barrier/{lot.id}/?plate={OWN_CAR}": 6,
    }


def test_every_page_opens_in_both_languages_within_its_budget(visitor, lot):
    asked = pages(lot)
    for locale in ("zh-CN", "en"):
        client = visitor(lot.scope, locale=locale)
        for where, statements in asked.items():
            assert client.get(where).status_code == 200, where
            with budget(statements):
                client.get(where)


def test_what_the_lists_can_be_narrowed_to_is_said_in_chinese_each_by_a_word_of_its_own(visitor, lot):
    desk = visitor(lot.scope, locale="zh-CN")
    for where in ("/p/parking/stays/", "/p/parking/shared/", "/p/parking/lists/"):
        options = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)</option>', text(desk.get(where)))
        said = [words for value, words in options if "-" not in value]
        assert not [words for words in said if words.isascii()], where
        assert len(said) == len(set(said)), where


def test_a_space_tells_who_has_had_it(visitor, lot):
    space, next_day = lot.a_space("A-001"), AT.date() + timedelta(days=1)
    for door, start_on in (("1-1-101", AT.date()), ("2-2-202", next_day)):
        home = lot.desk.a_home(door)
        actions.hold_space(lot.scope, space=space, home=home.id, party=home.owner, start_on=start_on, at=AT)
        if start_on < next_day:
            actions.end_holding(lot.scope, space=space, end_on=next_day, at=AT)
    page = text(visitor(lot.scope).get(f"/p/parking/lots/{lot.id}/spaces/{space}/"))
    table = page[page.index("Who has had it") :]
    assert table.index("2-2-202") < table.index("1-1-101")
    assert [one.end_on for one in queries.had_space(lot.scope, space=space)] == [None, next_day]
    assert queries.had_space(a_desk().scope, space=space) == ()


def test_a_guard_finds_the_barrier_and_no_tariffs_and_a_stranger_finds_nothing(visitor, lot):
    on_foot, stranger = visitor(guard(lot)), visitor(a_desk().scope)
    assert on_foot.get(f"/p/parking/barrier/{lot.id}/").status_code == 200
    assert on_foot.get("/p/parking/stays/").status_code == 200
    for where in ("/p/parking/", "/p/parking/tariffs/", "/p/parking/income/", "/p/parking/lists/"):
        assert on_foot.get(where).status_code == 404
    for where in (f"/p/parking/barrier/{lot.id}/", f"/p/parking/lots/{lot.id}/"):
        assert stranger.get(where).status_code == 404


def test_the_desk_opens_a_lot_marks_spaces_out_and_tries_a_tariff_before_it_holds(visitor):
    desk = a_desk()
    client, community = visitor(desk.scope), desk.community.id
    made = client.post("/p/parking/", {"community": community, "name": "北区车库", "temporary_places": "40"})
    where = made.headers["Location"]
    client.post(where + "spaces/", {"labels": "A-001 A-002，A-003", "kind": "sold"})
    page = text(client.get(where))
    assert all(label in page for label in ("北区车库", "A-001", "A-003"))
    form = {
        "start_on": "2026-03-02", "day_rule": "from_entry", "free_minutes": "15", "grace_minutes": "15", "cap": "30",
        "price": "2", "step_minutes": "30", "first_minutes": "60", "first_price": "5", "night_price": "1",
        "night_step_minutes": "60", "day_from": "08:00", "day_until": "20:00", "day_band_cap": "25", "night_cap": "8",
        "entered_on": "2026-03-02", "entered_clock": "10:00", "hours": "11", "minutes": "0",
    }  # fmt: skip
    tried = text(client.post(f"/p/parking/tariffs/{community}/trial/", form))
    assert "¥26.00" in tried
    assert "1 × 5.00 + 18 × 2.00" in tried
    assert queries.tariffs(desk.scope, community=community) == ()
    refused = client.post(f"/p/parking/tariffs/{community}/new/", form | {"start_on": "2026-03-01"})
    assert refused.status_code == 422
    kept = client.post(f"/p/parking/tariffs/{community}/new/", form)
    assert "¥25.00" in text(client.get(kept.headers["Location"]))


def test_a_guard_lets_a_guest_in_takes_the_fee_and_lets_out(visitor, lot):
    client, where = visitor(guard(lot)), f"/p/parking/barrier/{lot.id}/"
    assert "Let in" in text(client.get(where, {"plate": "浙a 12345"}))
    lot.enters(GUEST_CAR)
    inside = text(client.get(where)).partition("the latest first")[2]
    assert re.search(r"(today|yesterday|\d [A-Z][a-z]{2}) \d\d:\d\d", inside)
    page = text(client.get(where, {"plate": GUEST_CAR}))
    assert "¥10.00" in page
    (stay,) = queries.stays(lot.scope)
    wrong = client.post(
        where + "takings/", {"session": stay.session, "amount": "5", "channel": "cash", "looked_at": GUEST_CAR}
    )
    assert wrong.status_code == 409
    assert "¥10.00" in text(wrong)
    client.post(where + "takings/", {"session": stay.session, "amount": "10.00", "channel": "cash"})
    (stay,) = queries.stays(lot.scope)
    assert (stay.state.value, str(stay.paid)) == ("left", "10.00")


def test_a_misread_plate_is_corrected_with_one_thumb(visitor, lot):
    lot.enters("浙A1234S"[:6] + "8")
    client, where = visitor(guard(lot)), f"/p/parking/barrier/{lot.id}/"
    (stay,) = queries.stays(lot.scope)
    page = text(client.get(where, {"plate": GUEST_CAR}))
    assert stay.plate in page
    client.post(where + "corrections/", {"session": stay.session, "plate": GUEST_CAR, "looked_at": GUEST_CAR})
    assert queries.stays(lot.scope)[0].plate == GUEST_CAR


def test_a_refused_car_is_let_in_only_for_a_reason(visitor):
    lot = a_lot(places=0)
    client, where = visitor(guard(lot)), f"/p/parking/barrier/{lot.id}/"
    refused = client.post(where + "entries/", {"plate": GUEST_CAR, "looked_at": GUEST_CAR})
    assert refused.status_code == 409
    assert queries.stays(lot.scope) == ()
    client.post(where + "entries/", {"plate": GUEST_CAR, "despite": "搬家车", "looked_at": GUEST_CAR})
    assert queries.stays(lot.scope)[0].plate == GUEST_CAR


def test_a_driver_sees_what_is_due_without_a_sign_in_and_nothing_of_whose_car_it_is(visitor, lot):
    home = lot.a_resident(OWN_CAR, space="A-001")
    lot.enters(OWN_CAR)
    lot.enters(GUEST_CAR)
    client, where = visitor(locale="en"), f"/o/parking/{code_of(lot)}/"
    page = text(client.get(where, {"plate": GUEST_CAR}))
    assert "¥10.00" in page
    assert "WeChat" in page
    own, unknown = (
        text(client.get(where, {"plate": plate})).partition("<main")[2].partition("</main>")[0]
        for plate in (OWN_CAR, "沪C99999")
    )
    assert "Nothing is to be paid" in own
    assert own.replace(OWN_CAR, "X") == unknown.replace("沪C99999", "X")
    assert str(home.id) not in own
    assert client.get("/o/parking/nolot000/", {"plate": GUEST_CAR}).status_code == 404


def test_a_shop_gives_a_voucher_at_the_till(visitor, lot):
    shop = a_shop()
    actions.grant_vouchers(
        lot.scope, community=lot.desk.community.id, giver=shop.merchant, kind=VoucherKind.MINUTES, minutes=60, count=5,
        terms=Terms.OWED, expires_at=AT + timedelta(days=30), at=AT,
    )  # fmt: skip
    lot.enters(GUEST_CAR)
    client = visitor(shop.scope)
    (stock,) = queries.my_stocks(shop.scope)
    assert "5 vouchers left" in text(client.get("/m/parking-vouchers/"))
    client.post("/m/parking-vouchers/", {"stock": stock.stock, "plate": GUEST_CAR})
    again = client.post("/m/parking-vouchers/", {"stock": stock.stock, "plate": GUEST_CAR})
    assert again.status_code == 409
    assert queries.my_stocks(shop.scope)[0].left == 4
    for locale in ("en", "zh-CN"):
        till = visitor(shop.scope, locale=locale)
        made = text(till.post("/m/parking-vouchers/codes/", {"stock": stock.stock}))
        code = queries.my_offers(shop.scope, at=NOW)[0].code
        assert f"{code[:4]} {code[4:]}" in made
        assert f"/o/parking/vouchers/{code}/" in text(till.get("/m/parking-vouchers/"))
    assert "2 vouchers left" in text(client.get("/m/parking-vouchers/"))


def test_a_resident_registers_a_car_and_takes_it_out_again(visitor, lot):
    home = lot.desk.a_home()
    client = visitor(home.scope)
    assert "No car yet" in text(client.get("/o/cars/"))
    assert client.post("/o/cars/", {"home": home.id, "plate": "浙A1"}).status_code == 422
    client.post("/o/cars/", {"home": home.id, "plate": OWN_CAR, "about": "白色轿车"})
    page = text(client.get("/o/cars/"))
    assert "浙A·D54321" in page
    (car,) = queries.cars(lot.scope, community=lot.desk.community.id)
    neighbour = lot.desk.a_home()
    assert visitor(neighbour.scope).post(f"/o/cars/{car.vehicle}/removal/").status_code == 404
    client.post(f"/o/cars/{car.vehicle}/removal/")
    assert queries.cars(lot.scope, community=lot.desk.community.id) == ()


def test_a_resident_shows_the_licence_and_the_deed_and_the_desk_looks_at_them(visitor, lot):
    home = lot.a_resident(OWN_CAR, space="A-001")
    owner, desk = visitor(home.scope), visitor(lot.scope)
    (car,) = queries.cars(lot.scope, community=lot.desk.community.id)
    (space,) = queries.spaces(lot.scope, lot=lot.id, on=AT.date())
    page = text(owner.get("/o/cars/"))
    of_resident = {"cars": f"/o/cars/{car.vehicle}/", "spaces": f"/o/cars/held/{space.holding}/"}
    of_desk = {"cars": f"/p/parking/cars/{car.vehicle}/papers/", "spaces": f"/p/parking/holdings/{space.holding}/"}
    for kind, of in (("cars", car.vehicle), ("spaces", space.holding)):
        assert of_resident[kind] in page
        wrong = owner.post(f"/o/attachments/{kind}/{of}/", {"files": SimpleUploadedFile("x.exe", b"MZ")})
        assert wrong.status_code == 415
        picture = SimpleUploadedFile("licence.jpg", a_picture(), content_type="image/jpeg")
        kept = owner.post(f"/o/attachments/{kind}/{of}/", {"files": picture})
        assert (kept.status_code, kept["Location"]) == (303, of_resident[kind])
        for client, where in ((owner, of_resident[kind]), (desk, of_desk[kind])):
            assert "licence.jpg" in text(client.get(where)), where
        stranger = visitor(lot.desk.a_home().scope)
        assert stranger.get(of_resident[kind]).status_code == 404
    removal = re.search(r"/o/cars/papers/[0-9a-f-]+/removal/", text(owner.get(of_resident["spaces"]))).group()
    assert owner.post(removal)["Location"] == of_resident["spaces"]
    assert "licence.jpg" not in text(desk.get(of_desk["spaces"]))


def test_where_a_community_runs_no_car_parks_the_counter_is_not_there(visitor, lot):
    home = lot.desk.a_home()
    policies.set_policy(
        SYSTEM, word="parking", level="community", place=lot.desk.community.id, values={"is_offered": False},
        start_at=AT, at=AT,
    )  # fmt: skip
    assert visitor(home.scope).get("/o/cars/").status_code == 404


def test_a_machine_tells_what_it_saw_once(lot):
    machine = Caller(lot.scope)
    where = f"/api/v1/parking-lots/{lot.id}/events"
    seen = {"event": "cam1-0001", "kind": "entry", "plate": GUEST_CAR, "seen_at": AT.isoformat()}
    first, again = machine.call("POST", where, seen), machine.call("POST", where, seen)
    assert (first.status, first.json["word"], first.json["opens"]) == (200, "open", True)
    assert (again.json["session"], again.json["is_repeated"]) == (first.json["session"], True)
    due = machine.call("POST", where, seen | {"event": "cam2-0001", "kind": "exit", "seen_at": NOW.isoformat()})
    assert (due.json["word"], due.json["opens"], due.json["due"]) == ("pay", False, {"minor": 1000})
    assert Caller(a_desk().scope).call("POST", where, seen | {"event": "x"}).status == 404


@pytest.mark.parametrize("what", ["stays", "cars", "lists", "vouchers", "income"])
def test_every_list_is_taken_away_as_a_sheet(visitor, lot, what):
    lot.a_resident(OWN_CAR, space="A-001")
    lot.enters(GUEST_CAR)
    answer = visitor(lot.scope).get(f"/p/parking/{what}/file/?form=csv")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if what == "stays":
        assert "浙A·12345" in answer.content.decode("utf-8-sig")


def test_the_desk_issues_a_key_once_and_a_machine_tells_by_it_what_it_saw(visitor, lot):
    office, where = visitor(lot.scope), f"/p/parking/lots/{lot.id}/keys/"
    assert office.get(where).status_code == 200
    assert office.post(where, {"name": "East gate"}).status_code == 422
    shown = office.post(where, {"name": "East gate", "kinds": ["entry"]})
    key = re.search(r"llb_[\w-]{43}", shown.content.decode())
    assert (shown.status_code, shown["Cache-Control"], key is not None) == (200, "no-store", True)
    assert key[0] not in office.get(where).content.decode()
    there, seen = (
        f"/api/v1/parking-lots/{lot.id}/machine-events",
        {
            "event": "cam1-0001",
            "kind": "entry",
            "plate": GUEST_CAR,
            "seen_at": AT.isoformat(),
        },
    )
    machine, by_key = Caller(), {"Linli_Barrier_Key": key[0]}
    first = machine.call("POST", there, seen, **by_key)
    assert (first.status, first.json["word"], first.json["opens"]) == (200, "open", True)
    leaves = seen | {"event": "cam1-0002", "kind": "exit", "seen_at": NOW.isoformat()}
    assert machine.call("POST", there, leaves, **by_key).code == "parking.KeyNotForThis"
    assert machine.call("POST", there, seen).code == "parking.KeyNotKnown"
    (card,) = queries.barrier_keys(lot.scope, lot=lot.id)
    assert office.post(f"{where}{card.key}/revocation/").status_code == 303
    assert machine.call("POST", there, seen, **by_key).status == 401
    assert visitor(a_desk().scope).get(where).status_code == 404


def test_a_machine_that_asks_too_often_waits(lot, settings):
    settings.API_WRITES_PER_S = 0.2
    limits.buckets.cache_clear()
    there = f"/api/v1/parking-lots/{lot.id}/machine-events"
    seen = {"event": "e", "kind": "entry", "plate": GUEST_CAR, "seen_at": AT.isoformat()}
    answers = [Caller().call("POST", there, seen, Linli_Barrier_Key="llb_x").status for _ in range(2)]
    limits.buckets.cache_clear()
    assert answers == [401, 429]
