"""Moves: the rows that a thing's life leaves behind, one for each verb taken: who, when and why.

A module keeps its own table of them, a subclass of `MoveRow` with a key `of` to the thing; what the row of a thing says
now (`state`) and what its moves tell are written together by `take`, and the moves are never changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from linli.kernel.ids import PartyId
from linli.kernel.life import Life
from linli.spine.base import ScopedModel
from linli.spine.scope import Scope

S = TypeVar("S", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)
MOST = 200
"""So many moves of one thing are shown; nothing lives longer by being moved to and fro."""


class MoveRow(ScopedModel):
    """One step in a life; `person` is None for the clock. The subclass adds `of`, its table, an index on (of, id)."""

    insert_only: ClassVar[bool] = True
    states: ClassVar[type[StrEnum] | None] = None
    """Whose words `after` speaks, where a reader's language has words of their own for them."""
    verbs: ClassVar[type[StrEnum] | None] = None
    """Whose words `verb` speaks, likewise."""
    carries: ClassVar[tuple[str, ...]] = ()
    """What each step keeps of its thing besides, by column: `assignee` where it passes through hands."""

    community = models.UUIDField()
    verb = models.TextField()
    before = models.TextField(default="")
    after = models.TextField()
    role = models.TextField()
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    moved_at = models.DateTimeField()

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities)


@dataclass(frozen=True, slots=True)
class Moved:
    """A step as a page shows it."""

    verb: str
    after: str
    role: str
    person: PartyId | None
    why: str
    at: datetime
    assignee: PartyId | None = None
    """Into whose hands it came with this step, where it passes through hands and these are other than before."""


def born(moves: type[Any], row: Any, verb: str, *, scope: Scope, at: datetime, why: str = "") -> None:
    """This will note how a thing began."""
    _note(moves, row, verb, "", scope, at, why)


def born_many(moves: type[Any], rows: Sequence[Any], verb: str, *, scope: Scope, at: datetime) -> None:
    """This will note how many things began, in one statement."""
    moves.objects.bulk_create([_step(moves, row, verb, "", scope, at, "") for row in rows])


def note(moves: type[Any], row: Any, word: str, *, scope: Scope, at: datetime, why: str = "") -> None:
    """This will note what was done to a thing without a step in its life."""
    _note(moves, row, word, row.state, scope, at, why)


def note_many(moves: type[Any], rows: Sequence[Any], word: str, *, scope: Scope, at: datetime) -> None:
    """This will note what was done to many things without a step in their lives, in one statement."""
    moves.objects.bulk_create([_step(moves, row, word, row.state, scope, at, "") for row in rows])


def take(
    moves: type[Any],
    row: Any,
    verb: V,
    *,
    life: Life[S, V],
    states: type[S],
    scope: Scope,
    at: datetime,
    why: str = "",
    **changes: object,
) -> None:
    """This will take a verb on a row that the caller has locked: its state, what changes with it, and the move.

    Refuses with `WrongState` where the life does not allow it.
    """
    before = states(row.state)
    row.state = life.after(before, verb).value
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])
    _note(moves, row, verb.value, before.value, scope, at, why)


def take_many(
    moves: type[MoveRow],
    rows: Sequence[Any],
    verb: V,
    *,
    life: Life[S, V],
    states: type[S],
    scope: Scope,
    at: datetime,
    why: str = "",
    changed: Sequence[str] = (),
) -> int:
    """This will take one verb on many locked rows in two statements, and tell on how many.

    `changed` are columns that the caller has set on the rows besides.
    """
    steps = []
    for row in rows:
        before = states(row.state)
        row.state = life.after(before, verb).value
        steps.append(_step(moves, row, verb.value, before.value, scope, at, why))
    if rows:
        type(rows[0]).objects.inside().bulk_update(rows, ["state", *changed])
        moves.objects.bulk_create(steps)
    return len(rows)


def history(moves: type[Any], of: UUID, *, scope: Scope) -> tuple[Moved, ...]:
    """This will list the steps of one thing from its birth on."""
    rows = moves.objects.within(scope).filter(of=of).order_by("id")[:MOST]
    found, last = [], None
    for r in rows:
        has_it = getattr(r, "assignee", None)
        given = PartyId(has_it) if has_it and has_it != last else None
        person = PartyId(r.person) if r.person else None
        verb, after = _spoken(moves.verbs, r.verb), _spoken(moves.states, r.after)
        found.append(Moved(verb, after, r.role, person, r.why, r.moved_at, given))
        last = has_it
    return tuple(found)


def _spoken(words: type[StrEnum] | None, said: str) -> str:
    """A state or a verb as a value of its life; one that the life does not know any more as it stands."""
    try:
        return words(said) if words is not None else said
    except ValueError:
        return said


def _note(moves: type[Any], row: Any, verb: str, before: str, scope: Scope, at: datetime, why: str) -> None:
    _step(moves, row, verb, before, scope, at, why).save(force_insert=True)


def _step(moves: Any, row: Any, verb: str, before: str, scope: Scope, at: datetime, why: str) -> MoveRow:
    step: MoveRow = moves(
        of_id=row.pk,
        community=row.community,
        verb=verb,
        before=before,
        after=row.state,
        role=scope.role.value,
        person=scope.person,
        why=why,
        moved_at=at,
        **{name: getattr(row, name) for name in moves.carries},
    )
    return step
