"""From an application to a shop that sells, and what is refused on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from builders import AT, a_city, a_community, a_person, a_shop, an_application
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.ground.people import actions as people_actions
from linli.ground.people import queries as people
from linli.ground.people.rules import Level
from linli.kernel import ids
from linli.kernel.ids import FileId
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import sql
from linli.spine.action import reading
from linli.spine.scope import GUEST, SYSTEM, Role, Scope
from linli.trade.shops import actions, queries, tasks
from linli.trade.shops.models import Licence, Move, Terms
from linli.trade.shops.rules import Carrier, LicenceKind, ShopKind, ShopState, opening

pytestmark = pytest.mark.django_db
PLATFORM = Scope(role=Role.PLATFORM, person=None)


def submit(shop: object, kind: LicenceKind, *, expires_on: date | None = None) -> UUID:
    return actions.submit_licence(
        replace(shop.scope, shop=None),  # type: ignore[attr-defined]
        shop=shop.id,  # type: ignore[attr-defined]
        kind=kind,
        number="A-1",
        file=FileId(ids.new()),
        expires_on=expires_on,
        at=AT,
    )


def test_a_zone_is_derived_from_three_kilometres_around_the_shop() -> None:
    city = a_city()
    here = a_community(city=city, lat=30.25)
    near = a_community(city=city, lat=30.26)
    a_community(city=city, lat=30.30)
    a_community(city=a_city(), lat=30.25)
    shop = an_application(community=here)
    zone = queries.shop(SYSTEM, shop=shop.id).zone
    assert [(z.community, z.distance_m, z.visible) for z in zone] == [(here.id, 111, True), (near.id, 1001, True)]


def test_where_there_is_no_community_there_is_no_shop() -> None:
    city = a_city()
    with pytest.raises(actions.NoCommunityNear):
        actions.apply(
            Scope(role=Role.RESIDENT, person=a_person()),
            name={"zh": "店", "en": "Shop"},
            kind=ShopKind.OTHER,
            city=city.id,
            lat=10.0,
            lon=10.0,
            address="滨江路18号",
            at=AT,
        )
    assert queries.applications(SYSTEM) == ()


def test_a_restaurant_is_approved_with_both_licences_and_its_applicant_becomes_its_merchant() -> None:
    shop = an_application(kind="restaurant")
    business, food = submit(shop, LicenceKind.BUSINESS), submit(shop, LicenceKind.FOOD)
    actions.judge_licence(PLATFORM, licence=business, accepted=True, at=AT)
    with pytest.raises(actions.LicenceMissing) as refused:
        actions.approve(PLATFORM, shop=shop.id, at=AT)
    assert refused.value.values == {"kinds": "food"}
    assert queries.shop(SYSTEM, shop=shop.id).state == ShopState.APPLIED
    actions.judge_licence(PLATFORM, licence=food, accepted=True, at=AT)
    actions.approve(PLATFORM, shop=shop.id, at=AT)
    hats = people.hats(SYSTEM, person=shop.merchant, at=AT)
    assert (hats[0].role, hats[0].scope.shop) == (Role.MERCHANT, shop.id)


def test_an_expired_or_refused_licence_does_not_count() -> None:
    shop = an_application()
    licence = submit(shop, LicenceKind.BUSINESS, expires_on=date(2026, 3, 3))
    actions.judge_licence(PLATFORM, licence=licence, accepted=True, at=AT)
    with pytest.raises(actions.LicenceMissing):
        actions.approve(PLATFORM, shop=shop.id, at=AT + timedelta(days=1))
    actions.judge_licence(PLATFORM, licence=licence, accepted=False, why="章不清楚", at=AT)
    with pytest.raises(actions.LicenceMissing):
        actions.approve(PLATFORM, shop=shop.id, at=AT)


def test_the_clock_stops_a_shop_whose_licence_has_run_out_and_no_other() -> None:
    shop, lasting = an_application(), a_shop()
    licence = submit(shop, LicenceKind.BUSINESS, expires_on=date(2026, 3, 5))
    actions.judge_licence(PLATFORM, licence=licence, accepted=True, at=AT)
    actions.approve(PLATFORM, shop=shop.id, at=AT)
    assert tasks.suspend_unlicensed(at=AT) == 0
    assert tasks.suspend_unlicensed(at=AT + timedelta(days=3)) == 1
    states = [queries.shop(SYSTEM, shop=each.id).state for each in (shop, lasting)]
    assert states == [ShopState.SUSPENDED, ShopState.APPROVED]
    assert tasks.suspend_unlicensed(at=AT + timedelta(days=3)) == 0


def test_a_refused_merchant_reads_why_and_applies_again() -> None:
    shop = an_application()
    with pytest.raises(Invalid):
        actions.refuse(PLATFORM, shop=shop.id, why=" ", at=AT)
    actions.refuse(PLATFORM, shop=shop.id, why="门头照片缺失", at=AT)
    page = queries.shop(shop.scope, shop=shop.id)
    assert (page.state, page.moves[0].verb, page.moves[0].why) == (ShopState.REFUSED, "refuse", "门头照片缺失")
    with pytest.raises(WrongState):
        actions.suspend(PLATFORM, shop=shop.id, why="too early", at=AT)
    actions.reapply(shop.scope, shop=shop.id, why="已补照片", at=AT)
    assert queries.shop(shop.scope, shop=shop.id).state == ShopState.APPLIED


def test_suspension_and_its_end_are_the_platforms_and_are_written_down() -> None:
    shop = a_shop()
    with pytest.raises(Denied):
        actions.suspend(shop.scope, shop=shop.id, why="x", at=AT)
    actions.suspend(PLATFORM, shop=shop.id, why="投诉过多", at=AT)
    actions.reinstate(PLATFORM, shop=shop.id, why="已整改", at=AT)
    moves = queries.shop(SYSTEM, shop=shop.id).moves
    assert [(m.verb, m.why) for m in moves[:2]] == [("reinstate", "已整改"), ("suspend", "投诉过多")]
    told = as_the_house("SELECT template FROM notify_message WHERE party = %s ORDER BY id", shop.merchant)
    assert [row[0] for row in told] == ["shop_suspended", "shop_reinstated"]


def test_another_merchants_shop_does_not_exist() -> None:
    shop, other = a_shop(), a_shop()
    verbs = [
        lambda: actions.pause(other.scope, shop=shop.id, until=AT + timedelta(hours=1), at=AT),
        lambda: actions.set_opening(other.scope, shop=shop.id, openings=[opening(0, "08:00", "09:00")], at=AT),
        lambda: actions.close(other.scope, shop=shop.id, at=AT),
        lambda: actions.set_communities(other.scope, shop=shop.id, communities=[other.community.id], at=AT),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()
    page = queries.shop(SYSTEM, shop=shop.id)
    assert (page.state, page.paused_until, page.hours.openings) == (ShopState.APPROVED, None, ())


def test_a_merchant_chooses_within_three_kilometres_and_the_platform_beyond() -> None:
    city = a_city()
    here, near, far = (a_community(city=city, lat=lat) for lat in (30.25, 30.26, 30.40))
    shop = a_shop(community=here)
    actions.set_communities(shop.scope, shop=shop.id, communities=[near.id], hidden=[here.id], at=AT)
    zone = {z.community: z.visible for z in queries.shop(SYSTEM, shop=shop.id).zone}
    assert zone == {near.id: True, here.id: False}
    with pytest.raises(actions.TooFar):
        actions.set_communities(shop.scope, shop=shop.id, communities=[near.id, far.id], at=AT)
    with pytest.raises(Invalid):
        actions.set_communities(PLATFORM, shop=shop.id, communities=[a_community().id], at=AT)
    assert {z.community: z.visible for z in queries.shop(SYSTEM, shop=shop.id).zone} == zone
    actions.set_communities(PLATFORM, shop=shop.id, communities=[far.id], at=AT)
    assert [z.community for z in queries.shop(SYSTEM, shop=shop.id).zone] == [far.id]


def test_terms_of_a_community_follow_one_another_and_never_overlap() -> None:
    shop = a_shop(commission_bp=800)
    later = AT + timedelta(days=30)
    shop.with_terms(commission_bp=700, start_at=later)
    with pytest.raises(actions.TermsOverlap):
        shop.with_terms(commission_bp=600, start_at=AT + timedelta(days=10))
    terms = [(t.commission_bp, t.period) for t in queries.shop(SYSTEM, shop=shop.id).terms]
    assert terms == [(700, Period(later)), (800, Period(AT, later))]
    overlapping = Terms(
        shop_id=shop.id, community=shop.community.id, commission_bp=1, property_share_bp=0, start_at=AT, end_at=None
    )
    with pytest.raises(IntegrityError, match="shops_terms_apart"), transaction.atomic():
        overlapping.save(force_insert=True)


@pytest.mark.parametrize(("commission_bp", "property_share_bp"), [(-1, 0), (5001, 0), (800, -1), (800, 10_001)])
def test_terms_that_cannot_be_meant_are_refused(commission_bp: int, property_share_bp: int) -> None:
    shop = a_shop()
    with pytest.raises(Invalid):
        shop.with_terms(
            commission_bp=commission_bp, property_share_bp=property_share_bp, start_at=AT + timedelta(days=1)
        )
    assert len(queries.shop(SYSTEM, shop=shop.id).terms) == 1


def test_a_pause_ends_within_a_day() -> None:
    shop = a_shop()
    for until in (AT, AT + timedelta(hours=25)):
        with pytest.raises(Invalid):
            actions.pause(shop.scope, shop=shop.id, until=until, at=AT)
    assert queries.sale_terms(community=shop.community.id, shops=[shop.id], at=AT)[shop.id].closed_why == "hours"


def test_a_shop_may_leave_its_goods_to_the_couriers_of_the_platform() -> None:
    shop = a_shop()
    actions.set_delivery(
        shop.scope, shop=shop.id, carrier=Carrier.POOL, fee=Money(0), free_from=None, minutes_promised=30, at=AT
    )
    assert queries.shop(SYSTEM, shop=shop.id).carrier == Carrier.POOL


def test_a_courier_brings_the_goods_of_a_shop_and_nobody_else_may() -> None:
    shop, courier, passer_by = a_shop(), a_person(), a_person()
    community = shop.community
    people_actions.grant_role(SYSTEM, party=courier, role=Role.COURIER, level=Level.CITY, place=community.city, at=AT)
    actions.entrust_delivery(shop.scope, shop=shop.id, courier=courier, at=AT)
    with pytest.raises(actions.NoCourier):
        actions.entrust_delivery(shop.scope, shop=shop.id, courier=passer_by, at=AT)
    with pytest.raises(NotFound):
        actions.entrust_delivery(a_shop().scope, shop=shop.id, courier=None, at=AT)

    terms = queries.sale_terms(community=community.id, shops=[shop.id], at=AT)[shop.id]
    assert (terms.courier, terms.merchant) == (courier, shop.merchant)

    actions.entrust_delivery(shop.scope, shop=shop.id, courier=None, at=AT)
    assert queries.sale_terms(community=community.id, shops=[shop.id], at=AT)[shop.id].courier is None


def test_licences_and_history_stand_behind_the_wall() -> None:
    shop, other = a_shop(), a_shop()
    with reading(other.scope):
        queries.my_shops(other.scope)  # raises the walls of this scope
        seen = sql.fetch("SELECT DISTINCT shop_id FROM shops_licence UNION SELECT DISTINCT shop_id FROM shops_move")
    assert seen == [(other.id,)]
    with reading(GUEST):
        queries.my_shops(GUEST)
        assert sql.fetch("SELECT 1 FROM shops_licence UNION ALL SELECT 1 FROM shops_move") == []
    assert Licence.objects.within(replace(shop.scope, shop=None)).count() == 0  # no scope has raised its walls here
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Move.objects.inside().update(why="nothing happened")


def test_the_verbs_keep_their_budgets() -> None:
    shop = a_shop()
    with budget(4):  # begin, lock, clear, fill
        actions.set_opening(shop.scope, shop=shop.id, openings=[opening(d, "08:00", "22:00") for d in range(7)], at=AT)
