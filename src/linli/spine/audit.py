"""The audit: who did what, when, as whom; and every reading of a masked personal datum."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action, query
from linli.spine.may import May
from linli.spine.scope import Scope

MOST = 20_000
MOST_REASON_CHARACTERS = 200
MOST_SAID = 12
"""So many of an entry's values are shown; the rest of a long list is more of the same."""
MASK = "•••"
_PLAIN = re.compile(r"[\w:.+-]{1,64}", re.ASCII)
_PHONE_LIKE = re.compile(r"\d{7,}")
_UUID_LIKE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT_LIKE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.+Z-]+)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One action or one reading; `said` are its values by name, masked where they may be about a person."""

    id: int
    at: datetime
    person: PartyId | None
    role: str
    action: str
    said: tuple[tuple[str, str], ...]
    is_masked: bool = False


def record_reading(scope: Scope, *, what: str, subject: UUID | int, why: str, at: datetime) -> None:
    """This will note that a person read somebody's personal data in the clear; call it in the same transaction."""
    record_readings(scope, what=what, subjects=[subject], why=why, at=at)


def record_readings(scope: Scope, *, what: str, subjects: Iterable[UUID | int], why: str, at: datetime) -> None:
    """This will note the same of several persons' data, a row of each, in one statement."""
    sql.run(
        "INSERT INTO spine_audit (happened_at, person, role, action, said)"
        " SELECT %s, %s, %s, %s, said FROM unnest(%s::jsonb[]) WITH ORDINALITY AS s (said, nth) ORDER BY nth",
        at,
        scope.person,
        scope.role.value,
        f"read.{what}",
        [sql.as_json({"subject": subject, "why": why}) for subject in subjects],
    )


def record_work(scope: Scope, *, what: str, about: str, at: datetime) -> None:
    """This will note long work under its own name, done for whoever asked for it; in the transaction that does it."""
    sql.run(
        "INSERT INTO spine_audit (happened_at, person, role, action, said) VALUES (%s, %s, %s, %s, %s)",
        at,
        scope.person,
        scope.role.value,
        what,
        sql.as_json({"about": about}),
    )


_ENTRIES = """
    SELECT id, happened_at, person, role, action, said::text FROM spine_audit
    WHERE (%s::uuid IS NULL OR person = %s) AND (%s::text IS NULL OR action = %s OR starts_with(action, %s || '.'))
      AND (%s::timestamptz IS NULL OR happened_at >= %s) AND (%s::timestamptz IS NULL OR happened_at < %s)
      AND (%s::bigint IS NULL OR id < %s)
    ORDER BY id DESC LIMIT %s
"""
_OF_PEOPLE = _ENTRIES.replace("ORDER BY", "AND person IS NOT NULL ORDER BY")
_OF_COMPANY = _ENTRIES.replace(
    "ORDER BY",
    "AND company = %s AND role = 'property' AND (said ->> 'community' IS NULL OR said ->> 'community' = ANY (%s))"
    " ORDER BY",
)
_ENTRY = "SELECT id, happened_at, person, role, action, said::text FROM spine_audit WHERE id = %s"


@query
def entries(
    scope: Scope,  # noqa: ARG001 - the wall reads it
    *,
    person: PartyId | None = None,
    action: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: int | None = None,
    by_people: bool = False,
    oldest_first: bool = False,
    limit: int = 50,
) -> tuple[Entry, ...]:
    """This will list what was done, newest first; behind the wall everybody sees their own, operators all.

    `action` is a verb (`orders.accept_order`) or a module (`orders`). What may be about a person is masked.
    `by_people` leaves out what the house did by itself.
    """
    times = since, since, until, until
    asked = _OF_PEOPLE if by_people else _ENTRIES
    if oldest_first:
        asked = _from_the_oldest(asked)
    rows = sql.fetch(asked, *(person, person, action, action, action, *times, after, after, min(limit, MOST)))
    return tuple(masked(_entry(row)) for row in rows)


@query
def entries_of_company(
    scope: Scope,
    *,
    person: PartyId | None = None,
    action: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: int | None = None,
    oldest_first: bool = False,
    limit: int = 50,
) -> tuple[Entry, ...]:
    """This will list what the people of the asker's company did for it, newest first, to its managers.

    What was done in a community that the asker does not look after is left out; what may be about a person is masked.
    """
    if scope.company is None:
        raise NotFound("company")
    rows = sql.fetch(
        _from_the_oldest(_OF_COMPANY) if oldest_first else _OF_COMPANY,
        *(person, person, action, action, action, since, since, until, until, after, after),
        scope.company,
        [str(each) for each in scope.communities],
        min(limit, MOST),
    )
    return tuple(masked(_entry(row)) for row in rows)


def _from_the_oldest(asked: str) -> str:
    return asked.replace("id < %s", "id > %s").replace("id DESC", "id")


@action(needs=May.READ_PERSONAL_DATA)
def read_entry(scope: Scope, *, entry: int, why: str, at: datetime) -> Entry:
    """This will show one entry in the clear and note who read it and why."""
    if not 0 < len(why.strip()) <= MOST_REASON_CHARACTERS:
        raise Invalid("why", _("Please say in at most {most} characters why."), most=MOST_REASON_CHARACTERS)
    row = sql.fetch_one(_ENTRY, entry)
    if row is None:
        raise NotFound("entry")
    record_reading(scope, what="audit", subject=entry, why=why.strip(), at=at)
    return _entry(row)


def masked(entry: Entry) -> Entry:
    """This will hide every value that is no id, amount, instant or word of ours: people write the others."""
    said = tuple((name, value if _is_ours(value) else MASK) for name, value in entry.said)
    return replace(entry, said=said, is_masked=said != entry.said)


def _is_ours(value: str) -> bool:
    if value == "" or _UUID_LIKE.fullmatch(value) or _INSTANT_LIKE.fullmatch(value):
        return True
    return bool(_PLAIN.fullmatch(value)) and not _PHONE_LIKE.search(value)


def _entry(row: tuple[Any, ...]) -> Entry:
    id_, at, person, role, verb, said = row
    return Entry(id_, at, person, role, verb, tuple(_flat("", sql.from_json(said)))[:MOST_SAID])


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key, each in value.items() for pair in _flat(f"{name}.{key}" if name else key, each)]
    if isinstance(value, list):
        return [pair for nth, each in enumerate(value[:MOST_SAID]) for pair in _flat(f"{name}.{nth}", each)]
    return [(name, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value))]
