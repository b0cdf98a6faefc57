"""The ledger: one append-only, double-entry book of accounts for every cent that the house touches.

Words: a *book* is `platform:{city}` or `property:{company}`; an *account* has an address in a book
(`order_escrow:{order}`) that the *chart* allows; a *journal* is one balanced set of *postings* (legs) in one book and
currency, with a business document behind it; debit is positive, credit negative; a *guarded* account may never be
overdrawn; a *seal* closes a day's journals into a chain of hashes.

Invariants: the postings of a journal sum to zero and arrive together; journals and postings are never changed, not by
their owner either; a key is posted once and means the same for ever; no guarded account is ever overdrawn; cached
balances equal the postings. The database refuses what breaks these, `queries.check` finds what got around it.

Cost: credits lock nothing; only a debit of a guarded account locks that account (in the order of ids), folds the
postings that came in since, and checks. The SQL door is `ledger_post`; higher modules' SQL functions call it too.

Doors: actions.{post, post_many, reverse, hold_balances, open_book, rebuild_balances, refusing}, queries.{balance,
balances, trial_balance, account_statement, journal, check, safeguarding}, rules (chart, builders, Draft, waterfall).
"""
