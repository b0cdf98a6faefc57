"""The verbs of delivery: keep zones, hold slots, run kitchens."""

from linli.trade.delivery.actions.kitchens import pause_overloaded, set_kitchen
from linli.trade.delivery.actions.slots import (
    CutOff,
    KitchenFull,
    OutsideZones,
    SlotFull,
    call_off_slot,
    close_slot,
    hold_slots,
    keep_slots,
    refusal,
    release_overdue,
    release_slots,
)
from linli.trade.delivery.actions.zones import (
    InAnotherZone,
    StillOrdered,
    close_zone,
    edit_zone,
    join_zone,
    measure_zone,
    open_slots,
    open_zone,
)

__all__ = [
    "CutOff",
    "InAnotherZone",
    "KitchenFull",
    "OutsideZones",
    "SlotFull",
    "StillOrdered",
    "call_off_slot",
    "close_slot",
    "close_zone",
    "edit_zone",
    "hold_slots",
    "join_zone",
    "keep_slots",
    "measure_zone",
    "open_slots",
    "open_zone",
    "pause_overloaded",
    "refusal",
    "release_overdue",
    "release_slots",
    "set_kitchen",
]
