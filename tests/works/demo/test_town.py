"""The town is plausible, the same from the same seed, and nobody's real phone or name is needed for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from linli.ground.people.rules import phone_number
from linli.ground.places.rules import distance_m
from linli.trade.catalogue.rules import check_name
from linli.works.demo import town
from linli.works.demo.town import plan


@given(homes=st.integers(min_value=1, max_value=400), seed=st.integers())
@examples(max_examples=25)
def test_the_same_seed_gives_the_same_town_of_the_asked_size(homes: int, seed: int):
    here = plan(homes=homes, seed=seed)

    assert here == plan(homes=homes, seed=seed)
    assert [len(c.homes) for c in here.communities] == [homes] * 3
    for community in here.communities:
        doors = {(h.building, h.unit, h.label) for h in community.homes}
        assert len(doors) == homes
        assert {b.label for b in community.buildings} == {h.building for h in community.homes}
        assert all(0 <= n.home < homes for n in community.neighbours)


@given(seed=st.integers())
@examples(max_examples=10)
def test_every_phone_is_one_and_belongs_to_one_person(seed: int):
    here = plan(homes=1500, seed=seed)
    phones = [n.phone for c in here.communities for n in c.neighbours]
    phones += [p.phone for p in (here.operator, *here.staff, *here.couriers, *(s.owner for s in here.shops))]

    assert len(set(phones)) == len(phones)
    assert all(phone_number(phone) == f"+86{phone}" for phone in phones)


def test_another_seed_gives_other_neighbours():
    assert plan(homes=50, seed=1).communities[0].neighbours != plan(homes=50, seed=2).communities[0].neighbours


def test_the_four_roles_have_the_phones_that_the_demo_prints():
    here = plan(homes=20)

    assert here.operator.phone == town.PLATFORM_PHONE
    assert here.staff[0].phone == town.COMPANY_PHONE
    assert here.shops[0].owner.phone == town.MERCHANT_PHONE
    assert here.communities[0].neighbours[0].phone == town.RESIDENT_PHONE


def test_every_shop_reaches_every_community_and_sells_enough_in_two_languages():
    here = plan(homes=20)

    assert len(here.shops) == 12
    for shop in here.shops:
        assert all(distance_m(shop.lat, shop.lon, c.lat, c.lon) <= 3000 for c in here.communities)
        assert 25 <= len(shop.goods) <= 45, shop.name
        assert len({good.name["zh"] for good in shop.goods}) == len(shop.goods)
        for good in shop.goods:
            check_name(good.name, field="name")
            assert good.category in here.categories
            assert 0 < good.cost.minor < good.price.minor


def test_no_language_is_written_in_the_other():
    for shop in plan(homes=20).shops:
        for good in shop.goods:
            assert not any("\u4e00" <= c <= "\u9fff" for c in good.name["en"]), good.name
            assert any("\u4e00" <= c <= "\u9fff" for c in good.name["zh"]), good.name
