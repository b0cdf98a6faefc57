"""The planned town, written through the doors, is what the plan says and can be shopped in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import PartyId
from linli.money.payments import queries as payments
from linli.spine import sql
from linli.spine.scope import SYSTEM, Role
from linli.trade.catalogue import queries as catalogue
from linli.trade.shops import queries as shops
from linli.trade.shops.actions import NoCommunityNear
from linli.trade.stock import queries as stock
from linli.works.demo import settling, town

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # noon in the town


@pytest.fixture
def here() -> town.Town:
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT)
    return plan


def person(phone: str) -> PartyId:
    found = people.person_by_phone(SYSTEM, phone=phone)
    assert found is not None
    return found


def test_a_settled_town_stands_as_planned(here: town.Town):
    (city,) = places.cities()
    communities = places.communities(city=city.id)

    assert settling.is_settled()
    assert {c.name["en"] for c in communities} == {"Wutong Court", "Lotus Garden", "Riverview Terrace"}
    assert sql.fetch("SELECT count(*) FROM places_home") == [(36,)]
    assert sql.fetch("SELECT count(*) FROM places_building WHERE lat IS NULL") == [(0,)]
    assert all(len(places.neighbours(c.id)) == 2 for c in communities)


def test_the_town_has_an_account_for_transfers_and_for_cash_that_is_paid_in(here: town.Town):
    (city,) = places.cities()
    assert payments.takes_transfers(SYSTEM, city=city.id, at=AT)


def test_the_four_roles_wear_their_hats(here: town.Town):
    roles = {
        town.PLATFORM_PHONE: Role.PLATFORM,
        town.COMPANY_PHONE: Role.PROPERTY,
        town.MERCHANT_PHONE: Role.MERCHANT,
        town.RESIDENT_PHONE: Role.RESIDENT,
    }

    for phone, role in roles.items():
        worn = people.hats(SYSTEM, person=person(phone), at=AT)
        assert role in {hat.role for hat in worn}
    (home,) = people.residents_homes(SYSTEM, person=person(town.RESIDENT_PHONE), at=AT)
    assert home.home.door == "-".join((one := here.communities[0].homes[0]) and (one.building, one.unit, one.label))


def test_every_community_sees_every_shop_with_goods_that_can_be_bought(here: town.Town):
    for community in places.communities():
        near = shops.shops_near(community=community.id, at=AT)
        assert len(near) == 12
        assert all(card.is_open for card in near)
        for card in near:
            shelf = catalogue.shelf(community=community.id, shop=card.shop, limit=100)
            assert len(shelf.listings) >= 25
            variants = [v.variant for listing in shelf.listings for v in listing.variants]
            assert all(left > 0 for left in stock.available(variants=variants, at=AT).values())


def test_a_town_whose_last_shop_cannot_open_is_not_settled_at_all():
    plan = town.plan(homes=12)
    astray = replace(plan.shops[-1], lat=10.0)

    with pytest.raises(NoCommunityNear):
        settling.settle(SYSTEM, town=replace(plan, shops=(*plan.shops[:-1], astray)), at=AT)

    assert not settling.is_settled()
    assert sql.fetch("SELECT count(*) FROM people_party") == [(0,)]
