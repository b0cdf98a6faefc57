"""`linli ledger` checks, prints and mends the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from linli.config.cli import beside_database
from linli.config.commands.ledger import ledger
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.money.ledger import actions, rules
from linli.money.ledger.rules import Draft, Leg
from linli.spine.scope import SYSTEM

AT = datetime(2026, 2, 1, 10, tzinfo=UTC)
BOOK, MERCHANT = rules.platform_book(CityId(uuid4())), PartyId(uuid4())


@pytest.fixture
def books(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A book with one journal, and the command line beside it."""
    monkeypatch.setenv("LINLI_PROCESS", "web")
    legs = (Leg("psp_clearing:wechat", Money(1000)), Leg(rules.merchant_pending(MERCHANT), Money(-1000)))
    actions.post(
        SYSTEM, draft=Draft(key="k", book=BOOK, currency="CNY", document="order:1", kind="sale", at=AT, legs=legs)
    )
    return lambda *words: CliRunner().invoke(ledger, list(words))


def test_sound_books_are_told_sound(books: Callable[..., Result]) -> None:
    answer = books("check", "--since", "2026-01-01")
    assert answer.exit_code == 0
    assert "✗" not in answer.output
    assert answer.output.count("✓") == 8


def test_unsound_books_end_with_status_one_and_are_mended(own_database: Any, books: Callable[..., Result]) -> None:
    with own_database.connect_as_superuser() as link:
        link.execute("UPDATE ledger_balance SET balance_minor = -1")
    assert books("check").exit_code == 1
    assert books("rebuild", "--yes").output == "1 balances were wrong and are right now.\n"
    assert books("check").exit_code == 0
    assert books("rebuild", "--yes").output == "All balances were right.\n"


def test_a_trial_balance_is_printed_by_code(books: Callable[..., Result]) -> None:
    lines = [line.split() for line in books("trial-balance", BOOK).output.splitlines()[1:]]
    assert lines == [
        ["1", "asset", "1", "10.00", "0.00", "10.00"],
        ["1010", "psp_clearing", "1", "10.00", "0.00", "10.00"],
        ["2", "liability", "1", "0.00", "10.00", "-10.00"],
        ["2020", "merchant_pending", "1", "0.00", "10.00", "-10.00"],
        ["total", "0.00"],
    ]
    assert [line.split()[0] for line in books("trial-balance", BOOK, "--at", "2026-01-01").output.splitlines()[1:]] == [
        "total"
    ]
    assert books("trial-balance", "Suzhou").exit_code == 1


def test_every_command_of_a_group_runs_while_the_database_does(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = beside_database(ledger)
    assert {name: each.callback for name, each in beside.commands.items()} != {  # type: ignore[attr-defined]
        name: each.callback for name, each in ledger.commands.items()
    }
    assert all(each.callback.__wrapped__ for each in beside.commands.values())  # type: ignore[attr-defined]
    assert not any(hasattr(each.callback, "__wrapped__") for each in ledger.commands.values())
