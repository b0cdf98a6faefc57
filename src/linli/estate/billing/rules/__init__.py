"""The business of billing, plain: formulas, terms, usage, rent, late fees, drafting and allocating."""

from linli.estate.billing.rules.allocating import Allocated, Allocation, First, OpenLine, allocate, in_turn
from linli.estate.billing.rules.charges import (
    Charge,
    Holding,
    Rank,
    Reason,
    Stop,
    Stopped,
    Tariff,
    Used,
    charge,
    overlap,
    pieces,
    prevailing,
)
from linli.estate.billing.rules.drafting import Drafted, Lives, Priced, draft, obligors
from linli.estate.billing.rules.formulas import PRESETS, Basis, Preset
from linli.estate.billing.rules.late_fees import Accrual, LateFee, LateRule, Owed, late_fee
from linli.estate.billing.rules.lives import MONTH_LIFE, Channel, LineKind, MonthState, MonthVerb, Payer
from linli.estate.billing.rules.policy import BillingPolicy
from linli.estate.billing.rules.rent import Escalation, RaiseOf, rent_steps
from linli.estate.billing.rules.tariffs import DueRule, TariffDraft, Terms, ready, written_out
from linli.estate.billing.rules.terms import Days, Proration, TermRule, add_months, month_parts, price_of
from linli.estate.billing.rules.usage import Pool, Tier, Tiers, by_time_of_use, tiered, used

__all__ = [
    "MONTH_LIFE",
    "PRESETS",
    "Accrual",
    "Allocated",
    "Allocation",
    "Basis",
    "BillingPolicy",
    "Channel",
    "Charge",
    "Days",
    "Drafted",
    "DueRule",
    "Escalation",
    "First",
    "Holding",
    "LateFee",
    "LateRule",
    "LineKind",
    "Lives",
    "MonthState",
    "MonthVerb",
    "OpenLine",
    "Owed",
    "Payer",
    "Pool",
    "Preset",
    "Priced",
    "Proration",
    "RaiseOf",
    "Rank",
    "Reason",
    "Stop",
    "Stopped",
    "Tariff",
    "TariffDraft",
    "TermRule",
    "Terms",
    "Tier",
    "Tiers",
    "Used",
    "add_months",
    "allocate",
    "by_time_of_use",
    "charge",
    "draft",
    "in_turn",
    "late_fee",
    "month_parts",
    "obligors",
    "overlap",
    "pieces",
    "prevailing",
    "price_of",
    "ready",
    "rent_steps",
    "tiered",
    "used",
    "written_out",
]
