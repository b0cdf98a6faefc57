"""The demo's letter box: messages that a real house would send to phones. It exists nowhere but in a demo."""

from __future__ import annotations

from django.conf import settings
from django.http.response import HttpResponseBase

from linli.faces.shell.answers import NoPage
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest
from linli.reach.notify import queries as notify
from linli.spine.scope import SYSTEM


@page("public", "GET", "demo/inbox/", name="demo-inbox")
def show(request: PublicRequest) -> HttpResponseBase:
    """This will show the newest messages, whoever they are for."""
    if not settings.DEMO:
        raise NoPage
    return request.render("shell/demo-inbox.jinja", messages=notify.inbox(SYSTEM, limit=20))
