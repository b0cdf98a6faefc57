"""The verbs of billing."""

from linli.estate.billing.actions.accruing import accrue_late_fees
from linli.estate.billing.actions.alike import take_back_template, take_over_template
from linli.estate.billing.actions.bank_lines import (
    BankImport,
    import_bank_lines,
    match_bank_line,
    match_bank_lines,
    reveal_bank_line,
    set_bank_line_aside,
    take_bank_line_up,
)
from linli.estate.billing.actions.charging import (
    add_item,
    assign,
    assign_subject,
    change_item,
    end_assignment,
    ensure_item,
    retire_item,
    set_home_facts,
)
from linli.estate.billing.actions.codes import (
    NotByCode,
    ask_by_code,
    take_by_code,
    withdraw_code,
)
from linli.estate.billing.actions.cost_sheets import COST_COLUMNS, CostImport, credit_cost, import_costs
from linli.estate.billing.actions.costs import add_cost, insist_on_cost, withdraw_cost
from linli.estate.billing.actions.crediting import cancel_charge, credit_line
from linli.estate.billing.actions.deducting import decline_deduction, plan_deductions, record_deduction, take_round
from linli.estate.billing.actions.deposits import (
    ask_deposit,
    begin_deposit,
    deduct_deposit,
    lapse_deposits,
    record_deposit,
    return_deposit,
    take_deposit,
)
from linli.estate.billing.actions.drafting import DraftSummary, draft_month
from linli.estate.billing.actions.earning import keep_earned
from linli.estate.billing.actions.going_back import tell_goes_back
from linli.estate.billing.actions.instalments import ask_plan, begin_plan_payment, cancel_plan, decide_plan, keep_plans
from linli.estate.billing.actions.invoicing import (
    ask_invoice,
    issue_invoice,
    refuse_invoice,
    revoke_invoice,
)
from linli.estate.billing.actions.issuing import Issued, close_month, issue_month
from linli.estate.billing.actions.mandates import (
    HasMandate,
    NoMandates,
    SignAnew,
    ask_mandate,
    change_mandate,
    end_mandate,
    pause_mandate,
    record_end,
    record_signature,
    resume_mandate,
)
from linli.estate.billing.actions.once import charge_once
from linli.estate.billing.actions.online import begin_payment, record_payment
from linli.estate.billing.actions.own_amounts import PLACES, AmountsTaken, amount_columns, import_amounts
from linli.estate.billing.actions.paid_ahead import CreditUsed, open_credits, withdraw_credits
from linli.estate.billing.actions.paying import take_payment
from linli.estate.billing.actions.prepaying import (
    begin_term,
    lapse_terms,
    offer_term,
    record_term,
    take_term,
    withdraw_offer,
)
from linli.estate.billing.actions.releasing import lapse_deposit, release_deposit
from linli.estate.billing.actions.reminding import (
    forget_person,
    note_arrears,
    note_arrears_of_many,
    remind,
    remind_many,
    tell_obligors,
)
from linli.estate.billing.actions.repaying import refund_line, refund_rest
from linli.estate.billing.actions.taking_over import (
    forget_home_facts,
    open_balances,
    withdraw_assignments,
    withdraw_openings,
)
from linli.estate.billing.actions.tariffs import OtherBasis, set_tariff, withdraw_tariff
from linli.estate.billing.actions.term_ending import cut_terms, end_terms, hand_on_term, return_term
from linli.estate.billing.actions.waiving import Waive, ask_waiver, decide_waiver, lapse_waivers
from linli.estate.billing.actions.wallet_paying import pay_from_wallet, spend_wallet
from linli.estate.billing.actions.wallets import begin_topup, record_topup, refund_wallet, take_topup

__all__ = [
    "COST_COLUMNS",
    "PLACES",
    "AmountsTaken",
    "BankImport",
    "CostImport",
    "CreditUsed",
    "DraftSummary",
    "HasMandate",
    "Issued",
    "NoMandates",
    "NotByCode",
    "OtherBasis",
    "SignAnew",
    "Waive",
    "accrue_late_fees",
    "add_cost",
    "add_item",
    "amount_columns",
    "ask_by_code",
    "ask_deposit",
    "ask_invoice",
    "ask_mandate",
    "ask_plan",
    "ask_waiver",
    "assign",
    "assign_subject",
    "begin_deposit",
    "begin_payment",
    "begin_plan_payment",
    "begin_term",
    "begin_topup",
    "cancel_charge",
    "cancel_plan",
    "change_item",
    "change_mandate",
    "charge_once",
    "close_month",
    "credit_cost",
    "credit_line",
    "cut_terms",
    "decide_plan",
    "decide_waiver",
    "decline_deduction",
    "deduct_deposit",
    "draft_month",
    "end_assignment",
    "end_mandate",
    "end_terms",
    "ensure_item",
    "forget_home_facts",
    "forget_person",
    "hand_on_term",
    "import_amounts",
    "import_bank_lines",
    "import_costs",
    "insist_on_cost",
    "issue_invoice",
    "issue_month",
    "keep_earned",
    "keep_plans",
    "lapse_deposit",
    "lapse_deposits",
    "lapse_terms",
    "lapse_waivers",
    "match_bank_line",
    "match_bank_lines",
    "note_arrears",
    "note_arrears_of_many",
    "offer_term",
    "open_balances",
    "open_credits",
    "pause_mandate",
    "pay_from_wallet",
    "plan_deductions",
    "record_deduction",
    "record_deposit",
    "record_end",
    "record_payment",
    "record_signature",
    "record_term",
    "record_topup",
    "refund_line",
    "refund_rest",
    "refund_wallet",
    "refuse_invoice",
    "release_deposit",
    "remind",
    "remind_many",
    "resume_mandate",
    "retire_item",
    "return_deposit",
    "return_term",
    "reveal_bank_line",
    "revoke_invoice",
    "set_bank_line_aside",
    "set_home_facts",
    "set_tariff",
    "spend_wallet",
    "take_back_template",
    "take_bank_line_up",
    "take_by_code",
    "take_deposit",
    "take_over_template",
    "take_payment",
    "take_round",
    "take_term",
    "take_topup",
    "tell_goes_back",
    "tell_obligors",
    "withdraw_assignments",
    "withdraw_code",
    "withdraw_cost",
    "withdraw_credits",
    "withdraw_offer",
    "withdraw_openings",
    "withdraw_tariff",
]
