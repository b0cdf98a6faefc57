"""Who works for one city does so there: no other city's shops and disputes, no books, no persons, no machine."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from builders import AT, a_city, a_listing, a_person, a_picture, a_shop, an_application
from builders.orders import an_order
from harness.callers import Caller
from linli.faces.shell.pages import house
from linli.ground.files import actions as files
from linli.kernel.refusals import NotFound
from linli.spine.action import Denied
from linli.spine.may import PERMITS, PERMITS_OF_A_CITY, May
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as ordered
from linli.trade.orders import rules
from linli.trade.shops import actions as applying
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import LicenceKind, LicenceState, ShopState

pytestmark = pytest.mark.django_db
HERE = "01930000-0000-7000-8000-000000000001"


def of(city: UUID) -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person(), city=city)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT + timedelta(hours=1))
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def application():
    shop = an_application(kind="other")
    paper = files.keep_file(shop.scope, name="licence.png", content=a_picture(), purpose="licence", at=AT)
    applying.submit_licence(
        Scope(role=Role.RESIDENT, person=shop.merchant), shop=shop.id, kind=LicenceKind.BUSINESS, number="9133",
        file=paper, expires_on=None, at=AT,
    )  # fmt: skip
    return shop


@pytest.fixture
def dispute():
    sold = an_order(a_listing(shop=a_shop().open_around_the_clock(), price="29.00", stock=10), 2).completed()
    asked = [rules.RefundAsk(line=sold.lines[0].line, quantity=1)]
    refund = orders.request_refund(sold.buyer, order=sold.id, lines=asked, reason="Weevils", at=sold.at)
    orders.answer_refund(sold.shop.scope, refund=refund, grant=False, reason="No", at=sold.at)
    return sold, refund


def test_they_may_less_than_those_who_work_for_every_city():
    assert PERMITS[Role.PLATFORM] > PERMITS_OF_A_CITY
    kept_back = {May.GRANT_ROLES, May.POST_JOURNALS, May.RUN_PAYOUTS, May.RECONCILE, May.READ_LEDGER, May.KEEP_WEBHOOKS}
    assert kept_back & PERMITS_OF_A_CITY == set()


def test_every_page_of_the_house_is_closed_to_them(visitor):
    client = visitor(of(a_city().id))
    closed = [p for p in house.pages() if p.face.word == "platform" and p.needs and p.needs not in PERMITS_OF_A_CITY]
    assert {p.path.partition("/")[0] for p in closed} >= {"trial-balance", "payouts", "differences", "audit", "health"}
    for page in closed:
        where = page.address
        for part in page.parts:
            open_part = next(word for word in where.split("/") if word.endswith(f"{part}>"))
            where = where.replace(open_part, "1" if open_part.startswith("<int:") else HERE)
        answer = client.get(where) if page.method == "GET" else client.post(where)
        assert answer.status_code == 404, page.address


def test_their_first_page_has_their_work_and_neither_money_nor_machine(visitor, application):
    for locale in ("zh-CN", "en"):
        own = visitor(of(application.community.city), locale=locale).get("/platform/").content.decode()
        assert "/platform/shops/" in own
        for closed in ("payouts", "differences", "trial-balance", "health", "audit", "places"):
            assert f"/platform/{closed}/" not in own


def test_a_program_of_theirs_reads_no_books(application):
    caller = Caller(of(application.community.city))
    assert caller.get(f"cities/{application.community.city}/trial-balance").status == 404
    assert caller.get("differences").status == 404
    assert caller.get("webhooks").status == 404


def test_a_shop_is_judged_in_its_own_city_only(visitor, application):
    elsewhere, here = of(a_city().id), of(application.community.city)
    assert [each.shop for each in shops.applications(here)] == [application.id]
    assert shops.applications(elsewhere) == ()
    (licence,) = shops.shop(SYSTEM, shop=application.id).licences
    for verb in (
        lambda: shops.shop(elsewhere, shop=application.id),
        lambda: applying.approve(elsewhere, shop=application.id, at=AT),
        lambda: applying.refuse(elsewhere, shop=application.id, why="No", at=AT),
        lambda: applying.open_licence(elsewhere, shop=application.id, licence=licence.id, at=AT),
        lambda: applying.judge_licence(elsewhere, licence=licence.id, accepted=True, at=AT),
        lambda: applying.set_communities(elsewhere, shop=application.id, communities=[a_city().id], at=AT),
        lambda: applying.set_terms(
            elsewhere, shop=application.id, communities=[application.community.id], commission_bp=0,
            property_share_bp=0, start_at=AT, at=AT,
        ),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            verb()
    seen = shops.shop(SYSTEM, shop=application.id)
    assert (seen.state, seen.licences[0].state, seen.terms) == (ShopState.APPLIED, LicenceState.SUBMITTED, ())
    applying.judge_licence(here, licence=licence.id, accepted=True, at=AT)
    applying.approve(here, shop=application.id, at=AT)
    assert shops.shop(here, shop=application.id).state is ShopState.APPROVED


def test_a_dispute_is_decided_in_its_own_city_only(dispute, visitor):
    sold, refund = dispute
    elsewhere, here = of(a_city().id), of(sold.shop.community.city)
    assert ordered.refund_requests(elsewhere) == ()
    asked = [rules.RefundAsk(line=sold.lines[0].line, quantity=1)]
    for verb in (
        lambda: ordered.dispute(elsewhere, refund=refund),
        lambda: orders.take_up_refund(elsewhere, refund=refund, at=sold.at),
        lambda: orders.decide_refund(elsewhere, refund=refund, grant=True, reason="Seen", at=sold.at),
        lambda: orders.grant_refund(elsewhere, order=sold.id, lines=asked, reason="Kind", at=sold.at),
        lambda: orders.call_off_order(elsewhere, order=sold.id, reason="Kind", at=sold.at),
    ):
        with pytest.raises(NotFound):
            verb()
    assert [card.state for card in ordered.order_page(sold.buyer, order=sold.id).refunds] == ["disputed"]
    assert [card.refund for card in ordered.refund_requests(here)] == [refund]
    assert visitor(here).get(f"/platform/disputes/{refund}/").status_code == 200
    assert visitor(elsewhere).get(f"/platform/disputes/{refund}/").status_code == 404
    orders.decide_refund(here, refund=refund, grant=True, reason="Seen the pictures", at=sold.at)


def test_they_move_no_money_and_give_no_roles():
    from linli.ground.people import actions as people
    from linli.money.payouts import actions as payouts

    scope = of(a_city().id)
    with pytest.raises(Denied):
        payouts.free_payee(scope, payee=a_person(), at=AT)
    with pytest.raises(Denied):
        people.grant_role(scope, party=scope.person, role=Role.PLATFORM, level="platform", at=AT)
