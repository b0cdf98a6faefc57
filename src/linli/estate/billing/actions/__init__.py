"""The verbs of billing."""

from linli.estate.billing.actions.charging import (
    add_item,
    assign,
    end_assignment,
    retire_item,
    set_home_facts,
    set_tariff,
)
from linli.estate.billing.actions.drafting import draft_month
from linli.estate.billing.actions.issuing import close_month, credit_line, issue_month
from linli.estate.billing.actions.online import begin_payment, record_payment
from linli.estate.billing.actions.paying import take_payment

__all__ = [
    "add_item",
    "assign",
    "begin_payment",
    "close_month",
    "credit_line",
    "draft_month",
    "end_assignment",
    "issue_month",
    "record_payment",
    "retire_item",
    "set_home_facts",
    "set_tariff",
    "take_payment",
]
