"""Who is this? The questions that every request asks first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from linli.ground.people import queries as people
from linli.ground.people.rules import masked_name
from linli.ground.policies.queries import policy
from linli.kernel.ids import PartyId, SessionId
from linli.kernel.refusals import NotFound, Refusal
from linli.reach.sign_in import rules
from linli.reach.sign_in.models import Authenticator, Loss, LossMove, RecoveryCode, Session
from linli.spine import decoding, sql
from linli.spine.action import open_query, query
from linli.spine.scope import SYSTEM, Proviso, Role, Scope

MOST_TOKENS = 2000
SEAL = "authenticators"


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token says: the session it belongs to and the scope it stands for."""

    session: SessionId
    scope: Scope
    check_due: bool
    expires_at: datetime
    authenticator_due: bool = False
    """The hat that the session wears wants an authenticator, and the person has none: it reaches nothing till then."""


@dataclass(frozen=True, slots=True)
class AuthenticatorCard:
    """A person's authenticator, as they see it."""

    since: datetime
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A signed-in device, as its owner sees it in the list."""

    id: SessionId
    device_name: str
    role: str
    created_at: datetime
    seen_at: datetime


def secret() -> bytes:
    """This will give the secret that codes, phones and tokens are hashed with."""
    return settings.SECRET_KEY.encode()


def scope_of_access_token(token: str, *, at: datetime) -> Access | None:
    """This will read an access token without touching the database; None for a forged or an old one."""
    try:
        access = _opened(token, secret())
    except ValueError:
        return None
    return access if at < access.expires_at else None


@lru_cache(maxsize=MOST_TOKENS)
def _opened(token: str, key: bytes) -> Access:
    """A token comes with every call for five minutes; a forged one is looked at each time, and remembered never."""
    payload = rules.unseal(token, key)
    if payload is None:
        raise ValueError
    return decoding.decode(payload, Access)


def access_token(access: Access) -> str:
    """This will sign an access token."""
    return rules.seal(msgspec.json.encode(access), secret())


@query
def session_access(scope: Scope, *, token: str, at: datetime) -> Access | None:
    """This will look a session up by its token and renew the access it gives; None when it ended or expired.

    Asked with the house's scope. A hat that was taken away falls back to the resident without reach.
    """
    digest = rules.digest(token, secret(), "session")
    row = Session.objects.filter(token=digest, ended_at__isnull=True, expires_at__gt=at).first()
    if row is None:
        return None
    person, until = PartyId(row.person), at + rules.ACCESS_LIFE
    bare = Scope(role=Role.RESIDENT, person=person)
    if row.check_due:
        return Access(SessionId(row.id), bare, check_due=True, expires_at=until)
    hats = people.hats(SYSTEM, person=person, at=at)
    worn = next((h.scope for h in hats if (h.role, h.level, h.place) == (row.role, row.level, row.place)), bare)
    due = insists_on_authenticator(worn, at=at) and not has_authenticator(scope, person=person)
    return Access(SessionId(row.id), bare if due else worn, check_due=False, expires_at=until, authenticator_due=due)


def insists_on_authenticator(worn: Scope, *, at: datetime) -> bool:
    """This will tell whether a hat wants an authenticator, where it is worn; in the demo town none does."""
    if settings.DEMO:
        return False
    where = worn.communities[0] if worn.communities else None
    return policy(SYSTEM, rules.SignInPolicy, at=at, community=where).insists(worn.role)


@query
def has_authenticator(scope: Scope, *, person: PartyId) -> bool:
    """This will tell whether a person has an authenticator in use; asked as the house, or of oneself."""
    if not scope.is_inside and scope.person != person:
        return False
    return Authenticator.objects.filter(person=person, confirmed_at__isnull=False).exists()


@query
def my_authenticator(scope: Scope) -> AuthenticatorCard | None:
    """This will show the person's own authenticator, if one is in use."""
    if scope.person is None:
        return None
    row = Authenticator.objects.filter(person=scope.person, confirmed_at__isnull=False).first()
    if row is None or row.confirmed_at is None:
        return None
    left = RecoveryCode.objects.filter(person=scope.person, used_at__isnull=True).count()
    return AuthenticatorCard(row.confirmed_at, left)


@dataclass(frozen=True, slots=True)
class LossCard:
    """A lost authenticator that waits to be taken off: whose, who said so and why, and from when on it is."""

    loss: UUID
    person: PartyId
    asked_by: PartyId
    why: str
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class StaffAuthenticator:
    """Whether somebody has an authenticator, to who answers for them; `taken_off_at` where it was reported lost."""

    name: str
    phone: str
    is_in_use: bool
    taken_off_at: datetime | None


@query
def my_loss(scope: Scope) -> LossCard | None:
    """This will show the person what was reported of their own authenticator, while it waits."""
    found = _losses(scope, Loss.objects.within(scope).filter(person=scope.person)) if scope.person else ()
    return next(iter(found), None)


@query
def losses(scope: Scope, *, limit: int = 100) -> tuple[LossCard, ...]:
    """This will list the lost authenticators that wait, the oldest first, to operators of the whole platform."""
    if not scope.is_everywhere:
        raise NotFound("losses")
    return _losses(scope, Loss.objects.within(scope), limit)


def _losses(scope: Scope, rows: QuerySet[Loss], limit: int = 1) -> tuple[LossCard, ...]:
    why = LossMove.objects.within(scope).filter(of=OuterRef("pk"), verb="report").values("why")[:1]
    found = rows.filter(state=rules.LossState.WAITING.value).annotate(why=Subquery(why)).order_by("due_at", "id")
    return tuple(
        LossCard(r.pk, PartyId(r.person), PartyId(r.asked_by), r.why or "", r.asked_at, r.due_at)
        for r in found[: min(limit, 100)]
    )


@query
def authenticator_of(scope: Scope, *, person: PartyId, at: datetime) -> StaffAuthenticator:
    """This will tell whoever answers for somebody whether they sign in with an authenticator."""
    found = _authenticator_of(SYSTEM, person=person)
    if found is None or not rules.answers_for(scope, people.hats(SYSTEM, person=person, at=at)):
        raise NotFound("person")
    return found if scope.is_inside else replace(found, name=masked_name(found.name))


@query
def _authenticator_of(scope: Scope, *, person: PartyId) -> StaffAuthenticator | None:
    name = people.names(scope, parties=[person]).get(person)
    if name is None:
        return None
    waiting = Loss.objects.within(scope).filter(person=person, state=rules.LossState.WAITING.value)
    return StaffAuthenticator(
        name,
        people.masked_contacts(scope, parties=[person]).get(person, ""),
        has_authenticator(scope, person=person),
        waiting.values_list("due_at", flat=True).first(),
    )


@query
def have_signed_in(scope: Scope, *, persons: Iterable[PartyId]) -> frozenset[PartyId]:
    """This will tell which of these persons have signed in on some device, as far as that is still known."""
    rows = sql.fetch("SELECT DISTINCT person FROM sign_in_session WHERE person = ANY(%s::uuid[])", sql.as_ids(persons))
    return frozenset(PartyId(row[0]) for row in rows)


@query
def sessions(scope: Scope, *, at: datetime, limit: int = 20) -> tuple[SessionCard, ...]:
    """This will list the person's own open sessions, the latest first."""
    if scope.person is None:
        return ()
    rows = Session.objects.filter(person=scope.person, ended_at__isnull=True, expires_at__gt=at).order_by("-seen_at")
    return tuple(
        SessionCard(SessionId(r.id), r.device_name, r.role, r.created_at, r.seen_at) for r in rows[: min(limit, 100)]
    )


@open_query
def is_open(*, session: SessionId, at: datetime) -> bool:
    """This will tell whether a session still stands; staff and money ask it every time, in one trip."""
    row = sql.fetch_one("SELECT sign_in_is_open(%s, %s)", session, at)
    return bool(row and row[0])


_STANDS = (
    "CASE WHEN NOT EXISTS (SELECT FROM sign_in_session WHERE id = %s AND ended_at IS NULL AND expires_at > %s)"
    " THEN sign_in_is_over() END"
)


def stands(*, session: SessionId, at: datetime, otherwise: type[Refusal]) -> Proviso:
    """This will put the same question so that the transaction of a scope asks it, in its first trip."""
    return Proviso(_STANDS, (session, at), "LG001", otherwise)
