"""Asking for long work, and asking to stop it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from linli.ground.chores import rules
from linli.ground.chores.models import Chore, ChoreMove
from linli.ground.chores.rules import CHORE_LIFE, ChorePolicy, ChoreState, ChoreVerb
from linli.ground.policies import queries as policies
from linli.kernel.ids import ChoreId, CommunityId, FileId
from linli.kernel.refusals import Denied, NotFound
from linli.spine import hints, locks, moves, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

BELL = "linli_chore"
"""What a worker listens to that has nothing to carry."""
MOST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The chore that will do it: a new one, or the one that somebody asked for before."""

    chore: ChoreId
    is_new: bool


@action(needs=May.ASK_FOR_LONG_WORK, private=("content", "label"))
def ask(
    scope: Scope,
    *,
    kind: str,
    about: str,
    content: Any,
    community: CommunityId | None = None,
    lane: UUID | None = None,
    label: str = "",
    file: FileId | None = None,
    locale: str = "zh-hans",
    at: datetime,
) -> Asked:
    """This will have the worker do something long; who asks for the same while it is under way gets the same chore.

    `label` is what people know it by (the name of a sheet); `file` is given up together with the chore.
    """
    found = rules.kind_of(kind)
    if not scope.may(found.needs):
        raise Denied
    if not isinstance(content, found.content):
        raise TypeError(f"{kind} is told a {found.content.__name__}, not a {type(content).__name__}")
    whose = scope.company or scope.person
    locks.hold(f"chores:{whose}", f"chores:{kind}:{about}")
    mine = Q(company=scope.company) if scope.company else Q(company=None, person=scope.person)
    under_way = Chore.objects.inside().filter(mine, state__in=rules.UNDER_WAY)
    there = under_way.filter(kind=kind, about=about).first()
    if there is not None:
        return Asked(ChoreId(there.pk), is_new=False)
    most = policies.policy(scope, ChorePolicy, at=at).most_under_way
    if under_way.count() >= most:
        raise rules.TooManyUnderWay(most=most)
    row = Chore(
        kind=kind,
        about=about,
        lane=lane,
        person=scope.person,
        company=scope.company,
        community=community,
        asker=_written(scope),
        said=msgspec.to_builtins(content),
        label=label[:MOST_LABEL],
        locale=locale,
        given=file,
        state=CHORE_LIFE.birth.value,
        asked_at=at,
        due_at=at,
    )
    row.save(force_insert=True)
    moves.born(ChoreMove, row, ChoreVerb.ASK.value, scope=scope, at=at)
    hint(row)
    sql.fetch("SELECT pg_notify(%s, '')", BELL)
    return Asked(ChoreId(row.pk), is_new=True)


@action(needs=May.ASK_FOR_LONG_WORK)
def stop_chore(scope: Scope, *, chore: ChoreId, at: datetime) -> ChoreState:
    """This will stop a chore: at once where it waits, else as soon as its work looks up; what it did is undone."""
    row = Chore.objects.within(scope).select_for_update().filter(pk=chore).first()
    kind = None if row is None else rules.kind_of(row.kind)
    if row is None or kind is None or not kind.is_shown(scope, person=row.person, community=row.community):
        raise NotFound("work")
    CHORE_LIFE.after(ChoreState(row.state), ChoreVerb.STOP)
    if row.state == ChoreState.WAITING.value:
        end(row, ChoreVerb.STOP, scope=scope, at=at)
    elif row.stop_asked_at is None:
        row.stop_asked_at = at
        row.save(update_fields=["stop_asked_at"])
    hint(row)
    return ChoreState(row.state)


def end(row: Chore, verb: ChoreVerb, *, scope: Scope, at: datetime, why: str = "", **changes: object) -> None:
    """This will take a locked chore to an end of its life, and say until when it is kept."""
    days = policies.policy(scope, ChorePolicy, at=at).keep_days
    forget_at = at + rules.days(days)
    moves.take(
        ChoreMove,
        row,
        verb,
        life=CHORE_LIFE,
        states=ChoreState,
        scope=scope,
        at=at,
        why=why,
        ended_at=at,
        forget_at=forget_at,
        **changes,
    )
    hint(row)


def hint(row: Chore) -> None:
    """This will have pages ask again that show the chore, or all of whoever asked for it."""
    whose = row.company or row.person
    hints.give([row.pk, *([("chores", whose)] if whose else [])])


def _written(scope: Scope) -> dict[str, Any]:
    """A scope as it is kept: without the key of the request that asked."""
    said: dict[str, Any] = msgspec.to_builtins(
        {each.name: getattr(scope, each.name) for each in fields(Scope) if each.name != "once"}
    )
    return said
