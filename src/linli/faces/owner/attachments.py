"""Photos and papers beside what is a resident's: goods that leave, the lease of who moves in, a car and a space."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.attachments import actions
from linli.estate.attachments.queries import AttachmentCard, Shown, attachments
from linli.estate.attachments.rules import MOST_AT_ONCE, Kind
from linli.estate.parking.rules import ParkingPolicy
from linli.estate.permits.rules import PermitPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.policies.rules import Policy

PAGE_OF = {
    Kind.RELOCATION: "owner:relocation",
    Kind.RELEASE: "owner:release",
    Kind.CAR: "owner:car",
    Kind.SPACE: "owner:held-space",
}


def beside(request: OwnerRequest, shown: Shown) -> tuple[AttachmentCard, ...]:
    """This will list what lies beside the thing that a page shows."""
    return attachments(request.scope, beside=shown, at=request.at)


@page("owner", "POST", "attachments/goods/<uuid:release>/", name="release-attachments", asks="owner:release")
def to_release(request: OwnerRequest, release: UUID) -> HttpResponse:
    """This will keep a picture of what shall leave."""
    return _attached(request, PermitPolicy, Kind.RELEASE, release)


@page("owner", "POST", "attachments/moves/<uuid:relocation>/", name="move-attachments", asks="owner:relocation")
def to_move(request: OwnerRequest, relocation: UUID) -> HttpResponse:
    """This will keep a lease, or what else the desk wants to see."""
    return _attached(request, PermitPolicy, Kind.RELOCATION, relocation)


@page("owner", "POST", "attachments/cars/<uuid:vehicle>/", name="car-attachments", asks="owner:car")
def to_car(request: OwnerRequest, vehicle: UUID) -> HttpResponse:
    """This will keep a car's licence for the desk to see."""
    return _attached(request, ParkingPolicy, Kind.CAR, vehicle)


@page("owner", "POST", "attachments/spaces/<uuid:holding>/", name="space-attachments", asks="owner:held-space")
def to_space(request: OwnerRequest, holding: UUID) -> HttpResponse:
    """This will keep the deed or the lease of a space."""
    return _attached(request, ParkingPolicy, Kind.SPACE, holding)


@page("owner", "POST", "attachments/<uuid:attachment>/removal/", name="attachment-removal")
def take_out(request: OwnerRequest, attachment: UUID) -> HttpResponse:
    """This will take out a file that the resident added."""
    return _taken_out(request, PermitPolicy, attachment)


@page("owner", "POST", "cars/papers/<uuid:attachment>/removal/", name="parking-paper-removal")
def take_out_paper(request: OwnerRequest, attachment: UUID) -> HttpResponse:
    """This will take out a paper of a car or a space, whose counter may be open where that of moves is not."""
    return _taken_out(request, ParkingPolicy, attachment)


def _attached(request: OwnerRequest, counter: type[Policy], kind: Kind, subject: UUID) -> HttpResponse:
    insist_offered(request, counter)
    uploads = [(file.name, file.content) for file in request.form.uploads("files", count=MOST_AT_ONCE)]
    actions.attach(request.scope, kind=kind, subject=subject, uploads=uploads, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Kept."))


def _taken_out(request: OwnerRequest, counter: type[Policy], attachment: UUID) -> HttpResponse:
    insist_offered(request, counter)
    kind, subject = actions.detach(request.scope, attachment=attachment, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Taken out."))
