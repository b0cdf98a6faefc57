"""Who calls the JSON face: `Authorization: Bearer` with an access token (five minutes) or a session token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from linli.kernel.ids import SessionId
from linli.kernel.refusals import Refusal
from linli.reach.sign_in import queries as sign_in
from linli.spine.scope import GUEST, SYSTEM, ProvidedScope, Scope


class SignInNeeded(Refusal):
    """Nobody is signed in, and this needs somebody."""

    says = "Please sign in: send a token as `Authorization: Bearer`."
    status = 401


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, in which session; `check_due` while the second check is not passed."""

    scope: Scope
    session: SessionId | None = None
    check_due: bool = False


NOBODY = Caller(GUEST)


def caller_of(http: HttpRequest, *, at: datetime, surely: bool, inside: bool = False) -> Caller:
    """This will read the caller from the token: an access token without the database, unless it must be sure.

    `inside`: being sure is left to the transaction of the scope it gives, which asks before anything else.
    """
    given = http.META.get("HTTP_AUTHORIZATION")
    if given is None:
        return NOBODY
    kind, _, token = given.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise SignInNeeded(field="Authorization")
    access = sign_in.scope_of_access_token(token, at=at)
    if access is None:
        access = sign_in.session_access(SYSTEM, token=token, at=at)
    elif surely and inside:
        proviso = sign_in.stands(session=access.session, at=at, otherwise=SignInNeeded)
        return Caller(ProvidedScope.of(access.scope, proviso), access.session, access.check_due)
    elif surely and not sign_in.is_open(session=access.session, at=at):
        access = None
    if access is None:
        raise SignInNeeded(field="Authorization")
    return Caller(access.scope, access.session, access.check_due)
