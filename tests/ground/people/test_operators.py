"""Who runs the platform: appointed everywhere or in one city, changed and removed; the last of all cities stays."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_person
from builders.people import a_phone
from harness.at_once import ends_at_once
from linli.ground.people import actions, queries
from linli.ground.people.actions import NoOperatorWouldStay, WorksEverywhere
from linli.ground.people.rules import Level
from linli.kernel.ids import CityId, PartyId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import audit
from linli.spine.scope import SYSTEM, Role, Scope

LATER = AT.replace(hour=12)


def team(scope: Scope = SYSTEM) -> dict[PartyId, tuple[bool, tuple[CityId, ...]]]:
    return {each.party: (each.is_everywhere, each.cities) for each in queries.operators(scope, at=LATER)}


def appoint(city: CityId | None = None, *, scope: Scope = SYSTEM, phone: str = "", name: str = "林站长") -> PartyId:
    return actions.appoint_operator(scope, name=name, phone=phone or a_phone(), city=city, at=AT)


def of(person: PartyId, city: CityId | None = None) -> Scope:
    return Scope(role=Role.PLATFORM, person=person, city=city)


@pytest.mark.django_db
class TestAppointing:
    def test_the_first_one_is_appointed_by_the_house_and_again_changes_nothing(self):
        first = appoint(phone="13900000001")
        assert appoint(phone="13900000001", name="Somebody else") == first
        assert team() == {first: (True, ())}
        (card,) = queries.operators(SYSTEM, at=LATER)
        assert (card.name, card.phone, card.since) == ("林站长", "139****0001", AT)
        (hat, *_rest) = queries.hats(SYSTEM, person=first, at=LATER)
        assert (hat.role, hat.level, hat.scope.city) == (Role.PLATFORM, Level.PLATFORM, None)

    def test_one_of_a_city_reaches_that_city_and_one_of_all_needs_no_city_besides(self):
        city = a_city().id
        one = appoint(city, phone="13900000002")
        assert team() == {one: (False, (city,))}
        assert appoint(phone="13900000002") == one
        assert team() == {one: (True, ())}
        with pytest.raises(WorksEverywhere):
            appoint(city, phone="13900000002")
        assert team() == {one: (True, ())}

    @pytest.mark.parametrize(("name", "phone", "field"), [("", "13900000003", "name"), ("Lin", "12", "phone")])
    def test_nonsense_is_refused_at_its_field_and_nobody_is_appointed(self, name, phone, field):
        with pytest.raises(Invalid) as refused:
            actions.appoint_operator(SYSTEM, name=name, phone=phone, at=AT)
        assert (refused.value.field, team()) == (field, {})

    def test_a_city_that_nobody_knows_is_none(self):
        with pytest.raises(NotFound):
            appoint(CityId(a_person()))
        assert team() == {}

    @pytest.mark.parametrize("role", [Role.PROPERTY, Role.MERCHANT, Role.RESIDENT, Role.COURIER, Role.GUEST])
    def test_others_appoint_nobody(self, role):
        with pytest.raises(Denied):
            appoint(scope=Scope(role=role, person=a_person()))
        assert team() == {}

    def test_the_audit_knows_that_somebody_was_appointed_and_not_whom(self):
        appoint(phone="13900000004", scope=of(a_person()))
        (entry,) = audit.entries(SYSTEM, action="people.appoint_operator")
        assert not {"name", "phone"} & {name for name, _value in entry.said}


@pytest.mark.django_db
class TestOneCity:
    def test_they_see_and_keep_their_citys_alone(self):
        here, elsewhere = a_city().id, a_city().id
        all_over, other = appoint(), appoint(elsewhere)
        mine = appoint(here)
        scope = of(mine, here)
        colleague = appoint(here, scope=scope)
        assert set(team(scope)) == {mine, colleague}
        for verb in (
            lambda: appoint(scope=scope),
            lambda: appoint(elsewhere, scope=scope),
            lambda: actions.change_operator(scope, person=colleague, city=None, at=LATER),
            lambda: actions.change_operator(scope, person=other, city=here, at=LATER),
            lambda: actions.remove_operator(scope, person=other, at=LATER),
            lambda: actions.remove_operator(scope, person=all_over, at=LATER),
        ):
            with pytest.raises(NotFound):
                verb()
        assert set(team()) == {all_over, other, mine, colleague}
        actions.remove_operator(scope, person=colleague, at=LATER)
        assert set(team(scope)) == {mine}

    def test_who_works_in_two_cities_leaves_the_one_of_whom_removes_them(self):
        here, there = a_city().id, a_city().id
        both = appoint(here, phone="13900000005")
        appoint(there, phone="13900000005")
        actions.remove_operator(of(appoint(here), here), person=both, at=LATER)
        assert team()[both] == (False, (there,))


@pytest.mark.django_db
class TestChanging:
    def test_one_moves_to_a_city_and_back_and_the_last_of_all_cities_stays(self):
        city, first, second = a_city().id, appoint(), appoint()
        actions.change_operator(of(first), person=second, city=city, at=LATER)
        assert team() == {first: (True, ()), second: (False, (city,))}
        with pytest.raises(NoOperatorWouldStay):
            actions.change_operator(of(first), person=first, city=city, at=LATER)
        with pytest.raises(NoOperatorWouldStay):
            actions.remove_operator(of(first), person=first, at=LATER)
        assert team() == {first: (True, ()), second: (False, (city,))}
        actions.change_operator(of(first), person=second, city=None, at=LATER)
        assert team() == {first: (True, ()), second: (True, ())}
        actions.remove_operator(of(first), person=first, at=LATER)
        assert team() == {second: (True, ())}

    def test_whoever_is_no_operator_cannot_be_changed_or_removed(self):
        scope, stranger = of(appoint()), a_person()
        for verb in (
            lambda: actions.change_operator(scope, person=stranger, city=None, at=LATER),
            lambda: actions.remove_operator(scope, person=stranger, at=LATER),
        ):
            with pytest.raises(NotFound):
                verb()


def test_of_two_who_remove_each_other_at_once_one_stays(own_database):
    first, second = appoint(), appoint()
    ends = ends_at_once(
        lambda: actions.remove_operator(of(first), person=second, at=LATER),
        lambda: actions.remove_operator(of(second), person=first, at=LATER),
    )
    assert ends == {"done": 1, "NoOperatorWouldStay": 1}
    assert [everywhere for everywhere, _cities in team().values()] == [True]
