"""Who sees what of work orders: the staff of a community all of them, whoever asked their own."""

from __future__ import annotations

from django.db.models import Q

from linli.spine.scope import Role, Scope


def of_community(scope: Scope) -> Q:
    """What belongs to the communities of the staff that ask; residents see none of it."""
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


def of_who_asked(scope: Scope, path: str = "") -> Q:
    """The same, and to a resident what they asked for themselves; `path` leads to the order."""
    theirs = Q(**{f"{path}raised_by": scope.person}) if scope.person else Q(pk__in=[])
    return of_community(scope) | theirs
