"""The company's own bank account: looked at twice, set by who works for all of the company, and by nobody else."""

from __future__ import annotations

import re

import pytest

from builders import AT, a_community, a_company, a_person
from harness.payments_words import as_the_house
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.kernel.ids import PartyId
from linli.money.payouts import queries as payouts
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
WHERE = "/p/payouts/receiver/"
ACCOUNT = {"name": "安居物业", "account": "6222 0200 1234 5678", "bank": "工商银行滨江支行"}


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def company() -> PartyId:
    return a_company("安居物业")


@pytest.fixture
def community(company):
    found = a_community("东园")
    people.entrust_community(SYSTEM, community=found.id, company=company, start_on=AT.date(), at=AT)
    return found


@pytest.fixture
def scope(company, community) -> Scope:
    person = a_person("林经理")
    people.grant_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=AT)
    return Scope(role=Role.PROPERTY, person=person, company=company, communities=(community.id,))


@pytest.fixture
def steward(company, community) -> Scope:
    """Somebody of the company who works in one community only."""
    person = a_person("小周")
    people.grant_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMMUNITY, place=community.id, at=AT)
    return Scope(role=Role.PROPERTY, person=person, company=company, communities=(community.id,))


@pytest.fixture
def desk(visitor, scope):
    return visitor(scope)


def text(response) -> str:
    return response.content.decode()


def card(company) -> payouts.PayeeCard:
    return payouts.payee(SYSTEM, payee=company)


def sealed(page: str) -> str:
    return re.findall(r'name="sealed" value="([^"]+)"', page)[0]


def test_an_account_is_looked_at_twice_and_set(desk, company, scope):
    assert WHERE in text(desk.get("/p/payouts/"))
    again = text(desk.post(WHERE, ACCOUNT))
    assert "6222020012345678" in again
    assert not card(company).has_receiver
    assert desk.post(f"{WHERE}confirmation/", {"sealed": sealed(again), "tail": "5678"}).status_code == 303
    assert (card(company).receiver_name, card(company).receiver_account) == ("安居物业", "•••• 5678")
    page = text(desk.get(WHERE))
    assert "•••• 5678" in page
    assert "6222020012345678" not in page
    [(person, said)] = as_the_house("SELECT person, said::text FROM spine_audit WHERE action = 'payouts.name_receiver'")
    assert person == scope.person
    assert "5678" not in said


def test_the_page_opens_in_both_languages(visitor, scope):
    for locale, says_it in (("zh-CN", "户名"), ("en", "Account holder")):
        assert says_it in text(visitor(scope, locale=locale).get(WHERE))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"account": "123"}, "account"),
        ({"account": "六二二二"}, "account"),
        ({"bank": ""}, "bank"),
    ],
)
def test_an_account_that_cannot_be_one_is_refused_at_its_field(desk, company, change, field):
    answer = desk.post(WHERE, ACCOUNT | change)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert not card(company).has_receiver


@pytest.mark.parametrize("form", [{"tail": "9999"}, {"sealed": "forged"}])
def test_what_was_not_looked_at_is_not_set(desk, company, form):
    good = {"sealed": sealed(text(desk.post(WHERE, ACCOUNT))), "tail": "5678"}
    answer = desk.post(f"{WHERE}confirmation/", good | form)
    assert answer.status_code == 422
    assert 'id="account-wrong"' in text(answer)
    assert not card(company).has_receiver


def test_who_works_in_one_community_sees_the_account_and_does_not_change_it(visitor, desk, steward, company):
    client = visitor(steward)
    assert "Only who works for the whole company" in text(client.get(WHERE))
    form = {"sealed": sealed(text(desk.post(WHERE, ACCOUNT))), "tail": "5678"}
    assert client.post(f"{WHERE}confirmation/", form).status_code == 404
    assert not card(company).has_receiver


def test_strangers_set_no_account(visitor, desk, company):
    form = {"sealed": sealed(text(desk.post(WHERE, ACCOUNT))), "tail": "5678"}
    other = Scope(role=Role.PROPERTY, person=a_person(), company=a_company())
    assert visitor(other).post(f"{WHERE}confirmation/", form).status_code == 422
    for role in (Role.MERCHANT, Role.RESIDENT, Role.PLATFORM):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get(WHERE).status_code == 404
        assert client.post(f"{WHERE}confirmation/", form).status_code == 404
    assert not card(company).has_receiver
