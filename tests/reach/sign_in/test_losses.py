"""A way back for who lost phone and codes: on another's word, told to the person, never for oneself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders import AT, a_city, a_community, a_company, a_person
from linli.ground.people import actions as people
from linli.ground.people.rules import Hat, Level
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.reach.notify import queries as notify
from linli.reach.sign_in import actions, queries, rules
from linli.reach.sign_in.actions import AnotherConfirms, CheckFailed, NothingLost, NotOfOneself
from linli.reach.sign_in.models import LossMove
from linli.spine import audit, walls
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope
from reach.sign_in.test_actions import PHONE, ask, redeem
from reach.sign_in.test_authenticators import access, protected, shown

pytestmark = pytest.mark.django_db
LATER, A_DAY = AT + timedelta(minutes=10), AT + timedelta(hours=24)
WHY = "She called from her home number; the phone fell into the river."


@pytest.fixture(autouse=True)
def no_demo(settings):
    settings.DEMO = False


def an_operator(phone: str | None = None) -> PartyId:
    person = a_person("林站长", phone=phone)
    people.grant_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.PLATFORM, at=AT)
    return person


def of(person: PartyId) -> Scope:
    return Scope(role=Role.PLATFORM, person=person)


@pytest.fixture
def lost():
    """An operator signed in with an authenticator that is lost."""
    person = an_operator(PHONE)
    signed = redeem(ask())
    seed, codes = protected(person, signed.session)
    return person, signed, seed, codes


def has_one(person: PartyId) -> bool:
    return queries.has_authenticator(SYSTEM, person=person)


def letters(person: PartyId) -> list[str]:
    return [each.template for each in notify.letters(Scope(role=Role.RESIDENT, person=person), locale="en")]


def waiting() -> list[PartyId]:
    return [each.person for each in queries.losses(SYSTEM)]


class TestAnOperators:
    def test_waits_a_day_of_which_they_are_told_and_then_every_device_is_out(self, lost):
        person, signed, _seed, _codes = lost
        helper = an_operator()
        assert not actions.report_loss(of(helper), person=person, why=WHY, at=LATER)
        assert not actions.report_loss(of(helper), person=person, why=WHY, at=LATER)
        (card,) = queries.losses(of(helper))
        assert (card.person, card.asked_by, card.why, card.due_at) == (
            person, helper, WHY, LATER + timedelta(hours=24),
        )  # fmt: skip
        assert letters(person) == ["authenticator_reported_lost"]
        assert actions.take_off_due(SYSTEM, at=A_DAY) == 0
        assert has_one(person)
        assert actions.take_off_due(SYSTEM, at=A_DAY + timedelta(minutes=10)) == 1
        assert (has_one(person), waiting()) == (False, [])
        assert letters(person)[0] == "authenticator_taken_off"
        assert queries.session_access(SYSTEM, token=signed.token, at=LATER) is None
        moment = A_DAY + timedelta(minutes=11)
        again = redeem(ask(at=moment), at=moment)
        assert again.needs_second_check
        actions.pass_second_check(SYSTEM, session=again.session, answer="林站长", at=moment)
        assert access(again, moment).authenticator_due

    def test_comes_off_at_once_on_a_second_operators_word_and_on_nobody_elses(self, lost):
        person, *_rest = lost
        helper, second, local = an_operator(), an_operator(), a_person()
        actions.report_loss(of(helper), person=person, why=WHY, at=LATER)
        (card,) = queries.losses(SYSTEM)
        with pytest.raises(AnotherConfirms):
            actions.confirm_loss(of(helper), loss=card.loss, at=LATER)
        with pytest.raises(NotOfOneself):
            actions.confirm_loss(of(person), loss=card.loss, at=LATER)
        with pytest.raises(Denied):
            actions.confirm_loss(Scope(role=Role.PLATFORM, person=local, city=a_city().id), loss=card.loss, at=LATER)
        with pytest.raises(NotFound):
            actions.confirm_loss(Scope(role=Role.PROPERTY, person=local, company=a_company()), loss=card.loss, at=LATER)
        assert (has_one(person), waiting()) == (True, [person])
        actions.confirm_loss(of(second), loss=card.loss, at=LATER)
        assert (has_one(person), waiting()) == (False, [])
        with pytest.raises(NotFound):
            actions.confirm_loss(of(second), loss=card.loss, at=LATER)

    def test_is_stopped_by_a_code_of_it_typed_at_a_sign_in(self, lost):
        person, _signed, seed, _codes = lost
        actions.report_loss(of(an_operator()), person=person, why=WHY, at=LATER)
        again = redeem(ask(at=LATER), at=LATER)
        with pytest.raises(CheckFailed):
            actions.pass_second_check(SYSTEM, session=again.session, answer="000000", at=LATER)
        assert waiting() == [person]
        actions.pass_second_check(SYSTEM, session=again.session, answer=shown(seed, LATER), at=LATER)
        assert waiting() == []
        assert actions.take_off_due(SYSTEM, at=A_DAY + timedelta(days=1)) == 0
        assert has_one(person)

    def test_is_stopped_by_the_person_or_another_operator_and_by_no_stranger(self, lost):
        person, *_rest = lost
        helper = an_operator()
        for who in (Scope(role=Role.RESIDENT, person=person), of(helper)):
            actions.report_loss(of(helper), person=person, why=WHY, at=LATER)
            (card,) = queries.losses(SYSTEM)
            for stranger in (
                Scope(role=Role.RESIDENT, person=a_person()),
                Scope(role=Role.PLATFORM, person=a_person(), city=a_city().id),
            ):
                with pytest.raises(NotFound):
                    actions.stop_loss(stranger, loss=card.loss, at=LATER)
                assert queries.my_loss(stranger) is None
            assert waiting() == [person]
            actions.stop_loss(who, loss=card.loss, at=LATER)
            assert (has_one(person), waiting()) == (True, [])

    def test_is_never_taken_off_by_oneself_nor_without_a_reason_nor_where_there_is_none(self, lost):
        person, *_rest = lost
        helper = an_operator()
        with pytest.raises(NotOfOneself):
            actions.report_loss(of(person), person=person, why=WHY, at=LATER)
        for why in ("", " ", "x" * 201):
            with pytest.raises(Invalid):
                actions.report_loss(of(helper), person=person, why=why, at=LATER)
        with pytest.raises(NothingLost):
            actions.report_loss(of(person), person=helper, why=WHY, at=LATER)
        assert (has_one(person), waiting()) == (True, [])

    def test_of_the_only_one_comes_off_on_the_machine(self, lost):
        person, signed, *_rest = lost
        actions.take_off_on_the_machine(SYSTEM, person=person, at=LATER)
        assert not has_one(person)
        assert queries.session_access(SYSTEM, token=signed.token, at=LATER) is None
        with pytest.raises(NothingLost):
            actions.take_off_on_the_machine(SYSTEM, person=person, at=LATER)


class TestStaffs:
    @pytest.fixture
    def desk(self):
        company, community = a_company(), a_community().id
        people.entrust_community(SYSTEM, community=community, company=company, start_on=date(2026, 1, 1), at=AT)
        manager = people.name_manager(SYSTEM, company=company, name="周经理", phone="13900000041", at=AT)
        cashier = people.add_company_staff(
            SYSTEM, company=company, name="小赵", phone=PHONE, duty=Duty.CASHIER, communities=[community], at=AT
        )
        protected(cashier, redeem(ask()).session)
        scope = Scope(role=Role.PROPERTY, person=manager, company=company, communities=(community,), duty=Duty.MANAGER)
        return scope, cashier

    def test_comes_off_at_once_on_their_managers_word(self, desk):
        scope, cashier = desk
        card = queries.authenticator_of(scope, person=cashier, at=LATER)
        assert (card.name, card.is_in_use, card.taken_off_at) == ("小**", True, None)
        assert actions.report_loss(scope, person=cashier, why=WHY, at=LATER)
        assert not has_one(cashier)
        assert letters(cashier) == ["authenticator_taken_off"]
        (entry,) = audit.entries(SYSTEM, action="sign_in.report_loss")
        assert entry.person == scope.person
        assert ("person", str(cashier)) in entry.said
        assert WHY not in str(entry.said)

    def test_is_nobodys_business_at_another_desk_and_no_cashiers(self, desk):
        scope, cashier = desk
        other = Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), duty=Duty.MANAGER)
        with pytest.raises(NotFound):
            actions.report_loss(other, person=cashier, why=WHY, at=LATER)
        with pytest.raises(NotFound):
            queries.authenticator_of(other, person=cashier, at=LATER)
        colleague = Scope(role=Role.PROPERTY, person=a_person(), company=scope.company, duty=Duty.CASHIER)
        with pytest.raises(Denied):
            actions.report_loss(colleague, person=cashier, why=WHY, at=LATER)
        assert has_one(cashier)

    def test_of_who_runs_the_platform_as_well_is_not_their_managers_to_take_off(self, desk):
        scope, cashier = desk
        people.grant_role(SYSTEM, party=cashier, role=Role.PLATFORM, level=Level.PLATFORM, at=AT)
        with pytest.raises(NotFound):
            actions.report_loss(scope, person=cashier, why=WHY, at=LATER)
        assert has_one(cashier)
        assert not actions.report_loss(of(an_operator()), person=cashier, why=WHY, at=LATER)

    def test_is_forgotten_with_its_person_and_so_is_what_they_wrote_of_others(self, desk):
        scope, cashier = desk
        actions.report_loss(scope, person=cashier, why=WHY, at=LATER)
        assert scope.person is not None
        actions.forget_person(SYSTEM, person=scope.person, at=LATER)
        walls.raise_for(SYSTEM)
        assert set(LossMove.objects.inside().values_list("why", flat=True)) == {""}
        actions.forget_person(SYSTEM, person=cashier, at=LATER)
        walls.raise_for(SYSTEM)
        assert LossMove.objects.inside().count() == 0


def a_hat(role: Role, company: PartyId | None = None, community: CommunityId | None = None) -> Hat:
    communities = () if community is None else (community,)
    scope = Scope(role=role, company=company, communities=communities, of_a_community=community is not None)
    return Hat(role, Level.PLATFORM, None, {}, scope)


def test_who_answers_for_whom():
    mine, other = PartyId(a_city().id), PartyId(a_city().id)
    manager = Scope(role=Role.PROPERTY, person=mine, company=mine)
    here, there = CommunityId(a_city().id), CommunityId(a_city().id)
    local = replace(manager, communities=(here,), of_a_community=True)
    merchant = Scope(role=Role.MERCHANT, person=mine, company=mine)
    resident = a_hat(Role.RESIDENT)
    for asker, hats, answers in (
        (SYSTEM, [resident], True),
        (Scope(role=Role.PLATFORM, person=mine), [a_hat(Role.PLATFORM)], True),
        (Scope(role=Role.PLATFORM, person=mine, city=a_city().id), [a_hat(Role.PLATFORM)], False),
        (manager, [a_hat(Role.PROPERTY, mine), resident], True),
        (manager, [a_hat(Role.PROPERTY, mine), a_hat(Role.COURIER)], True),
        (manager, [a_hat(Role.PROPERTY, mine), a_hat(Role.PROPERTY, other)], False),
        (manager, [a_hat(Role.PROPERTY, mine), a_hat(Role.MERCHANT, mine)], False),
        (manager, [a_hat(Role.PROPERTY, mine), a_hat(Role.PLATFORM)], False),
        (manager, [resident], False),
        (manager, [a_hat(Role.PROPERTY, mine, here)], True),
        (local, [a_hat(Role.PROPERTY, mine, here), resident], True),
        (local, [a_hat(Role.PROPERTY, mine, here), a_hat(Role.PROPERTY, mine, there)], False),
        (local, [a_hat(Role.PROPERTY, mine)], False),
        (merchant, [a_hat(Role.MERCHANT, mine)], True),
        (merchant, [a_hat(Role.MERCHANT, other)], False),
        (Scope(role=Role.PROPERTY, person=mine), [a_hat(Role.PROPERTY)], False),
    ):
        assert rules.answers_for(asker, hats) is answers
