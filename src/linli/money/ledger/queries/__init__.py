"""The ledger's questions. Balances are sums of postings: debit positive, credit negative."""

from linli.money.ledger.queries.accounts import (
    AccountCard,
    JournalCard,
    Statement,
    StatementCursor,
    StatementLine,
    account_statement,
    accounts,
    balance,
    balances,
    journal,
)
from linli.money.ledger.queries.books import (
    Safeguarding,
    TrialBalance,
    TrialNode,
    safeguarding,
    trial_balance,
)
from linli.money.ledger.queries.soundness import check

__all__ = [
    "AccountCard",
    "JournalCard",
    "Safeguarding",
    "Statement",
    "StatementCursor",
    "StatementLine",
    "TrialBalance",
    "TrialNode",
    "account_statement",
    "accounts",
    "balance",
    "balances",
    "check",
    "journal",
    "safeguarding",
    "trial_balance",
]
