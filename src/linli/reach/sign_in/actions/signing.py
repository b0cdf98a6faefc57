"""Signing in and out, the second check, and changing hats."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from linli.ground.people import actions as people_actions
from linli.ground.people import queries as people
from linli.ground.people import rules as people_rules
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import PartyId, SessionId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.reach.sign_in import rules
from linli.reach.sign_in.actions.authenticators import fits, forget_authenticator
from linli.reach.sign_in.models import Challenge, Device, Loss, LossMove, Session
from linli.reach.sign_in.queries import has_authenticator, secret
from linli.spine import locks
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

MOST = 100
"""Sessions of a day that are counted; codes are limited far below."""


class TooManyCodes(Refusal):
    """More codes were asked for than the limits allow."""

    says = "Too many codes were asked for. Please wait a little and try again."
    status = 429


class CodeNotSent(Refusal):
    """Nobody took the code to the phone: the provider of messages is out of reach, or will not have this number."""

    says = _("The code could not be sent. Please try again in a minute.")
    status = 503


class WrongCode(Refusal):
    """The code is wrong, old, used up, or was never sent; all are answered alike."""

    says = "This code is not right or no longer valid. Ask for a new one."
    status = 422


class CheckFailed(Refusal):
    """The second check was answered wrongly."""

    says = "That does not match. {left} tries are left today."
    status = 422


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; `token` is shown to the browser once and stored only as a hash."""

    session: SessionId
    token: str
    person: PartyId
    needs_second_check: bool


@errand
def request_code(scope: Scope, *, phone: str, address: str, at: datetime, locale: str = "zh") -> None:
    """This will send a code to a phone, known or not, in the language of the page that was asked.

    Refuses over the limits, or a number that is none. The language of a known person is not looked up: what is sent to
    a phone must not tell whether it is known.
    """
    normal = _phone(phone)
    code = _challenge(GUEST, phone=normal, address=address, at=at)
    if not notify.send_now(phone=normal, template="sign_in_code", locale=locale, values={"code": code}, at=at):
        raise CodeNotSent(field="phone")


@action(needs=May.SIGN_IN, private=("phone", "address"), shown_once=True)
def _challenge(scope: Scope, *, phone: str, address: str, at: datetime) -> str:
    by_phone, by_address = rules.digest(phone, secret(), "phone"), rules.digest(address, secret(), "address")
    locks.hold("sign_in", phone, f"from {address}")
    horizon = at - max(window for window, _ in rules.PHONE_LIMITS)
    asked = Challenge.objects.filter(created_at__gt=horizon).order_by("-created_at")
    recent_phone = list(asked.filter(phone=by_phone).values_list("created_at", flat=True)[:100])
    recent_address = list(asked.filter(address=by_address).values_list("created_at", flat=True)[:100])
    if rules.over_limit(recent_phone, rules.PHONE_LIMITS, at) or rules.over_limit(
        recent_address, rules.ADDRESS_LIMITS, at
    ):
        raise TooManyCodes(field="phone")
    code = rules.new_code()
    Challenge.objects.create(
        phone=by_phone,
        address=by_address,
        code=rules.digest(code, secret(), "code"),
        created_at=at,
        expires_at=at + rules.CODE_LIFE,
        tries_left=rules.CODE_TRIES,
    )
    return code


def redeem_code(scope: Scope, *, phone: str, code: str, device: str, device_name: str, at: datetime) -> SignedIn:
    """This will turn a right code into a session, registering the person on their first visit.

    A wrong try is counted in a transaction of its own before the refusal, so that rolling back cannot give it back.
    """
    normal = _phone(phone)
    if not _try_code(GUEST, phone=normal, code=code.strip(), at=at):
        raise WrongCode(field="code")
    return _open_session(SYSTEM, phone=normal, device=device, device_name=device_name, at=at)


@action(needs=May.SIGN_IN, private=("phone", "code"))
def _try_code(scope: Scope, *, phone: str, code: str, at: datetime) -> bool:
    found = (
        Challenge.objects.select_for_update()
        .filter(phone=rules.digest(phone, secret(), "phone"), redeemed_at__isnull=True, expires_at__gt=at)
        .order_by("-created_at")
        .first()
    )
    if found is None or found.tries_left <= 0:
        return False
    right = hmac.compare_digest(bytes(found.code), rules.digest(code, secret(), "code"))
    Challenge.objects.filter(id=found.id).update(tries_left=found.tries_left - 1, redeemed_at=at if right else None)
    return right


@action(needs=May.RUN_CLOCKS, private=("phone", "device", "device_name"), shown_once=True)
def _open_session(scope: Scope, *, phone: str, device: str, device_name: str, at: datetime) -> SignedIn:
    person = people.person_by_phone(scope, phone=phone)
    if person is None:
        person = people_actions.register_person(scope, name=rules.first_name(phone), phone=phone, at=at)
    mark = rules.digest(device, secret(), "device")
    known = Device.objects.filter(person=person, device=mark).values_list("seen_at", flat=True).first()
    hats = people.hats(scope, person=person, at=at)
    worth_guarding = any(hat.place is not None or hat.role is not Role.RESIDENT for hat in hats) or bool(
        people.homes_left(scope, person=person)
    )
    doubtful = rules.needs_second_check(known_device=known is not None, last_seen_at=known, at=at)
    check = (worth_guarding and doubtful) or has_authenticator(scope, person=person)
    if not check:
        Device.objects.update_or_create(person=person, device=mark, defaults={"seen_at": at})
    hat = hats[0] if hats else None
    token = rules.new_token()
    session = Session.objects.create(
        id=ids.new(),
        person=person,
        token=rules.digest(token, secret(), "session"),
        device=mark,
        device_name=device_name[:80],
        role=hat.role.value if hat else Role.RESIDENT.value,
        level=hat.level.value if hat else "",
        place=hat.place if hat else None,
        check_due=check,
        check_tries_left=_tries_left(person, at),
        created_at=at,
        seen_at=at,
        expires_at=at + rules.SESSION_LIFE,
    )
    return SignedIn(SessionId(session.id), token, person, check)


def pass_second_check(scope: Scope, *, session: SessionId, answer: str, at: datetime) -> None:
    """This will compare the answer with the labels of the person's own hats (their home, shop or company).

    Of whoever has an authenticator, a code of it is wanted, or one of those for a lost phone, and nothing else.
    As with codes, a wrong answer is counted before it is refused.
    """
    right, left = _try_check(SYSTEM, session=session, answer=answer, at=at)
    if not right:
        raise CheckFailed(field="answer", left=left)


@action(needs=May.RUN_CLOCKS, private=("answer",))
def _try_check(scope: Scope, *, session: SessionId, answer: str, at: datetime) -> tuple[bool, int]:
    row = Session.objects.select_for_update().filter(id=session, ended_at__isnull=True, check_due=True).first()
    if row is None:
        raise NotFound("check")
    if row.check_tries_left <= 0:
        return False, 0
    right = _is_answer(PartyId(row.person), answer, at)
    left = row.check_tries_left - (not right)
    Session.objects.filter(id=row.id).update(check_due=not right, check_tries_left=left)
    if right:
        Device.objects.update_or_create(person=row.person, device=bytes(row.device), defaults={"seen_at": at})
    return right, left


def _is_answer(person: PartyId, answer: str, at: datetime) -> bool:
    if has_authenticator(SYSTEM, person=person):
        return fits(person, answer, at)
    return any(rules.same_answer(answer, label) for label in _check_answers(person, at))


def _tries_left(person: PartyId, at: datetime) -> int:
    lately = Session.objects.filter(person=person, created_at__gt=at - timedelta(days=1))
    spent = sum(rules.SECOND_CHECK_TRIES - left for left in lately.values_list("check_tries_left", flat=True)[:MOST])
    return min(rules.SECOND_CHECK_TRIES, max(0, rules.SECOND_CHECK_TRIES_A_DAY - spent))


def _check_answers(person: PartyId, at: datetime) -> list[str]:
    """What only the person would know: the number of a home of theirs; without a home, where they work; else the number
    of one that they left, whose bills and receipts are still theirs; else a name.

    The name is the one that somebody registered, never the one that a first sign-in made out of the number.
    """
    homes = [lived.home for lived in people.residents_homes(SYSTEM, person=person, at=at)]
    if homes:
        return [home.door for home in homes]
    hats = people.hats(SYSTEM, person=person, at=at)
    if labels := [name for hat in hats if hat.place is not None for name in hat.label.values()]:
        # A hat for one community is called after that, but who wears it works for the company, and says so.
        companies = {hat.scope.company for hat in hats if hat.scope.of_a_community and hat.scope.company}
        return [*labels, *people.names(SYSTEM, parties=companies).values()] if companies else labels
    if left := people.homes_left(SYSTEM, person=person):
        return [home.door for home in places.homes(left).values()]
    name = people.names(SYSTEM, parties=[person]).get(person, "")
    return [name] if name != rules.first_name(people.phone_of(SYSTEM, party=person) or "") else []


@action(needs=May.KEEP_OWN_PROFILE)
def switch_hat(scope: Scope, *, session: SessionId, role: str, level: str, place: str, at: datetime) -> None:
    """This will put on another of the person's own hats without signing out."""
    hats = people.hats(SYSTEM, person=_person(scope), at=at)
    hat = next((h for h in hats if (h.role.value, h.level.value, str(h.place or "")) == (role, level, place)), None)
    if hat is None:
        raise Invalid("hat", _("This is not one of your roles."))
    rows = Session.objects.filter(id=session, person=_person(scope), ended_at__isnull=True, check_due=False)
    if not rows.update(role=hat.role.value, level=hat.level.value, place=hat.place, seen_at=at):
        raise NotFound("session")


@action(needs=May.KEEP_OWN_PROFILE)
def end_session(scope: Scope, *, session: SessionId, at: datetime) -> None:
    """This will sign a device out: this one, or another of the person's own."""
    if not Session.objects.filter(id=session, person=_person(scope), ended_at__isnull=True).update(ended_at=at):
        raise NotFound("session")


@action(needs=May.RUN_CLOCKS)
def note_seen(scope: Scope, *, session: SessionId, at: datetime) -> None:
    """This will note that a session was used (at its renewals, so about every five minutes)."""
    Session.objects.filter(id=session, ended_at__isnull=True).update(seen_at=at)


@action(needs=May.RUN_CLOCKS)
def forget_old(scope: Scope, *, at: datetime) -> int:
    """This will delete challenges that count for no limit any more, and sessions long ended or expired."""
    challenges, _ = Challenge.objects.filter(created_at__lt=at - max(w for w, _ in rules.PHONE_LIMITS)).delete()
    old = at - rules.KEEP_ENDED
    sessions, _ = Session.objects.filter(Q(ended_at__lt=old) | Q(expires_at__lt=old)).delete()
    return challenges + sessions


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will sign an erased person out everywhere and forget their devices, their authenticator and its losses."""
    Session.objects.filter(person=person).delete()
    Device.objects.filter(person=person).delete()
    forget_authenticator(person)
    Loss.objects.inside().filter(person=person).delete()
    LossMove.objects.inside().filter(person=person).update(why="")


def _phone(text: str) -> str:
    number = people_rules.phone_number(text)
    if number is None:
        raise Invalid("phone", _("This is not a phone number."))
    return number


def _person(scope: Scope) -> PartyId:
    if scope.person is None:
        raise NotFound("session")
    return scope.person
