"""Files behind signed links: the word in the address alone is the permission, and it ends by itself."""

from __future__ import annotations

from django.http.response import HttpResponseBase

from linli.faces.shell.downloads import shown_file
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest
from linli.ground.files import queries


@page("public", "GET", "files/<str:token>/", name="file")
def show(request: PublicRequest, token: str) -> HttpResponseBase:
    """This will open a file; a browser may keep it for as long as its link is good, and nobody else."""
    found = queries.open_link(token, at=request.at)
    answer = shown_file(found)
    if found.until is not None:
        answer["Cache-Control"] = f"private, max-age={max(0, int((found.until - request.at).total_seconds()))}"
    return answer
