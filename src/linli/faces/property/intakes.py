"""One sheet brings a community along: what it would change, then all of it, and undone as a batch."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.intake import actions, queries
from linli.estate.intake.actions import Preview
from linli.estate.intake.rules import COLUMNS, EXPLAINED
from linli.faces.property.communities import own_communities
from linli.faces.property.meters import one_community
from linli.faces.shell.downloads import download
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, IntakeId
from linli.spine.may import May

A_PAGE = 20
NEEDS = May.IMPORT_ESTATE


@page("property", "GET", "intake/", needs=NEEDS)
def intake(request: PropertyRequest) -> HttpResponse:
    """This will ask for the sheet, explain its columns, and list the batches that were taken over."""
    return _shown(request)


@page("property", "POST", "intake/preview/", name="intake-preview", asks="property:intake", needs=NEEDS)
def preview(request: PropertyRequest) -> HttpResponse:
    """This will tell what the sheet would change, and change nothing."""
    given, community = request.form.file("file"), CommunityId(request.form.id("community"))
    found = actions.preview_sheet(
        request.scope, community=community, file_name=given.name, content=given.content, at=request.at
    )
    return _shown(request, found)


@page("property", "POST", "intake/", name="intake", needs=NEEDS)
def take_over(request: PropertyRequest) -> HttpResponse:
    """This will take the sheet over as one batch."""
    given, community = request.form.file("file"), CommunityId(request.form.id("community"))
    taken = actions.take_over(
        request.scope, community=community, file_name=given.name, content=given.content, at=request.at
    )
    said = _("Everything stood like this already; nothing was changed.")
    if taken.batch is not None:
        said = ngettext("{n} thing was taken over.", "{n} things were taken over.", sum(taken.counts.values()))
    return see_other("property:intake", said=said, community=community)


@page("property", "POST", "intake/<uuid:batch>/undoing/", name="intake-undoing", asks="property:intake", needs=NEEDS)
def undo(request: PropertyRequest, batch: IntakeId) -> HttpResponse:
    """This will take back all that a batch made."""
    actions.undo_batch(request.scope, batch=batch, at=request.at)
    said = _("The batch is undone: all that it made is gone.")
    return see_other("property:intake", said=said, community=request.form.maybe_id("community"))


@page("property", "GET", "intake/template/", name="intake-template", needs=NEEDS)
def template(request: PropertyRequest) -> HttpResponse:
    """This will give the empty sheet in the reader's language."""
    return download("homes.csv", "text/csv", queries.template(in_chinese=request.locale != "en"))


def _shown(request: PropertyRequest, found: Preview | None = None) -> HttpResponse:
    cards = own_communities(request)
    community, after = one_community(request, cards), request.query.maybe_id("after")
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
        preview=found,
        batches=batches[:A_PAGE],
        more=batches[A_PAGE - 1].id if len(batches) > A_PAGE else None,
        names=people.names(request.scope, parties=who) if who else {},
    )
