"""Registering, moving, binding roles, revealing and erasing: what happens, and what is refused without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from builders import AT, a_community, a_company, a_home, a_person
from harness.at_once import at_once
from harness.budget import budget
from linli.ground.people import actions, models, queries
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places
from linli.kernel import ids
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import sql, walls
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

MAY_DAY = date(2026, 5, 1)


def staff_of(*communities) -> Scope:
    return Scope(role=Role.PROPERTY, person=a_person("李管家"), communities=tuple(communities))


def rows_of(table: str) -> int:
    """Everything in a table, seen as the house."""
    walls.raise_for(SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def facts(kind: str) -> list[dict]:
    return [sql.from_json(row[0]) for row in sql.fetch("SELECT body::text FROM spine_fact WHERE kind = %s", kind)]


@pytest.mark.django_db
class TestRegistering:
    def test_a_known_phone_answers_its_party_unchanged(self):
        first = actions.register_person(SYSTEM, name="王小明", phone="13800138000", at=AT)
        again = actions.register_person(SYSTEM, name="Somebody Else", phone="+86 138 0013 8000", at=AT)
        assert again == first
        assert queries.names(SYSTEM, parties=[first]) == {first: "王小明"}

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": "  "}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"name": "a\u202eb"}, "name"),
            ({"phone": "12345"}, "phone"),
            ({"locale": "tlh"}, "locale"),
        ],
    )
    def test_a_bad_input_is_refused_with_its_field_and_nobody_is_registered(self, change, field):
        with pytest.raises(Invalid) as refused:
            actions.register_person(SYSTEM, **({"name": "王小明", "phone": "13800138000", "at": AT} | change))
        assert refused.value.field == field
        assert rows_of("people_party") == 0

    def test_many_are_registered_and_moved_in_within_a_fixed_number_of_statements(self):
        community = a_community()
        doors = [places.HomeRow("1", "1", str(n)) for n in range(300)]
        homes = places.add_homes(SYSTEM, community=community.id, rows=doors, at=AT)
        rows = [
            PersonRow(f"住户{n}", f"13{n:09d}".replace("130", "139", 1), home, "owner", MAY_DAY)
            for n, home in enumerate(homes)
        ]
        with budget(5):  # begin, register, where the homes are, residencies, facts
            first = actions.register_people(SYSTEM, rows=rows, at=AT)
        assert len(set(first)) == 300
        assert queries.names(SYSTEM, parties=first[7:8]) == {first[7]: "住户7"}
        assert rows_of("people_residency") == 300
        assert len(facts("people.MovedIn")) == 300
        assert actions.register_people(SYSTEM, rows=rows, at=AT) == first
        assert (rows_of("people_party"), rows_of("people_residency")) == (300, 300)

    def test_rows_with_one_phone_are_one_person(self):
        rows = [PersonRow("甲", "13800138000"), PersonRow("乙", "13900139000"), PersonRow("丙", "138 0013 8000")]
        one, other, same = actions.register_people(SYSTEM, rows=rows, at=AT)
        assert one == same != other
        assert queries.names(SYSTEM, parties=[one]) == {one: "甲"}

    def test_one_bad_row_refuses_all_and_is_named(self):
        rows = [PersonRow("甲", "13800138000"), PersonRow("乙", "139")]
        with pytest.raises(Invalid) as refused:
            actions.register_people(SYSTEM, rows=rows, at=AT)
        assert refused.value.field == "rows.1.phone"
        assert rows_of("people_party") == 0

    def test_staff_register_the_people_of_their_communities_and_of_no_others(self):
        home, elsewhere = a_home(), a_home()
        staff = staff_of(home.community.id)
        before = rows_of("people_party")
        with pytest.raises(NotFound):
            actions.register_people(staff, rows=[PersonRow("甲", "13800138000", elsewhere.id, "owner", MAY_DAY)], at=AT)
        assert rows_of("people_party") == before
        (party,) = actions.register_people(
            staff, rows=[PersonRow("甲", "13800138000", home.id, "owner", MAY_DAY)], at=AT
        )
        assert queries.names(SYSTEM, parties=[party]) == {party: "甲"}

    @pytest.mark.parametrize("role", [Role.GUEST, Role.RESIDENT, Role.MERCHANT, Role.COURIER])
    def test_others_register_nobody(self, role):
        with pytest.raises(Denied):
            actions.register_person(Scope(role=role), name="甲", phone="13800138000", at=AT)
        assert rows_of("people_party") == 0

    def test_the_audit_knows_that_somebody_was_registered_and_not_whom(self):
        actions.register_person(SYSTEM, name="王小明", phone="13800138000", at=AT)
        said = sql.fetch("SELECT said::text FROM spine_audit WHERE action = 'people.register_person'")[0][0]
        assert "王小明" not in said
        assert "138" not in said


def test_two_who_register_one_phone_at_once_get_one_party(own_database):
    def register(name: str) -> frozenset[PartyId]:
        rows = [PersonRow(name, f"139{n:08d}") for n in (range(200) if name == "甲" else reversed(range(200)))]
        return frozenset(actions.register_people(SYSTEM, rows=rows, at=AT))

    found = at_once(lambda: register("甲"), lambda: register("乙"))
    assert found[0] == found[1]
    assert len(found[0]) == 200
    with own_database.connect_as_superuser() as link:
        counted = link.execute("SELECT (SELECT count(*) FROM people_party), (SELECT count(*) FROM people_contact)")
        assert counted.fetchone() == (200, 200)


@pytest.mark.django_db
class TestLivingSomewhere:
    def test_a_residency_is_refused_while_the_same_one_holds_and_may_come_again(self):
        home, person = a_home(), a_person()
        move = {"party": person, "home": home.id, "kind": "tenant"}
        actions.move_in(SYSTEM, **move, start_on=MAY_DAY, at=AT)
        with pytest.raises(actions.AlreadyResident):
            actions.move_in(SYSTEM, **move, start_on=date(2030, 1, 1), at=AT)
        actions.move_in(SYSTEM, **(move | {"kind": "family"}), start_on=MAY_DAY, at=AT)
        actions.move_out(SYSTEM, **move, end_on=date(2027, 5, 1), at=AT)
        actions.move_in(SYSTEM, **move, start_on=date(2027, 5, 1), at=AT)
        lived = queries.export_person(SYSTEM, person=person).residencies
        assert [(r.kind, r.start_on, r.end_on) for r in lived] == [
            ("tenant", MAY_DAY, date(2027, 5, 1)),
            ("family", MAY_DAY, None),
            ("tenant", date(2027, 5, 1), None),
        ]
        assert [f["end_on"] for f in facts("people.MovedOut")] == ["2027-05-01"]

    def test_the_database_itself_refuses_overlaps(self):
        home = a_home().with_owner()
        (residency,) = models.Residency.objects.inside().filter(party=home.owner)
        values = {"party_id": home.owner, "home_id": home.id, "community_id": home.community.id, "kind": "owner"}
        walls.raise_for(SYSTEM)
        with pytest.raises(DatabaseError, match="people_residency_once"), transaction.atomic():
            models.Residency.objects.create(
                **values, start_on=date(1999, 1, 1), end_on=residency.start_on + timedelta(1)
            )
        models.Residency.objects.create(**values, start_on=date(1999, 1, 1), end_on=residency.start_on)

    @pytest.mark.parametrize(
        ("change", "refusal", "field"),
        [
            ({"kind": "ghost"}, Invalid, "kind"),
            ({"home": HomeId(ids.new())}, NotFound, "home"),
            ({"party": PartyId(ids.new())}, NotFound, "party"),
        ],
    )
    def test_nonsense_is_refused_with_its_field(self, change, refusal, field):
        good = {"party": a_person(), "home": a_home().id, "kind": "owner", "start_on": MAY_DAY, "at": AT}
        with pytest.raises(refusal) as refused:
            actions.move_in(SYSTEM, **(good | change))
        assert refused.value.field == field
        assert rows_of("people_residency") == 0

    def test_staff_move_nobody_into_or_out_of_anothers_community(self):
        home, person = a_home().with_owner(), a_person()
        strangers = staff_of(a_community().id)
        with pytest.raises(NotFound):
            actions.move_in(strangers, party=person, home=home.id, kind="owner", start_on=MAY_DAY, at=AT)
        with pytest.raises(NotFound):
            actions.move_out(strangers, party=home.owner, home=home.id, kind="owner", end_on=MAY_DAY, at=AT)
        assert queries.export_person(SYSTEM, person=home.owner).residencies[0].end_on is None
        assert rows_of("people_residency") == 1

    def test_moving_out_of_where_nobody_lives_is_not_found(self):
        with pytest.raises(NotFound):
            actions.move_out(SYSTEM, party=a_person(), home=a_home().id, kind="owner", end_on=MAY_DAY, at=AT)


@pytest.mark.django_db
class TestRoles:
    def test_a_role_is_granted_once_and_ends_when_it_is_revoked(self):
        person, shop = a_person(), ids.new()
        role = {"party": person, "role": "merchant", "level": "shop", "place": shop}
        for _again in range(2):
            actions.grant_role(SYSTEM, **role, at=AT)
        assert len(facts("people.RoleGranted")) == 1
        later = AT + timedelta(hours=1)
        actions.revoke_role(SYSTEM, **role, at=later)

        def roles(at):
            return [h.role for h in queries.hats(SYSTEM, person=person, at=at)]

        assert roles(later - timedelta(seconds=1)) == [Role.MERCHANT, Role.RESIDENT]
        assert roles(later) == [Role.RESIDENT]
        with pytest.raises(NotFound):
            actions.revoke_role(SYSTEM, **role, at=later)
        actions.grant_role(SYSTEM, **role, at=later)
        assert roles(later) == [Role.MERCHANT, Role.RESIDENT]

    @pytest.mark.parametrize(
        ("role", "level", "place", "refusal"),
        [
            ("merchant", "platform", None, Invalid),
            ("platform", "platform", ids.new(), Invalid),
            ("system", "platform", None, Invalid),
            ("king", "platform", None, Invalid),
            ("platform", "city", ids.new(), NotFound),
            ("property", "company", ids.new(), NotFound),
            ("property", "community", ids.new(), NotFound),
            ("resident", "home", ids.new(), NotFound),
        ],
    )
    def test_a_role_that_makes_no_sense_is_refused(self, role, level, place, refusal):
        person = a_person()
        with pytest.raises(refusal):
            actions.grant_role(SYSTEM, party=person, role=role, level=level, place=place, at=AT)
        assert rows_of("people_role_binding") == 0

    @pytest.mark.parametrize("role", [r for r in Role if r not in (Role.PLATFORM, Role.SYSTEM)])
    def test_only_the_platform_grants_roles(self, role):
        person = a_person()
        with pytest.raises(Denied):
            actions.grant_role(Scope(role=role, person=person), party=person, role="platform", level="platform", at=AT)
        assert rows_of("people_role_binding") == 0


@pytest.mark.django_db
class TestStewardships:
    def test_the_new_company_takes_over_on_its_first_day(self):
        community, old, new = a_community(), a_company(), a_company()
        for company, start_on in ((old, date(2025, 1, 1)), (old, date(2025, 6, 1)), (new, MAY_DAY)):
            actions.entrust_community(SYSTEM, community=community.id, company=company, start_on=start_on, at=AT)
        days = sql.fetch(
            "SELECT company_id, start_on, end_on FROM people_stewardship WHERE community_id = %s ORDER BY start_on",
            community.id,
        )
        assert days == [(old, date(2025, 1, 1), MAY_DAY), (new, MAY_DAY, None)]
        with budget(1):
            assert queries.company_of([community.id], at=AT) == {community.id: old}
        assert queries.communities_of(new, at=AT + timedelta(days=90)) == (community.id,)

    def test_a_company_that_is_entrusted_for_later_is_not_overlapped(self):
        community, later, other = a_community(), a_company(), a_company()
        actions.entrust_community(SYSTEM, community=community.id, company=later, start_on=MAY_DAY, at=AT)
        with pytest.raises(actions.StewardshipOverlaps):
            actions.entrust_community(SYSTEM, community=community.id, company=other, start_on=date(2026, 1, 1), at=AT)
        assert queries.company_of([community.id], at=AT) == {}

    def test_a_person_is_no_company(self):
        with pytest.raises(NotFound):
            actions.entrust_community(SYSTEM, community=a_community().id, company=a_person(), start_on=MAY_DAY, at=AT)


@pytest.mark.django_db
class TestTheProfile:
    def test_a_person_keeps_their_own_name_language_and_phone(self):
        person = a_person("王小明")
        me = Scope(role=Role.RESIDENT, person=person)
        actions.rename_party(me, party=person, name=" 王 大明 ", at=AT)
        actions.set_locale(me, party=person, locale="en", at=AT)
        actions.change_phone(me, party=person, phone="13700137000", at=AT)
        export = queries.export_person(me, person=person)
        assert (export.name, export.locale, export.phone) == ("王 大明", "en", "+8613700137000")

    def test_a_stranger_changes_nothing_of_it(self):
        home = a_home().with_owner()
        before = queries.export_person(SYSTEM, person=home.owner)
        strangers = (Scope(role=Role.RESIDENT, person=a_person()), staff_of(home.community.id))
        for stranger in strangers:
            for change in (
                lambda s: actions.rename_party(s, party=home.owner, name="X", at=AT),
                lambda s: actions.set_locale(s, party=home.owner, locale="en", at=AT),
                lambda s: actions.change_phone(s, party=home.owner, phone="13700137000", at=AT),
                lambda s: actions.erase_person(s, person=home.owner, at=AT),
            ):
                with pytest.raises(NotFound):
                    change(stranger)
        assert queries.export_person(SYSTEM, person=home.owner) == before

    def test_a_number_that_is_anothers_is_refused(self):
        person, other = a_person(phone="13700137001"), a_person(phone="13700137002")
        with pytest.raises(actions.PhoneTaken):
            actions.change_phone(Scope(role=Role.RESIDENT, person=person), party=person, phone="13700137002", at=AT)
        assert queries.phone_of(SYSTEM, party=person) == "+8613700137001"
        assert queries.phone_of(SYSTEM, party=other) == "+8613700137002"

    def test_reading_a_phone_in_the_clear_is_recorded_with_its_reason(self):
        home = a_home().with_owner(a_person("王小明", phone="13800138000"))
        staff = staff_of(home.community.id)
        contact = actions.reveal_contact(staff, party=home.owner, why="water leak above", at=AT)
        assert (contact.name, contact.phone) == ("王小明", "+8613800138000")
        walls.raise_for(SYSTEM)
        rows = sql.fetch("SELECT person, role, happened_at, said::text FROM spine_audit WHERE action = 'read.contact'")
        assert [(row[0], row[1], row[2]) for row in rows] == [(staff.person, "property", AT)]
        assert sql.from_json(rows[0][3]) == {"subject": str(home.owner), "why": "water leak above"}

    def test_whoever_may_not_read_a_phone_gets_nothing_and_leaves_no_reading(self):
        home = a_home().with_owner()
        for scope, why, refusal in (
            (staff_of(a_community().id), "curious", NotFound),
            (staff_of(home.community.id), "  ", Invalid),
            (replace(home.scope, person=a_person()), "neighbour", Denied),
            (GUEST, "guest", Denied),
        ):
            with pytest.raises(refusal):
                actions.reveal_contact(scope, party=home.owner, why=why, at=AT)
        walls.raise_for(SYSTEM)
        assert sql.fetch("SELECT count(*) FROM spine_audit WHERE action = 'read.contact'") == [(0,)]


@pytest.mark.django_db
class TestErasure:
    def test_the_name_and_phone_are_gone_and_the_nameless_party_stays(self):
        home = a_home().with_owner(a_person("王小明", phone="13800138000"))
        actions.grant_role(SYSTEM, party=home.owner, role="merchant", level="shop", place=ids.new(), at=AT)
        for _again in range(2):
            actions.erase_person(Scope(role=Role.RESIDENT, person=home.owner), person=home.owner, at=AT)
        export = queries.export_person(SYSTEM, person=home.owner)
        assert (export.name, export.phone, export.erased_at) == ("", "", AT)
        assert [r.end_on for r in export.residencies] == [date(2026, 3, 2)]
        assert [r.end_at for r in export.roles] == [AT]
        assert queries.person_by_phone(SYSTEM, phone="13800138000") is None
        assert queries.hats(SYSTEM, person=home.owner, at=AT) == ()
        assert [f["person"] for f in facts("people.PersonErased")] == [str(home.owner)]

    def test_an_erased_number_registers_a_new_person(self):
        old = a_person(phone="13800138000")
        actions.erase_person(SYSTEM, person=old, at=AT)
        new = a_person(phone="13800138000")
        assert new != old

    def test_an_erased_person_moves_nowhere_and_gets_no_role(self):
        person = a_person()
        actions.erase_person(SYSTEM, person=person, at=AT)
        with pytest.raises(NotFound):
            actions.move_in(SYSTEM, party=person, home=a_home().id, kind="owner", start_on=MAY_DAY, at=AT)
        with pytest.raises(NotFound):
            actions.grant_role(SYSTEM, party=person, role="platform", level="platform", at=AT)

    def test_the_database_keeps_no_name_of_an_erased_party(self):
        person = a_person()
        actions.erase_person(SYSTEM, person=person, at=AT)
        walls.raise_for(SYSTEM)
        with pytest.raises(DatabaseError, match="people_party_erased_is_nameless"), transaction.atomic():
            models.Party.objects.inside().filter(id=person).update(name="王小明")
