"""The page that a guest opens without signing in: the code, where, and until when. A guard who scans it is led on."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.visits import queries as visits
from linli.faces.owner import neighbourhoods
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PublicRequest
from linli.spine.may import May


@page("public", "GET", "v/<str:word>/", name="visit-link", public=True)
def show(request: PublicRequest, word: str) -> HttpResponse:
    """This will show a pass to whoever has its link."""
    shared = visits.shared_pass(word, at=request.at)
    if request.scope.may(May.CHECK_VISITORS) and shared.community in request.scope.communities:
        return see_other("property:gate-scan", word)
    card = neighbourhoods.look_at(shared.community)
    answer = request.render("owner/visit-link.jinja", shared=shared, card=card, link=request.http.build_absolute_uri())
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
