"""The tables of parking: grounds, shared spaces, stays and vouchers."""

from linli.estate.parking.models.grounds import Holding, Listed, Lot, Space, TariffVersion, Vehicle
from linli.estate.parking.models.keys import BarrierKey
from linli.estate.parking.models.sharing import SpaceBooking, SpaceBookingMove, SpaceOffer
from linli.estate.parking.models.stays import MachineEvent, Payment, Session, SessionMove
from linli.estate.parking.models.vouchers import Stock, VoucherRow

__all__ = [
    "BarrierKey",
    "Holding",
    "Listed",
    "Lot",
    "MachineEvent",
    "Payment",
    "Session",
    "SessionMove",
    "Space",
    "SpaceBooking",
    "SpaceBookingMove",
    "SpaceOffer",
    "Stock",
    "TariffVersion",
    "Vehicle",
    "VoucherRow",
]
