"""Which rows of delivery a scope reaches; the database's own wall says the same in the migration."""

from __future__ import annotations

from django.db.models import Q

from linli.spine.scope import Role, Scope


def of_employer(scope: Scope, before: str = "") -> Q:
    """This will say whose couriers a scope sees: its own person, its company's, its shop's."""
    reach = Q(**{f"{before}person": scope.person})
    if scope.role is Role.PROPERTY and scope.company is not None:
        reach |= Q(**{f"{before}employer": scope.company})
    if scope.shop is not None:
        reach |= Q(**{f"{before}employer": scope.shop})
    return reach


def of_task(scope: Scope, before: str = "") -> Q:
    """This will say which tasks a scope sees: carried by or offered to it, in its communities' care, of its shop."""
    reach = Q(**{f"{before}courier": scope.person}) | Q(**{f"{before}offered_to": scope.person})
    if scope.role is Role.PROPERTY:
        reach |= Q(**{f"{before}community__in": scope.communities})
    if scope.shop is not None:
        reach |= Q(**{f"{before}shop": scope.shop})
    return reach
