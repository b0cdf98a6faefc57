"""Who a request comes from: the session cookie and the five-minute access cookie, and nothing else.

The access cookie answers without the database. Staff faces and every change also ask whether its session still stands,
so that ending a session takes effect at once where it matters. A hat that was taken away is lost at the next renewal.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linli.kernel.ids import SessionId
from linli.reach.sign_in import actions, queries, rules
from linli.spine.scope import GUEST, SYSTEM, Scope

SESSION = "linli_session"
ACCESS = "linli_access"
DEVICE = "linli_device"
USED = "linli_used"
"""Which places somebody opens most, counted by their browser (`shortcuts.js`) for the first page's shortcuts."""
DEVICE_DAYS = 730


@dataclass(frozen=True, slots=True)
class Standing:
    """The scope of a request, its session, and what has to happen to its cookies afterwards."""

    scope: Scope
    session: SessionId | None = None
    check_due: bool = False
    authenticator_due: bool = False
    access: str | None = None
    is_over: bool = False

    def keep(self, response: HttpResponseBase) -> None:
        """This will write the renewed access cookie, or take both cookies away; a handler that did so goes first."""
        if self.is_over:
            forget(response)
        elif self.access is not None and ACCESS not in response.cookies:
            _set(response, ACCESS, self.access, seconds=int(rules.ACCESS_LIFE.total_seconds()))


def standing_of(http: HttpRequest, *, at: datetime, surely: bool) -> Standing:
    """This will tell who asks; `surely` asks the session itself, whatever the access cookie says."""
    token = http.COOKIES.get(SESSION)
    if not token:
        return Standing(GUEST)
    access = queries.scope_of_access_token(http.COOKIES.get(ACCESS, ""), at=at)
    if access is not None:
        if surely and not queries.is_open(session=access.session, at=at):
            return Standing(GUEST, is_over=True)
        return Standing(access.scope, access.session, access.check_due, access.authenticator_due)
    renewed = queries.session_access(SYSTEM, token=token, at=at)
    if renewed is None:
        return Standing(GUEST, is_over=True)
    actions.note_seen(SYSTEM, session=renewed.session, at=at)
    due = renewed.check_due, renewed.authenticator_due
    return Standing(renewed.scope, renewed.session, *due, access=queries.access_token(renewed))


def remember(response: HttpResponseBase, token: str) -> None:
    """This will write the session cookie after a sign-in; the access cookie follows with the next page."""
    _set(response, SESSION, token, seconds=int(rules.SESSION_LIFE.total_seconds()))
    renew(response)


def renew(response: HttpResponseBase) -> None:
    """This will let the next page look the session up again, because its scope has changed."""
    response.delete_cookie(ACCESS)


def forget(response: HttpResponseBase) -> None:
    """This will take the cookies of the session away; the device stays known."""
    response.delete_cookie(SESSION)
    response.delete_cookie(ACCESS)


def forget_all(response: HttpResponseBase) -> None:
    """This will take the cookies of the session away, and have the browser drop what it kept for its person."""
    forget(response)
    response.delete_cookie(USED, path="/o/")
    response["Clear-Site-Data"] = '"storage"'


def device_of(http: HttpRequest) -> str:
    """This will give the mark by which this browser is known again, or draw one."""
    return http.COOKIES.get(DEVICE, "")[:64] or secrets.token_urlsafe(24)


def keep_device(response: HttpResponseBase, device: str) -> None:
    """This will write the mark of this browser."""
    _set(response, DEVICE, device, seconds=DEVICE_DAYS * 86400)


def _set(response: HttpResponseBase, name: str, value: str, *, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
