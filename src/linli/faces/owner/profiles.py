"""Me: name, homes, devices, language and the size of the text; and what a person may ask for of their data."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.reading_choices import keep_language
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.ground.people.rules import masked_phone
from linli.reach.sign_in import queries as sign_in


@page("owner", "GET", "me/")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show what a resident keeps of themselves."""
    phone = people.phone_of(request.scope, party=request.person)
    return request.render(
        "owner/me.jinja",
        name=people.names(request.scope, parties=[request.person]).get(request.person, ""),
        phone=masked_phone(phone) if phone else "",
        homes=people.residents_homes(request.scope, person=request.person, at=request.at),
        devices=sign_in.sessions(request.scope, at=request.at),
        languages=voice.NAMES,
    )


@page("owner", "POST", "me/name/", asks="owner:me")
def rename(request: OwnerRequest) -> HttpResponse:
    """This will change the resident's name."""
    actions.rename_party(request.scope, party=request.person, name=request.form.text("name"), at=request.at)
    return see_other("owner:me", said=_("Your name is kept."))


@page("owner", "POST", "me/language/", asks="owner:me")
def speak(request: OwnerRequest) -> HttpResponse:
    """This will change the language of pages and messages."""
    locale = request.form.text("locale", most=20)
    actions.set_locale(request.scope, party=request.person, locale=locale, at=request.at)
    response = see_other("owner:me")
    keep_language(response, locale)
    return response
