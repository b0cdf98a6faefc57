"""Questions about payouts: statements, what was earned, what leaves, and whether all of it is sound."""

from linli.money.payouts.queries.desk import (
    ClaimedLine,
    PayeeCard,
    PayoutPage,
    SignalCard,
    payee,
    payout_page,
)
from linli.money.payouts.queries.earnings import available_ats, earned
from linli.money.payouts.queries.leaving import (
    BankDifference,
    PayoutCard,
    PayoutSort,
    PayoutsWanted,
    WaitingPayee,
    bank_differences,
    payouts,
    waiting_payees,
)
from linli.money.payouts.queries.soundness import SLOW_PAYOUT, check
from linli.money.payouts.queries.statements import (
    COLUMNS,
    XLSX,
    LineSort,
    Statement,
    StatementFile,
    StatementLine,
    earned_by_community,
    statement,
    statement_file,
)

__all__ = [
    "COLUMNS",
    "SLOW_PAYOUT",
    "XLSX",
    "BankDifference",
    "ClaimedLine",
    "LineSort",
    "PayeeCard",
    "PayoutCard",
    "PayoutPage",
    "PayoutSort",
    "PayoutsWanted",
    "SignalCard",
    "Statement",
    "StatementFile",
    "StatementLine",
    "WaitingPayee",
    "available_ats",
    "bank_differences",
    "check",
    "earned",
    "earned_by_community",
    "payee",
    "payout_page",
    "payouts",
    "statement",
    "statement_file",
    "waiting_payees",
]
