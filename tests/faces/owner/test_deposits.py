"""A deposit that the desk asks for: told, found under the bills, paid on the phone, and seen to its end."""

from __future__ import annotations

import re

import pytest

from builders import AT
from builders.billing import a_desk
from harness.budget import statements_of_pages
from harness.payments_words import as_the_house
from linli.estate.billing import actions
from linli.estate.billing.models import Deposit
from linli.estate.billing.rules import Channel
from linli.kernel.money import Money
from linli.money.payments import actions as payments
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
    return desk.a_home("2-1-301")


def text(answer) -> str:
    return answer.content.decode()


def asked(visitor, desk, home) -> str:
    """The desk asks for 100.00 for a key card; gives the deposit's page at the desk."""
    form = {"obligor": home.owner, "word": "access_card", "title": "Key card", "amount": "100"}
    answer = visitor(desk.scope).post(f"/p/accounts/{home.id}/deposit/", form)
    assert answer.status_code == 303
    return answer["Location"].partition("?")[0]


def test_what_the_desk_asks_for_is_told_paid_on_the_phone_and_seen_to_its_end(visitor, desk, home):
    where, owner = asked(visitor, desk, home), visitor(home.scope)
    told = "SELECT values ->> 'amount' FROM notify_message WHERE party = %s AND template = 'deposit_asked'"
    assert as_the_house(told, home.owner) == [("100.00",)]
    assert 'href="/o/deposits/"' in text(owner.get("/o/bills/"))
    deposit = where.rstrip("/").rpartition("/")[2]
    assert f"/o/deposits/{deposit}/payment/" in text(owner.get("/o/deposits/"))

    begun = owner.post(f"/o/deposits/{deposit}/payment/")
    assert begun.status_code == 303
    collection = begun["Location"].rstrip("/").rpartition("/")[2]
    amount = Money.parse("100.00")
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=amount, line="1", at=AT)
    actions.record_deposit(SYSTEM, deposit=deposit, collection=collection, at=AT)
    page = text(owner.get("/o/deposits/"))
    assert "payment/" not in page
    assert Deposit.objects.inside().get(pk=deposit).number in page
    again = owner.post(f"/o/deposits/{deposit}/payment/")
    assert again.status_code == 409
    assert Deposit.objects.inside().get(pk=deposit).state == "held"

    item = desk.an_item("repair")
    actions.deduct_deposit(desk.scope, deposit=deposit, item=item, amount=Money(3000), why="broken card", at=AT)
    actions.return_deposit(desk.scope, deposit=deposit, channel=Channel.ONLINE, at=AT)
    page = re.sub("<[^>]+>", "", text(owner.get("/o/deposits/")))
    assert re.search(r"Kept back: broken card\W+30.00", page)
    assert re.search(r"Went back to you\W+70.00", page)


def test_the_page_opens_in_both_languages_within_its_budget_and_a_neighbour_finds_nothing(visitor, desk, home):
    where = asked(visitor, desk, home)
    deposit = where.rstrip("/").rpartition("/")[2]
    for locale in ("en", "zh-CN"):
        assert statements_of_pages(visitor(home.scope, locale=locale), {"/o/deposits/": 3}) == {"/o/deposits/": 3}
    neighbour = visitor(desk.a_home("2-1-302").scope)
    assert deposit not in text(neighbour.get("/o/deposits/"))
    assert neighbour.post(f"/o/deposits/{deposit}/payment/").status_code == 404
    assert visitor(a_desk().scope).get(where).status_code == 404
