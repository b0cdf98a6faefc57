"""What the clock, the first pages and the papers of a person ask of permits, moves and goods."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linli.estate.permits import rules
from linli.estate.permits.models import OfHome, Permit, Release, Relocation
from linli.kernel.ids import CommunityId, PermitId
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """Works, a move or goods as who asked takes them along; `words` are those typed."""

    label: str
    kind: str
    state: str
    asked_at: datetime
    words: tuple[str, ...]


@query
def permits_due(scope: Scope, *, at: datetime, limit: int) -> tuple[PermitId, ...]:
    """This will list the permits that the clock has to take up."""
    moved_by_the_clock = (rules.PermitState.GRANTED.value, rules.PermitState.WORKING.value)
    rows = Permit.objects.within(scope).filter(due_at__lte=at, next_at__lte=at, state__in=moved_by_the_clock)
    return tuple(PermitId(row) for row in rows.order_by("next_at").values_list("id", flat=True)[:limit])


@query
def relocations_due(scope: Scope, *, at: datetime, limit: int) -> tuple[PermitId, ...]:
    """This will list the moves that the clock has to take up: nobody has finished them by their deadline."""
    rows = Relocation.objects.within(scope).filter(due_at__lte=at, next_at__lte=at)
    return tuple(PermitId(row) for row in rows.order_by("next_at").values_list("id", flat=True)[:limit])


@query
def communities_late(scope: Scope, *, at: datetime, limit: int) -> tuple[CommunityId, ...]:
    """This will list the communities whose desk has not been told enough of what is late there."""
    waits = [state.value for state in rules.DESK_WAITS_IN]
    permits = Permit.objects.within(scope).filter(due_at__lte=at, late_told__lt=rules.MANAGERS, state__in=waits)
    moving = Relocation.objects.within(scope).filter(due_at__lte=at, late_told__lt=rules.MANAGERS)
    here = permits.values("community").union(moving.values("community"))
    return tuple(CommunityId(each["community"]) for each in here.order_by("community")[:limit])


@query
def releases_due(scope: Scope, *, at: datetime, limit: int) -> tuple[PermitId, ...]:
    """This will list the open slips whose time is over."""
    rows = Release.objects.within(scope).filter(due_at__lte=at, state=rules.ReleaseState.ISSUED.value)
    return tuple(PermitId(row) for row in rows.order_by("due_at").values_list("id", flat=True)[:limit])


@query
def to_do(scope: Scope) -> int:
    """This will count what waits for the asker's own hand: permits to be paid for."""
    return Permit.objects.within(scope).filter(asker=scope.person, state=rules.PermitState.GRANTED.value).count()


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the permits, moves and slips that are not over."""
    lives = ((Permit, rules.PERMIT_LIFE), (Relocation, rules.RELOCATION_LIFE), (Release, rules.RELEASE_LIFE))
    return sum(
        model.objects.within(scope)
        .filter(community__in=communities)
        .exclude(state__in=[state.value for state in life.ends])
        .count()
        for model, life in lives
    )


@query
def my_permit_records(scope: Scope, *, limit: int = 5_000) -> tuple[AskedRecord, ...]:
    """This will list the works, moves and goods that the asker asked for, the latest first, for them to take along."""
    typed: tuple[tuple[type[OfHome], tuple[str, ...]], ...] = (
        (Permit, ("text", "contractor", "contact", "extend_why")),
        (Relocation, ("direction", "name", "phone")),
        (Release, ("goods", "carrier")),
    )
    return tuple(
        AskedRecord(label, of.__name__.lower(), state, asked_at, tuple(word for word in words if word))
        for of, columns in typed
        for label, state, asked_at, *words in of.objects.within(scope)
        .filter(asker=scope.person)
        .order_by("-id")
        .values_list("label", "state", "asked_at", *columns)[: min(limit, MOST)]
    )
