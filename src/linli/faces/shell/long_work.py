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

from django.http import HttpResponse, HttpResponseRedirect

from linli.faces.shell import voice
from linli.faces.shell.pages import see_other
from linli.faces.shell.requests import PageRequest
from linli.ground.chores import actions, queries
from linli.ground.chores.queries import ChoreCard
from linli.ground.chores.rules import ChoreState
from linli.ground.files import actions as files
from linli.kernel.ids import ChoreId, CommunityId, FileId

PATIENCE_S = 1.0
"""So long a page waits for the outcome; what takes longer is looked at on a page of its own."""
LOOK_S = 0.05
_LOOKS_LATER = 1.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece of work is about, what came of it, and the page on which that is seen; in the reader's words."""

    about: str
    href: str
    said: str = ""


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
        return see_other(f"{face_of(request)}:piece-of-work", card.id)
    if then is not None:
        return then(card)
    told = outcome(card)
    return see_other_at(told.href, said=told.said)


def see_other_at(href: str, *, said: str = "") -> HttpResponse:
    """This will send the reader on to an address of ours that was made before, with a sentence to be said there."""
    response = HttpResponseRedirect(href, status=303)
    response.said = said or None  # type: ignore[attr-defined]
    return response


def kept_sheet(request: PageRequest, name: str = "file") -> tuple[FileId, str]:
    """This will keep the sheet that came with a form for the work that is asked for next, with its name."""
    given = request.form.file(name)
    scope = request.scope.keyed(None)  # the key of the request is that of the work
    file = files.keep_file(scope, name=given.name, content=given.content, purpose="sheet", at=request.at)
    return file, given.name


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
