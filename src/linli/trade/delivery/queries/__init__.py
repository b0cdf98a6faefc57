"""Questions about delivery: zones and distances, what a community is offered, waves; the board, tasks, the clock."""

from linli.trade.delivery.queries.board import Board, BoardTask, Wanted, board, board_version
from linli.trade.delivery.queries.clock import Gone, gone_couriers, offers_due, shifts_over
from linli.trade.delivery.queries.crew import CourierCard, crew, ways_in
from linli.trade.delivery.queries.day import (
    Day,
    DayOffer,
    DayStop,
    DayTask,
    EarningCard,
    ShiftCard,
    WayInCard,
    my_day,
    my_earnings,
    my_shifts,
)
from linli.trade.delivery.queries.drops import brought_before
from linli.trade.delivery.queries.gates import gates
from linli.trade.delivery.queries.kitchens import KitchenPage, insist_own, kitchen
from linli.trade.delivery.queries.offers import KitchenCard, Offered, OfferedSlot, offered
from linli.trade.delivery.queries.passes import CourierPass, courier_pass, task_of_pass
from linli.trade.delivery.queries.planning import TaskToPlan, tasks_to_plan
from linli.trade.delivery.queries.rota import SHOWN_SHIFTS, ShiftRow, expected_orders, rota
from linli.trade.delivery.queries.soundness import check
from linli.trade.delivery.queries.spent import Spent, spent
from linli.trade.delivery.queries.task import TaskPage, Underway, task_page, underway
from linli.trade.delivery.queries.waiting import (
    FreeHands,
    RecentShop,
    WaitingTask,
    cities_waiting,
    free_hands,
    recent_shops,
    waiting,
)
from linli.trade.delivery.queries.wave_due import WaveGround, slots_to_plan, wave_ground
from linli.trade.delivery.queries.wave_pages import PlannedRun, PlannedStop, WavePage, WaveRow, wave_page, waves
from linli.trade.delivery.queries.wishes import MayLie, may_lie, wished_places
from linli.trade.delivery.queries.zone_pages import SlotRow, zone_slots, zone_terms
from linli.trade.delivery.queries.zones import (
    Proposed,
    ZoneCard,
    ZonePart,
    distances,
    propose_zone,
    zone,
    zone_points,
    zones,
    zones_to_measure,
)

__all__ = [
    "SHOWN_SHIFTS",
    "Board",
    "BoardTask",
    "CourierCard",
    "CourierPass",
    "Day",
    "DayOffer",
    "DayStop",
    "DayTask",
    "EarningCard",
    "FreeHands",
    "Gone",
    "KitchenCard",
    "KitchenPage",
    "MayLie",
    "Offered",
    "OfferedSlot",
    "PlannedRun",
    "PlannedStop",
    "Proposed",
    "RecentShop",
    "ShiftCard",
    "ShiftRow",
    "SlotRow",
    "Spent",
    "TaskPage",
    "TaskToPlan",
    "Underway",
    "WaitingTask",
    "Wanted",
    "WaveGround",
    "WavePage",
    "WaveRow",
    "WayInCard",
    "ZoneCard",
    "ZonePart",
    "board",
    "board_version",
    "brought_before",
    "check",
    "cities_waiting",
    "courier_pass",
    "crew",
    "distances",
    "expected_orders",
    "free_hands",
    "gates",
    "gone_couriers",
    "insist_own",
    "kitchen",
    "may_lie",
    "my_day",
    "my_earnings",
    "my_shifts",
    "offered",
    "offers_due",
    "propose_zone",
    "recent_shops",
    "rota",
    "shifts_over",
    "slots_to_plan",
    "spent",
    "task_of_pass",
    "task_page",
    "tasks_to_plan",
    "underway",
    "waiting",
    "wave_ground",
    "wave_page",
    "waves",
    "ways_in",
    "wished_places",
    "zone",
    "zone_points",
    "zone_slots",
    "zone_terms",
    "zones",
    "zones_to_measure",
]
