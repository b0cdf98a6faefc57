"""One sheet brings a community along: what it would change, then all of it, and undone as a batch."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.intake import queries
from linli.estate.intake.actions import Preview
from linli.estate.intake.rules import COLUMNS, EXPLAINED, PREVIEW, TAKE_OVER, UNDO, SheetRun, UndoRun
from linli.faces.property.charging import community_of
from linli.faces.property.communities import own_communities
from linli.faces.property.meters import one_community
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import download
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext, ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, IntakeId
from linli.kernel.refusals import NotFound
from linli.kernel.words import _
from linli.spine.may import May

A_PAGE = 20
NEEDS = May.IMPORT_ESTATE


@page("property", "GET", "intake/", needs=NEEDS)
def intake(request: PropertyRequest) -> HttpResponse:
    """This will ask for the sheet, explain its columns, and list the batches that were taken over."""
    return _shown(request)


@page("property", "GET", "intake/batches/file/", name="intake-batches-file", needs=NEEDS)
def batches_file(request: PropertyRequest) -> HttpResponse:
    """This will give as a sheet which sheets were taken over, when, by whom, and what each did."""
    community = one_community(request, own_communities(request))
    found = queries.batches(request.scope, community=community.id, limit=most_rows())
    who = {each.taken_by for each in found if each.taken_by}
    names = people.names(request.scope, parties=who) if who else {}
    made = {
        "homes": gettext("Homes"),
        "areas": gettext("Areas"),
        "facts": gettext("Homes' facts"),
        "persons": gettext("People"),
        "items": gettext("Fee items charged"),
        "openings": gettext("Opening balances"),
        "meters": gettext("Meters"),
    }
    columns = [gettext("When"), gettext("Sheet"), gettext("Rows"), *made.values()]
    columns += [gettext("Who"), gettext("State"), gettext("Undone")]
    rows = (
        (
            *(one.taken_at, one.file_name, one.rows, *(one.did.get(each, 0) for each in made)),
            *(names.get(one.taken_by, "") if one.taken_by else "", one.state, one.undone_at),
        )
        for one in found
    )
    return sheet(request.query, "sheets-taken-over", columns, rows)


@page("property", "POST", "intake/preview/", name="intake-preview", asks="property:intake", needs=NEEDS)
def preview(request: PropertyRequest) -> HttpResponse:
    """This will have it told what the sheet would change; nothing is changed."""
    community = CommunityId(request.form.id("community"))
    community_of(request, community)
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=PREVIEW,
        content=SheetRun(community),
        about=f"{community}:{file}",
        community=community,
        label=name,
        file=file,
    )


@page("property", "POST", "intake/", name="intake", needs=NEEDS)
def take_over(request: PropertyRequest) -> HttpResponse:
    """This will have the sheet taken over as one batch: the one that was looked at, or one that comes along."""
    community = CommunityId(request.form.id("community"))
    community_of(request, community)
    file, name = long_work.given_sheet(request, PREVIEW, SheetRun(community))
    return long_work.answer(
        request,
        kind=TAKE_OVER,
        content=SheetRun(community),
        about=f"{community}:{file}",
        community=community,
        lane=community,
        label=name,
        file=file,
    )


@page("property", "POST", "intake/<uuid:batch>/undoing/", name="intake-undoing", asks="property:intake", needs=NEEDS)
def undo(request: PropertyRequest, batch: IntakeId) -> HttpResponse:
    """This will have all taken back that a batch made."""
    community = next((each for each in request.communities if str(each) == request.form.raw("community")), None)
    if community is None:
        raise NotFound("batch")
    return long_work.answer(
        request,
        kind=UNDO,
        content=UndoRun(community, batch),
        about=str(batch),
        community=community,
        lane=community,
    )


@long_work.outcome_of(PREVIEW, says=_("Look at a sheet of homes"), icon="search")
def looked_at(card: ChoreCard) -> Outcome:
    """This will say how much would change, and how much is wrong."""
    if not card.answer:
        return Outcome(card.label, url("property:intake", community=card.said.community))
    wrong = len(card.answer.errors) + card.answer.more_errors
    said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
    if not wrong:
        said = ngettext("{n} row would change something.", "{n} rows would change something.", _changing(card.answer))
    return Outcome(
        card.label, url("property:intake", community=card.said.community, preview=card.id), said, is_good=not wrong
    )


@long_work.outcome_of(TAKE_OVER, says=_("Homes from one sheet"), icon="upload")
def taken_over(card: ChoreCard) -> Outcome:
    """This will say how much was taken over."""
    said = gettext("Everything stood like this already; nothing was changed.")
    if card.answer and card.answer.batch is not None:
        said = ngettext("{n} thing was taken over.", "{n} things were taken over.", sum(card.answer.counts.values()))
    return Outcome(card.label, url("property:intake", community=card.said.community), said)


@long_work.outcome_of(UNDO, says=_("Undo a sheet of homes"), icon="undo-2")
def undone(card: ChoreCard) -> Outcome:
    """This will say that it is gone."""
    said = gettext("The batch is undone: all that it made is gone.")
    return Outcome("", url("property:intake", community=card.said.community), said)


def _changing(found: Preview) -> int:
    return found.new + found.changed


@page("property", "GET", "intake/template/", name="intake-template", needs=NEEDS)
def template(request: PropertyRequest) -> HttpResponse:
    """This will give the empty sheet in the reader's language."""
    return download("homes.csv", "text/csv", queries.template(in_chinese=request.locale != "en"))


def _shown(request: PropertyRequest) -> HttpResponse:
    cards = own_communities(request)
    after = request.query.maybe_id("after")
    before = long_work.looked_at(request, request.query.maybe_id("preview"), PREVIEW)
    community = one_community(request, cards)
    batches = queries.batches(
        request.scope, community=community.id, after=IntakeId(after) if after else None, limit=A_PAGE + 1
    )
    who = {each.taken_by for each in batches if each.taken_by}
    return request.render(
        "property/intake.jinja",
        communities=cards,
        community=community,
        columns=COLUMNS,
        explained=EXPLAINED,
        preview=before.answer if before else None,
        looked_at=before,
        batches=batches[:A_PAGE],
        more=batches[A_PAGE - 1].id if len(batches) > A_PAGE else None,
        names=people.names(request.scope, parties=who) if who else {},
    )
