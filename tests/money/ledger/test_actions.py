"""Reversing, folding, rebuilding, opening books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError

from linli.kernel.ids import OrderId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import actions, queries, rules, tasks
from linli.money.ledger.rules import Draft, Leg
from linli.spine.scope import SYSTEM
from money.ledger.conftest import AT

Drafts = Callable[..., Draft]
Rows = Callable[..., list[tuple[Any, ...]]]
pytestmark = pytest.mark.usefixtures("own_database")
MERCHANT = PartyId(uuid4())
PENDING = rules.merchant_pending(MERCHANT)
EARNED = {"psp_clearing:wechat": "10", PENDING: "-10"}


def test_a_journal_is_reversed_once_by_its_mirror(a_draft: Drafts, book: str) -> None:
    original = actions.post(SYSTEM, draft=a_draft(EARNED))
    again = [
        actions.reverse(SYSTEM, book=book, journal_key="k1", key="undo", document="claim:1", at=AT) for _ in range(2)
    ]
    card = queries.journal(SYSTEM, id=again[0])
    assert again[0] == again[1]
    assert (card.reverses, card.kind, card.document) == (original, "reversal", "claim:1")
    assert card.legs == (Leg("psp_clearing:wechat", Money(-1000)), Leg(PENDING, Money(1000)))
    assert queries.balance(SYSTEM, book=book, address=PENDING) == Money.zero
    for key, of in (("undo2", "k1"), ("redo", "undo")):
        with pytest.raises(actions.AlreadyReversed):
            actions.reverse(SYSTEM, book=book, journal_key=of, key=key, document="claim:1", at=AT)
    with pytest.raises(NotFound):
        actions.reverse(SYSTEM, book=book, journal_key="k9", key="undo9", document="claim:1", at=AT)


def test_what_was_spent_cannot_be_reversed(a_draft: Drafts, book: str) -> None:
    actions.post(SYSTEM, draft=a_draft(EARNED))
    actions.post(SYSTEM, draft=a_draft({PENDING: "1", "platform_commission": "-1"}, key="k2"))
    with pytest.raises(actions.Overdrawn):
        actions.reverse(SYSTEM, book=book, journal_key="k1", key="undo", document="claim:1", at=AT)
    assert queries.balance(SYSTEM, book=book, address=PENDING) == Money(-900)


def test_many_journals_are_posted_all_or_none(a_draft: Drafts, rows: Rows) -> None:
    good, bad = a_draft(EARNED), a_draft({PENDING: "11", "platform_commission": "-11"}, key="k2")
    with pytest.raises(actions.Overdrawn):
        actions.post_many(SYSTEM, drafts=(good, bad))
    assert rows("SELECT count(*) FROM ledger_journal") == [(0,)]
    enough = a_draft({PENDING: "10", "platform_commission": "-10"}, key="k3")
    assert len(set(actions.post_many(SYSTEM, drafts=(good, enough, good)))) == 2
    assert actions.post_many(SYSTEM, drafts=()) == ()


def test_a_roll_up_folds_the_queue_and_changes_no_balance(a_draft: Drafts, book: str, rows: Rows) -> None:
    for n in range(3):
        actions.post(SYSTEM, draft=a_draft(EARNED, key=f"k{n}"))
    assert rows("SELECT balance_minor FROM ledger_balance") == [(0,)]
    assert tasks.roll_up(at=AT) == 1
    assert tasks.roll_up(at=AT) == 0
    assert rows("SELECT balance_minor FROM ledger_balance") == [(-3000,)]
    assert queries.balance(SYSTEM, book=book, address=PENDING) == Money(-3000)


def test_a_roll_up_leaves_an_account_that_is_being_debited(own_database: Any, a_draft: Drafts, rows: Rows) -> None:
    actions.post(SYSTEM, draft=a_draft(EARNED))
    with own_database.connect() as link:
        link.execute("SELECT ledger_hold(%s, ARRAY[%s])", [a_draft(EARNED).book, PENDING])
        assert tasks.roll_up(at=AT) == 0
        link.commit()
    assert rows("SELECT balance_minor FROM ledger_balance") == [(-1000,)]


def test_a_rebuild_mends_a_wrong_balance_and_says_so(a_draft: Drafts, book: str, tamper: Callable[..., None]) -> None:
    actions.post(SYSTEM, draft=a_draft(EARNED))
    actions.post(SYSTEM, draft=a_draft(EARNED | {"suspense": "0"}, key="k2"))
    actions.post(SYSTEM, draft=a_draft({PENDING: "5", "platform_commission": "-5"}, key="k3"))
    actions.post(SYSTEM, draft=a_draft(EARNED, key="k4"))
    assert actions.rebuild_balances(SYSTEM, at=AT) == 0
    tamper("UPDATE ledger_balance SET balance_minor = -99")
    (finding,) = (f for f in queries.check(SYSTEM) if not f.ok)
    assert tuple(map(str, finding.details)) == (f"{PENDING} of {book} says -0.99, its postings say -25.00.",)
    assert actions.rebuild_balances(SYSTEM, at=AT) == 1
    assert queries.balance(SYSTEM, book=book, address=PENDING) == Money(-2500)
    assert all(f.ok for f in queries.check(SYSTEM))


def test_a_book_keeps_its_currency_and_the_days_of_its_zone(a_draft: Drafts, book: str) -> None:
    evening = datetime(2026, 11, 22, 20, tzinfo=UTC)
    actions.open_book(SYSTEM, book=book, currency="EUR", timezone="Europe/Lisbon", at=AT)
    actions.open_book(SYSTEM, book=book, currency="EUR", timezone="Asia/Shanghai", at=AT)
    posted = actions.post(SYSTEM, draft=a_draft(EARNED, currency="EUR", at=evening))
    assert queries.journal(SYSTEM, id=posted).business_on == date(2026, 11, 22)
    with pytest.raises(rules.Unbalanced):
        actions.post(SYSTEM, draft=a_draft(EARNED, key="k2"))
    other = a_draft(EARNED, book=rules.property_book(MERCHANT).replace("property", "platform"), at=evening)
    assert queries.journal(SYSTEM, id=actions.post(SYSTEM, draft=other)).business_on == date(2026, 11, 23)
    with pytest.raises(DatabaseError):
        actions.open_book(SYSTEM, book=rules.property_book(MERCHANT), currency="EUR", timezone="Mars/Base", at=AT)


def test_months_are_made_ahead_once() -> None:
    assert tasks.make_months(at=AT) == 0


def test_a_statement_goes_on_where_its_page_ended(a_draft: Drafts, book: str) -> None:
    for n, amount in enumerate(("10", "20", "30", "40", "50"), start=1):
        actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": amount, PENDING: f"-{amount}"}, key=f"k{n}"))
    pages, after = [], None
    for _ in range(3):
        page = queries.account_statement(SYSTEM, book=book, address=PENDING, after=after, limit=2)
        pages.append([(str(line.amount), str(line.balance)) for line in page.lines])
        after = page.next
    assert pages == [
        [("-10.00", "-10.00"), ("-20.00", "-30.00")],
        [("-30.00", "-60.00"), ("-40.00", "-100.00")],
        [("-50.00", "-150.00")],
    ]
    assert after is None


def test_a_trial_balance_is_a_tree_that_sums_to_zero_at_any_instant(a_draft: Drafts, book: str) -> None:
    order = rules.order_escrow(OrderId(uuid4()))
    later = AT.replace(hour=12)
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "57", "marketing_subsidy:a": "5", order: "-62"}))
    actions.post(SYSTEM, draft=a_draft({order: "62", PENDING: "-60", "platform_commission": "-2"}, key="k2", at=later))
    before, after = (queries.trial_balance(SYSTEM, book=book, at=at) for at in (AT, later))
    assert before.total == after.total == Money.zero
    assert [(head.code, head.word, str(head.balance)) for head in after.classes] == [
        (1, "asset", "57.00"),
        (2, "liability", "-60.00"),
        (4, "revenue", "-2.00"),
        (5, "expense", "5.00"),
    ]
    assert before.balance_of("order_escrow") == Money(-6200)
    (escrow, pending) = after.classes[1].children
    assert (escrow.code, escrow.debit, escrow.credit, escrow.balance) == (2010, Money(6200), Money(6200), Money.zero)
    assert (pending.word, pending.accounts, pending.balance) == ("merchant_pending", 1, Money(-6000))


def test_money_of_others_is_covered_or_an_alarm(a_draft: Drafts, book: str) -> None:
    city = rules.parse_book(book)[1]
    order = rules.order_escrow(OrderId(uuid4()))
    actions.post(SYSTEM, draft=a_draft({"psp_clearing:wechat": "57", "marketing_subsidy:a": "5", order: "-62"}))
    found = queries.safeguarding(SYSTEM, city=city)  # type: ignore[arg-type]
    assert (found.held, found.owed, found.own, found.is_covered) == (Money(5700), Money(6200), Money(-500), False)
    (finding,) = (f for f in queries.check(SYSTEM) if not f.ok)
    assert tuple(map(str, finding.details)) == (
        f"{book} owes 5.00 more than it holds for others: top up its own funds.",
    )
    actions.post(SYSTEM, draft=a_draft({"bank:custody": "5", "own_funds": "-5"}, key="k2"))
    assert queries.safeguarding(SYSTEM, city=city).is_covered  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE ledger_posting SET amount_minor = 2 WHERE leg = 1", "sums to -9.98."),
        ("DELETE FROM ledger_posting", "has no postings."),
        ("DELETE FROM ledger_journal", "has no such journal, or an account of another book."),
        ("UPDATE ledger_posting SET amount_minor = -amount_minor", "is overdrawn by 10.00."),
    ],
)
def test_what_got_around_the_database_is_found(
    a_draft: Drafts, tamper: Callable[..., None], change: str, words: str
) -> None:
    actions.post(SYSTEM, draft=a_draft(EARNED))
    assert all(finding.ok for finding in queries.check(SYSTEM))
    tamper(change)
    assert [w for f in queries.check(SYSTEM) for w in f.details if str(w).endswith(words)]
