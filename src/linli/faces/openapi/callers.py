"""Who calls the JSON face: `Authorization: Bearer` with an access token (five minutes) or a session token."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from linli.kernel.refusals import Refusal
from linli.reach.sign_in import queries as sign_in
from linli.spine.scope import GUEST, SYSTEM, Scope


class SignInNeeded(Refusal):
    """Nobody is signed in, and this needs somebody."""

    says = "Please sign in: send a token as `Authorization: Bearer`."
    status = 401


def scope_of(http: HttpRequest, *, at: datetime, surely: bool) -> Scope:
    """This will read the scope from the token: an access token without the database, unless it must be sure."""
    kind, _, token = http.headers.get("Authorization", "").partition(" ")
    if not token:
        return GUEST
    if kind.lower() != "bearer":
        raise SignInNeeded(field="Authorization")
    access = sign_in.scope_of_access_token(token, at=at)
    if access is None:
        access = sign_in.session_access(SYSTEM, token=token, at=at)
    elif surely and not sign_in.is_open(SYSTEM, session=access.session, at=at):
        access = None
    if access is None:
        raise SignInNeeded(field="Authorization")
    return access.scope


def address_of(http: HttpRequest) -> str:
    """This will give the network address of the caller, as the proxy in front reports it to the server."""
    return str(http.META.get("REMOTE_ADDR", ""))
