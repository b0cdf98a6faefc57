"""The tables of delivery. Zones and slots are public; what is held and planned stands behind a wall."""

from linli.trade.delivery.models.slots import Capacity, Hold, Kitchen, Slot
from linli.trade.delivery.models.waves import SlotMove, Wave
from linli.trade.delivery.models.zones import Gate, Place, Zone, ZoneCommunity

__all__ = ["Capacity", "Gate", "Hold", "Kitchen", "Place", "Slot", "SlotMove", "Wave", "Zone", "ZoneCommunity"]
