"""What contracts are about: their life, their terms, and the plan that follows from them."""

from linli.estate.billing.rules import Days, Escalation, Proration, RaiseOf
from linli.estate.contracts.rules.lives import (
    CONTRACT_LIFE,
    ROW_LIFE,
    RUNNING,
    UNSIGNED,
    ContractState,
    ContractVerb,
    Direction,
    RowState,
    RowVerb,
)
from linli.estate.contracts.rules.plans import Row, Terms, cut, plan, total
from linli.estate.contracts.rules.policy import ContractPolicy

__all__ = [
    "CONTRACT_LIFE",
    "ROW_LIFE",
    "RUNNING",
    "UNSIGNED",
    "ContractPolicy",
    "ContractState",
    "ContractVerb",
    "Days",
    "Direction",
    "Escalation",
    "Proration",
    "RaiseOf",
    "Row",
    "RowState",
    "RowVerb",
    "Terms",
    "cut",
    "plan",
    "total",
]
