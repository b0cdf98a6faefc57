"""What happened at the barriers. Plates are not told."""

from __future__ import annotations

from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, LotId, ParkingSessionId, SpaceBookingId, VehicleId
from linli.kernel.money import Money


class CarEntered(Fact):
    """A stay began."""

    session: ParkingSessionId
    community: CommunityId
    lot: LotId


class CarLeft(Fact):
    """A stay ended; `unpaid` is what it left owing."""

    session: ParkingSessionId
    community: CommunityId
    lot: LotId
    unpaid: Money


class ParkingPaid(Fact):
    """Money for a stay arrived."""

    session: ParkingSessionId
    community: CommunityId
    payment: UUID
    amount: Money


class SpaceBookingMoved(Fact):
    """Hours of a shared space were booked, shared, or given back; `state` is what the booking is now."""

    booking: SpaceBookingId
    community: CommunityId
    lot: LotId
    state: str


class CarTakenOut(Fact):
    """A car is a home's no more."""

    vehicle: VehicleId
    community: CommunityId
