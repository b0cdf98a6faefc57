"""The front door: a guest is welcomed; somebody who has signed in goes on to the face of the hat they wear."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from linli.faces.shell.pages import FACES, page
from linli.faces.shell.requests import PublicRequest
from linli.spine.scope import Role, Scope


@page("public", "GET", "", name="home")
def show(request: PublicRequest) -> HttpResponse:
    """This will show the front page to guests and send everybody else home."""
    if not request.is_guest:
        return HttpResponseRedirect(home_of(request.scope))
    return request.render("shell/front-page.jinja")


def home_of(scope: Scope) -> str:
    """This will give the address of the first page of somebody's face."""
    role: Role = scope.role
    for face in FACES.values():
        if face.role is role:
            try:
                return reverse(f"{face.word}:home")
            except NoReverseMatch:
                break
    return reverse("public:sign-in")
