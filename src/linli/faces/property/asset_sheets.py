"""Assets from one sheet: what it would enter, then all of it, and undone as a batch."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.assets import actions, queries
from linli.estate.assets.actions import SheetPreview
from linli.estate.assets.rules import COLUMNS, KINDS
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.shell.downloads import download
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId
from linli.spine.may import May

NEEDS = May.KEEP_ASSETS


@page("property", "GET", "assets/sheet/", name="asset-sheet", needs=NEEDS)
def show(request: PropertyRequest) -> HttpResponse:
    """This will ask for the sheet, explain its columns, and list the batches."""
    return _shown(request)


@page("property", "POST", "assets/sheet/preview/", name="asset-sheet-preview", asks="property:asset-sheet", needs=NEEDS)
def preview(request: PropertyRequest) -> HttpResponse:
    """This will tell what the sheet would enter, and enter nothing."""
    given, community = request.form.file("file"), CommunityId(request.form.id("community"))
    found = actions.preview_assets(
        request.scope, community=community, file_name=given.name, content=given.content, at=request.at
    )
    return _shown(request, found)


@page("property", "POST", "assets/sheet/", name="asset-sheet", needs=NEEDS)
def take_over(request: PropertyRequest) -> HttpResponse:
    """This will enter the assets of the sheet as one batch."""
    given, community = request.form.file("file"), CommunityId(request.form.id("community"))
    taken = actions.take_over_assets(
        request.scope, community=community, file_name=given.name, content=given.content, at=request.at
    )
    said = _("Everything stood like this already; nothing was changed.")
    if taken.new:
        said = ngettext("{n} asset is entered.", "{n} assets are entered.", taken.new)
    return see_other("property:asset-sheet", said=said, community=community)


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


def _shown(request: PropertyRequest, found: SheetPreview | None = None) -> HttpResponse:
    cards = own_communities(request)
    asked = request.form.maybe_id("community") if request.http.method == "POST" else None
    community = next((card for card in cards if card.id == asked), None) or community_here(request, cards)
    batches = queries.asset_batches(request.scope, community=community.id)
    who = {each.taken_by for each in batches if each.taken_by}
    return request.render(
        "property/asset-sheet.jinja",
        communities=cards,
        community=community,
        columns=COLUMNS,
        kinds=KINDS,
        preview=found,
        batches=batches,
        names=people.names(request.scope, parties=who) if who else {},
    )
