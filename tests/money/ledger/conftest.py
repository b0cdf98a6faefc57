"""Words for the ledger's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from linli.kernel.ids import CityId
from linli.kernel.money import Money
from linli.money.ledger import rules
from linli.money.ledger.rules import Draft, Leg

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def book() -> str:
    """A platform book of its own."""
    return rules.platform_book(CityId(uuid4()))


@pytest.fixture
def a_draft(book: str) -> Callable[..., Draft]:
    """Drafts from a dictionary of addresses and amounts: `a_draft({"suspense": "-1", "psp_clearing:wechat": "1"})`."""

    def make(legs: dict[str, str], *, at: datetime = AT, **more: str) -> Draft:
        parsed = tuple(Leg(address, Money.parse(amount)) for address, amount in legs.items())
        usual = {"key": "k1", "book": book, "currency": "CNY", "document": "order:1", "kind": "test"}
        return Draft(at=at, legs=parsed, **usual | more)

    return make


@pytest.fixture
def rows(own_database: Any) -> Callable[..., list[tuple[Any, ...]]]:
    """What stands in the tables, looked at from behind all walls."""

    def look(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with own_database.connect_as_superuser() as link:
            found: list[tuple[Any, ...]] = link.execute(statement, values).fetchall()
            return found

    return look


@pytest.fixture
def tamper(own_database: Any) -> Callable[..., None]:
    """What somebody with the superuser's key can do: change rows with every trigger asleep."""

    def change(*statements: str) -> None:
        with own_database.connect_as_superuser() as link:
            link.execute("SET session_replication_role = replica")
            for statement in statements:
                link.execute(statement)

    return change


@pytest.fixture
def a_day_passes(tamper: Callable[..., None]) -> Callable[[], None]:
    """Moves everything that was recorded one day into the past."""

    def pass_() -> None:
        tamper(
            "UPDATE ledger_journal SET recorded_on = recorded_on - 1, created_at = created_at - interval '1 day'",
            "UPDATE ledger_posting SET recorded_at = recorded_at - interval '1 day'",
        )

    return pass_
