"""Payouts: what each payee has earned, when it may leave, and how it reaches the payee's own bank account.

Words: a *line* is what one payee earned with one order (pending -> available -> in_payout -> paid); a *reversal* is a
line that takes a part back and points to the original; a *hold* is the time between the two balances; to *draw* is to
claim a payee's available lines for one payout; to *net* is to set what the payee owes the house (cash, receivables) off
first; a *share* is a payout that a provider makes out of a charge it holds; the *waterfall* is the order of accounts
from which something is taken back.

Invariants: one earning per (order, payee, kind); a line belongs to at most one payout; the ledger's balance, not the
sum of lines, says how much may leave; a payout is stamped before the bank is called and called again under its id; it
is settled only by the bank's own line, a share by the provider's bill; one that fails or comes back re-opens its lines
and never reads as settled; a payee that is held, or whose bank account is not known, keeps its balance.

Doors: actions.{release_holds, draw_payouts, send_payouts, record_transfer_event, import_bank_file, write_bank_file,
set_hold_days, hold_payee, set_receiver, take_back}, queries.{statement, statement_file, payouts, bank_differences},
rules; SQL `payouts_add_lines`, `payouts_reverse_lines`.
"""
