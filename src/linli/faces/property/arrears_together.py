"""What is done about all debts that were ticked: reminded of now, or the same written down about each."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing.rules import NoteKind
from linli.faces.shell.charging import doors
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import CommunityId
from linli.kernel.together import Together
from linli.spine.may import May

NEEDS = May.CHASE_ARREARS


@page("property", "POST", "arrears/chosen/reminders/", name="reminders-chosen", asks="property:arrears", needs=NEEDS)
def remind(request: PropertyRequest) -> HttpResponse:
    """This will send the reminders of the ticked debts that are due, now instead of at night."""
    community = CommunityId(request.form.id("community"))
    done = actions.remind_many(request.scope, community=community, subjects=chosen(request), at=request.at)
    said = ngettext("{n} debt is reminded of.", "{n} debts are reminded of.", len(done.done))
    return back(request, "property:arrears", done, said=said, names=_names(done))


@page("property", "POST", "arrears/chosen/notes/", name="arrears-notes", asks="property:arrears", needs=NEEDS)
def note(request: PropertyRequest) -> HttpResponse:
    """This will write the same down about each of the ticked debts."""
    form = request.form
    kind = form.choice("kind", NoteKind)
    done = actions.note_arrears_of_many(
        request.scope,
        community=CommunityId(form.id("community")),
        subjects=chosen(request),
        kind=kind,
        text=form.text("text", most=200),
        promised_on=form.day("promised_on") if kind is NoteKind.PROMISE else None,
        at=request.at,
    )
    said = ngettext("Written down about {n} debt.", "Written down about {n} debts.", len(done.done))
    return back(request, "property:arrears", done, said=said, names=_names(done))


def _names(together: Together) -> Mapping[UUID, str]:
    return doors([each.of for each in together.refused])
