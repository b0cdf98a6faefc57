"""Places from a spreadsheet, as the command line takes them: the wrong cells first, then all of it or nothing.

The worker looks at the sheet and takes it in; the ground floor of places lies below the chores, so they are asked here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext, in_language, ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.chores.rules import Work, undertakes
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.ground.places import actions, queries
from linli.ground.places.actions import ImportPreview, ImportResult
from linli.ground.places.rules import COLUMNS
from linli.kernel.ids import CityId
from linli.kernel.words import _
from linli.spine.may import May
from linli.spine.scope import Scope

NEEDS = May.KEEP_PLACES
PREVIEW_PLACES, IMPORT_PLACES = "places.preview_import", "places.import_places"


@dataclass(frozen=True, slots=True)
class PlacesRun:
    """A sheet of places that an operator gave; it came as the file of the chore."""

    city: CityId | None


@page("platform", "GET", "places/", needs=NEEDS)
def places(request: PlatformRequest) -> HttpResponse:
    """This will list the communities with their homes and companies, ask for a sheet, and say what one would do."""
    before = long_work.looked_at(request, request.query.maybe_id("preview"), PREVIEW_PLACES)
    cards = _communities(request)
    ids = [card.id for card in cards]
    companies = people.company_of(ids, at=request.at) if ids else {}
    return request.render(
        "platform/places.jinja",
        communities=cards,
        words=request.query.maybe_text("words", most=60),
        homes=queries.homes_counted(ids) if ids else {},
        companies=companies,
        names=people.names(request.scope, parties=set(companies.values())) if companies else {},
        columns=COLUMNS,
        looked_at=before,
        preview=before.answer if before else None,
    )


@page("platform", "GET", "places/file/", name="places-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the communities with their homes and companies as a sheet."""
    cards = _communities(request)
    ids = [card.id for card in cards]
    companies = people.company_of(ids, at=request.at) if ids else {}
    names = people.names(request.scope, parties=set(companies.values())) if companies else {}
    homes = queries.homes_counted(ids) if ids else {}
    said = [_("Community"), _("City"), _("District"), _("Homes"), _("Property company")]
    rows = (
        (
            *(in_language(card.name), in_language(card.city_name), in_language(card.district), homes.get(card.id, 0)),
            names.get(companies[card.id], "") if card.id in companies else "",
        )
        for card in cards
    )
    return sheet(request.query, "communities", [gettext(each) for each in said], rows)


def _communities(request: PlatformRequest) -> list[queries.CommunityCard]:
    """The operator's communities, or those whose name, district or city has the words of the address."""
    words = (request.query.maybe_text("words", most=60) or "").casefold()
    return [card for card in queries.communities(city=request.scope.city) if words in _said(card).casefold()]


def _said(card: queries.CommunityCard) -> str:
    return " ".join([*card.name.values(), *card.district.values(), *card.city_name.values()])


@page("platform", "POST", "places/preview/", name="places-preview", asks="platform:places", needs=NEEDS)
def preview(request: PlatformRequest) -> HttpResponse:
    """This will have it told what an import would do; nothing is changed."""
    file, name = long_work.kept_sheet(request)
    run = PlacesRun(request.scope.city)
    return long_work.answer(request, kind=PREVIEW_PLACES, content=run, about=str(file), label=name, file=file)


@page("platform", "POST", "places/", needs=NEEDS)
def create(request: PlatformRequest) -> HttpResponse:
    """This will have the sheet taken in: the one that was looked at, or one that comes along."""
    run = PlacesRun(request.scope.city)
    file, name = long_work.given_sheet(request, PREVIEW_PLACES, run)
    return long_work.answer(request, kind=IMPORT_PLACES, content=run, about=str(file), label=name, file=file)


@undertakes(PREVIEW_PLACES, needs=NEEDS)
def preview_places(scope: Scope, _run: PlacesRun, work: Work) -> ImportPreview:
    """This will tell what a sheet of places holds."""
    content = files.given_to(scope, file=work.file).content
    return actions.preview_import(scope, file_name=work.label, content=content)


@undertakes(IMPORT_PLACES, needs=NEEDS)
def import_places(scope: Scope, _run: PlacesRun, work: Work) -> ImportResult:
    """This will take a sheet of places in."""
    content = files.given_to(scope, file=work.file).content
    return actions.import_places(scope, file_name=work.label, content=content, tell=work.tell, at=work.at)


@long_work.outcome_of(PREVIEW_PLACES, says=_("Look at a sheet of places"), icon="search")
def looked_at(card: ChoreCard) -> Outcome:
    """This will say what the sheet holds, or how much is wrong."""
    found = card.answer
    if not found:
        return Outcome(card.label, url("platform:places"))
    wrong = len(found.errors) + found.more_errors
    said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
    if not wrong:
        said = ngettext("{n} home stands in it.", "{n} homes stand in it.", found.homes)
    return Outcome(card.label, url("platform:places", preview=card.id), said, is_good=not wrong)


@long_work.outcome_of(IMPORT_PLACES, says=_("Places from a spreadsheet"), icon="upload")
def taken_in(card: ChoreCard) -> Outcome:
    """This will say how much was added."""
    said = ""
    if card.answer:
        new, homes = card.answer.communities_added, card.answer.homes_added
        said = gettext("{communities} communities and {homes} homes added.", communities=new, homes=homes)
    return Outcome(card.label, url("platform:places"), said)
