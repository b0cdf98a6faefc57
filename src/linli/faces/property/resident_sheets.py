"""Residents from a spreadsheet: first what is wrong in which cell, then all of it or nothing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import actions
from linli.ground.people.actions import RESIDENT_COLUMNS, ResidentsPreview
from linli.ground.places.queries import CommunityCard
from linli.kernel.refusals import Invalid
from linli.spine.may import May


@page("property", "GET", "residents/sheet/", name="residents-sheet", needs=May.KEEP_PEOPLE)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask for the sheet and say which columns it may have."""
    return _shown(request)


@page(
    "property",
    "POST",
    "residents/sheet/preview/",
    name="residents-sheet-preview",
    asks="property:residents-sheet",
    needs=May.KEEP_PEOPLE,
)
def preview(request: PropertyRequest) -> HttpResponse:
    """This will tell what an import would do, and change nothing."""
    sheet, community = request.form.file("file"), _asked(request)
    found = actions.preview_residents(
        request.scope, community=community.id, file_name=sheet.name, content=sheet.content, at=request.at
    )
    return _shown(request, found)


@page("property", "POST", "residents/sheet/", name="residents-sheet", needs=May.KEEP_PEOPLE)
def create(request: PropertyRequest) -> HttpResponse:
    """This will register everybody of the sheet."""
    sheet, community = request.form.file("file"), _asked(request)
    number = actions.import_residents(
        request.scope, community=community.id, file_name=sheet.name, content=sheet.content, at=request.at
    )
    said = ngettext("{n} resident is registered.", "{n} residents are registered.", number)
    return see_other("property:residents", said=said, community=community.id)


def _shown(request: PropertyRequest, found: ResidentsPreview | None = None) -> HttpResponse:
    cards = own_communities(request)
    return request.render("property/residents-sheet.jinja", communities=cards, columns=RESIDENT_COLUMNS, preview=found)


def _asked(request: PropertyRequest) -> CommunityCard:
    asked: UUID = request.form.id("community")
    found = next((card for card in own_communities(request) if card.id == asked), None)
    if found is None:
        raise Invalid("community", "Please choose one of the values offered.")
    return found
