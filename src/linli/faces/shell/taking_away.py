"""Long lists as files: the worker asks the page of the list for all of it, as whoever wanted it, and keeps the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve

from linli.faces.shell import long_work, sheets, voice
from linli.faces.shell.answers import see_other
from linli.faces.shell.forms import Fields
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import house
from linli.faces.shell.requests import PageRequest
from linli.ground.chores.queries import ChoreCard
from linli.ground.chores.rules import Finished, Work, undertakes
from linli.ground.files import actions as files
from linli.kernel.refusals import NotFound
from linli.kernel.words import _
from linli.spine.may import May
from linli.spine.scope import Scope

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


@undertakes(TAKE_AWAY, needs=May.ASK_FOR_LONG_WORK, is_private=True)
def take_away(scope: Scope, wanted: Wanted, work: Work) -> Finished[TakenAway]:
    """This will ask the page for all of its list, and keep the file for whoever asked."""
    voice.speak(work.locale, at=work.at)
    try:
        with sheets.making_whole(work.tell):
            made = _asked(scope, wanted, work)
    finally:
        voice.hush()
    name = unquote(made["Content-Disposition"].partition("''")[2])
    file = files.keep_file(scope, name=name, content=made.content, purpose="taken_away", at=work.at)
    return Finished(TakenAway(name, len(made.content)), file)


def _asked(scope: Scope, wanted: Wanted, work: Work) -> HttpResponse:
    try:
        found = resolve(wanted.path)
    except Resolver404:
        raise NotFound from None
    page = house.called(found.view_name)
    if page is None or page.role is not scope.role or (page.needs is not None and not scope.may(page.needs)):
        raise NotFound
    http = HttpRequest()
    http.method, http.path = "GET", wanted.path
    http.GET, http.COOKIES = QueryDict(wanted.query), dict(wanted.remembers)
    request = page.face.request(http=http, scope=scope, at=work.at, query=Fields(http.GET))
    answer = page.handler(request, **found.kwargs)
    if not isinstance(answer, HttpResponse) or "Content-Disposition" not in answer:
        raise NotFound("file")
    return answer


@long_work.outcome_of(TAKE_AWAY, says=_("A list as a spreadsheet"), icon="download")
def taken_away(card: ChoreCard) -> Outcome:
    """This will say how large the file is."""
    if not card.answer:
        return Outcome(card.label, "")
    size = max(1, card.answer.size // 1024)
    return Outcome(card.answer.name, "", ngettext("The file is ready: {n} KB.", "The file is ready: {n} KB.", size))
