"""Staff of one community of a company: what they keep there, and what is closed to them as it is of all communities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from builders import AT, a_community
from builders.people import a_phone
from linli.ground.people import actions, queries
from linli.ground.people.actions.staffing import WorksElsewhereToo
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import OF_THE_WHOLE_COMPANY, Duty, May
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)


@dataclass
class Company:
    """A company of two communities: its head works for both, the manager of `here` for that one."""

    id: PartyId
    here: CommunityId
    there: CommunityId
    head: Scope
    manager: Scope

    def lets_in(self, by: Scope, *where: CommunityId, duty: Duty = Duty.GUARD, phone: str = "") -> PartyId:
        return actions.add_company_staff(
            by, company=self.id, name="老王", phone=phone or a_phone(), duty=duty, communities=where, at=AT
        )

    def works_at(self, person: PartyId) -> tuple[bool, set[CommunityId]]:
        staff = queries.company_staff(SYSTEM, company=self.id, at=AT)
        (one,) = [each for each in staff if each.party == person]
        return one.is_everywhere, set(one.communities)


def worn(person: PartyId | None) -> Scope:
    assert person is not None
    return next(hat.scope for hat in queries.hats(SYSTEM, person=person, at=AT) if hat.role is Role.PROPERTY)


@pytest.fixture
def company() -> Company:
    phone = a_phone()
    company = actions.register_company(SYSTEM, name="安居物业", manager="周经理", phone=phone, at=AT)
    here, there = a_community().id, a_community("银杏苑").id
    for community in (here, there):
        actions.entrust_community(SYSTEM, community=community, company=company, start_on=NEW_YEAR, at=AT)
    head = worn(queries.person_by_phone(SYSTEM, phone=phone))
    manager = actions.add_company_staff(
        head, company=company, name="李经理", phone=a_phone(), duty=Duty.MANAGER, communities=[here], at=AT
    )
    return Company(company, here, there, head, worn(manager))


def test_what_speaks_of_all_communities_is_closed_to_who_works_for_one_whatever_their_duty(company):
    assert {each for each in OF_THE_WHOLE_COMPANY if company.head.may(each)} == OF_THE_WHOLE_COMPANY
    assert {each for each in OF_THE_WHOLE_COMPANY if company.manager.may(each)} == set()
    assert company.manager.may(May.TAKE_FEES)
    assert company.manager.may(May.KEEP_STAFF)
    cashier = worn(company.lets_in(company.head, company.here, duty=Duty.CASHIER))
    assert (cashier.may(May.TAKE_FEES), cashier.may(May.MATCH_BANK)) == (True, False)


def test_a_manager_of_one_community_lets_people_in_there_and_nowhere_else(company):
    guard = company.lets_in(company.manager, company.here)
    assert company.works_at(guard) == (False, {company.here})
    with pytest.raises(Invalid) as everywhere:
        company.lets_in(company.manager, duty=Duty.MANAGER)
    assert everywhere.value.field == "communities"
    for where in ((company.there,), (company.here, company.there)):
        with pytest.raises(NotFound):
            company.lets_in(company.manager, *where)
    with pytest.raises(Invalid):
        actions.change_company_staff(
            company.manager, company=company.id, person=company.manager.person, duty=Duty.MANAGER, at=AT
        )
    assert company.works_at(company.manager.person) == (False, {company.here})


def test_they_change_and_remove_nobody_who_works_elsewhere_too(company):
    both, other = (
        company.lets_in(company.head, company.here, company.there),
        company.lets_in(company.head, company.there),
    )
    for person, refusal in ((company.head.person, WorksElsewhereToo), (both, WorksElsewhereToo), (other, NotFound)):
        before = company.works_at(person)
        with pytest.raises(refusal):
            actions.change_company_staff(
                company.manager, company=company.id, person=person, duty=Duty.GUARD, communities=[company.here], at=AT
            )
        with pytest.raises(refusal):
            actions.remove_company_staff(company.manager, company=company.id, person=person, at=AT)
        assert company.works_at(person) == before
    phone = a_phone()
    known = company.lets_in(company.head, company.there, phone=phone)
    with pytest.raises(WorksElsewhereToo) as refused:
        company.lets_in(company.manager, company.here, phone=phone)
    assert (refused.value.field, company.works_at(known)) == ("phone", (False, {company.there}))


def test_they_see_who_works_beside_them(company):
    guard, other = company.lets_in(company.head, company.here), company.lets_in(company.head, company.there)
    seen = {each.party for each in queries.company_staff(company.manager, company=company.id, at=AT)}
    assert seen == {company.head.person, company.manager.person, guard}
    assert other in {each.party for each in queries.company_staff(company.head, company=company.id, at=AT)}


def test_in_a_company_of_one_community_they_are_not_its_head_either(company):
    actions.end_stewardship(SYSTEM, community=company.there, end_on=AT.date(), at=AT)
    with pytest.raises(Invalid):
        company.lets_in(company.manager, duty=Duty.MANAGER)
    assert not worn(company.manager.person).may(May.NAME_RECEIVER)
