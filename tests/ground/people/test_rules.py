"""Phones, roles and hats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.people import rules
from linli.ground.people.rules import Binding, Level, Reached
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId
from linli.spine.scope import Role

PERSON, COMPANY = PartyId(ids.new()), PartyId(ids.new())
CITY, OTHER_CITY = CityId(ids.new()), CityId(ids.new())
NORTH, SOUTH = CommunityId(ids.new()), CommunityId(ids.new())
KNOWN = {NORTH: Reached(NORTH, CITY, {"zh": "北苑"}), SOUTH: Reached(SOUTH, CITY, {"zh": "南苑"})}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("86 13800138000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("+852 9123 4567", "+85291234567"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("12800138000", None),
        ("1380013800", None),
        ("138001380000", None),
        ("+8612345", None),
        ("4155552671", None),
        ("１３８００１３８０００", None),
        ("", None),
        ("+0123456789", None),
    ],
)
def test_a_phone_is_written_in_one_way_or_not_at_all(typed, number):
    assert rules.phone_number(typed) == number


@given(st.text(alphabet="0123456789+- ()abc", max_size=20))
def test_a_written_phone_reads_as_itself(typed):
    number = rules.phone_number(typed)
    assert number is None or (rules.phone_number(number) == number and 8 <= len(number) <= 16)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+8613800138000", "138****8000"), ("+85291234567", "+85****4567"), ("+6591234", "****34")],
)
def test_a_masked_phone_shows_too_little_to_call(phone, shown):
    assert rules.masked_phone(phone) == shown


def test_a_role_is_bound_only_where_it_makes_sense():
    place = ids.new()
    allowed = {(r, v) for r in Role for v in Level if rules.may_bind(r, v, None if v == Level.PLATFORM else place)}
    assert allowed == {
        (Role.PLATFORM, Level.PLATFORM),
        (Role.PLATFORM, Level.CITY),
        (Role.PROPERTY, Level.COMPANY),
        (Role.PROPERTY, Level.COMMUNITY),
        (Role.MERCHANT, Level.SHOP),
        (Role.COURIER, Level.PLATFORM),
        (Role.COURIER, Level.CITY),
        (Role.COURIER, Level.COMMUNITY),
        (Role.RESIDENT, Level.HOME),
    }
    assert not rules.may_bind(Role.PLATFORM, Level.PLATFORM, place)
    assert not rules.may_bind(Role.MERCHANT, Level.SHOP, None)


def test_a_person_without_a_home_is_a_resident_of_nowhere():
    (hat,) = rules.hats_of(PERSON, (), (), {})
    assert (hat.role, hat.scope.person, hat.scope.communities, hat.scope.homes) == (Role.RESIDENT, PERSON, (), ())


def test_a_resident_wears_one_hat_per_community_with_the_homes_there():
    first, second, third = (HomeId(ids.new()) for _ in range(3))
    hats = rules.hats_of(PERSON, (), [(first, NORTH), (third, SOUTH), (second, NORTH), (first, NORTH)], KNOWN)
    assert [(h.place, h.label, h.scope.communities, h.scope.homes, h.scope.city) for h in hats] == [
        (NORTH, {"zh": "北苑"}, (NORTH,), (first, second), CITY),
        (SOUTH, {"zh": "南苑"}, (SOUTH,), (third,), CITY),
    ]


def test_work_hats_reach_what_their_binding_says_and_no_further():
    shop = ids.new()
    bindings = (
        Binding(Role.MERCHANT, Level.SHOP, shop, {"zh": "小店"}),
        Binding(Role.PROPERTY, Level.COMPANY, COMPANY, {"zh": "安居"}, (NORTH, SOUTH), COMPANY),
        Binding(Role.PLATFORM, Level.CITY, OTHER_CITY, {"zh": "星城"}),
        Binding(Role.COURIER, Level.COMMUNITY, NORTH, {"zh": "北苑"}, (NORTH,)),
    )
    platform, courier, property_, merchant, resident = rules.hats_of(PERSON, bindings, (), KNOWN)
    assert (platform.role, platform.scope.city, platform.scope.communities) == (Role.PLATFORM, OTHER_CITY, ())
    assert (courier.scope.communities, courier.scope.city) == ((NORTH,), CITY)
    assert (property_.scope.communities, property_.scope.company) == ((NORTH, SOUTH), COMPANY)
    assert (merchant.scope.shop, merchant.scope.communities, merchant.scope.company) == (shop, (), None)
    assert resident.role == Role.RESIDENT
