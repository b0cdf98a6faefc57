"""The tables of delivery. Zones and slots are public; what is held and planned stands behind a wall."""

from linli.trade.delivery.models.couriers import Courier, Position, Shift, WayIn
from linli.trade.delivery.models.runs import Offer, Run, RunStop
from linli.trade.delivery.models.slots import Capacity, Drop, Hold, Kitchen, Slot
from linli.trade.delivery.models.tasks import Earning, Preparation, Task, TaskMove
from linli.trade.delivery.models.waves import SlotMove, Wave
from linli.trade.delivery.models.wishes import Wish
from linli.trade.delivery.models.zones import Gate, Place, Zone, ZoneCommunity

__all__ = [
    "Capacity",
    "Courier",
    "Drop",
    "Earning",
    "Gate",
    "Hold",
    "Kitchen",
    "Offer",
    "Place",
    "Position",
    "Preparation",
    "Run",
    "RunStop",
    "Shift",
    "Slot",
    "SlotMove",
    "Task",
    "TaskMove",
    "Wave",
    "WayIn",
    "Wish",
    "Zone",
    "ZoneCommunity",
]
