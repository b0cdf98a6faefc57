"""A contract on the phone of whom it was signed with, from the desk that drafts it to the bill that is paid."""

from __future__ import annotations

import pytest

from builders import AT
from builders.billing import a_desk
from builders.contracts import a_contract, a_draft
from harness.budget import statements_of_pages
from linli.estate.contracts import actions, queries
from linli.estate.contracts.rules import Proration
from linli.ground.people import actions as people
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
NAME, PHONE = "赵敏", "13711112222"


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    owner = people.register_person(SYSTEM, name=NAME, phone=PHONE, at=AT)
    return desk.a_home_of(owner, "2-1-301")


def text(answer) -> str:
    return answer.content.decode().replace('<span class="money-cents">', "")


def test_who_signed_finds_the_contract_and_pays_what_is_due(visitor, desk, home):
    owner = visitor(home.scope)
    assert "Nothing was signed with you" in text(owner.get("/o/contracts/"))
    contract = a_contract(desk, party_name=NAME, party_phone=PHONE)
    for row in queries.rows_to_bill(SYSTEM, at=AT, limit=5):
        actions.charge_row(SYSTEM, row=row, at=AT)
    assert "东门商铺 12 号" in text(owner.get("/o/contracts/"))
    where = f"/o/contracts/{contract}/"
    assert "9,300.00" in text(owner.get(where))
    begun = owner.post("/o/bills/payments/", {"subject": str(contract)})
    assert begun.status_code == 303
    assert "9,300.00" in text(owner.get(begun["Location"]))
    budgets = {"/o/contracts/": 4, where: 6}
    assert statements_of_pages(visitor(home.scope), budgets) == budgets


def test_a_neighbour_finds_no_contract(visitor, desk, home):
    contract = a_contract(desk, party_name=NAME, party_phone=PHONE)
    neighbour = visitor(desk.a_home("2-1-302").scope)
    assert neighbour.get(f"/o/contracts/{contract}/").status_code == 404
    assert "Nothing was signed with you" in text(neighbour.get("/o/contracts/"))


def test_the_desk_changes_a_draft_and_not_what_is_signed(visitor, desk):
    office = visitor(desk.scope)
    draft, signed = a_draft(desk), a_contract(desk)
    where = f"/p/contracts/{draft}/revision/"
    form = office.get(where)
    assert (form.status_code, "东门商铺 12 号" in text(form), "3100.00" in text(form)) == (200, True, True)
    said = {
        "direction": "collect",
        "subject": "东门商铺 13 号",
        "start_on": "2026-03-02",
        "end_on": "2027-03-02",
        "monthly": "3200",
        "every_months": "3",
        "proration": Proration.ACTUAL_DAYS.value,
    }
    assert office.post(where, said | {"end_on": "2026-03-01"}).status_code == 422
    answer = office.post(where, said)
    assert answer.status_code == 303, text(answer)
    assert "东门商铺 13 号" in text(office.get(f"/p/contracts/{draft}/"))
    assert office.get(f"/p/contracts/{signed}/revision/").status_code == 404
    assert office.post(f"/p/contracts/{signed}/revision/", said).status_code == 409
    assert visitor(a_desk().scope).get(where).status_code == 404
