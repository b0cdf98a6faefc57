"""Contracts from end to end at the desk: written down, signed, billed, amended, ended early; suppliers are paid."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_picture
from builders.billing import a_desk
from builders.contracts import a_contract, rows_of
from harness.budget import statements_of_pages
from linli.estate.contracts import queries, tasks
from linli.estate.contracts.rules import ContractState, Direction

pytestmark = pytest.mark.django_db
TERMS = {"monthly": "3100.00", "every_months": "3", "proration": "actual_days"}
SHOP = TERMS | {
    "direction": "collect",
    "party_name": "好邻便利店",
    "subject": "东门商铺",
    "start_on": "2026-03-02",
    "end_on": "2027-03-02",
    "deposit": "5000.00",
}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def desk():
    return a_desk()


def text(response):
    return response.content.decode()


def the_contract(desk):
    (card,) = queries.contracts(desk.scope)
    return card


def test_every_page_opens_in_both_languages_within_its_budget(visitor, desk):
    contract, community = a_contract(desk), desk.community.id
    tasks.charge_rows(at=AT)
    pages = {
        "/p/contracts/": 5,
        f"/p/contracts/new/{community}/": 2,
        f"/p/contracts/{contract}/": 14,
        "/p/contracts/dues/": 5,
    }
    for locale in ("zh-CN", "en"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), pages) == pages


def test_a_shop_is_written_down_signed_billed_amended_and_ended_early(visitor, desk):
    client, community = visitor(desk.scope), desk.community.id
    wrong = client.post(f"/p/contracts/new/{community}/", SHOP | {"stated": "1.00"})
    assert wrong.status_code == 422
    assert "37,200.00" in text(wrong) or "37200.00" in text(wrong)
    client.post(f"/p/contracts/new/{community}/", SHOP | {"stated": "37200.00"})
    where = f"/p/contracts/{the_contract(desk).contract}/"
    assert rows_of(desk, the_contract(desk).contract) == []
    client.post(f"{where}signature/", {})
    assert tasks.charge_rows(at=AT) == 1
    shown = text(client.get(where))
    assert "9,300.00" in shown
    rising = TERMS | {
        "rise_months": "12",
        "rise_percent": "5",
        "rise_of": "last",
        "end_on": "2028-06-02",
        "why": "续租",
    }
    both = client.post(f"{where}amendments/", rising | {"rise_amount": "1.00"})
    assert both.status_code == 422
    client.post(f"{where}amendments/", rising)
    assert str(the_contract(desk).total) == "85560.00"
    client.post(f"{where}papers/", {"title": "扫描件", "file": SimpleUploadedFile("a.png", a_picture())})
    ended = client.post(f"{where}termination/", {"ended_on": "2026-04-02", "termination_why": "停业"})
    assert ended.headers["Location"] == where
    assert (the_contract(desk).state, str(the_contract(desk).total)) == (ContractState.TERMINATED, "3100.00")
    listed = client.get(f"{where}file/?form=csv").content.decode("utf-8-sig")
    assert "2026-03-02,2026-04-02,2026-03-02,3100.00,charged" in listed


def test_a_supplier_is_marked_as_paid_and_lists_are_taken_away(visitor, desk):
    contract = a_contract(desk, direction=Direction.PAY, party_name="通力电梯", subject="电梯维保")
    client, where = visitor(desk.scope), f"/p/contracts/{contract}/"
    (row, *_rest) = queries.contract_page(desk.scope, contract=contract, at=AT).rows
    assert "电梯维保" in text(client.get("/p/contracts/dues/"))
    client.post(f"{where}rows/{row.row}/payment/", {"paid_on": "2026-03-02", "words": "网银"})
    assert "网银" in text(client.get(where))
    listed = client.get("/p/contracts/file/?form=csv").content.decode("utf-8-sig")
    assert "CT-260302-0001,pay,通力电梯,电梯维保,,2026-03-02,2027-03-02,37200.00,0.00,1,in force" in listed
    assert client.get("/p/contracts/dues/file/?form=csv").status_code == 200


def test_a_draft_is_dropped_and_a_stranger_finds_nothing(visitor, desk):
    client = visitor(desk.scope)
    client.post(f"/p/contracts/new/{desk.community.id}/", SHOP)
    where = f"/p/contracts/{the_contract(desk).contract}/"
    assert visitor(a_desk().scope).get(where).status_code == 404
    client.post(f"{where}dropping/", {"drop_why": "对方撤回"})
    assert the_contract(desk).state is ContractState.DROPPED
    assert "对方撤回" in text(client.get(where))
