"""Instalments from the account of a home to the phone that pays them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders import AT, a_person
from builders.billing import a_desk
from harness.budget import statements_of_pages
from linli.estate.billing import actions, queries
from linli.estate.billing.models import Line, Payment
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.may import Duty
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
    home = desk.a_home("2-1-301")
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="100"), home)
    month = {"community": desk.community.id, "first_on": date(2026, 2, 1), "at": AT}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)
    return home


def text(answer) -> str:
    return answer.content.decode()


def a_plan(office, home) -> str:
    line = Line.objects.inside().get(subject=home.id).pk
    asked = office.post(
        f"/p/accounts/{home.id}/plan/", {"lines": line, "count": "3", "first_on": "2026-04-10", "why": "失业"}
    )
    assert asked.status_code == 303
    return asked["Location"]


def test_a_debt_is_split_approved_by_another_and_paid_part_by_part_on_the_phone(visitor, desk, home):
    office, owner = visitor(desk.scope), visitor(home.scope)
    boss = visitor(replace(desk.scope, person=a_person()))
    bare = office.post(f"/p/accounts/{home.id}/plan/", {"count": "3", "first_on": "2026-04-10", "why": "失业"})
    assert bare.status_code == 422
    where = a_plan(office, home)
    assert 'value="approve"' not in text(office.get(where))
    assert 'value="refuse"' in text(office.get(where))
    assert office.post(f"{where}decision/", {"decision": "approve"}).status_code == 409
    assert 'value="approve"' in text(boss.get(where))
    assert boss.post(f"{where}decision/", {"decision": "refuse"}).status_code == 422
    steward = visitor(replace(desk.scope, person=a_person(), duty=Duty.STEWARD))
    assert steward.post(f"{where}decision/", {"decision": "approve"}).status_code in (403, 404)
    assert owner.get("/o/plans/").status_code == 200
    assert boss.post(f"{where}decision/", {"decision": "approve"}).status_code == 303
    plan = where.split("/")[3]
    assert "33.34" in text(owner.get(f"/o/plans/{plan}/"))
    begun = owner.post(f"/o/plans/{plan}/payments/")
    assert begun.status_code == 303
    collection = begun["Location"].rstrip("/").rpartition("/")[2]
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=card.amount, line="1", at=AT)
    actions.record_payment(SYSTEM, payment=Payment.objects.inside().get().pk, at=AT)
    page = queries.plan_page(home.scope, plan=plan)
    assert [str(part.open) for part in page.parts] == ["0.00", "33.33", "33.33"]
    assert "2-1-301" in text(office.get("/p/plans/file/?form=csv"))
    assert office.post(f"{where}cancellation/", {"why": "付清"}).status_code == 303
    assert owner.post(f"/o/plans/{plan}/payments/").status_code == 404


def test_who_missed_a_part_reads_what_it_means_and_where_to_pay(visitor, desk, home):
    where = a_plan(visitor(desk.scope), home)
    visitor(replace(desk.scope, person=a_person())).post(f"{where}decision/", {"decision": "approve"})
    owner, over = visitor(home.scope), "this plan is over, and late fees run again"
    plan = where.split("/")[3]
    assert over not in text(owner.get(f"/o/plans/{plan}/"))

    actions.keep_plans(SYSTEM, limit=10, at=AT + timedelta(days=90))

    page = text(owner.get(f"/o/plans/{plan}/"))
    assert over in page
    assert 'href="/o/bills/"' in page
    assert "A part was not paid by its day." in text(visitor(desk.scope).get(where))


def test_every_page_opens_in_both_languages_within_its_budget_and_to_no_stranger(visitor, desk, home):
    where = a_plan(visitor(desk.scope), home)
    boss = replace(desk.scope, person=a_person())
    visitor(boss).post(f"{where}decision/", {"decision": "approve"})
    plan = where.split("/")[3]
    of_desk = {"/p/plans/": 5, where: 8, f"/p/accounts/{home.id}/plan/": 6}
    of_owner = {"/o/plans/": 3, f"/o/plans/{plan}/": 6}
    for locale in ("en", "zh-CN"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), of_desk) == of_desk
        assert statements_of_pages(visitor(home.scope, locale=locale), of_owner) == of_owner
    assert visitor(desk.a_home("2-1-302").scope).get(f"/o/plans/{plan}/").status_code == 404
    assert visitor(a_desk().scope).get(where).status_code == 404
