"""Assets from one sheet: what it would enter, then all of it, and undone as a batch."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.assets import actions, queries
from linli.estate.assets.rules import COLUMNS, KINDS, PREVIEW_ASSETS, TAKE_OVER_ASSETS, AssetsRun
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import download
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId
from linli.spine.may import May

NEEDS = May.KEEP_ASSETS
A_PAGE = 20


@page("property", "GET", "assets/sheet/", name="asset-sheet", needs=NEEDS)
def show(request: PropertyRequest) -> HttpResponse:
    """This will ask for the sheet, explain its columns, and list the batches."""
    return _shown(request)


@page("property", "GET", "assets/sheet/batches/file/", name="asset-batches-file", needs=NEEDS)
def batches_file(request: PropertyRequest) -> HttpResponse:
    """This will give as a sheet which sheets of assets were taken over."""
    community = community_here(request, own_communities(request))
    found = queries.asset_batches(request.scope, community=community.id, limit=most_rows())
    who = {each.taken_by for each in found if each.taken_by}
    names = people.names(request.scope, parties=who) if who else {}
    columns = [_("When"), _("Sheet"), _("Rows"), _("Who"), _("State"), _("Undone")]
    rows = (
        (
            *(one.taken_at, one.file_name, one.rows, names.get(one.taken_by, "") if one.taken_by else ""),
            *(one.state, one.undone_at),
        )
        for one in found
    )
    return sheet(request.query, "asset-sheets", columns, rows)


@page("property", "POST", "assets/sheet/preview/", name="asset-sheet-preview", asks="property:asset-sheet", needs=NEEDS)
def preview(request: PropertyRequest) -> HttpResponse:
    """This will tell what the sheet would enter, and enter nothing."""
    community = _community(request)
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=PREVIEW_ASSETS,
        content=AssetsRun(community),
        about=f"{community}:{file}",
        community=community,
        label=name,
        file=file,
    )


@page("property", "POST", "assets/sheet/", name="asset-sheet", needs=NEEDS)
def take_over(request: PropertyRequest) -> HttpResponse:
    """This will enter the assets of the sheet as one batch."""
    community = _community(request)
    file, name = long_work.given_sheet(request, PREVIEW_ASSETS, AssetsRun(community))
    return long_work.answer(
        request,
        kind=TAKE_OVER_ASSETS,
        content=AssetsRun(community),
        about=f"{community}:{file}",
        community=community,
        lane=community,
        label=name,
        file=file,
    )


@long_work.outcome_of(PREVIEW_ASSETS, says="Look at a sheet of assets", icon="search")
def looked_at(card: ChoreCard) -> Outcome:
    """This will say how many assets would be entered, and how much is wrong."""
    community, found = card.said.community, card.answer
    if not found:
        return Outcome(card.label, url("property:asset-sheet", community=community))
    wrong = len(found.errors) + found.more_errors
    said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
    if not wrong:
        said = ngettext("{n} asset would be entered.", "{n} assets would be entered.", found.new)
    return Outcome(
        card.label, url("property:asset-sheet", community=community, preview=card.id), said, is_good=not wrong
    )


@long_work.outcome_of(TAKE_OVER_ASSETS, says="Assets from a spreadsheet", icon="upload")
def taken_over(card: ChoreCard) -> Outcome:
    """This will say how many assets were entered."""
    said = ""
    if card.answer:
        said = _("Everything stood like this already; nothing was changed.")
        if card.answer.new:
            said = ngettext("{n} asset is entered.", "{n} assets are entered.", card.answer.new)
    return Outcome(card.label, url("property:asset-sheet", community=card.said.community), said)


@page(
    "property",
    "POST",
    "assets/sheet/<uuid:batch>/undoing/",
    name="asset-sheet-undoing",
    asks="property:asset-sheet",
    needs=NEEDS,
)
def undo(request: PropertyRequest, batch: UUID) -> HttpResponse:
    """This will take back all assets of a batch."""
    n = actions.undo_assets(request.scope, batch=batch, at=request.at)
    return see_other("property:asset-sheet", said=ngettext("{n} asset is taken back.", "{n} assets are taken back.", n))


@page("property", "GET", "assets/sheet/template/", name="asset-sheet-template", needs=NEEDS)
def template(request: PropertyRequest) -> HttpResponse:
    """This will give the empty sheet in the reader's language."""
    in_chinese = request.locale != "en"
    heading = ",".join(column.also[0] if in_chinese else column.name for column in COLUMNS)
    return download("assets.csv", "text/csv", b"\xef\xbb\xbf" + f"{heading}\r\n".encode())


def _community(request: PropertyRequest) -> CommunityId:
    community = CommunityId(request.form.id("community"))
    community_of(request, community)
    return community


def _shown(request: PropertyRequest) -> HttpResponse:
    cards = own_communities(request)
    community = community_here(request, cards)
    before = long_work.looked_at(request, request.query.maybe_id("preview"), PREVIEW_ASSETS)
    found = queries.asset_batches(request.scope, community=community.id, limit=A_PAGE + 1)
    batches = found[:A_PAGE]
    who = {each.taken_by for each in batches if each.taken_by}
    return request.render(
        "property/asset-sheet.jinja",
        communities=cards,
        community=community,
        columns=COLUMNS,
        kinds=KINDS,
        looked_at=before,
        preview=before.answer if before else None,
        batches=batches,
        are_more=len(found) > A_PAGE,
        names=people.names(request.scope, parties=who) if who else {},
    )
