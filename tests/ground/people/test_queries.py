"""Questions about people, asked by those who may and by those who may not."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from builders import AT, a_city, a_community, a_company, a_home, a_person
from builders.billing import a_desk
from builders.people import a_phone
from harness.budget import budget
from linli.ground.people import actions, queries
from linli.ground.people.rules import Level
from linli.kernel import ids
from linli.kernel.refusals import NotFound
from linli.spine import sql, walls
from linli.spine.action import reading
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


def staff_of(*communities, company=None) -> Scope:
    return Scope(role=Role.PROPERTY, person=a_person("李管家"), communities=tuple(communities), company=company)


def person_scope(person) -> Scope:
    return Scope(role=Role.RESIDENT, person=person)


def test_a_person_is_found_by_phone_by_themselves_the_house_and_the_staff_in_whose_care_they_live():
    home = a_home().with_owner(a_person(phone="13800138001"))
    elsewhere = a_community()
    for scope, found in (
        (SYSTEM, home.owner),
        (home.scope, home.owner),
        (staff_of(home.community.id), home.owner),
        (staff_of(elsewhere.id), None),
        (person_scope(a_person()), None),
        (Scope(role=Role.RESIDENT, person=a_person(), communities=(home.community.id,)), None),
        (GUEST, None),
    ):
        assert queries.person_by_phone(scope, phone="+86 138 0013 8001") == found
    assert queries.person_by_phone(SYSTEM, phone="nonsense") is None


@pytest.mark.parametrize("table", ["people_party", "people_contact", "people_residency", "people_role_binding"])
def test_the_wall_hides_persons_from_whoever_forgets_the_scope(table):
    home = a_home().with_owner()
    actions.grant_role(SYSTEM, party=home.owner, role="courier", level="community", place=home.community.id, at=AT)
    neighbour = a_home(community=home.community).with_owner()
    count = {
        "people_party": "SELECT count(*) FROM people_party WHERE kind = 'person'",
        "people_contact": "SELECT count(*) FROM people_contact",
        "people_residency": "SELECT count(*) FROM people_residency",
        "people_role_binding": "SELECT count(*) FROM people_role_binding",
    }[table]
    seen = {}
    for who, scope in (("owner", home.scope), ("neighbour", neighbour.scope), ("guest", GUEST)):
        with reading(scope):
            queries.names(scope, parties=())
            walls.raise_for(scope)
            seen[who] = sql.fetch(count)[0][0]
    assert seen == {"owner": 1, "neighbour": 0 if table == "people_role_binding" else 1, "guest": 0}


def test_hats_are_ready_scopes_from_homes_roles_and_stewardships():
    company, city = a_company("安居物业"), a_city("江城一")
    north, south = a_community("北苑", city=city), a_community("南苑", city=city)
    for community in (north, south):
        actions.entrust_community(SYSTEM, community=community.id, company=company, start_on=date(2026, 1, 1), at=AT)
    home = a_home(community=south).with_owner()
    shop = ids.new()
    actions.grant_role(SYSTEM, party=home.owner, role="property", level="company", place=company, at=AT)
    label = {"zh": "小店", "en": "Corner shop"}
    actions.grant_role(SYSTEM, party=home.owner, role="merchant", level="shop", place=shop, label=label, at=AT)
    with budget(5):  # the wall, then four questions
        property_, merchant, resident = queries.hats(SYSTEM, person=home.owner, at=AT)
    assert (property_.level, property_.label) == (Level.COMPANY, {"zh": "安居物业", "en": "安居物业"})
    assert property_.scope == Scope(
        role=Role.PROPERTY,
        person=home.owner,
        city=city.id,
        communities=tuple(sorted((north.id, south.id))),
        company=company,
    )
    assert (merchant.label, merchant.scope.shop) == (label, shop)
    assert resident.scope == home.scope
    assert resident.label == {"zh": "南苑", "en": "南苑"}


def test_a_stewardship_ends_and_the_hat_shrinks_that_day_at_midnight_in_the_community():
    company, community = a_company(), a_community()
    staff = a_person()
    actions.entrust_community(SYSTEM, community=community.id, company=company, start_on=date(2026, 1, 1), at=AT)
    actions.end_stewardship(SYSTEM, community=community.id, end_on=date(2026, 6, 1), at=AT)
    actions.grant_role(SYSTEM, party=staff, role="property", level="company", place=company, at=AT)
    midnight = datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=8)))

    def reach(at):
        return queries.hats(SYSTEM, person=staff, at=at)[0].scope.communities

    assert reach(midnight - timedelta(seconds=1)) == (community.id,)
    assert reach(midnight) == ()
    assert queries.company_of([community.id], at=midnight - timedelta(seconds=1)) == {community.id: company}
    assert queries.company_of([community.id], at=midnight) == {}


def test_a_guest_of_a_home_is_given_the_role_of_a_resident_there():
    home, friend = a_home(), a_person()
    actions.grant_role(SYSTEM, party=friend, role="resident", level="home", place=home.id, at=AT)
    (hat,) = queries.hats(SYSTEM, person=friend, at=AT)
    assert (hat.place, hat.scope.homes) == (home.community.id, (home.id,))


def test_homes_of_a_person_are_told_to_that_person_and_not_to_a_stranger():
    home = a_home("3-2-501").with_owner(since=date(2026, 3, 2))
    (lives,) = queries.residents_homes(home.scope, person=home.owner, at=AT)
    assert (lives.home.door, lives.kind, lives.start_on) == ("3-2-501", "owner", date(2026, 3, 2))
    assert queries.residents_homes(home.scope, person=home.owner, at=AT - timedelta(days=1)) == ()
    assert queries.residents_homes(person_scope(a_person()), person=home.owner, at=AT) == ()
    assert queries.residents_homes(staff_of(a_community().id), person=home.owner, at=AT) == ()


def test_a_household_shows_masked_names_and_phones_to_staff_and_only_oneself_to_a_member():
    home = a_home().with_owner(a_person("王小明", phone="13800138002"))
    home = home.with_tenant(a_person("陈晨", phone="+85291234567"), since=date(2026, 1, 1))
    staff = staff_of(home.community.id)
    with budget(4):
        seen = queries.household(staff, home=home.id, at=AT)
    assert [(r.name, r.phone, r.kind) for r in seen] == [
        ("王**", "138****8002", "owner"),
        ("陈**", "+85****4567", "tenant"),
    ]
    assert [r.name for r in queries.household(home.scope, home=home.id, at=AT)] == ["王小明"]
    assert queries.household(staff_of(a_community().id), home=home.id, at=AT) == ()


def test_colleagues_know_what_one_another_are_called_in_part_also_after_one_left():
    desk, elsewhere = a_desk(), a_desk()
    phone = a_phone()
    for name, number in (("李经理", a_phone()), ("张师傅", phone)):
        actions.add_company_staff(desk.scope, company=desk.company, name=name, phone=number, at=AT)
    worker = a_person(phone=phone)
    assert queries.names(desk.scope, parties=[worker]) == {worker: "张**"}
    assert queries.names(elsewhere.scope, parties=[worker]) == {}
    assert queries.names(desk.a_home().scope, parties=[worker]) == {}
    assert queries.masked_contacts(desk.scope, parties=[worker]) == {}
    actions.remove_company_staff(desk.scope, company=desk.company, person=worker, at=AT + timedelta(days=1))
    assert queries.names(desk.scope, parties=[worker]) == {worker: "张**"}


def test_names_of_organisations_are_public_and_those_of_persons_are_not():
    home, company, stranger = a_home().with_owner(), a_company("安居"), a_person("陌生人")
    asked = (home.owner, company, stranger)
    assert queries.names(home.scope, parties=asked) == {home.owner: "王小明", company: "安居"}
    assert queries.names(staff_of(home.community.id), parties=asked) == {home.owner: "王**", company: "安居"}
    assert queries.names(GUEST, parties=asked) == {company: "安居"}
    assert len(queries.names(SYSTEM, parties=asked)) == 3


def test_who_need_not_know_persons_reads_their_names_in_part_and_those_of_organisations_whole():
    person, company, stranger = a_person("欧阳娜娜"), a_company("云汀邻里平台"), a_person("J")
    with budget(2):
        seen = queries.masked_names(SYSTEM, parties=(person, company, stranger))
    assert seen == {person: "欧***", company: "云汀邻里平台", stranger: "J**"}
    assert queries.masked_names(GUEST, parties=(person, company)) == {company: "云汀邻里平台"}


def test_an_export_holds_everything_and_is_for_the_person_alone():
    home = a_home().with_owner(a_person("王小明", phone="13800138003"), since=date(2024, 5, 1))
    actions.grant_role(SYSTEM, party=home.owner, role="courier", level="community", place=home.community.id, at=AT)
    export = queries.export_person(person_scope(home.owner), person=home.owner)
    assert (export.name, export.phone, export.locale, export.erased_at) == ("王小明", "+8613800138003", "zh-hans", None)
    assert [(r.home, r.kind, r.start_on, r.end_on) for r in export.residencies] == [
        (home.id, "owner", date(2024, 5, 1), None)
    ]
    assert [(r.role, r.level, r.place, r.end_at) for r in export.roles] == [
        ("courier", "community", home.community.id, None)
    ]
    with pytest.raises(NotFound):
        queries.export_person(staff_of(home.community.id), person=home.owner)
