"""The tables of billing: what is charged, to whom, what was issued, and what was paid."""

from linli.estate.billing.models.charging import Assignment, HomeFacts, Item, TariffVersion
from linli.estate.billing.models.collecting import ArrearsNote, BankLine, Reminder
from linli.estate.billing.models.costs import Cost
from linli.estate.billing.models.deducting import Mandate, MandateMove, Round, RoundLine, RoundMove
from linli.estate.billing.models.deposits import Deposit, DepositEntry
from linli.estate.billing.models.instalments import Pause, Plan, PlanMove, PlanPart
from linli.estate.billing.models.issuing import Bill, DraftLine, Late, Line, Month
from linli.estate.billing.models.paying import Allocation, Payment, Receipt, Series
from linli.estate.billing.models.prepaying import Term, TermMonth, TermMove, TermOffer
from linli.estate.billing.models.returning import Invoice, Repayment
from linli.estate.billing.models.waiving import Waiver
from linli.estate.billing.models.wallets import TopUp, Wallet, WalletEntry

__all__ = [
    "Allocation",
    "ArrearsNote",
    "Assignment",
    "BankLine",
    "Bill",
    "Cost",
    "Deposit",
    "DepositEntry",
    "DraftLine",
    "HomeFacts",
    "Invoice",
    "Item",
    "Late",
    "Line",
    "Mandate",
    "MandateMove",
    "Month",
    "Pause",
    "Payment",
    "Plan",
    "PlanMove",
    "PlanPart",
    "Receipt",
    "Reminder",
    "Repayment",
    "Round",
    "RoundLine",
    "RoundMove",
    "Series",
    "TariffVersion",
    "Term",
    "TermMonth",
    "TermMove",
    "TermOffer",
    "TopUp",
    "Waiver",
    "Wallet",
    "WalletEntry",
]
