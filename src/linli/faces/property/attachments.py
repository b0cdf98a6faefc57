"""Photos and papers beside what has none of its own: added and taken out at the desk and on foot."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.attachments import actions
from linli.estate.attachments.queries import AttachmentCard, Shown, attachments
from linli.estate.attachments.rules import MOST_AT_ONCE, OF_STAFF, Kind
from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.spine.may import May

PAGE_OF = {
    Kind.OUTAGE: "property:outage",
    Kind.PARCEL: "property:parcel",
    Kind.VISIT: "property:visit",
    Kind.STAY: "property:parking-stay",
    Kind.CAR: "property:parking-car",
    Kind.SPACE: "property:parking-holding",
    Kind.RELOCATION: "property:move",
    Kind.RELEASE: "property:release",
    Kind.BOOKING: "property:booking",
    Kind.MEETING: "property:meeting",
}


def beside(request: PropertyRequest, shown: Shown) -> tuple[AttachmentCard, ...]:
    """This will list what lies beside the thing that a page shows."""
    return attachments(request.scope, beside=shown, at=request.at)


@page(
    "property",
    "POST",
    "attachments/outages/<uuid:outage>/",
    name="outage-attachments",
    asks="property:outage",
    needs=OF_STAFF[Kind.OUTAGE],
)
def to_outage(request: PropertyRequest, outage: UUID) -> HttpResponse:
    """This will keep what the supplier wrote about an outage."""
    return _attached(request, Kind.OUTAGE, outage)


@page(
    "property",
    "POST",
    "attachments/parcels/<uuid:parcel>/",
    name="parcel-attachments",
    asks="property:parcel",
    needs=OF_STAFF[Kind.PARCEL],
)
def to_parcel(request: PropertyRequest, parcel: UUID) -> HttpResponse:
    """This will keep how a parcel looked when it came."""
    return _attached(request, Kind.PARCEL, parcel)


@page(
    "property",
    "POST",
    "attachments/visits/<uuid:visit_pass>/",
    name="visit-attachments",
    asks="property:visit",
    needs=OF_STAFF[Kind.VISIT],
)
def to_visit(request: PropertyRequest, visit_pass: UUID) -> HttpResponse:
    """This will keep what a visitor left or showed at the gate."""
    return _attached(request, Kind.VISIT, visit_pass)


@page(
    "property",
    "POST",
    "attachments/stays/<uuid:session>/",
    name="stay-attachments",
    asks="property:parking-stay",
    needs=OF_STAFF[Kind.STAY],
)
def to_stay(request: PropertyRequest, session: UUID) -> HttpResponse:
    """This will keep how a car stood, or the plate that no camera read."""
    return _attached(request, Kind.STAY, session)


@page(
    "property",
    "POST",
    "attachments/cars/<uuid:vehicle>/",
    name="car-attachments",
    asks="property:parking-car",
    needs=OF_STAFF[Kind.CAR],
)
def to_car(request: PropertyRequest, vehicle: UUID) -> HttpResponse:
    """This will keep a car's licence."""
    return _attached(request, Kind.CAR, vehicle)


@page(
    "property",
    "POST",
    "attachments/spaces/<uuid:holding>/",
    name="space-attachments",
    asks="property:parking-holding",
    needs=OF_STAFF[Kind.SPACE],
)
def to_space(request: PropertyRequest, holding: UUID) -> HttpResponse:
    """This will keep what shows that a space is a home's: the deed, the lease."""
    return _attached(request, Kind.SPACE, holding)


@page(
    "property",
    "POST",
    "attachments/moves/<uuid:relocation>/",
    name="move-attachments",
    asks="property:move",
    needs=OF_STAFF[Kind.RELOCATION],
)
def to_move(request: PropertyRequest, relocation: UUID) -> HttpResponse:
    """This will keep a lease, or the list of keys that somebody signed."""
    return _attached(request, Kind.RELOCATION, relocation)


@page(
    "property",
    "POST",
    "attachments/goods/<uuid:release>/",
    name="release-attachments",
    asks="property:release",
    needs=OF_STAFF[Kind.RELEASE],
)
def to_release(request: PropertyRequest, release: UUID) -> HttpResponse:
    """This will keep what the guard saw leave."""
    return _attached(request, Kind.RELEASE, release)


@page(
    "property",
    "POST",
    "attachments/bookings/<uuid:booking>/",
    name="booking-attachments",
    asks="property:booking",
    needs=OF_STAFF[Kind.BOOKING],
)
def to_booking(request: PropertyRequest, booking: UUID) -> HttpResponse:
    """This will keep how a room was left."""
    return _attached(request, Kind.BOOKING, booking)


@page(
    "property",
    "POST",
    "attachments/meetings/<uuid:meeting>/",
    name="meeting-attachments",
    asks="property:meeting",
    needs=OF_STAFF[Kind.MEETING],
)
def to_meeting(request: PropertyRequest, meeting: UUID) -> HttpResponse:
    """This will keep the signed minutes, or what hung on the boards."""
    return _attached(request, Kind.MEETING, meeting)


@page("property", "POST", "attachments/<uuid:attachment>/removal/", name="attachment-removal", needs=May.UPLOAD_FILES)
def take_out(request: PropertyRequest, attachment: UUID) -> HttpResponse:
    """This will take a file out."""
    own_communities(request)
    kind, subject = actions.detach(request.scope, attachment=attachment, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Taken out."))


def _attached(request: PropertyRequest, kind: Kind, subject: UUID) -> HttpResponse:
    own_communities(request)
    uploads = [(file.name, file.content) for file in request.form.uploads("files", count=MOST_AT_ONCE)]
    actions.attach(request.scope, kind=kind, subject=subject, uploads=uploads, at=request.at)
    return see_other(PAGE_OF[kind], subject, said=_("Kept."))
