"""The verbs of work orders and outages."""

from linli.estate.workorders.actions.after import (
    cancel_work,
    rate_work,
    record_return_visit,
    reopen_work,
    reveal_who_asked,
)
from linli.estate.workorders.actions.alike import take_back_template, take_over_template
from linli.estate.workorders.actions.clock import (
    close_work,
    escalate_late_work,
    forget_person,
    mark_work_paid,
    resume_overdue_work,
)
from linli.estate.workorders.actions.doing import (
    accept_work,
    add_material,
    arrive_at_work,
    finish_work,
    pause_work,
    resume_work,
)
from linli.estate.workorders.actions.giving import give_by_house, give_work, grab_work, return_work, transfer_work
from linli.estate.workorders.actions.leaving import let_go
from linli.estate.workorders.actions.outages import (
    announce_outage,
    call_off_outage,
    change_outage,
    end_outage,
    end_outage_in_time,
)
from linli.estate.workorders.actions.pricing import agree_to_quote, decline_quote, lapse_quote, quote_work
from linli.estate.workorders.actions.raising import raise_work_order
from linli.estate.workorders.actions.saying import say_about_work
from linli.estate.workorders.actions.together import cancel_many, give_many
from linli.estate.workorders.actions.types import add_default_types, call_off_sla, keep_type, retire_type, set_sla
from linli.estate.workorders.actions.workers import Hours, keep_worker, remove_worker, set_away, set_rota

__all__ = [
    "Hours",
    "accept_work",
    "add_default_types",
    "add_material",
    "agree_to_quote",
    "announce_outage",
    "arrive_at_work",
    "call_off_outage",
    "call_off_sla",
    "cancel_many",
    "cancel_work",
    "change_outage",
    "close_work",
    "decline_quote",
    "end_outage",
    "end_outage_in_time",
    "escalate_late_work",
    "finish_work",
    "forget_person",
    "give_by_house",
    "give_many",
    "give_work",
    "grab_work",
    "keep_type",
    "keep_worker",
    "lapse_quote",
    "let_go",
    "mark_work_paid",
    "pause_work",
    "quote_work",
    "raise_work_order",
    "rate_work",
    "record_return_visit",
    "remove_worker",
    "reopen_work",
    "resume_overdue_work",
    "resume_work",
    "retire_type",
    "return_work",
    "reveal_who_asked",
    "say_about_work",
    "set_away",
    "set_rota",
    "set_sla",
    "take_back_template",
    "take_over_template",
    "transfer_work",
]
