"""The operator's desk: who may sell, where every cent is, what does not agree."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from builders import AT, a_city, a_community, a_company, a_listing, a_person, a_picture, a_shop, an_application
from builders.orders import an_order, climb
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.ground.files import actions as files
from linli.ground.people import actions as people
from linli.kernel.ids import PartyId
from linli.money.payouts import actions as payouts
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops import actions as applying
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import LicenceKind, ShopState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT + timedelta(hours=1))
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


@pytest.fixture
def sold():
    """58.00 of goods and 4.00 of delivery, completed, of which a company earned."""
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00")
    done = an_order(a_listing(shop=shop, price="29.00", stock=10), 2).completed()
    climb(done.at)
    return done


@pytest.fixture
def application():
    shop = an_application(kind="other")
    paper = files.keep_file(shop.scope, name="licence.png", content=a_picture(), purpose="licence", at=AT)
    applying.submit_licence(
        Scope(role=Role.RESIDENT, person=shop.merchant), shop=shop.id, kind=LicenceKind.BUSINESS, number="9133",
        file=paper, expires_on=None, at=AT,
    )  # fmt: skip
    return shop


def text(response) -> str:
    return response.content.decode()


def state_of(shop) -> ShopState:
    return shops.shop(SYSTEM, shop=shop.id).state


def pages(order):
    city = order.shop.community.city
    where = f"city={city}"
    return {
        f"/platform/?{where}": 12,
        f"/platform/sales/?{where}": 4,
        "/platform/shops/?state=approved": 3,
        f"/platform/shops/{order.shop.id}/": 10,
        "/platform/disputes/": 2,
        f"/platform/trial-balance/?{where}": 4,
        f"/platform/trial-balance/merchant_pending/?{where}": 4,
        f"/platform/account/?{where}&address=platform_commission": 3,
        f"/platform/differences/?{where}": 5,
        f"/platform/payouts/?{where}": 5,
    }


def test_every_page_opens_in_both_languages_within_its_budget(visitor, operator, sold):
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        for where, statements in pages(sold).items():
            assert client.get(where).status_code == 200, where
            with budget(statements):
                client.get(where)


def test_strangers_get_404_on_every_page(visitor, sold):
    community = sold.shop.community.id
    strangers = (
        sold.shop.scope,
        sold.buyer,
        Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(community,)),
    )
    for scope in strangers:
        client = visitor(scope)
        for where in pages(sold):
            assert client.get(where).status_code == 404, (scope.role, where)


def test_strangers_decide_nothing(visitor, application, sold):
    for scope in (application.scope, sold.buyer, sold.shop.scope):
        client = visitor(scope)
        for verb in ("approval", "refusal", "terms"):
            assert client.post(f"/platform/shops/{application.id}/{verb}/", {"refusal_why": "x"}).status_code == 404
        assert client.post("/platform/payouts/drawing/", {"city": str(sold.shop.community.city)}).status_code == 404
    assert state_of(application) is ShopState.APPLIED


def test_an_operator_of_one_city_sees_no_other(visitor, sold):
    client = visitor(Scope(role=Role.PLATFORM, person=a_person(), city=a_city()))
    assert client.get(f"/platform/trial-balance/?city={sold.shop.community.city}").status_code == 404


def test_the_trial_balance_opens_to_accounts_statements_and_journals(desk, sold):
    city = sold.shop.community.city
    tree = text(desk.get(f"/platform/trial-balance/?city={city}"))
    assert "debits and credits agree" in tree
    assert f"/platform/trial-balance/merchant_pending/?city={city}" in tree
    accounts = text(desk.get(f"/platform/trial-balance/merchant_pending/?city={city}"))
    address = f"merchant_pending:{sold.shop.merchant}"
    assert address in accounts
    statement = text(desk.get("/platform/account/", {"city": city, "address": address}))
    assert "53" in statement
    journal = statement.partition("/platform/journals/")[2].partition("/")[0]
    page = text(desk.get(f"/platform/journals/{journal}/"))
    assert address in page
    source = page.partition("Where it comes from")[0].rpartition('href="')[2].partition('"')[0]
    assert source.startswith("/platform/orders/")
    assert source in statement
    assert desk.get(source).status_code == 200
    captured = text(desk.get(f"/platform/trial-balance/psp_clearing/?city={city}"))
    assert "Captured, not yet settled by the provider · Embedded provider" in captured
    assert desk.get("/platform/journals/999999999/").status_code == 404
    assert desk.get("/platform/account/", {"city": city, "address": "treasure:1"}).status_code == 404


def _paper_of(shop) -> str:
    (licence,) = shops.shop(SYSTEM, shop=shop.id).licences
    return f"/platform/shops/{shop.id}/licences/{licence.id}/paper/"


def test_the_accounts_of_a_kind_are_sorted_by_what_is_on_them_over_all_pages(desk, sold, monkeypatch):
    monkeypatch.setattr("linli.faces.platform.books.A_PAGE", 1)
    shop = a_shop(community=sold.shop.community).open_around_the_clock().delivering(fee="4.00")
    climb(an_order(a_listing(shop=shop, price="10.00", stock=10), 1).completed().at)
    where = f"/platform/trial-balance/merchant_pending/?city={sold.shop.community.city}"

    def along(address: str) -> list[str]:
        page = text(desk.get(address))
        (account,) = re.findall(r"<code[^>]*>(merchant_pending:[^<]+)</code>", page)
        onward = re.findall(r'href="([^"]+)" rel="next"', page)
        return [account, *(along(unescape(onward[0])) if onward else [])]

    # What is owed to a merchant stands on the credit side: the larger debt is the smaller balance.
    owed = [f"merchant_pending:{one.merchant}" for one in (sold.shop, shop)]
    assert along(f"{where}&by=balance") == owed
    assert along(f"{where}&by=-balance") == owed[::-1]


def test_a_shop_that_applied_is_told_in_chinese_and_its_papers_are_not_refused_as_orders_are(
    visitor, operator, application
):
    page = text(visitor(operator, locale="zh-CN").get(f"/platform/shops/{application.id}/"))
    assert "申请入驻" in page
    assert "提交证照" in page
    assert "拒单" not in page


def test_a_paper_opens_through_its_signed_link_only(desk, application):
    page = text(desk.get(f"/platform/shops/{application.id}/"))
    assert f'href="{_paper_of(application)}"' in page
    opened = desk.get(_paper_of(application))
    assert opened.status_code == 303
    readings = as_the_house("SELECT count(*) FROM spine_audit WHERE action = 'read.licence'")
    assert readings == [(1,)]
    paper = desk.get(opened["Location"])
    assert (paper.status_code, paper["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in paper["Content-Security-Policy"]
    assert desk.get("/platform/papers/forged/").status_code == 404


def test_a_shop_is_approved_when_its_papers_are_and_gets_its_terms(desk, application):
    where = f"/platform/shops/{application.id}/"
    too_early = desk.post(where + "approval/")
    assert too_early.status_code in (409, 422)
    assert state_of(application) is ShopState.APPLIED
    (licence,) = shops.shop(SYSTEM, shop=application.id).licences
    assert desk.post(f"{where}licences/{licence.id}/", {"verdict": "accept"}).status_code == 303
    assert desk.post(where + "approval/").status_code == 303
    assert state_of(application) is ShopState.APPROVED
    assert "It can sell in the communities that it has terms for." in text(desk.get(where))
    community = str(application.community.id)
    terms = {"communities": [community], "commission_bp": "7.5", "property_share_bp": "40"}
    assert desk.post(where + "terms/", terms).status_code == 303
    (card,) = shops.shop(SYSTEM, shop=application.id).terms
    assert (card.commission_bp, card.property_share_bp) == (750, 4000)
    wrong = desk.post(where + "terms/", terms | {"commission_bp": "many"})
    assert wrong.status_code == 422
    assert 'id="commission_bp-wrong"' in text(wrong)


def test_terms_are_tried_on_an_example_and_begin_on_their_day(desk, application):
    where = f"/platform/shops/{application.id}/"
    assert "terms that hold now" in text(desk.get(where))
    terms = {"communities": [str(application.community.id)], "commission_bp": "8", "property_share_bp": "40"}
    example = text(desk.post(where + "terms/", terms | {"step": "example"}))
    for amount in ("¥92.00", "¥3.20", "¥4.80"):
        assert amount in example
    assert shops.shop(SYSTEM, shop=application.id).terms == ()
    late = desk.post(where + "terms/", terms | {"start_at": "2020-01-01"})
    assert late.status_code == 422
    assert 'id="start_at-wrong"' in text(late)
    tomorrow = (AT + timedelta(days=1)).date()
    assert desk.post(where + "terms/", terms | {"start_at": tomorrow.isoformat()}).status_code == 303
    (card,) = shops.shop(SYSTEM, shop=application.id).terms
    assert card.period.start > AT + timedelta(hours=1)


def test_a_refusal_needs_its_reason(desk, application):
    where = f"/platform/shops/{application.id}/refusal/"
    asked_again = desk.post(where, {"refusal_why": ""})
    assert asked_again.status_code == 422
    assert 'id="refusal_why-wrong"' in text(asked_again)
    assert state_of(application) is ShopState.APPLIED
    assert desk.post(where, {"refusal_why": "The licence is another shop's"}).status_code == 303
    assert state_of(application) is ShopState.REFUSED


def test_a_shop_is_suspended_and_reinstated(desk, sold):
    where = f"/platform/shops/{sold.shop.id}/"
    assert desk.post(where + "suspension/", {"suspension_why": "Spoilt food"}).status_code == 303
    assert state_of(sold.shop) is ShopState.SUSPENDED
    assert desk.post(where + "reinstatement/", {"reinstatement_why": "Inspected"}).status_code == 303
    assert state_of(sold.shop) is ShopState.APPROVED


def test_sales_are_drawn_by_day_and_told_in_a_table(desk, sold):
    community = sold.shop.community
    page = text(desk.get(f"/platform/sales/?city={community.city}&community={community.id}"))
    assert page.count("<svg viewBox") >= 4
    turnover = page.partition("Turnover a day")[2].partition("</table>")[0]
    assert turnover.count("<tr>") == 28
    assert "¥62.00" in turnover
    assert "¥1.86" in page.partition("To property companies a day")[2].partition("</table>")[0]
    assert desk.get(f"/platform/sales/?city={community.city}&community={a_person()}").status_code == 404


def test_no_differences_says_so(desk, sold):
    page = text(desk.get(f"/platform/differences/?city={sold.shop.community.city}"))
    assert "The provider&#39;s bill and our books agree to the cent." in page


def test_a_held_payee_is_freed(desk, sold):
    payee = PartyId(sold.shop.merchant)
    payouts.hold_payee(SYSTEM, payee=payee, why="Account closed", at=AT)
    assert desk.post(f"/platform/payees/{payee}/freeing/").status_code == 303
    assert as_the_house("SELECT held_at FROM payouts_payee WHERE id = %s", payee)[0][0] is None


def test_drawing_says_how_many(desk, sold):
    assert desk.post("/platform/payouts/drawing/", {"city": str(sold.shop.community.city)}).status_code == 303
    assert desk.post("/platform/payouts/drawing/", {"city": "nowhere"}).status_code == 422
