"""Ids are UUIDv7 (RFC 9562): they sort by birth, can be minted anywhere, and each kind of thing has its own type."""

from __future__ import annotations

import secrets
import threading
import time
from typing import NewType
from uuid import UUID

# ground
CityId = NewType("CityId", UUID)
DistrictId = NewType("DistrictId", UUID)
CommunityId = NewType("CommunityId", UUID)
BuildingId = NewType("BuildingId", UUID)
UnitId = NewType("UnitId", UUID)
HomeId = NewType("HomeId", UUID)
PartyId = NewType("PartyId", UUID)
SavedViewId = NewType("SavedViewId", UUID)
FileId = NewType("FileId", UUID)
ChoreId = NewType("ChoreId", UUID)
# reach
SessionId = NewType("SessionId", UUID)
HandoverId = NewType("HandoverId", UUID)
# money
CollectionId = NewType("CollectionId", UUID)
AgreementId = NewType("AgreementId", UUID)
RefundId = NewType("RefundId", UUID)
PayoutId = NewType("PayoutId", UUID)
# trade
ShopId = NewType("ShopId", UUID)
CategoryId = NewType("CategoryId", UUID)
ListingId = NewType("ListingId", UUID)
VariantId = NewType("VariantId", UUID)
OptionId = NewType("OptionId", UUID)
BatchId = NewType("BatchId", UUID)
BasketId = NewType("BasketId", UUID)
CheckoutId = NewType("CheckoutId", UUID)
OrderId = NewType("OrderId", UUID)
LineId = NewType("LineId", UUID)
ZoneId = NewType("ZoneId", UUID)
SlotId = NewType("SlotId", UUID)
WaveId = NewType("WaveId", UUID)
TaskId = NewType("TaskId", UUID)
RunId = NewType("RunId", UUID)
OfferId = NewType("OfferId", UUID)
ShiftId = NewType("ShiftId", UUID)
# estate
ItemId = NewType("ItemId", UUID)
TariffId = NewType("TariffId", UUID)
BillId = NewType("BillId", UUID)
ReceiptId = NewType("ReceiptId", UUID)
MandateId = NewType("MandateId", UUID)
MeterId = NewType("MeterId", UUID)
IntakeId = NewType("IntakeId", UUID)
PatternId = NewType("PatternId", UUID)
WorkOrderId = NewType("WorkOrderId", UUID)
PatrolId = NewType("PatrolId", UUID)
NoticeId = NewType("NoticeId", UUID)
VisitPassId = NewType("VisitPassId", UUID)
ArrivalId = NewType("ArrivalId", UUID)
ParcelId = NewType("ParcelId", UUID)
SpaceId = NewType("SpaceId", UUID)
VehicleId = NewType("VehicleId", UUID)
LotId = NewType("LotId", UUID)
ParkingSessionId = NewType("ParkingSessionId", UUID)
VoucherStockId = NewType("VoucherStockId", UUID)
SpaceOfferId = NewType("SpaceOfferId", UUID)
SpaceBookingId = NewType("SpaceBookingId", UUID)
PermitId = NewType("PermitId", UUID)
AssetId = NewType("AssetId", UUID)
ContractId = NewType("ContractId", UUID)
VenueId = NewType("VenueId", UUID)
BookingId = NewType("BookingId", UUID)
MeetingId = NewType("MeetingId", UUID)
MotionId = NewType("MotionId", UUID)
VoterId = NewType("VoterId", UUID)
# trust
ReviewId = NewType("ReviewId", UUID)
# insight
HouseholdId = NewType("HouseholdId", UUID)
ProposalId = NewType("ProposalId", UUID)
StandingOrderId = NewType("StandingOrderId", UUID)
# openapi
WebhookId = NewType("WebhookId", UUID)

_lock = threading.Lock()
_last = 0


def new() -> UUID:
    """This will mint a UUIDv7 that is later than every one minted before it in this process.

    48 bits of milliseconds, then a 12-bit counter in `rand_a` (RFC 9562 section 6.2, method 1), then 62 random bits.
    When 4,096 are minted within a millisecond the clock part runs ahead, never back.
    """
    global _last
    with _lock:
        tick = (time.time_ns() // 1_000_000) << 12
        _last = tick if tick > _last else _last + 1
        tick = _last
    return UUID(int=(tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62))
