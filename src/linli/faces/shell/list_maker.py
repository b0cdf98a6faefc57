"""The worker's part of taking a long list away: it asks the page of the list, with the rights of whoever asked."""

from __future__ import annotations

from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve

from linli.faces.shell import sheets, voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.pages import house
from linli.faces.shell.taking_away import TAKE_AWAY, TakenAway, Wanted
from linli.ground.chores.rules import Finished, Work, undertakes
from linli.ground.files import actions as files
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.spine.scope import Scope


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
