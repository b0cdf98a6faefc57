"""Two connections at once: credits wait for nobody, debits of the same account wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from money.ledger.oracle import Raw
from money.ledger.test_oracle import post

PARTY = uuid4()
PENDING, AVAILABLE, ESCROW = f"merchant_pending:{PARTY}", f"merchant_available:{PARTY}", f"order_escrow:{PARTY}"
COMMISSION, CLEARING = "platform_commission", "psp_clearing:wechat"
Link = psycopg.Connection[Any]


@pytest.fixture
def links(own_database: Any) -> Iterator[tuple[Link, Link]]:
    with own_database.connect() as one, own_database.connect() as two:
        two.execute("SET statement_timeout = '20s'")
        two.commit()
        yield one, two


class Later:
    """A posting in a thread of its own."""

    def __init__(self, link: Link, raw: Raw) -> None:
        self.answer: list[int] | str = "none yet"
        self.thread = threading.Thread(target=self._run, args=(link, raw))
        self.thread.start()

    def _run(self, link: Link, raw: Raw) -> None:
        try:
            self.answer = post(link, [raw])
            link.commit()
        except psycopg.Error as error:
            link.rollback()
            self.answer = error.sqlstate or ""

    def waits(self) -> bool:
        self.thread.join(0.4)
        return self.thread.is_alive()

    def end(self) -> list[int] | str:
        self.thread.join(20)
        return self.answer


@pytest.fixture
def raw(book: str) -> Callable[..., Raw]:
    return lambda key, **legs: Raw(key, book, tuple((NAMES[name], minor) for name, minor in legs.items()))


NAMES = {
    "pending": PENDING,
    "available": AVAILABLE,
    "escrow": ESCROW,
    "commission": COMMISSION,
    "clearing": CLEARING,
}


@pytest.mark.parametrize("account", ["pending", "escrow"])
def test_the_same_money_is_taken_once(links: tuple[Link, Link], raw: Callable[..., Raw], account: str) -> None:
    one, two = links
    post(one, [raw("in", clearing=100, **{account: -100})])
    one.commit()
    post(one, [raw("first", commission=-80, **{account: 80})])
    second = Later(two, raw("second", commission=-80, **{account: 80}))
    assert second.waits()
    one.commit()
    assert second.end() == "LL002"
    assert post(two, [raw("third", commission=-20, **{account: 20})])


def test_a_debit_that_was_rolled_back_takes_nothing(links: tuple[Link, Link], raw: Callable[..., Raw]) -> None:
    one, two = links
    post(one, [raw("in", clearing=100, pending=-100)])
    one.commit()
    post(one, [raw("first", available=-80, pending=80)])
    second = Later(two, raw("second", available=-80, pending=80))
    assert second.waits()
    one.rollback()
    assert isinstance(second.end(), list)


def test_a_credit_waits_for_no_debit(links: tuple[Link, Link], raw: Callable[..., Raw]) -> None:
    one, two = links
    post(one, [raw("in", clearing=100, pending=-100)])
    one.commit()
    post(one, [raw("out", pending=60, commission=-60)])
    assert isinstance(Later(two, raw("more", clearing=5, pending=-5)).end(), list)
    one.commit()
    post(one, [raw("rest", pending=45, commission=-45)])
    one.commit()
    assert one.execute("SELECT count(*) FROM ledger_unfolded").fetchone() == (0,)


def test_uncommitted_credits_are_not_spent(links: tuple[Link, Link], raw: Callable[..., Raw]) -> None:
    one, two = links
    post(two, [raw("in", clearing=1, pending=-1)])
    two.commit()
    post(one, [raw("more", clearing=5, pending=-5)])
    assert Later(two, raw("spend", pending=5, commission=-5)).end() == "LL002"
    one.commit()
    assert isinstance(Later(two, raw("spend", pending=5, commission=-5)).end(), list)


def test_the_same_key_twice_at_once_is_one_journal(links: tuple[Link, Link], raw: Callable[..., Raw]) -> None:
    one, two = links
    first = post(one, [raw("k", clearing=5, escrow=-5)])
    second = Later(two, raw("k", clearing=5, escrow=-5))
    assert second.waits()
    one.commit()
    assert second.end() == first


def test_balances_are_guarded_only_where_locks_show_the_newest_rows(own_database: Any, raw: Callable[..., Raw]) -> None:
    with own_database.connect() as link:
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.Error, match="READ COMMITTED"):
            post(link, [raw("k", clearing=5, escrow=-5)])
