"""Long lists as files: the worker asks the page of the list for all of it, as whoever wanted it, and keeps the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from django.http import HttpResponse

from linli.faces.shell import long_work
from linli.faces.shell.answers import see_other
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import ngettext
from linli.faces.shell.requests import PageRequest
from linli.ground.chores.queries import ChoreCard
from linli.kernel.words import _

TAKE_AWAY = "shell.take_away"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The address of a list, and what the browser that asked remembers of what it looked at."""

    path: str
    query: str
    remembers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenAway:
    """The file that a list became."""

    name: str
    size: int


def ask(request: PageRequest) -> HttpResponse:
    """This will have a list made into a file that was too long to be waited for."""
    wanted = Wanted(request.path, request.http.META.get("QUERY_STRING", ""), dict(request.keeps))
    asked = blake2b(f"{request.locale} {wanted.path}?{wanted.query}".encode(), digest_size=12).hexdigest()
    return long_work.answer(
        request,
        kind=TAKE_AWAY,
        content=wanted,
        about=f"{request.person}:{asked}",
        label=wanted.path.strip("/"),
        then=lambda card: see_other(f"{long_work.face_of(request)}:work-file", card.id),
    )


@long_work.outcome_of(TAKE_AWAY, says=_("A list as a spreadsheet"), icon="download")
def taken_away(card: ChoreCard) -> Outcome:
    """This will say how large the file is."""
    if not card.answer:
        return Outcome(card.label, "")
    size = max(1, card.answer.size // 1024)
    return Outcome(card.answer.name, "", ngettext("The file is ready: {n} KB.", "The file is ready: {n} KB.", size))
