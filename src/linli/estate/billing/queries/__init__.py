"""The questions about charging, each shaped for the page that asks."""

from linli.estate.billing.queries.arrears import (
    Arrear,
    Note,
    arrears,
    arrears_notes,
    collected_homes,
    communities_in_arrears,
)
from linli.estate.billing.queries.assigned import Charged, HomeFactsCard, charged_homes, charged_items, home_facts
from linli.estate.billing.queries.bank import BankCard, bank_lines, bank_lines_counted
from linli.estate.billing.queries.bills import BillCard, BillPage, LineCard, PaidBy, bill_page, my_bills
from linli.estate.billing.queries.desk import AccountPage, Entry, OpenLine, Standing, account_page, bills, open_accounts
from linli.estate.billing.queries.going_on import going_on, homes_late
from linli.estate.billing.queries.homes import known_attributes, values_of_homes
from linli.estate.billing.queries.items import ItemCard, ItemPage, TariffCard, item_page, items
from linli.estate.billing.queries.months import (
    MonthCard,
    MonthItem,
    MonthPage,
    Outlier,
    StoppedLine,
    month_page,
    months,
)
from linli.estate.billing.queries.owing import Account, Owed, accounts, owed
from linli.estate.billing.queries.payments import PaymentPage, payment_page
from linli.estate.billing.queries.prepaying import (
    TermCard,
    TermMonthLine,
    TermPage,
    TermStep,
    my_terms,
    next_month,
    offers,
    quote,
    quotes,
    term_page,
    terms,
)
from linli.estate.billing.queries.receipts import ReceiptCard, ReceiptLine, ReceiptPage, my_receipts, receipt_page
from linli.estate.billing.queries.reconciling import Difference, differences
from linli.estate.billing.queries.records import BillingRecords, my_billing_records
from linli.estate.billing.queries.reports import ChargedSum, ReceivedSum, charged_sums, receipts, received_sums
from linli.estate.billing.queries.soundness import check
from linli.estate.billing.queries.taken_over import assigned_homes, facts_of, items_by_word, opened
from linli.estate.billing.queries.term_prices import Quote, TermOffer
from linli.estate.billing.queries.trying import DryRun, TriedHome, dry_run
from linli.estate.billing.queries.wallets import (
    WalletCard,
    WalletLine,
    my_wallets,
    owed_for_homes,
    wallet_statement,
    wallets,
)
from linli.estate.billing.queries.why import Why, WhyMonth, WhyReading, WhyStep

__all__ = [
    "Account",
    "AccountPage",
    "Arrear",
    "BankCard",
    "BillCard",
    "BillPage",
    "BillingRecords",
    "Charged",
    "ChargedSum",
    "Difference",
    "DryRun",
    "Entry",
    "HomeFactsCard",
    "ItemCard",
    "ItemPage",
    "LineCard",
    "MonthCard",
    "MonthItem",
    "MonthPage",
    "Note",
    "OpenLine",
    "Outlier",
    "Owed",
    "PaidBy",
    "PaymentPage",
    "Quote",
    "ReceiptCard",
    "ReceiptLine",
    "ReceiptPage",
    "ReceivedSum",
    "Standing",
    "StoppedLine",
    "TariffCard",
    "TermCard",
    "TermMonthLine",
    "TermOffer",
    "TermPage",
    "TermStep",
    "TriedHome",
    "WalletCard",
    "WalletLine",
    "Why",
    "WhyMonth",
    "WhyReading",
    "WhyStep",
    "account_page",
    "accounts",
    "arrears",
    "arrears_notes",
    "assigned_homes",
    "bank_lines",
    "bank_lines_counted",
    "bill_page",
    "bills",
    "charged_homes",
    "charged_items",
    "charged_sums",
    "check",
    "collected_homes",
    "communities_in_arrears",
    "differences",
    "dry_run",
    "facts_of",
    "going_on",
    "home_facts",
    "homes_late",
    "item_page",
    "items",
    "items_by_word",
    "known_attributes",
    "month_page",
    "months",
    "my_billing_records",
    "my_bills",
    "my_receipts",
    "my_terms",
    "my_wallets",
    "next_month",
    "offers",
    "open_accounts",
    "opened",
    "owed",
    "owed_for_homes",
    "payment_page",
    "quote",
    "quotes",
    "receipt_page",
    "receipts",
    "received_sums",
    "term_page",
    "terms",
    "values_of_homes",
    "wallet_statement",
    "wallets",
]
