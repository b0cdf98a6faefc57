"""The verbs of patrols."""

from linli.estate.patrols.actions.alike import take_back_template, take_over_template
from linli.estate.patrols.actions.planning import (
    StillWalked,
    StopDraft,
    add_plan,
    end_plan,
    keep_point,
    keep_route,
    renew_secret,
    retire_point,
    retire_route,
)
from linli.estate.patrols.actions.walking import (
    NotHere,
    NotNow,
    OutOfOrder,
    SomebodyElses,
    Visited,
    WrongCode,
    call_off_patrol,
    forget_person,
    lapse_patrol,
    open_patrol,
    send_now,
    visit_point,
)

__all__ = [
    "NotHere",
    "NotNow",
    "OutOfOrder",
    "SomebodyElses",
    "StillWalked",
    "StopDraft",
    "Visited",
    "WrongCode",
    "add_plan",
    "call_off_patrol",
    "end_plan",
    "forget_person",
    "keep_point",
    "keep_route",
    "lapse_patrol",
    "open_patrol",
    "renew_secret",
    "retire_point",
    "retire_route",
    "send_now",
    "take_back_template",
    "take_over_template",
    "visit_point",
]
