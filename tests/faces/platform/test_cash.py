"""The cash desk: who holds cash of the house, the slip to pay it in with, and what was paid in without one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from builders import a_city, a_person
from harness.budget import budget
from harness.payments_words import NOW, PSP, a_collection, as_the_house, balance
from linli.ground.policies import actions as policies
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.money.payments import actions, queries
from linli.money.payments.gateways import protocol as says
from linli.money.payouts import actions as payouts
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def account():
    values = {"transfer_account_name": "邻里托管", "transfer_account": "6200 0001", "transfer_bank": "ICBC"}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=NOW, at=NOW)


@pytest.fixture
def city() -> CityId:
    return a_city().id


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


@pytest.fixture
def holder(city) -> PartyId:
    return a_holder(city, 6200)


def a_holder(city: CityId, owes: int) -> PartyId:
    """Somebody who took cash at a door."""
    found = a_person("周老板")
    asked = a_collection(amount=Money(owes), coupon=Money(0), city=city)
    assert actions.take_cash(SYSTEM, collection=asked.id, holder=found, at=NOW) == "collected"
    return found


def paid_in(city: CityId, words: str, minor: int) -> queries.DifferenceCard:
    """A line of the bank that quotes no slip."""
    line = says.BankLine(
        line_id="B-1", kind=says.BankKind.TRANSFER, reference=words, amount_minor=minor, currency="CNY",
        booked_on=date(2026, 11, 23), counterpart="周老板",
    )  # fmt: skip
    at = NOW + timedelta(days=1)
    payouts.import_bank_file(SYSTEM, account="custody", source=PSP, city=city, lines=(line,), at=at)
    (found,) = queries.differences(SYSTEM)
    return found


def text(response) -> str:
    return response.content.decode()


def owed(city: CityId, holder: PartyId) -> int:
    return balance(city, f"cash_due:{holder}")


def slips() -> int:
    [(count,)] = as_the_house("SELECT count(*) FROM payments_slip")
    return int(count)


def test_who_holds_cash_is_listed_by_city_in_both_languages_within_the_budget(visitor, operator, city, holder, account):
    a_holder(other := a_city().id, 999)
    for locale, says_it in (("zh-CN", "谁手里有现金"), ("en", "Who holds cash")):
        client = visitor(operator, locale=locale)
        page = text(client.get(f"/platform/cash/?city={city}"))
        assert says_it in page
        assert "周老板" in page
        assert "¥62.00" in page
        assert "¥9.99" not in page
        with budget(5):
            assert client.get(f"/platform/cash/?city={city}").status_code == 200
    assert "¥9.99" in text(client.get(f"/platform/cash/?city={other}"))


def test_a_holder_gets_one_slip_however_often_it_is_asked_for(desk, city, holder, account):
    where = f"/platform/cash/{holder}/slip/?city={city}"
    page, again = text(desk.post(where)), text(desk.post(where))
    [(reference,)] = as_the_house("SELECT reference FROM payments_slip")
    for shown in (page, again):
        assert reference in shown
        assert "6200 0001" in shown
    assert owed(city, holder) == 6200


def test_who_holds_nothing_gets_no_slip(desk, city, holder, account):
    assert desk.post(f"/platform/cash/{a_person()}/slip/?city={city}").status_code == 404
    assert slips() == 0


def test_a_city_without_an_account_says_where_to_set_it(desk, city, holder):
    page = text(desk.get(f"/platform/cash/?city={city}"))
    assert "Set the account" in page
    assert "Deposit slip" not in page
    assert desk.post(f"/platform/cash/{holder}/slip/?city={city}").status_code == 409
    assert slips() == 0


def test_cash_paid_in_without_a_slip_is_handed_in(desk, city, holder):
    found = paid_in(city, "cash, shop of Zhou", 6000)
    page = text(desk.get(f"/platform/cash/?city={city}"))
    assert str(found.id) in page
    assert f"/platform/cash/?city={city}" in text(desk.get(f"/platform/differences/?city={city}"))
    form = {"difference": str(found.id), "holder": str(holder)}
    assert desk.post(f"/platform/cash/handing-in/?city={city}", form).status_code == 303
    assert (owed(city, holder), balance(city, "suspense")) == (200, 0)
    assert queries.differences(SYSTEM) == ()


@pytest.mark.parametrize(
    ("change", "field", "says_it"),
    [
        ({"holder": ""}, "holder", "Please"),
        ({"difference": ""}, "difference", "Please"),
        ({"difference": str(UUID(int=7))}, "difference", "waits on suspense no more"),
        ({}, "holder", "owes only"),
    ],
)
def test_what_cannot_be_handed_in_is_refused_at_its_field(desk, city, holder, change, field, says_it):
    found = paid_in(city, "cash, shop of Zhou", 6201)
    form = {"difference": str(found.id), "holder": str(holder)} | change
    answer = desk.post(f"/platform/cash/handing-in/?city={city}", form)
    assert answer.status_code in (409, 422)
    assert says_it in text(answer).partition(f'id="{field}-wrong"')[2].partition("</p>")[0]
    assert (owed(city, holder), balance(city, "suspense")) == (6200, -6201)


def test_an_operator_of_one_city_sees_and_moves_no_other_citys_cash(visitor, city, holder, account):
    client = visitor(Scope(role=Role.PLATFORM, person=a_person(), city=a_city().id))
    found = paid_in(city, "cash", 100)
    assert client.get(f"/platform/cash/?city={city}").status_code == 404
    assert client.post(f"/platform/cash/{holder}/slip/").status_code == 404
    form = {"difference": str(found.id), "holder": str(holder)}
    assert client.post("/platform/cash/handing-in/", form).status_code == 404
    assert (owed(city, holder), slips()) == (6200, 0)


def test_strangers_see_and_move_no_cash(visitor, city, holder, account):
    found = paid_in(city, "cash", 100)
    for role in (Role.MERCHANT, Role.PROPERTY, Role.RESIDENT):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get(f"/platform/cash/?city={city}").status_code == 404
        assert client.post(f"/platform/cash/{holder}/slip/").status_code == 404
        form = {"difference": str(found.id), "holder": str(holder)}
        assert client.post("/platform/cash/handing-in/", form).status_code == 404
    assert (owed(city, holder), slips()) == (6200, 0)
