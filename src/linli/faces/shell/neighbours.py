"""Among whom a page may be shared: all who wear the same hat in the same communities, without their names.

Such a page is made for a nameless neighbour: nothing of a person is at hand, so nothing personal can be in it. The word
for the group is read from the signed access cookie alone, so that answers before the sessions can use it too.
"""

from __future__ import annotations

from datetime import datetime

from django.http import parse_cookie

from linli.faces.shell.sign_in_cookies import ACCESS, SESSION
from linli.reach.sign_in import queries
from linli.spine.scope import Role, Scope

SAID_COOKIE = "linli_said"
"""What the page before left to be said: whoever carries it gets a page of their own."""
GUESTS = "guest"


def nameless(scope: Scope) -> Scope:
    """This will take the person out of a scope; where a resident lives stays."""
    return Scope(role=scope.role, communities=scope.communities if scope.role is Role.RESIDENT else ())


def word_for(scope: Scope) -> str:
    """This will name the group of all who get the same page."""
    return " ".join([scope.role.value, *map(str, nameless(scope).communities)])


def word_of(cookies: str, *, at: datetime) -> str | None:
    """This will name the group that the cookies of a request stand for; None when its sign-in has to be looked at."""
    if SAID_COOKIE in cookies:
        return None
    if SESSION not in cookies:
        return GUESTS
    given = parse_cookie(cookies)
    if not given.get(SESSION):
        return GUESTS
    access = queries.scope_of_access_token(given.get(ACCESS, ""), at=at)
    return None if access is None else word_for(access.scope)
