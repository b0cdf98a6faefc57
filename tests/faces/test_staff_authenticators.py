"""The lost authenticator of who works for a company or a shop, and what its person sees and stops."""

from __future__ import annotations

from datetime import date

import pytest

from builders import AT, a_community, a_company, a_person, a_shop
from builders.people import a_phone
from harness.budget import statements_of_pages
from linli.faces.shell.clock import now
from linli.ground.people import actions as people
from linli.kernel.ids import PartyId
from linli.reach.sign_in import actions as signing
from linli.reach.sign_in import queries as sign_in
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops import actions as shops
from reach.sign_in.test_actions import PHONE, ask, redeem
from reach.sign_in.test_authenticators import protected

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_inbox(settings):
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"


def text(response) -> str:
    return response.content.decode()


def has_one(person: PartyId) -> bool:
    return sign_in.has_authenticator(SYSTEM, person=person)


def protect(person: PartyId) -> None:
    protected(person, redeem(ask()).session)


class TestACompanys:
    @pytest.fixture
    def desk(self) -> tuple[Scope, PartyId]:
        company, community = a_company(), a_community().id
        people.entrust_community(SYSTEM, community=community, company=company, start_on=date(2026, 1, 1), at=AT)
        manager = people.name_manager(SYSTEM, company=company, name="周经理", phone=a_phone(), at=AT)
        cashier = people.add_company_staff(
            SYSTEM, company=company, name="赵出纳", phone=PHONE, duty=Duty.CASHIER, communities=[community], at=AT
        )
        protect(cashier)
        scope = Scope(role=Role.PROPERTY, person=manager, company=company, communities=(community,), duty=Duty.MANAGER)
        return scope, cashier

    def test_is_taken_off_by_their_manager_with_a_reason(self, visitor, desk):
        scope, cashier = desk
        client, page = visitor(scope), f"/p/staff/{cashier}/authenticator/"
        assert page in text(client.get(f"/p/staff/{cashier}/"))
        assert "赵**" in text(client.get(page))
        refused = client.post(page, {"why": ""})
        assert (refused.status_code, 'id="why-wrong"' in text(refused), has_one(cashier)) == (422, True, True)
        assert client.post(page, {"why": "Lost it in the lift shaft"}).status_code == 303
        assert not has_one(cashier)
        assert "sign in with their phone alone" in text(client.get(page))

    def test_keeps_its_budget_and_is_no_place_for_others(self, visitor, desk):
        scope, cashier = desk
        page = f"/p/staff/{cashier}/authenticator/"
        assert statements_of_pages(visitor(scope), [page]) == {page: 13}
        other = Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), duty=Duty.MANAGER)
        colleague = Scope(role=Role.PROPERTY, person=cashier, company=scope.company, duty=Duty.CASHIER)
        for stranger in (other, colleague, Scope(role=Role.RESIDENT, person=a_person())):
            assert visitor(stranger).get(page).status_code == 404
            assert visitor(stranger).post(page, {"why": "Lost"}).status_code == 404
        assert has_one(cashier)


class TestAShops:
    def test_is_taken_off_by_its_merchant_and_by_no_colleague(self, visitor):
        shop = a_shop()
        helper = shops.add_staff(shop.scope, shop=shop.id, name="李小店", phone=PHONE, at=AT)
        protect(helper)
        page = f"/m/settings/staff/{helper}/authenticator/"
        second = shops.add_staff(shop.scope, shop=shop.id, name="王小店", phone=a_phone(), at=AT)
        colleague = visitor(Scope(role=Role.MERCHANT, person=second, shop=shop.id, company=shop.merchant))
        assert colleague.post(page, {"why": "Lost"}).status_code == 403
        other = a_shop()
        assert visitor(other.scope).get(page).status_code == 404
        assert visitor(other.scope).post(page, {"why": "Lost"}).status_code == 404
        assert has_one(helper)
        merchant = visitor(shop.scope)
        assert page in text(merchant.get("/m/settings/staff/"))
        assert "李**" in text(merchant.get(page))
        assert merchant.post(page, {"why": "Fell into the soup"}).status_code == 303
        assert not has_one(helper)


def test_its_person_sees_that_it_was_reported_and_stops_it(visitor, monkeypatch):
    person = people.appoint_operator(SYSTEM, name="林站长", phone=PHONE, at=AT)
    helper = people.appoint_operator(SYSTEM, name="何站长", phone=a_phone(), at=AT)
    signed = redeem(ask())
    protected(person, signed.session)
    signing.report_loss(Scope(role=Role.PLATFORM, person=helper), person=person, why="Somebody called", at=now())
    from linli.faces.shell import sign_in_cookies

    standing = sign_in_cookies.Standing(Scope(role=Role.PLATFORM, person=person), signed.session)
    client = visitor(Scope(role=Role.PLATFORM, person=person))
    monkeypatch.setattr(sign_in_cookies, "standing_of", lambda *_, **__: standing)
    assert "It was reported lost" in text(client.get("/authenticator/"))
    assert client.post("/authenticator/kept/").status_code == 303
    assert (sign_in.losses(SYSTEM), has_one(person)) == ((), True)
    assert "It was reported lost" not in text(client.get("/authenticator/"))
    assert client.post("/authenticator/kept/").status_code == 404
