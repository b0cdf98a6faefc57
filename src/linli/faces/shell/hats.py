"""The hats that a person may wear, and the devices on which they are signed in."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase

from linli.faces.shell import sign_in_cookies
from linli.faces.shell.addresses import maybe_url, url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import FACES, page, see_other
from linli.faces.shell.requests import PublicRequest
from linli.ground.people import queries as people
from linli.ground.people.rules import Hat
from linli.kernel.ids import SessionId
from linli.kernel.refusals import Invalid, NotFound
from linli.reach.sign_in import actions, queries
from linli.spine.scope import Role, Scope

ICONS = {
    Role.RESIDENT: "house",
    Role.MERCHANT: "store",
    Role.PROPERTY: "building-2",
    Role.COURIER: "bike",
    Role.PLATFORM: "landmark",
}


@page("public", "GET", "hats/")
def show(request: PublicRequest) -> HttpResponseBase:
    """This will show a person's hats and devices."""
    if request.session is None:
        return see_other("public:sign-in")
    if request.check_due:
        return see_other("public:sign-in-check")
    return request.render(
        "shell/hats.jinja",
        hats=hats_of(request.scope, at=request.at),
        devices=queries.sessions(request.scope, at=request.at),
        icons=ICONS,
    )


@page("public", "POST", "hats/")
def wear(request: PublicRequest) -> HttpResponseBase:
    """This will put on another hat and go to its first page."""
    if request.session is None:
        raise NotFound
    chosen = request.form.text("hat")
    hat = next((h for h in hats_of(request.scope, at=request.at) if key_of(h) == chosen), None)
    if hat is None:
        raise Invalid("hat", "This is not one of your roles.")
    role, level, place = chosen.split("|")
    actions.switch_hat(request.scope, session=request.session, role=role, level=level, place=place, at=request.at)
    response = HttpResponseRedirect(home_of(hat.scope), status=303)
    sign_in_cookies.renew(response)
    return response


@page("public", "POST", "devices/<uuid:session>/sign-out/", name="device-sign-out")
def end_device(request: PublicRequest, session: SessionId) -> HttpResponseBase:
    """This will sign another device of the person's own out."""
    actions.end_session(request.scope, session=session, at=request.at)
    said = _("That device is signed out. It changes nothing any more, and after five minutes it shows nothing either.")
    return see_other("public:hats", said=said)


def hats_of(person: Scope, *, at: datetime) -> tuple[Hat, ...]:
    """This will list the hats of whoever this scope is."""
    return people.hats(person, person=person.person, at=at) if person.person is not None else ()


def key_of(hat: Hat) -> str:
    """This will name a hat in a form."""
    return f"{hat.role.value}|{hat.level.value}|{hat.place or ''}"


def home_of(scope: Scope) -> str:
    """This will give the address of the first page of somebody's face."""
    for face in FACES.values():
        if face.role is scope.role:
            return maybe_url(f"{face.word}:home") or url("public:hats")
    return url("public:hats")
