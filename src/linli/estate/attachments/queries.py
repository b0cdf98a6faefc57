"""What lies beside a thing, for whoever may see the thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.assembly import queries as assembly
from linli.estate.attachments.models import Attachment
from linli.estate.attachments.rules import MOST_OF_ONE, Kind
from linli.estate.parcels import queries as parcels
from linli.estate.parking import queries as parking
from linli.estate.permits import queries as permits
from linli.estate.venues import queries as venues
from linli.estate.visits import queries as visits
from linli.estate.workorders import queries as work
from linli.ground.files import queries as files
from linli.kernel.ids import (
    BookingId,
    CommunityId,
    FileId,
    MeetingId,
    ParcelId,
    ParkingSessionId,
    PartyId,
    PermitId,
    VehicleId,
    VisitPassId,
)
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Role, Scope


@dataclass(frozen=True, slots=True)
class AttachmentCard:
    """One attachment, with a word that opens its file for a while."""

    attachment: UUID
    name: str
    is_picture: bool
    link: str
    person: PartyId | None
    by_resident: bool
    added_at: datetime
    is_mine: bool


Shown = (
    work.OutageCard
    | parcels.ParcelCard
    | visits.GatePass
    | parking.StayPage
    | parking.CarPage
    | parking.HeldSpace
    | permits.RelocationCard
    | permits.ReleaseCard
    | venues.BookingCard
    | assembly.MeetingCard
)
"""A thing as its own module has shown it to the asker: who holds its card may see what lies beside it."""


@query
def attachments(scope: Scope, *, beside: Shown, at: datetime) -> tuple[AttachmentCard, ...]:
    """This will list what lies beside a thing that was shown, the first first: one statement where nothing does."""
    kind, subject = _of(beside)
    rows = _rows(scope, kind=kind, subject=subject)
    kept = [FileId(row.file) for row in rows]
    cards = files.described(SYSTEM, files=kept) if kept else {}
    links = files.links(SYSTEM, files=cards, at=at) if cards else {}
    return tuple(
        AttachmentCard(
            row.pk,
            cards[FileId(row.file)].name,
            cards[FileId(row.file)].mime.startswith("image/"),
            links[FileId(row.file)],
            PartyId(row.person) if row.person else None,
            row.role == Role.RESIDENT,
            row.added_at,
            row.person == scope.person,
        )
        for row in rows
        if FileId(row.file) in cards
    )


@query
def pictures_beside(scope: Scope, *, beside: Sequence[Shown], at: datetime) -> dict[UUID, tuple[str, ...]]:
    """This will give the pictures beside each of some things that were shown, as words that open them.

    One statement where there are none, two more where there are, however many things were shown.
    """
    subjects = {(kind.value, subject) for kind, subject in map(_of, beside)}
    if not subjects:
        return {}
    rows = Attachment.objects.within(scope).filter(
        subject__in=[subject for _kind, subject in subjects], removed_at__isnull=True
    )
    kept = list(rows.order_by("id").values_list("kind", "subject", "file")[: MOST_OF_ONE * len(subjects)])
    cards = files.described(SYSTEM, files=[FileId(file) for *_of, file in kept]) if kept else {}
    pictures = {file for file, card in cards.items() if card.mime.startswith("image/")}
    links = files.links(SYSTEM, files=pictures, at=at) if pictures else {}
    found: dict[UUID, tuple[str, ...]] = {}
    for kind, subject, file in kept:
        if (kind, subject) in subjects and file in links:
            found[subject] = (*found.get(subject, ()), links[FileId(file)])
    return found


def community_of(scope: Scope, kind: Kind, subject: UUID, at: datetime) -> CommunityId:
    """This will give the community of a thing that the scope may see; a stranger's is not there."""
    return _COMMUNITY_OF[kind](scope, subject, at)


def kept_beside(scope: Scope, kind: Kind, subject: UUID) -> int:
    """This will count what lies beside a thing, whoever added it."""
    return len(_rows(scope, kind=kind, subject=subject))


def _of(shown: Shown) -> tuple[Kind, UUID]:
    match shown:
        case work.OutageCard():
            return Kind.OUTAGE, shown.outage
        case parcels.ParcelCard():
            return Kind.PARCEL, shown.parcel
        case visits.GatePass():
            return Kind.VISIT, shown.visit_pass
        case parking.StayPage():
            return Kind.STAY, shown.row.session
        case parking.CarPage():
            return Kind.CAR, shown.vehicle
        case parking.HeldSpace():
            return Kind.SPACE, shown.holding
        case permits.RelocationCard():
            return Kind.RELOCATION, shown.relocation
        case permits.ReleaseCard():
            return Kind.RELEASE, shown.release
        case venues.BookingCard():
            return Kind.BOOKING, shown.booking
        case assembly.MeetingCard():
            return Kind.MEETING, shown.meeting


@query
def _rows(scope: Scope, *, kind: Kind, subject: UUID) -> list[Attachment]:
    rows = Attachment.objects.within(scope).filter(subject=subject, kind=kind.value, removed_at__isnull=True)
    return list(rows.order_by("id")[:MOST_OF_ONE])


_COMMUNITY_OF: dict[Kind, Callable[[Scope, UUID, datetime], CommunityId]] = {
    Kind.OUTAGE: lambda scope, of, _at: work.outage_page(scope, outage=of).card.community,
    Kind.PARCEL: lambda scope, of, at: parcels.parcel_page(scope, parcel=ParcelId(of), at=at).card.community,
    Kind.VISIT: lambda scope, of, at: visits.desk_pass(scope, visit_pass=VisitPassId(of), at=at).card.community,
    Kind.STAY: lambda scope, of, at: parking.stay(scope, session=ParkingSessionId(of), at=at).community,
    Kind.CAR: lambda scope, of, _at: parking.car(scope, vehicle=VehicleId(of)).community,
    Kind.SPACE: lambda scope, of, _at: parking.held_space(scope, holding=of).community,
    Kind.RELOCATION: lambda scope, of, _at: permits.relocation_page(scope, relocation=PermitId(of)).card.community,
    Kind.RELEASE: lambda scope, of, _at: permits.release_page(scope, release=PermitId(of))[0].community,
    Kind.BOOKING: lambda scope, of, _at: venues.booking_page(scope, booking=BookingId(of))[0].community,
    Kind.MEETING: lambda scope, of, at: assembly.meeting_page(scope, meeting=MeetingId(of), at=at).card.community,
}
