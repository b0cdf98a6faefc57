"""Signing in: a phone number, a code, then the hat to wear."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest


@page("public", "GET", "sign-in/")
def new(request: PublicRequest) -> HttpResponse:
    """This will ask for the phone number."""
    return request.render("shell/sign-in.jinja", next=request.query.raw("next"))
