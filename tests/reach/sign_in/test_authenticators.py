"""The second factor: a code of the authenticator is asked at every sign-in, taken once, and replaced by paper once."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from builders import AT, a_person
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.kernel.ids import PartyId, SessionId
from linli.reach.sign_in import actions, queries, rules
from linli.reach.sign_in.actions import AlreadyProtected, CheckFailed, WrongAuthenticatorCode
from linli.spine.scope import SYSTEM, Role, Scope
from reach.sign_in.test_actions import PHONE, ask, redeem

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def no_demo(settings):
    settings.DEMO = False


@pytest.fixture
def operator() -> PartyId:
    person = a_person("林站长", phone=PHONE)
    people.grant_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.PLATFORM, place=None, at=AT)
    return person


def shown(seed: str, at) -> str:
    return pyotp.TOTP(seed.replace(" ", "")).at(at)


def protected(person: PartyId, session: SessionId, at=AT) -> tuple[str, tuple[str, ...]]:
    """Sets an authenticator up, and gives its seed and the recovery codes."""
    me = Scope(role=Role.RESIDENT, person=person)
    seed = actions.begin_authenticator(me, at=at).letters
    return seed, actions.confirm_authenticator(me, session=session, code=shown(seed, at), at=at)


def access(signed, at):
    found = queries.session_access(SYSTEM, token=signed.token, at=at)
    assert found is not None
    return found


def test_the_platform_reaches_nothing_before_an_authenticator_is_set_up(operator):
    signed = redeem(ask())
    actions.pass_second_check(SYSTEM, session=signed.session, answer="林站长", at=AT)
    before = access(signed, AT)
    assert (before.authenticator_due, before.scope.role) == (True, Role.RESIDENT)
    protected(operator, signed.session)
    after = access(signed, AT)
    assert (after.authenticator_due, after.scope.role) == (False, Role.PLATFORM)


def test_a_resident_is_never_asked_to_have_one(operator):
    signed = redeem(ask(phone="13800000000"), phone="13800000000")
    assert not access(signed, AT).authenticator_due


def test_whoever_has_one_is_asked_for_it_on_a_known_device_too(operator):
    first = redeem(ask())
    seed, _codes = protected(operator, first.session)
    again = redeem(ask(at=LATER), at=LATER)
    assert again.needs_second_check
    with pytest.raises(CheckFailed):
        actions.pass_second_check(SYSTEM, session=again.session, answer="林站长", at=LATER)
    assert access(again, LATER).scope.role is Role.RESIDENT
    actions.pass_second_check(SYSTEM, session=again.session, answer=shown(seed, LATER), at=LATER)
    assert access(again, LATER).scope.role is Role.PLATFORM


def test_a_code_is_taken_once(operator):
    signed = redeem(ask())
    seed, _codes = protected(operator, signed.session)
    again = redeem(ask(at=LATER), at=LATER)
    code = shown(seed, LATER)
    actions.pass_second_check(SYSTEM, session=again.session, answer=code, at=LATER)
    third = redeem(ask(at=LATER + timedelta(minutes=1)), at=LATER + timedelta(minutes=1))
    with pytest.raises(CheckFailed):
        actions.pass_second_check(SYSTEM, session=third.session, answer=code, at=LATER + timedelta(seconds=20))


def test_a_recovery_code_opens_once_however_it_is_typed(operator):
    signed = redeem(ask())
    _seed, codes = protected(operator, signed.session)
    assert len(set(codes)) == rules.RECOVERY_CODES
    again = redeem(ask(at=LATER), at=LATER)
    actions.pass_second_check(SYSTEM, session=again.session, answer=codes[0].upper().replace("-", " "), at=LATER)
    me = Scope(role=Role.RESIDENT, person=operator)
    card = queries.my_authenticator(me)
    assert card is not None
    assert card.recovery_codes_left == rules.RECOVERY_CODES - 1
    third = redeem(ask(at=LATER + timedelta(minutes=1)), at=LATER + timedelta(minutes=1))
    with pytest.raises(CheckFailed):
        actions.pass_second_check(SYSTEM, session=third.session, answer=codes[0], at=LATER)


def test_a_wrong_first_code_protects_nothing_and_the_seed_stays(operator):
    signed = redeem(ask())
    me = Scope(role=Role.RESIDENT, person=operator)
    seed = actions.begin_authenticator(me, at=AT)
    with pytest.raises(WrongAuthenticatorCode):
        actions.confirm_authenticator(me, session=signed.session, code="000000x", at=AT)
    assert queries.my_authenticator(me) is None
    assert actions.begin_authenticator(me, at=AT) == seed


def test_other_devices_are_signed_out_when_it_is_taken_into_use(operator):
    other = redeem(ask(), device="tablet")
    signed = redeem(ask(at=AT + timedelta(minutes=2)), at=AT + timedelta(minutes=2))
    protected(operator, signed.session)
    assert queries.session_access(SYSTEM, token=other.token, at=AT) is None
    assert queries.session_access(SYSTEM, token=signed.token, at=AT) is not None


def test_there_is_one_to_a_person_and_it_comes_off_with_a_code_of_it_only(operator):
    signed = redeem(ask())
    seed, codes = protected(operator, signed.session)
    me = Scope(role=Role.RESIDENT, person=operator)
    with pytest.raises(AlreadyProtected):
        actions.begin_authenticator(me, at=AT)
    with pytest.raises(WrongAuthenticatorCode):
        actions.remove_authenticator(me, code="123456x", at=LATER)
    assert queries.my_authenticator(me) is not None
    actions.remove_authenticator(me, code=codes[3], at=LATER)
    assert queries.my_authenticator(me) is None
    assert seed


def test_what_is_kept_of_it_cannot_be_read_and_goes_with_its_person(operator):
    from linli.reach.sign_in.models import Authenticator, RecoveryCode
    from reach.sign_in.test_actions import behind_the_walls

    signed = redeem(ask())
    seed, _codes = protected(operator, signed.session)
    kept = behind_the_walls(lambda: Authenticator.objects.get(person=operator))
    assert seed.replace(" ", "").encode() not in bytes(kept.seed)
    actions.forget_person(SYSTEM, person=operator, at=LATER)
    assert behind_the_walls(lambda: (Authenticator.objects.count(), RecoveryCode.objects.count())) == (0, 0)
