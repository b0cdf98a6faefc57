"""Who a request comes from: the session cookie and the five-minute access cookie, and nothing else.

The access cookie answers without the database. Staff faces and every change ask the session row itself, so that ending
a session takes effect at once where it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linli.spine.scope import GUEST, Scope

SESSION = "linli_session"
ACCESS = "linli_access"
SESSION_DAYS = 90
ACCESS_S = 300


@dataclass(frozen=True, slots=True)
class Standing:
    """The scope of a request and what has to happen to its cookies afterwards."""

    scope: Scope
    access: str | None = None
    forget: bool = False

    def keep(self, response: HttpResponseBase) -> None:
        """This will write the renewed access cookie, or take both cookies away."""
        if self.access is not None:
            _set(response, ACCESS, self.access, seconds=ACCESS_S)
        if self.forget:
            forget(response)


@dataclass(frozen=True)
class Doors:
    """The doors of reach/sign_in that cookies need."""

    scope_of_access_token: Callable[[str, datetime], Scope | None]
    session_scope: Callable[[str, datetime], Scope | None]
    access_token: Callable[[str, Scope, datetime], str]


doors: Doors | None = None
"""None until a sign-in exists: everybody is a guest."""


def standing_of(http: HttpRequest, *, at: datetime, surely: bool) -> Standing:
    """This will tell who asks; `surely` asks the session itself, whatever the access cookie says."""
    token = http.COOKIES.get(SESSION)
    if not token or doors is None:
        return Standing(GUEST)
    access = http.COOKIES.get(ACCESS)
    if access and not surely:
        scope = doors.scope_of_access_token(access, at)
        if scope is not None:
            return Standing(scope)
    scope = doors.session_scope(token, at)
    if scope is None:
        return Standing(GUEST, forget=True)
    return Standing(scope, access=doors.access_token(token, scope, at))


def remember(response: HttpResponseBase, token: str) -> None:
    """This will write the session cookie after a sign-in; the access cookie follows with the next page."""
    _set(response, SESSION, token, seconds=SESSION_DAYS * 86400)
    response.delete_cookie(ACCESS)


def forget(response: HttpResponseBase) -> None:
    """This will take the cookies away."""
    response.delete_cookie(SESSION)
    response.delete_cookie(ACCESS)


def _set(response: HttpResponseBase, name: str, value: str, *, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
