"""The family of a home: who enters whom, who takes whom out, and what both see of each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_home, a_person
from linli.ground.people import actions, queries, rules
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM


@pytest.mark.django_db
class TestTheFamily:
    def test_an_owner_enters_somebody_who_then_wears_the_hat_of_the_home(self):
        home = a_home().with_owner(a_person("王小明"))
        person = actions.add_family(home.scope, home=home.id, name="王小红", phone="13700137001", at=AT)
        assert queries.names(SYSTEM, parties=[person]) == {person: "王小红"}
        assert [hat.scope.homes for hat in queries.hats(SYSTEM, person=person, at=AT)] == [(home.id,)]
        shown = queries.housemates(home.scope, home=home.id, at=AT)
        assert [(each.name, each.kind, each.is_me, each.may_be_ended) for each in shown] == [
            ("王小明", "owner", True, False),
            ("王**", "family", False, True),
        ]

    def test_a_number_that_is_known_keeps_its_name_and_shows_it_to_nobody(self):
        home, known = a_home().with_owner(), a_person("赵一凡", phone="13700137001")
        assert actions.add_family(home.scope, home=home.id, name="小赵", phone="13700137001", at=AT) == known
        assert queries.names(SYSTEM, parties=[known]) == {known: "赵一凡"}
        assert [each.name for each in queries.housemates(home.scope, home=home.id, at=AT) if not each.is_me] == ["赵**"]

    def test_nobody_is_entered_twice_and_nobody_without_a_number(self):
        home = a_home().with_owner(a_person(phone="13700137002"))
        actions.add_family(home.scope, home=home.id, name="王小红", phone="13700137001", at=AT)
        before = queries.household(SYSTEM, home=home.id, at=AT)
        for phone, refusal in (
            ("13700137001", actions.AlreadyResident),
            ("13700137002", actions.AlreadyResident),
            ("12", Invalid),
        ):
            with pytest.raises(refusal) as refused:
                actions.add_family(home.scope, home=home.id, name="王小红", phone=phone, at=AT)
            assert refused.value.field == "phone"
        assert queries.household(SYSTEM, home=home.id, at=AT) == before

    def test_a_home_holds_no_more_family_than_the_limit(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(rules, "MOST_FAMILY", 1)
        home = a_home().with_owner()
        actions.add_family(home.scope, home=home.id, name="王小红", phone="13700137001", at=AT)
        with pytest.raises(actions.FamilyIsFull):
            actions.add_family(home.scope, home=home.id, name="王小兰", phone="13700137003", at=AT)
        assert queries.person_by_phone(SYSTEM, phone="13700137003") is None

    def test_family_and_strangers_enter_nobody_and_end_nobody(self):
        home, other = a_home().with_owner(), a_home().with_owner()
        person = actions.add_family(home.scope, home=home.id, name="王小红", phone="13700137001", at=AT)
        before = queries.household(SYSTEM, home=home.id, at=AT)
        for scope in (replace(home.scope, person=person), other.scope):
            with pytest.raises(NotFound):
                actions.add_family(scope, home=home.id, name="王小兰", phone="13700137003", at=AT)
        with pytest.raises(NotFound):
            actions.end_family(other.scope, home=home.id, person=person, at=AT)
        with pytest.raises(NotFound):
            actions.end_family(home.scope, home=home.id, person=home.owner, at=AT)  # who owns it is no family
        with pytest.raises(NotFound):
            queries.housemates(other.scope, home=home.id, at=AT)
        assert queries.household(SYSTEM, home=home.id, at=AT) == before

    def test_who_is_taken_out_or_leaves_sees_the_home_no_more(self):
        home = a_home().with_owner()
        taken = actions.add_family(home.scope, home=home.id, name="王小红", phone="13700137001", at=AT)
        leaver = actions.add_family(home.scope, home=home.id, name="王小兰", phone="13700137003", at=AT)
        actions.end_family(home.scope, home=home.id, person=taken, at=AT)
        actions.end_family(replace(home.scope, person=leaver), home=home.id, person=leaver, at=AT)
        assert [each.party for each in queries.household(SYSTEM, home=home.id, at=AT)] == [home.owner]
        assert [hat.scope.homes for hat in queries.hats(SYSTEM, person=taken, at=AT)] == [()]
