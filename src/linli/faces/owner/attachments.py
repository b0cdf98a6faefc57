"""Photos and papers beside what a resident asked for: the goods that leave, the lease of who moves in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.attachments import actions
from linli.estate.attachments.queries import AttachmentCard, Shown, attachments
from linli.estate.attachments.rules import MOST_AT_ONCE, Kind
from linli.estate.permits.rules import PermitPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest

PAGE_OF = {Kind.RELOCATION: "owner:relocation", Kind.RELEASE: "owner:release"}


def beside(request: OwnerRequest, shown: Shown) -> tuple[AttachmentCard, ...]:
    """This will list what lies beside the thing that a page shows."""
    return attachments(request.scope, beside=shown, at=request.at)


@page("owner", "POST", "attachments/goods/<uuid:release>/", name="release-attachments", asks="owner:release")
def to_release(request: OwnerRequest, release: UUID) -> HttpResponse:
    """This will keep a picture of what shall leave."""
    return _attached(request, Kind.RELEASE, release)


@page("owner", "POST", "attachments/moves/<uuid:relocation>/", name="move-attachments", asks="owner:relocation")
def to_move(request: OwnerRequest, relocation: UUID) -> HttpResponse:
    """This will keep a lease, or what else the desk wants to see."""
    return _attached(request, Kind.RELOCATION, relocation)


@page("owner", "POST", "attachments/<uuid:attachment>/removal/", name="attachment-removal")
def take_out(request: OwnerRequest, attachment: UUID) -> HttpResponse:
    """This will take out a file that the resident added."""
    insist_offered(request, PermitPolicy)
    kind, subject = actions.detach(request.scope, attachment=attachment, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Taken out."))


def _attached(request: OwnerRequest, kind: Kind, subject: UUID) -> HttpResponse:
    insist_offered(request, PermitPolicy)
    uploads = [(file.name, file.content) for file in request.form.uploads("files", count=MOST_AT_ONCE)]
    actions.attach(request.scope, kind=kind, subject=subject, uploads=uploads, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Kept."))
