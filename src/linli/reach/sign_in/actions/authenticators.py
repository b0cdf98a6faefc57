"""The second factor: an authenticator that is set up, proved, used at each sign-in, and taken off again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.ground.people import queries as people
from linli.kernel.ids import PartyId, SessionId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.reach.sign_in import rules
from linli.reach.sign_in.models import Authenticator, Loss, LossMove, RecoveryCode, Session
from linli.reach.sign_in.queries import SEAL, secret
from linli.reach.sign_in.rules import LOSS_LIFE, LossState, LossVerb
from linli.spine import moves, seals
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope


class WrongAuthenticatorCode(Refusal):
    """The code is not the one that the authenticator shows now, or it was used already."""

    says = _("That is not the code your authenticator shows now. Wait for the next one and type it.")
    status = 422


class AlreadyProtected(Refusal):
    """There is one authenticator to a person; it is taken off, with a code of it, before another is set up."""

    says = _("An authenticator is set up already. Take it off first.")
    status = 409


@dataclass(frozen=True, slots=True)
class Seed:
    """What an authenticator has to be told, as an address for its camera and as letters for those who type."""

    uri: str
    letters: str


@action(needs=May.KEEP_OWN_PROFILE, shown_once=True)
def begin_authenticator(scope: Scope, *, at: datetime) -> Seed:
    """This will draw a seed for the person's authenticator; nothing is asked of them before they have confirmed it.

    Asked again before that, it shows the same seed, so that reloading the page breaks nothing.
    """
    person = _person(scope)
    row = Authenticator.objects.select_for_update().filter(person=person).first()
    if row is not None and row.confirmed_at is not None:
        raise AlreadyProtected
    if row is None:
        seed = rules.new_seed()
        kept = seals.sealed(seed, secret(), purpose=SEAL)
        Authenticator.objects.create(person=person, seed=kept, begun_at=at)
    else:
        seed = _seed(row)
    account = people.names(SYSTEM, parties=[person]).get(person, "")
    return Seed(rules.authenticator_uri(seed, account), " ".join(seed[n : n + 4] for n in range(0, len(seed), 4)))


@action(needs=May.KEEP_OWN_PROFILE, private=("code",), shown_once=True)
def confirm_authenticator(scope: Scope, *, session: SessionId, code: str, at: datetime) -> tuple[str, ...]:
    """This will take the authenticator into use once it has shown a right code, and give the codes for a lost phone.

    Every other device of the person is signed out: who was let in with less is asked again.
    """
    person = _person(scope)
    row = Authenticator.objects.select_for_update().filter(person=person, confirmed_at__isnull=True).first()
    if row is None:
        raise NotFound("authenticator")
    step = rules.step_of(code, _seed(row), at, after=row.last_step)
    if step is None:
        raise WrongAuthenticatorCode(field="code")
    Authenticator.objects.filter(pk=row.pk).update(confirmed_at=at, last_step=step)
    Session.objects.filter(person=person, ended_at__isnull=True).exclude(id=session).update(ended_at=at)
    return _new_recovery_codes(person)


def remove_authenticator(scope: Scope, *, code: str, at: datetime) -> None:
    """This will take an authenticator off, for a right code of it or a recovery code."""
    if not _remove(scope, code=code, at=at):
        raise WrongAuthenticatorCode(field="code")


@action(needs=May.KEEP_OWN_PROFILE, private=("code",))
def _remove(scope: Scope, *, code: str, at: datetime) -> bool:
    person = _person(scope)
    if not fits(person, code, at):
        return False
    forget_authenticator(person)
    return True


def fits(person: PartyId, code: str, at: datetime) -> bool:
    """This will tell whether a code is right, and use it up: no code of either kind is taken twice.

    Who types a right one has not lost it: what was reported of it is stopped.
    """
    is_right = _is_right(person, code, at)
    if is_right:
        _found_again(person, at)
    return is_right


def _is_right(person: PartyId, code: str, at: datetime) -> bool:
    row = Authenticator.objects.select_for_update().filter(person=person, confirmed_at__isnull=False).first()
    if row is None:
        return False
    step = rules.step_of(code, _seed(row), at, after=row.last_step)
    if step is not None:
        Authenticator.objects.filter(pk=row.pk).update(last_step=step)
        return True
    mark = _digest(rules.bare_recovery_code(code))
    return bool(RecoveryCode.objects.filter(person=person, code=mark, used_at__isnull=True).update(used_at=at))


def _found_again(person: PartyId, at: datetime) -> None:
    waiting = Loss.objects.inside().select_for_update().filter(person=person, state=LossState.WAITING.value)
    if (row := waiting.first()) is not None:
        by = Scope(role=Role.RESIDENT, person=person)
        moves.take(LossMove, row, LossVerb.FIND, life=LOSS_LIFE, states=LossState, scope=by, at=at)


def forget_authenticator(person: PartyId) -> None:
    """This will delete what is known of a person's authenticator."""
    Authenticator.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()


def _new_recovery_codes(person: PartyId) -> tuple[str, ...]:
    codes = rules.new_recovery_codes()
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, code=_digest(rules.bare_recovery_code(code))) for code in codes
    )
    return codes


def _seed(row: Authenticator) -> str:
    return seals.unsealed(bytes(row.seed), secret(), purpose=SEAL)


def _digest(bare: str) -> bytes:
    return rules.digest(bare, secret(), "recovery")


def _person(scope: Scope) -> PartyId:
    if scope.person is None:
        raise NotFound("session")
    return scope.person
