"""Residents from a spreadsheet: first what is wrong in which cell, then all of it or nothing; the worker reads it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.intake.rules import IMPORT_RESIDENTS, PREVIEW_RESIDENTS, SheetRun
from linli.faces.property.communities import own_communities
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.chores.queries import ChoreCard
from linli.ground.people.actions import RESIDENT_COLUMNS
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Invalid
from linli.spine.may import May


@page("property", "GET", "residents/sheet/", name="residents-sheet", needs=May.KEEP_PEOPLE)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask for the sheet and say which columns it may have, and what the one that was looked at would do."""
    before = long_work.looked_at(request, request.query.maybe_id("preview"), PREVIEW_RESIDENTS)
    return request.render(
        "property/residents-sheet.jinja",
        communities=own_communities(request),
        columns=RESIDENT_COLUMNS,
        looked_at=before,
        preview=before.answer if before else None,
    )


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
    community = _asked(request)
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=PREVIEW_RESIDENTS,
        content=SheetRun(community),
        about=f"{community}:{file}",
        community=community,
        label=name,
        file=file,
    )


@page("property", "POST", "residents/sheet/", name="residents-sheet", needs=May.KEEP_PEOPLE)
def create(request: PropertyRequest) -> HttpResponse:
    """This will register everybody of the sheet."""
    community = _asked(request)
    file, name = long_work.given_sheet(request, PREVIEW_RESIDENTS, SheetRun(community))
    return long_work.answer(
        request,
        kind=IMPORT_RESIDENTS,
        content=SheetRun(community),
        about=f"{community}:{file}",
        community=community,
        lane=community,
        label=name,
        file=file,
    )


@long_work.outcome_of(PREVIEW_RESIDENTS, says="Look at a sheet of residents", icon="search")
def looked_at(card: ChoreCard) -> Outcome:
    """This will say how many residents would be registered, or how much is wrong."""
    found = card.answer
    if not found:
        return Outcome(card.label, url("property:residents-sheet"))
    wrong = len(found.errors) + found.more_errors
    said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
    if not wrong:
        said = ngettext("{n} resident would be registered.", "{n} residents would be registered.", found.rows)
    return Outcome(card.label, url("property:residents-sheet", preview=card.id), said, is_good=not wrong)


@long_work.outcome_of(IMPORT_RESIDENTS, says="Residents from a spreadsheet", icon="upload")
def registered(card: ChoreCard) -> Outcome:
    """This will say how many residents were registered."""
    said = ""
    if card.answer is not None:
        said = ngettext("{n} resident is registered.", "{n} residents are registered.", card.answer)
    return Outcome(card.label, url("property:residents", community=card.said.community), said)


def _asked(request: PropertyRequest) -> CommunityId:
    asked: UUID = request.form.id("community")
    if all(card.id != asked for card in own_communities(request)):
        raise Invalid("community", "Please choose one of the values offered.")
    return CommunityId(asked)
