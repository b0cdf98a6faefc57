"""The verbs of billing."""

from linli.estate.billing.actions.accruing import accrue_late_fees
from linli.estate.billing.actions.charging import (
    add_item,
    assign,
    assign_subject,
    end_assignment,
    ensure_item,
    retire_item,
    set_home_facts,
    set_tariff,
)
from linli.estate.billing.actions.crediting import cancel_charge, credit_line
from linli.estate.billing.actions.deposits import (
    ask_deposit,
    begin_deposit,
    deduct_deposit,
    lapse_deposits,
    record_deposit,
    return_deposit,
    take_deposit,
)
from linli.estate.billing.actions.drafting import draft_month
from linli.estate.billing.actions.issuing import close_month, issue_month
from linli.estate.billing.actions.once import charge_once
from linli.estate.billing.actions.online import begin_payment, record_payment
from linli.estate.billing.actions.paying import take_payment
from linli.estate.billing.actions.waiving import Waive, ask_waiver, decide_waiver, lapse_waivers

__all__ = [
    "Waive",
    "accrue_late_fees",
    "add_item",
    "ask_deposit",
    "ask_waiver",
    "assign",
    "assign_subject",
    "begin_deposit",
    "begin_payment",
    "cancel_charge",
    "charge_once",
    "close_month",
    "credit_line",
    "decide_waiver",
    "deduct_deposit",
    "draft_month",
    "end_assignment",
    "ensure_item",
    "issue_month",
    "lapse_deposits",
    "lapse_waivers",
    "record_deposit",
    "record_payment",
    "retire_item",
    "return_deposit",
    "set_home_facts",
    "set_tariff",
    "take_deposit",
    "take_payment",
]
