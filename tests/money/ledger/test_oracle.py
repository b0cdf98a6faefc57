"""The SQL agrees with the oracle on whatever it is given, right or wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from money.ledger.oracle import Oracle, Raw, SqlState

POST = """SELECT ledger_post(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    array_fill('2026-11-22T10:00Z'::timestamptz, ARRAY[%s]), %s::int[], %s::text[], %s::bigint[])"""
ORDER, OTHER, PARTY = uuid4(), uuid4(), uuid4()
PLATFORM = [
    "psp_clearing:wechat",
    f"order_escrow:{ORDER}",
    f"order_escrow:{OTHER}",
    f"merchant_pending:{PARTY}",
    f"merchant_available:{PARTY}",
    "platform_commission",
]
PROPERTY = ["own_bank", "fee_income:water", f"prepaid_fee:{ORDER}:{PARTY}", "psp_fees"]


@st.composite
def raw_journals(draw: st.DrawFn) -> Raw:
    kind = draw(st.sampled_from(["platform", "platform", "property"]))
    good = PLATFORM if kind == "platform" else PROPERTY
    address = st.sampled_from(good if draw(st.integers(0, 19)) else [*good, "petty_cash", "own_bank", "service_fee"])
    legs = draw(st.lists(st.tuples(address, st.integers(-4, 4)), max_size=4))
    if draw(st.integers(0, 9)):
        legs.append((draw(address), -sum(minor for _, minor in legs)))
    return Raw(
        key=f"k{draw(st.integers(0, 7))}",
        book=kind,
        legs=tuple(legs),
        currency="CNY" if draw(st.integers(0, 19)) else "HKD",
        document=draw(st.sampled_from(["order:1", "order:1", "order:2"])),
    )


def post(link: psycopg.Connection[Any], journals: list[Raw]) -> list[int]:
    legs = [(n, *leg) for n, raw in enumerate(journals, start=1) for leg in raw.legs]
    columns = [[getattr(raw, name) for raw in journals] for name in ("key", "book", "currency", "document", "kind")]
    row = link.execute(POST, [*columns, len(journals), *([leg[i] for leg in legs] for i in range(3))]).fetchone()
    assert row
    return list(row[0])


def outcome(attempt: Callable[[], list[int]]) -> list[int] | str:
    try:
        return attempt()
    except SqlState as state:
        return str(state)
    except psycopg.Error as error:
        return error.sqlstate or ""


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(st.lists(raw_journals(), min_size=1, max_size=4), min_size=1, max_size=12), folds=st.randoms())
def test_the_sql_agrees_with_the_oracle(
    own_database: Any, link: psycopg.Connection[Any], calls: Any, folds: Any
) -> None:
    oracle = Oracle()
    books = {"platform": f"platform:{uuid4()}", "property": f"property:{uuid4()}"}
    ids: dict[int, int] = {}
    for call in calls:
        journals = [Raw(r.key, books[r.book], r.legs, r.currency, r.document) for r in call]
        expected = outcome(lambda: oracle.post(journals))  # noqa: B023
        found = outcome(lambda: post(link, journals))  # noqa: B023
        if isinstance(expected, str) or isinstance(found, str):
            link.rollback()
            assert found == expected
            continue
        link.commit()
        assert [ids.setdefault(mine, its) for mine, its in zip(expected, found, strict=True)] == found
        if folds.random() < 0.3:
            link.execute("SELECT ledger_roll_up(100, now())")
            link.commit()
    assert len(set(ids.values())) == len(ids)
    assert _balances(link, books) == {name: minor for name, minor in oracle.balances.items() if minor}
    assert _balances(link, books, "ledger_balance_of(a.id)") == _balances(link, books)


@pytest.fixture
def link(own_database: Any) -> Any:
    with own_database.connect() as link:
        link.execute("SELECT set_config('linli.role', 'system', false)")
        link.commit()
        yield link


def _balances(link: psycopg.Connection[Any], books: dict[str, str], counted: str = "") -> dict[tuple[str, str], int]:
    counted = counted or "(SELECT sum(p.amount_minor)::bigint FROM ledger_posting p WHERE p.account_id = a.id)"
    rows = link.execute(
        f"SELECT b.name, a.address, {counted} FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id"
        " WHERE b.name = ANY (%s)",
        [list(books.values())],
    ).fetchall()
    link.commit()
    return {(book, address): minor for book, address, minor in rows if minor}
