"""Sealed days: what is changed afterwards is found and named, and nobody who posts ever waits for a seal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linli.kernel.money import Money
from linli.money.ledger import actions, queries, rules, tasks
from linli.money.ledger.rules import Draft
from linli.spine.scope import SYSTEM
from money.ledger.conftest import AT
from money.ledger.oracle import Raw
from money.ledger.test_oracle import post

Drafts = Callable[..., Draft]
Rows = Callable[..., list[tuple[Any, ...]]]
Change = Callable[..., None]
pytestmark = pytest.mark.usefixtures("own_database")
LEGS = {"psp_clearing:wechat": "7", "suspense": "-7"}


def broken() -> tuple[str, ...]:
    (finding,) = (f for f in queries.check(SYSTEM) if f.invariant.startswith("Sealed"))
    return tuple(map(str, finding.details))


@pytest.fixture
def two_days(a_draft: Drafts, a_day_passes: Callable[[], None]) -> list[Draft]:
    """Two sealed days with two journals each."""
    drafts = [a_draft(LEGS, key=f"k{n}") for n in range(4)]
    for day in (drafts[:2], drafts[2:]):
        actions.post_many(SYSTEM, drafts=tuple(day))
        a_day_passes()
    assert tasks.seal_days(at=AT) == 2
    return drafts


def test_the_chain_is_the_one_that_the_rules_compute(two_days: list[Draft], rows: Rows) -> None:
    hash_, hashes = rules.FIRST_HASH, []
    for draft in two_days:
        hash_ = rules.chained(hash_, rules.canonical(draft))
        hashes.append(hash_)
    assert [row[0] for row in rows("SELECT hash FROM ledger_link ORDER BY journal_id")] == hashes
    assert rows("SELECT previous, hash, journals FROM ledger_seal ORDER BY recorded_on") == [
        (rules.FIRST_HASH, hashes[1], 2),
        (hashes[1], hashes[3], 2),
    ]
    assert broken() == ()


def test_a_day_that_is_not_over_is_not_sealed(a_draft: Drafts) -> None:
    actions.post(SYSTEM, draft=a_draft(LEGS))
    assert tasks.seal_days(at=AT.replace(year=2099)) == 0


def test_a_reversal_names_what_it_reverses(
    a_draft: Drafts, book: str, a_day_passes: Callable[[], None], rows: Rows
) -> None:
    actions.post(SYSTEM, draft=a_draft(LEGS))
    actions.reverse(SYSTEM, book=book, journal_key="k1", key="k2", document="claim:1", at=AT)
    a_day_passes()
    assert tasks.seal_days(at=AT) == 1
    mirror = a_draft({"psp_clearing:wechat": "-7", "suspense": "7"}, key="k2", document="claim:1", kind="reversal")
    first = rules.chained(rules.FIRST_HASH, rules.canonical(a_draft(LEGS)))
    assert rows("SELECT hash FROM ledger_seal") == [(rules.chained(first, rules.canonical(mirror, reverses="k1")),)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_posting SET amount_minor = amount_minor * 2 WHERE journal_id = {}",
        "UPDATE ledger_journal SET document = 'order:2' WHERE id = {}",
        "UPDATE ledger_journal SET at = at - interval '1 microsecond' WHERE id = {}",
        "DELETE FROM ledger_posting WHERE journal_id = {}",
        "DELETE FROM ledger_journal WHERE id = {}",
    ],
)
def test_a_changed_journal_is_named(two_days: list[Draft], tamper: Change, rows: Rows, change: str) -> None:
    victim = rows("SELECT id FROM ledger_journal WHERE key = 'k1'")[0][0]
    tamper(change.format(victim))
    (words,) = broken()
    assert words.startswith(f"Journal {victim} of platform:")
    assert "was changed or removed after" in words


def test_who_also_rewrites_the_journals_hash_breaks_the_next(two_days: list[Draft], tamper: Change, rows: Rows) -> None:
    first, second = (row[0] for row in rows("SELECT id FROM ledger_journal ORDER BY id LIMIT 2"))
    tamper(
        f"UPDATE ledger_posting SET amount_minor = amount_minor * 2 WHERE journal_id = {first}",
        f"UPDATE ledger_link l SET hash = sha256(s.previous || ledger_content({first})) FROM ledger_seal s"
        f" WHERE s.id = l.seal_id AND l.journal_id = {first}",
    )
    (words,) = broken()
    assert words.startswith(f"Journal {second} of")


def test_a_seal_that_was_rewritten_or_removed_breaks_the_chain(two_days: list[Draft], tamper: Change) -> None:
    tamper("DELETE FROM ledger_link WHERE seal_id = (SELECT min(id) FROM ledger_seal)")
    tamper("DELETE FROM ledger_seal WHERE id = (SELECT min(id) FROM ledger_seal)")
    assert [words.startswith("The seal of platform:") for words in broken()] == [True]


def test_a_journal_slipped_into_a_sealed_day_is_named(two_days: list[Draft], a_draft: Drafts, tamper: Change) -> None:
    late = actions.post(SYSTEM, draft=a_draft(LEGS, key="late"))
    assert broken() == ()
    tamper(f"UPDATE ledger_journal SET recorded_on = recorded_on - 1 WHERE id = {late}")
    (words,) = broken()
    assert words.startswith(f"Journal {late} of")
    assert "came into" in words


def test_a_seal_waits_for_who_still_writes_and_he_waits_for_none(
    own_database: Any, book: str, a_draft: Drafts, a_day_passes: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PATIENCE_S", 0.2)
    actions.post(SYSTEM, draft=a_draft(LEGS))
    a_day_passes()
    with own_database.connect() as link:
        post(link, [Raw("slow", book, (("suspense", -1), ("tax_payable", 1)))])
        assert tasks.seal_days(at=AT) == 0
        link.commit()
        assert tasks.seal_days(at=AT) == 1
    assert Money.zero == queries.trial_balance(SYSTEM, book=book, at=AT).total
