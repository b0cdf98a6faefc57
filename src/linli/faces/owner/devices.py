"""The devices on which a resident is signed in, and signing one out."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import SessionId
from linli.reach.sign_in import actions


@page("owner", "POST", "me/devices/<uuid:session>/sign-out/", name="device-sign-out", asks="owner:me")
def create(request: OwnerRequest, session: SessionId) -> HttpResponse:
    """This will sign another device of the resident's own out."""
    actions.end_session(request.scope, session=session, at=request.at)
    return see_other(
        "owner:me",
        said=_(
            "That device is signed out. It changes nothing any more, and after five minutes it shows nothing either."
        ),
    )
