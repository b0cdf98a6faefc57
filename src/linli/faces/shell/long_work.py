"""Long work asked for on a page: the worker does it, and the page waits a moment, but no longer.

Each kind of long work says here, beside the page that asks for it, what it is called, what it is about and where its
outcome is looked at (`outcome_of`). What is under way or ended lately stands on one page of every desk.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from linli.faces.shell import voice, waiting_work
from linli.faces.shell.answers import see_other, see_other_at
from linli.faces.shell.requests import PageRequest
from linli.ground.chores import actions, queries
from linli.ground.chores.queries import ChoreCard
from linli.ground.chores.rules import ChoreState
from linli.ground.files import actions as files
from linli.kernel.ids import ChoreId, CommunityId, FileId
from linli.kernel.refusals import NotFound

PATIENCE_S = 1.0
"""So long a page waits for the outcome; what takes longer is looked at on a page of its own."""
LOOK_S = 0.05
_LOOKS_LATER = 1.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece of work is about, what came of it, and the page on which that is seen; in the reader's words.

    `is_good` False: it was done, and what it found has to be corrected.
    """

    about: str
    href: str
    said: str = ""
    is_good: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of long work is shown; `says` is its name, a message of the catalogs."""

    says: str
    icon: str
    outcome: Callable[[ChoreCard], Outcome]


_looks: dict[str, Look] = {}


def outcome_of(
    kind: str, *, says: str, icon: str
) -> Callable[[Callable[[ChoreCard], Outcome]], Callable[[ChoreCard], Outcome]]:
    """This will make a function what is said of a kind of long work: while under way (no answer yet) and when done."""

    def wrap(outcome: Callable[[ChoreCard], Outcome]) -> Callable[[ChoreCard], Outcome]:
        _looks[kind] = Look(says, icon, outcome)
        return outcome

    return wrap


def look_of(card: ChoreCard) -> Look:
    """This will give how a piece of work is shown."""
    return _looks[card.kind]


def outcome(card: ChoreCard) -> Outcome:
    """This will say what a piece of work is about and what came of it; nothing where it was forgotten."""
    return Outcome("", "") if card.said is None else _looks[card.kind].outcome(card)


def answer(
    request: PageRequest,
    *,
    kind: str,
    content: Any,
    about: str,
    community: CommunityId | None = None,
    lane: UUID | None = None,
    label: str = "",
    file: FileId | None = None,
    then: Callable[[ChoreCard], HttpResponse] | None = None,
) -> HttpResponse:
    """This will ask for long work and answer with what came of it, or with the page on which it can be followed.

    A refusal of the business is raised here as if the page itself had done the work.
    """
    asked = actions.ask(
        request.scope,
        kind=kind,
        content=content,
        about=about,
        community=community,
        lane=lane,
        label=label,
        file=file,
        locale=voice.current().locale,
        at=request.at,
    )
    card = _seen_to_its_end(request, asked.chore)
    if card.refusal is not None:
        raise card.refusal
    if card.state is not ChoreState.DONE:
        waiting_work.note(request, card.id)
        return see_other(f"{face_of(request)}:piece-of-work", card.id)
    if then is not None:
        return then(card)
    told = outcome(card)
    return see_other_at(told.href, said=told.said)


def kept_sheet(request: PageRequest, name: str = "file") -> tuple[FileId, str]:
    """This will keep the sheet that came with a form for the work that is asked for next, with its name."""
    given = request.form.file(name)
    scope = request.scope.keyed(None)  # the key of the request is that of the work
    file = files.keep_file(scope, name=given.name, content=given.content, purpose="sheet", at=request.at)
    return file, given.name


def looked_at(request: PageRequest, asked: UUID | None, kind: str) -> ChoreCard | None:
    """This will find again what a piece of work of a kind told; None where the reader asks for none."""
    if asked is None:
        return None
    card = queries.chore(request.scope, chore=ChoreId(asked))
    if card.kind != kind or card.said is None:
        raise NotFound("sheet")
    return card


def given_sheet(request: PageRequest, kind: str, said: Any) -> tuple[FileId, str]:
    """This will give the sheet of a form: the one that was looked at about the same before, or one that came along."""
    before = looked_at(request, request.form.maybe_id("preview"), kind)
    if before is None:
        return kept_sheet(request)
    if before.given is None or before.said != said:
        raise NotFound("sheet")
    return before.given, before.label


def _seen_to_its_end(request: PageRequest, chore: ChoreId) -> ChoreCard:
    """What it came to, or how far it is after a moment of patience."""
    until, pause = time.monotonic() + PATIENCE_S, LOOK_S
    card = queries.chore(request.scope, chore=chore)
    while card.is_under_way and time.monotonic() < until:
        rest(pause)
        pause *= _LOOKS_LATER
        card = queries.chore(request.scope, chore=chore)
    return card


def rest(seconds: float) -> None:
    """This will give the worker time."""
    time.sleep(seconds)


def face_of(request: PageRequest) -> str:
    """This will name the face that a request came to, as its pages are called."""
    return type(request).__name__.removesuffix("Request").lower()
