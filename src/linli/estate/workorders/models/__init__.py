"""The tables of work orders: what may be asked, who does it, what was asked and what became of it; outages."""

from linli.estate.workorders.models.orders import Material, Move, Order, Quote, ReturnVisit
from linli.estate.workorders.models.outages import Outage, OutageMove
from linli.estate.workorders.models.sayings import Saying
from linli.estate.workorders.models.settings import Shift, Sla, Type, Worker, holding

__all__ = [
    "Material",
    "Move",
    "Order",
    "Outage",
    "OutageMove",
    "Quote",
    "ReturnVisit",
    "Saying",
    "Shift",
    "Sla",
    "Type",
    "Worker",
    "holding",
]
