"""Property companies: registered with a manager, entrusted with communities from a day on, and relieved of them."""

from __future__ import annotations

from datetime import date

import pytest

from builders import AT, a_city, a_community, a_person
from builders.people import a_phone
from harness.at_once import ends_at_once
from linli.ground.people import actions, queries
from linli.ground.people.actions import CompanyKnown, NobodyInCare, StewardshipOverlaps
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope

NEW_YEAR, MAY_DAY, JUNE = date(2026, 1, 1), date(2026, 5, 1), date(2026, 6, 1)


def a_registered(name: str = "安居物业有限公司", *, scope: Scope = SYSTEM, phone: str = "") -> PartyId:
    return actions.register_company(scope, name=name, manager="周经理", phone=phone or a_phone(), at=AT)


def entrust(community: CommunityId, company: PartyId, start_on: date, scope: Scope = SYSTEM) -> None:
    actions.entrust_community(scope, community=community, company=company, start_on=start_on, at=AT)


def care_of(community: CommunityId) -> list[tuple[PartyId, date, date | None]]:
    found = queries.stewardships(communities=(community,))
    return [(each.company, each.start_on, each.end_on) for each in found]


@pytest.mark.django_db
class TestRegistering:
    def test_a_company_begins_with_a_manager_who_finds_its_desk(self):
        company = a_registered(phone="13900000001")
        (card,) = queries.companies(SYSTEM, at=AT)
        assert (card.company, card.name, card.communities, card.staff, card.managers) == (
            company, "安居物业有限公司", (), 1, 1,
        )  # fmt: skip
        manager = queries.person_by_phone(SYSTEM, phone="13900000001")
        assert manager is not None
        hat = queries.hats(SYSTEM, person=manager, at=AT)[0]
        assert (hat.role, hat.scope.company, hat.label["zh"]) == (Role.PROPERTY, company, "安居物业有限公司")

    def test_one_of_the_same_name_is_refused_and_an_organisation_is_no_company_by_itself(self):
        a_registered()
        actions.register_organisation(SYSTEM, name="阿婆面馆", at=AT)
        with pytest.raises(CompanyKnown):
            a_registered(" 安居物业有限公司 ")
        assert [card.name for card in queries.companies(SYSTEM, at=AT)] == ["安居物业有限公司"]
        assert [card.name for card in queries.companies(SYSTEM, called="安居", at=AT)] == ["安居物业有限公司"]
        assert queries.companies(SYSTEM, called="物业", at=AT) == ()

    def test_a_manager_who_cannot_be_reached_leaves_no_company(self):
        with pytest.raises(Invalid):
            a_registered(phone="12")
        assert queries.companies(SYSTEM, at=AT) == ()

    def test_others_register_and_read_nothing(self):
        for role in (Role.PROPERTY, Role.MERCHANT, Role.RESIDENT):
            scope = Scope(role=role, person=a_person())
            with pytest.raises(Denied):
                a_registered(scope=scope)
            with pytest.raises(NotFound):
                queries.companies(scope, at=AT)


@pytest.mark.django_db
class TestCare:
    def test_one_relieves_the_other_and_an_end_leaves_nobody(self):
        community, old, new = a_community().id, a_registered("旧物业"), a_registered("新物业")
        entrust(community, old, NEW_YEAR)
        entrust(community, new, MAY_DAY)
        assert care_of(community) == [(new, MAY_DAY, None), (old, NEW_YEAR, MAY_DAY)]
        actions.end_stewardship(SYSTEM, community=community, end_on=JUNE, at=AT)
        assert care_of(community) == [(new, MAY_DAY, JUNE), (old, NEW_YEAR, MAY_DAY)]
        with pytest.raises(NobodyInCare):
            actions.end_stewardship(SYSTEM, community=community, end_on=JUNE, at=AT)

    def test_what_begins_later_stands_in_the_way_until_it_is_ended_on_its_first_day(self):
        community, old, new = a_community().id, a_registered("旧物业"), a_registered("新物业")
        entrust(community, new, MAY_DAY)
        for company in (old, new):
            with pytest.raises(StewardshipOverlaps) as refused:
                entrust(community, company, NEW_YEAR)
            assert (refused.value.field, refused.value.values["start_on"]) == ("start_on", MAY_DAY)
        assert care_of(community) == [(new, MAY_DAY, None)]
        actions.end_stewardship(SYSTEM, community=community, end_on=MAY_DAY, at=AT)
        assert care_of(community) == []
        entrust(community, old, NEW_YEAR)
        assert care_of(community) == [(old, NEW_YEAR, None)]

    def test_whom_the_old_company_let_in_does_not_come_with_the_community(self):
        community, old, new = a_community().id, a_registered("旧物业"), a_registered("新物业")
        entrust(community, old, NEW_YEAR)
        guard = actions.add_company_staff(
            SYSTEM, company=old, name="老王", phone="13900000009", duty=Duty.GUARD, communities=[community], at=AT
        )
        reach = [hat.scope.communities for hat in queries.hats(SYSTEM, person=guard, at=AT)]
        assert (community,) in reach
        entrust(community, new, AT.date())
        assert [hat.role for hat in queries.hats(SYSTEM, person=guard, at=AT)] == [Role.RESIDENT]
        staff = queries.company_staff(SYSTEM, company=new, at=AT)
        assert guard not in {each.party for each in staff}
        actions.add_company_staff(
            SYSTEM, company=new, name="老王", phone="13900000009", duty=Duty.STEWARD, communities=[community], at=AT
        )
        (hat, *_rest) = queries.hats(SYSTEM, person=guard, at=AT)
        assert (hat.scope.company, hat.scope.duty) == (new, Duty.STEWARD)


@pytest.mark.django_db
class TestOneCity:
    def test_an_operator_of_one_city_keeps_the_care_of_its_communities_alone(self):
        city = a_city()
        here, elsewhere = a_community(city=city).id, a_community().id
        scope = Scope(role=Role.PLATFORM, person=a_person(), city=city.id)
        company = a_registered(scope=scope)
        entrust(here, company, NEW_YEAR, scope)
        for verb in (
            lambda: entrust(elsewhere, company, NEW_YEAR, scope),
            lambda: actions.end_stewardship(scope, community=elsewhere, end_on=MAY_DAY, at=AT),
        ):
            with pytest.raises(NotFound):
                verb()
        assert (care_of(here), care_of(elsewhere)) == ([(company, NEW_YEAR, None)], [])
        actions.name_manager(scope, company=company, name="李经理", phone="13900000021", at=AT)
        entrust(elsewhere, company, NEW_YEAR)
        with pytest.raises(NotFound):
            actions.name_manager(scope, company=company, name="张经理", phone="13900000022", at=AT)
        assert queries.companies(SYSTEM, company=company, at=AT)[0].managers == 2


def test_of_two_companies_that_are_entrusted_with_it_at_once_one_is_told(own_database):
    community, companies = a_community().id, [a_registered("甲物业"), a_registered("乙物业")]
    ends = ends_at_once(*(lambda company=each: entrust(community, company, NEW_YEAR) for each in companies))
    assert ends == {"done": 1, "StewardshipOverlaps": 1}
    assert len(care_of(community)) == 1


def test_of_two_managers_who_remove_each_other_at_once_one_stays(own_database):
    company = a_registered(phone="13900000031")
    second = actions.name_manager(SYSTEM, company=company, name="李经理", phone="13900000032", at=AT)
    first = queries.person_by_phone(SYSTEM, phone="13900000031")
    assert first is not None

    def removes(one: PartyId, other: PartyId) -> None:
        scope = Scope(role=Role.PROPERTY, person=one, company=company)
        actions.remove_company_staff(scope, company=company, person=other, at=AT.replace(hour=12))

    ends = ends_at_once(lambda: removes(first, second), lambda: removes(second, first))
    assert ends == {"done": 1, "NobodyWouldStay": 1}
