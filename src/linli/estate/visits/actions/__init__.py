"""The verbs of visits."""

from linli.estate.visits.actions.arriving import (
    NoArrivals,
    NobodyToAsk,
    TooLate,
    answer_arrival,
    let_arrival_in,
    register_arrival,
    withdraw_arrival,
)
from linli.estate.visits.actions.gate import Checked, NobodyInside, check_code, check_link, let_in, let_out
from linli.estate.visits.actions.inviting import (
    NoCodeLeft,
    NoInvitations,
    TooManyPasses,
    invite,
    revoke,
    revoke_at_desk,
    revoke_of_leaver,
)
from linli.estate.visits.actions.keeping import expire_passes, forget_guests, forget_person, lapse_arrivals

__all__ = [
    "Checked",
    "NoArrivals",
    "NoCodeLeft",
    "NoInvitations",
    "NobodyInside",
    "NobodyToAsk",
    "TooLate",
    "TooManyPasses",
    "answer_arrival",
    "check_code",
    "check_link",
    "expire_passes",
    "forget_guests",
    "forget_person",
    "invite",
    "lapse_arrivals",
    "let_arrival_in",
    "let_in",
    "let_out",
    "register_arrival",
    "revoke",
    "revoke_at_desk",
    "revoke_of_leaver",
    "withdraw_arrival",
]
