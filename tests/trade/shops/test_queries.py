"""What a checkout and a neighbour learn of shops, each in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from builders import AT, a_community, a_company, a_home, a_shop, an_application
from harness.budget import budget
from linli.ground.people import actions as people
from linli.kernel import ids
from linli.kernel.ids import PartyId, ShopId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound, Refusal
from linli.spine.scope import GUEST, SYSTEM, Role, Scope
from linli.trade.shops import actions, queries, rules
from linli.trade.shops.rules import Carrier, ClosedWhy

pytestmark = pytest.mark.django_db


def test_sale_terms_tell_a_checkout_everything_in_one_statement() -> None:
    shop = a_shop().open_around_the_clock().delivering(fee="4.00", free_from="49.00", minutes=45)
    company = a_company()
    people.entrust_community(SYSTEM, community=shop.community.id, company=company, start_on=date(2026, 1, 1), at=AT)
    with budget(1):
        terms = queries.sale_terms(community=shop.community.id, shops=[shop.id, ShopId(ids.new())], at=AT)
    assert list(terms) == [shop.id]
    found = terms[shop.id]
    assert (found.merchant, found.company) == (shop.merchant, company)
    assert (found.commission_bp, found.property_share_bp) == (800, 4000)
    assert (found.is_open, found.closed_why, found.next_opening_at) == (True, None, None)
    assert (found.carrier, found.delivery_fee, found.free_delivery_from, found.minutes_promised) == (
        Carrier.SHOP,
        Money(400),
        Money(4900),
        45,
    )
    found.insist_open()


def test_where_nobody_stewards_there_is_nobody_to_share_with() -> None:
    shop = a_shop().open_around_the_clock()
    found = queries.sale_terms(community=shop.community.id, shops=[shop.id], at=AT)[shop.id]
    assert (found.company, found.commission_bp, found.property_share_bp) == (None, 800, 0)


def test_terms_change_at_their_instant_and_never_for_what_was_asked_before() -> None:
    shop = a_shop(commission_bp=800).open_around_the_clock()
    april = datetime(2026, 4, 1, tzinfo=UTC)
    shop.with_terms(commission_bp=600, start_at=april)

    def commission(at: datetime) -> int:
        return queries.sale_terms(community=shop.community.id, shops=[shop.id], at=at)[shop.id].commission_bp

    assert (commission(april - timedelta(microseconds=1)), commission(april)) == (800, 600)


def test_every_reason_not_to_sell_is_named_and_refused() -> None:
    def why(shop: ShopId, at: datetime = AT) -> tuple[ClosedWhy | None, str]:
        terms = queries.sale_terms(community=community.id, shops=[shop], at=at)[shop]
        with pytest.raises(Refusal) as refused:
            terms.insist_open()
        return terms.closed_why, refused.value.code

    community = a_community()
    shop = a_shop(community=community)
    assert why(shop.id) == (ClosedWhy.HOURS, "shops.Closed")
    shop.open_around_the_clock()
    actions.pause(shop.scope, shop=shop.id, until=AT + timedelta(minutes=20), at=AT)
    assert why(shop.id) == (ClosedWhy.PAUSED, "shops.Paused")
    actions.resume(shop.scope, shop=shop.id, at=AT)
    today = Period(date(2026, 3, 2), date(2026, 3, 3))
    actions.set_holidays(shop.scope, shop=shop.id, holidays=[today], at=AT)
    assert why(shop.id) == (ClosedWhy.HOLIDAY, "shops.Closed")
    assert why(shop.id, AT - timedelta(days=1)) == (ClosedWhy.NO_TERMS, "shops.NotOnSale")
    actions.suspend(SYSTEM, shop=shop.id, why="过期食品", at=AT)
    assert why(shop.id) == (ClosedWhy.SUSPENDED, "shops.Suspended")
    assert why(an_application(community=community).id) == (ClosedWhy.NOT_APPROVED, "shops.NotOnSale")
    far = a_shop(community=a_community(lat=31.0)).open_around_the_clock()
    assert why(far.id) == (ClosedWhy.OUT_OF_ZONE, "shops.OutOfZone")


def test_a_closed_shop_says_when_it_opens_again() -> None:
    shop = a_shop().open(rules.opening(0, "11:00", "14:00"), rules.opening(0, "20:00", "02:00"))
    asked = {"community": shop.community.id, "shops": [shop.id]}
    closed = queries.sale_terms(**asked, at=AT)[shop.id]
    assert closed.next_opening_at == datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    after_midnight = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert queries.sale_terms(**asked, at=after_midnight)[shop.id].is_open


def test_the_neighbours_list_has_open_shops_first_then_by_distance_and_no_strangers() -> None:
    community = a_community()
    closed = a_shop(community=community)
    open_ = a_shop(community=community).open_around_the_clock()
    an_application(community=community)
    suspended = a_shop(community=community).open_around_the_clock()
    actions.suspend(SYSTEM, shop=suspended.id, why="证照不符", at=AT)
    with budget(1):
        cards = queries.shops_near(community=community.id, at=AT)
    assert [(card.shop, card.is_open) for card in cards] == [(open_.id, True), (closed.id, False)]
    assert [card.distance_m for card in cards] == [111, 111]


def test_a_shop_page_is_for_its_merchant_its_applicant_and_the_platform() -> None:
    shop = a_shop()
    stranger = Scope(role=Role.MERCHANT, person=PartyId(ids.new()), shop=ShopId(ids.new()))
    for scope in (shop.scope, replace(shop.scope, shop=None), SYSTEM):
        page = queries.shop(scope, shop=shop.id)
        assert [licence.kind for licence in page.licences] == ["business"]
        assert [move.verb for move in page.moves] == ["approve", "accept", "submit", "apply"]
    for scope in (stranger, GUEST, a_home().with_owner().scope):
        with pytest.raises(NotFound):
            queries.shop(scope, shop=shop.id)
    assert [mine.shop for mine in queries.my_shops(shop.scope)] == [shop.id]
    assert queries.my_shops(stranger) == ()


def test_applications_are_for_the_platform() -> None:
    waiting = an_application()
    a_shop()
    assert [each.shop for each in queries.applications(SYSTEM)] == [waiting.id]
    assert queries.applications(waiting.scope) == ()
