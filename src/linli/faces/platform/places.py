"""Places from a spreadsheet, as the command line takes them: the wrong cells first, then all of it or nothing."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.people import queries as people
from linli.ground.places import actions, queries
from linli.ground.places.actions import ImportPreview
from linli.ground.places.rules import COLUMNS
from linli.spine.may import May

NEEDS = May.KEEP_PLACES


@page("platform", "GET", "places/", needs=NEEDS)
def places(request: PlatformRequest) -> HttpResponse:
    """This will list the communities with their homes and companies, and ask for a sheet."""
    return _shown(request)


@page("platform", "POST", "places/preview/", name="places-preview", asks="platform:places", needs=NEEDS)
def preview(request: PlatformRequest) -> HttpResponse:
    """This will tell what an import would do, and change nothing."""
    sheet = request.form.file("file")
    return _shown(request, actions.preview_import(request.scope, file_name=sheet.name, content=sheet.content))


@page("platform", "POST", "places/", needs=NEEDS)
def create(request: PlatformRequest) -> HttpResponse:
    """This will take the sheet in."""
    sheet = request.form.file("file")
    done = actions.import_places(request.scope, file_name=sheet.name, content=sheet.content, at=request.at)
    new, homes = done.communities_added, done.homes_added
    said = _("{communities} communities and {homes} homes added.", communities=new, homes=homes)
    return see_other("platform:places", said=said)


def _shown(request: PlatformRequest, found: ImportPreview | None = None) -> HttpResponse:
    cards = queries.communities(city=request.scope.city)
    ids = [card.id for card in cards]
    companies = people.company_of(ids, at=request.at) if ids else {}
    return request.render(
        "platform/places.jinja",
        communities=cards,
        homes=queries.homes_counted(ids) if ids else {},
        companies=companies,
        names=people.names(request.scope, parties=set(companies.values())) if companies else {},
        columns=COLUMNS,
        preview=found,
    )
