"""The rules of delivery: terms, slots, fees, distances, kitchens, lives; plain values, no I/O, no clock."""

from linli.trade.delivery.rules.distances import DETOUR_PERCENT, MOST_PLACES, REACH_M, Point, riding_m, table
from linli.trade.delivery.rules.fees import Way, fee, shared
from linli.trade.delivery.rules.holding import Cooking, Holding, Part, Reserved, holding
from linli.trade.delivery.rules.kitchens import (
    KITCHEN_AHEAD,
    KitchenTerms,
    cooking_window,
    minutes_now,
    overload_until,
)
from linli.trade.delivery.rules.policy import DeliveryPolicy, DropOff, Hour, Weekday
from linli.trade.delivery.rules.slots import (
    MOST_SLOTS,
    QUARTER,
    SLOT_LIFE,
    Axis,
    Offer,
    SlotState,
    SlotVerb,
    cut_off,
    offers,
    quarters,
)
from linli.trade.delivery.rules.wave_life import WAVE_LIFE, Method, Pooling, WaveState, WaveVerb

__all__ = [
    "DETOUR_PERCENT",
    "KITCHEN_AHEAD",
    "MOST_PLACES",
    "MOST_SLOTS",
    "QUARTER",
    "REACH_M",
    "SLOT_LIFE",
    "WAVE_LIFE",
    "Axis",
    "Cooking",
    "DeliveryPolicy",
    "DropOff",
    "Holding",
    "Hour",
    "KitchenTerms",
    "Method",
    "Offer",
    "Part",
    "Point",
    "Pooling",
    "Reserved",
    "SlotState",
    "SlotVerb",
    "WaveState",
    "WaveVerb",
    "Way",
    "Weekday",
    "cooking_window",
    "cut_off",
    "fee",
    "holding",
    "minutes_now",
    "offers",
    "overload_until",
    "quarters",
    "riding_m",
    "shared",
    "table",
]
