"""The front door: a guest is welcomed; somebody who has signed in goes on to the face of the hat they wear."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase

from linli.faces.shell.addresses import maybe_url
from linli.faces.shell.hats import home_of
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest


@page("public", "GET", "", name="home")
def show(request: PublicRequest) -> HttpResponseBase:
    """This will show the front page to guests and send everybody else home."""
    if not request.is_guest:
        return HttpResponseRedirect(home_of(request.scope))
    return request.render("shell/front-page.jinja", look_around=maybe_url("owner:communities"))
