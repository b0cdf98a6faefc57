"""How somebody reads: the language and the size of the text, kept in cookies that say nothing else."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from linli.faces.shell import voice
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest

YEAR_S = 365 * 86400


@page("public", "POST", "reading/")
def create(request: PublicRequest) -> HttpResponse:
    """This will remember the choice and go back to the page on which it was made."""
    response = HttpResponseRedirect(request.came_from or "/", status=303)
    language, text = request.form.raw("language"), request.form.raw("text")
    if language in voice.LOCALES:
        keep_language(response, language)
    if text in ("large", "usual"):
        response.set_cookie(voice.LARGE_TEXT_COOKIE, text, max_age=YEAR_S, samesite="Lax")
    return response


def keep_language(response: HttpResponseBase, locale: str) -> None:
    """This will remember the language of the pages."""
    response.set_cookie(voice.LANGUAGE_COOKIE, locale, max_age=YEAR_S, samesite="Lax")
