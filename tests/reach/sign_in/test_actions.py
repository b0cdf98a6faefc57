"""Signing in: a phone and a code become a session, and nothing is given to whoever holds a stranger's phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from builders import AT, a_community, a_home, a_person
from linli.ground.people import actions as people_actions
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.refusals import Invalid, NotFound
from linli.reach.notify.queries import inbox
from linli.reach.sign_in import actions, queries, rules
from linli.reach.sign_in.actions import CheckFailed, SignedIn, TooManyCodes, WrongCode
from linli.reach.sign_in.models import Challenge, Session
from linli.spine import sql, walls
from linli.spine.may import Duty
from linli.spine.scope import GUEST, SYSTEM, Role

pytestmark = pytest.mark.django_db
PHONE = "13912345678"
ADDRESS = "203.0.113.7"
T = TypeVar("T")


def ask(phone: str = PHONE, *, at: datetime = AT, address: str = ADDRESS) -> str:
    """Asks for a code and reads it where the person would: in the message."""
    before = len(inbox(SYSTEM, limit=50))
    actions.request_code(GUEST, phone=phone, address=address, at=at)
    messages = inbox(SYSTEM, limit=50)
    assert len(messages) == before + 1
    newest = max(messages, key=lambda message: message.received_at)
    found = re.search(r"\d{6}", newest.body)
    assert found is not None
    return found[0]


def redeem(code: str, *, phone: str = PHONE, at: datetime = AT, device: str = "phone-1") -> SignedIn:
    return actions.redeem_code(GUEST, phone=phone, code=code, device=device, device_name="Safari", at=at)


def behind_the_walls(look: Callable[[], T]) -> T:
    """Looks at a table itself, as the house."""
    walls.raise_for(SYSTEM)
    return look()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


class TestACode:
    def test_signs_a_stranger_in_as_somebody_new_with_nothing_to_guard(self):
        signed = redeem(ask())
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        assert access.scope.person == signed.person == people.person_by_phone(SYSTEM, phone=PHONE)
        assert (access.scope.role, access.scope.homes, signed.needs_second_check) == (Role.RESIDENT, (), False)

    def test_is_answered_alike_for_known_and_unknown_phones(self):
        a_person(phone="13800001111")
        assert ask("13800001111") != ""
        assert ask("13800002222", at=AT + timedelta(minutes=2)) != ""

    def test_has_one_use(self):
        code = ask()
        redeem(code)
        with pytest.raises(WrongCode):
            redeem(code)

    def test_is_refused_after_five_minutes_and_for_another_phone(self):
        code = ask()
        with pytest.raises(WrongCode):
            redeem(code, at=AT + rules.CODE_LIFE)
        with pytest.raises(WrongCode):
            redeem(code, phone="13800000000")
        assert behind_the_walls(Session.objects.count) == 0

    def test_has_five_tries(self):
        code = ask()
        for _ in range(rules.CODE_TRIES):
            with pytest.raises(WrongCode):
                redeem(wrong(code))
        with pytest.raises(WrongCode):
            redeem(code)

    def test_stands_nowhere_in_the_clear(self):
        code = ask()
        redeem(code)
        (challenge,) = Challenge.objects.all()
        assert code.encode() not in bytes(challenge.code)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        said = str(sql.fetch("SELECT said FROM spine_audit")) + str(sql.fetch("SELECT body FROM spine_fact"))
        assert code not in said
        assert PHONE not in said

    def test_may_be_asked_for_once_a_minute_and_five_times_an_hour(self):
        ask()
        with pytest.raises(TooManyCodes):
            actions.request_code(GUEST, phone=PHONE, address=ADDRESS, at=AT + timedelta(seconds=30))
        for minute in range(1, 5):
            ask(at=AT + timedelta(minutes=2 * minute))
        with pytest.raises(TooManyCodes):
            actions.request_code(GUEST, phone=PHONE, address=ADDRESS, at=AT + timedelta(minutes=20))

    def test_is_limited_by_address_over_many_phones(self):
        for n in range(10):
            ask(f"1380000{n:04d}", at=AT + timedelta(seconds=n))
        with pytest.raises(TooManyCodes):
            actions.request_code(GUEST, phone="13800009999", address=ADDRESS, at=AT + timedelta(seconds=20))
        ask("13800009999", at=AT + timedelta(seconds=30), address="198.51.100.2")

    def test_is_not_sent_to_what_is_no_phone(self):
        with pytest.raises(Invalid) as refused:
            actions.request_code(GUEST, phone="not a phone", address=ADDRESS, at=AT)
        assert refused.value.field == "phone"


class TestTheSecondCheck:
    def test_keeps_a_home_from_whoever_got_a_recycled_number(self):
        owner = a_person(phone=PHONE)
        home = a_home().with_owner(owner)
        signed = redeem(ask())
        assert signed.needs_second_check
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        assert (access.scope.homes, access.scope.communities, access.check_due) == ((), (), True)
        for left in (4, 3):
            with pytest.raises(CheckFailed) as refused:
                actions.pass_second_check(GUEST, session=signed.session, answer="99-9-999", at=AT)
            assert refused.value.values["left"] == left
        (lived,) = people.residents_homes(SYSTEM, person=owner, at=AT)
        actions.pass_second_check(GUEST, session=signed.session, answer=lived.home.door, at=AT)
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        assert (access.scope.homes, access.check_due) == ((home.id,), False)

    def test_asks_who_sold_their_home_for_its_number_before_they_see_its_bills(self):
        seller = a_person(phone=PHONE)
        home = a_home("3-1-501").with_owner(seller, since=AT.date() - timedelta(days=90))
        people_actions.move_out(SYSTEM, party=seller, home=home.id, kind="owner", end_on=AT.date(), at=AT)
        signed = redeem(ask())
        assert signed.needs_second_check
        with pytest.raises(CheckFailed):
            actions.pass_second_check(GUEST, session=signed.session, answer="99-9-999", at=AT)
        actions.pass_second_check(GUEST, session=signed.session, answer="3-1-501", at=AT)

    def test_is_not_asked_again_on_a_known_device_until_it_was_silent_for_90_days(self):
        owner = a_person(phone=PHONE)
        a_home().with_owner(owner)
        first = redeem(ask())
        (lived,) = people.residents_homes(SYSTEM, person=owner, at=AT)
        actions.pass_second_check(GUEST, session=first.session, answer=lived.home.door, at=AT)
        later = AT + timedelta(days=30)
        assert not redeem(ask(at=later), at=later).needs_second_check
        long_after = later + timedelta(days=91)
        assert redeem(ask(at=long_after), at=long_after).needs_second_check

    def test_ends_after_its_tries(self):
        owner = a_person(phone=PHONE)
        a_home().with_owner(owner)
        signed = redeem(ask())
        (lived,) = people.residents_homes(SYSTEM, person=owner, at=AT)
        for _ in range(rules.SECOND_CHECK_TRIES):
            with pytest.raises(CheckFailed):
                actions.pass_second_check(GUEST, session=signed.session, answer="0", at=AT)
        with pytest.raises(CheckFailed):
            actions.pass_second_check(GUEST, session=signed.session, answer=lived.home.door, at=AT)

    def test_has_ten_tries_a_day_however_often_somebody_signs_in(self):
        home = a_home("9-1-101").with_owner(a_person(phone=PHONE))
        for nth in range(3):
            then = AT + timedelta(minutes=2 * nth)
            signed = redeem(ask(at=then), at=then)
            for _ in range(rules.SECOND_CHECK_TRIES):
                with pytest.raises(CheckFailed):
                    actions.pass_second_check(GUEST, session=signed.session, answer="0", at=then)
        with pytest.raises(CheckFailed):
            actions.pass_second_check(GUEST, session=signed.session, answer="9-1-101", at=then)
        tomorrow = AT + timedelta(days=1, hours=1)
        signed = redeem(ask(at=tomorrow), at=tomorrow)
        actions.pass_second_check(GUEST, session=signed.session, answer="9-1-101", at=tomorrow)
        access = queries.session_access(SYSTEM, token=signed.token, at=tomorrow)
        assert access is not None
        assert access.scope.homes == (home.id,)

    @pytest.mark.parametrize(("role", "level"), [("platform", "platform"), ("merchant", "shop")])
    def test_asks_whoever_has_neither_home_nor_label_for_the_name_that_was_registered(self, role, level, monkeypatch):
        monkeypatch.setattr(queries, "insists_on_authenticator", lambda *_given, **_named: False)
        worker = a_person("程立言", phone=PHONE)
        place = None if level == "platform" else ids.new()
        people_actions.grant_role(SYSTEM, party=worker, role=role, level=level, place=place, at=AT)
        signed = redeem(ask())
        assert signed.needs_second_check
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        assert access.scope.role is Role.RESIDENT
        with pytest.raises(CheckFailed):
            actions.pass_second_check(GUEST, session=signed.session, answer=rules.first_name(PHONE), at=AT)
        actions.pass_second_check(GUEST, session=signed.session, answer="程立言", at=AT)
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        assert access.scope.role.value == role

    def test_staff_of_one_community_may_answer_with_their_company(self):
        """Their hat is called after the community; asked where they work, they say the company."""
        community, company = a_community(), people_actions.register_organisation(SYSTEM, name="安居物业", at=AT)
        people_actions.entrust_community(SYSTEM, community=community.id, company=company, start_on=AT.date(), at=AT)
        people_actions.add_company_staff(
            SYSTEM, company=company, name="周经理", phone="13912345679", duty=Duty.MANAGER, at=AT
        )
        people_actions.add_company_staff(
            SYSTEM, company=company, name="程立言", phone=PHONE, duty=Duty.CASHIER, communities=[community.id], at=AT
        )
        signed = redeem(ask())
        with pytest.raises(CheckFailed):
            actions.pass_second_check(GUEST, session=signed.session, answer="和睦物业", at=AT)
        actions.pass_second_check(GUEST, session=signed.session, answer="安居物业", at=AT)
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        assert (access.scope.communities, access.scope.of_a_community) == ((community.id,), True)


class TestASession:
    def test_is_renewed_by_its_token_and_by_no_other(self):
        signed = redeem(ask())
        assert queries.session_access(SYSTEM, token=signed.token, at=AT) is not None
        assert queries.session_access(SYSTEM, token=signed.token + "x", at=AT) is None
        assert queries.session_access(SYSTEM, token=signed.token, at=AT + rules.SESSION_LIFE) is None

    def test_gives_an_access_token_that_lives_five_minutes(self):
        signed = redeem(ask())
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        token = queries.access_token(access)
        assert queries.scope_of_access_token(token, at=AT + timedelta(minutes=4, seconds=59)) == access
        assert queries.scope_of_access_token(token, at=AT + rules.ACCESS_LIFE) is None

    def test_ends_for_its_owner_and_for_nobody_else(self):
        signed = redeem(ask())
        other = redeem(ask("13800001111", at=AT + timedelta(minutes=2)), phone="13800001111")
        mine = queries.session_access(SYSTEM, token=signed.token, at=AT)
        theirs = queries.session_access(SYSTEM, token=other.token, at=AT)
        assert mine is not None
        assert theirs is not None
        with pytest.raises(NotFound):
            actions.end_session(theirs.scope, session=signed.session, at=AT)
        assert [s.id for s in queries.sessions(mine.scope, at=AT)] == [signed.session]
        actions.end_session(mine.scope, session=signed.session, at=AT)
        assert queries.session_access(SYSTEM, token=signed.token, at=AT) is None
        assert not queries.is_open(session=signed.session, at=AT)

    def test_changes_hats_only_to_the_persons_own(self):
        signed = redeem(ask())
        access = queries.session_access(SYSTEM, token=signed.token, at=AT)
        assert access is not None
        with pytest.raises(Invalid):
            actions.switch_hat(access.scope, session=signed.session, role="platform", level="platform", place="", at=AT)

    def test_and_old_challenges_are_forgotten(self):
        signed = redeem(ask())
        assert actions.forget_old(SYSTEM, at=AT + timedelta(hours=1)) == 0
        assert actions.forget_old(SYSTEM, at=AT + rules.SESSION_LIFE + rules.KEEP_ENDED + timedelta(days=1)) == 2
        assert not behind_the_walls(Session.objects.filter(id=signed.session).exists)
