"""Questions about visitors, shaped for the resident's phone, the guest's page, the gate and the desk."""

from linli.estate.visits.queries.cards import (
    MOST_OF_SHEET,
    ArrivalCard,
    DeskPass,
    DeskPassPage,
    GateBoard,
    GatePass,
    PassCard,
    PassingLine,
    PassPage,
    SharedPass,
)
from linli.estate.visits.queries.gate import PassSort, desk_pass, gate_board, gate_pass, passes, passings, scanned
from linli.estate.visits.queries.going_on import going_on
from linli.estate.visits.queries.records import PassRecord, my_visit_records
from linli.estate.visits.queries.resident import (
    arrival,
    gate_token,
    my_arrivals,
    my_passes,
    pass_page,
    shared_pass,
    waiting,
)

__all__ = [
    "MOST_OF_SHEET",
    "ArrivalCard",
    "DeskPass",
    "DeskPassPage",
    "GateBoard",
    "GatePass",
    "PassCard",
    "PassPage",
    "PassRecord",
    "PassSort",
    "PassingLine",
    "SharedPass",
    "arrival",
    "desk_pass",
    "gate_board",
    "gate_pass",
    "gate_token",
    "going_on",
    "my_arrivals",
    "my_passes",
    "my_visit_records",
    "pass_page",
    "passes",
    "passings",
    "scanned",
    "shared_pass",
    "waiting",
]
