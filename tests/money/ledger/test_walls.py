"""What is posted stays, whoever asks; and each party sees its own accounts only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from linli.kernel.ids import CommunityId, OrderId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.money.ledger import actions, queries, rules
from linli.money.ledger.rules import Draft, Leg
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope

MERCHANT, OTHER, COMPANY = PartyId(uuid4()), PartyId(uuid4()), PartyId(uuid4())
COMMUNITY, ORDER = CommunityId(uuid4()), OrderId(uuid4())
Drafts = Callable[..., Draft]
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def posted(a_draft: Drafts, own_database: Any) -> int:
    return actions.post(
        SYSTEM,
        draft=a_draft(
            {
                "psp_clearing:wechat": "10",
                rules.merchant_pending(MERCHANT): "-6",
                rules.property_pending(COMPANY, COMMUNITY): "-3",
                rules.order_escrow(ORDER): "-1",
            }
        ),
    )


def partition(rows: Rows) -> str:
    return str(rows("SELECT DISTINCT tableoid::regclass::text FROM ledger_posting")[0][0])


@pytest.mark.parametrize("process", ["owner", "superuser"])
@pytest.mark.parametrize("table", ["ledger_journal", "ledger_posting", "partition", "ledger_account", "ledger_book"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_what_is_posted(
    own_database: Any, posted: int, rows: Rows, process: str, table: str, change: str
) -> None:
    before = rows("SELECT * FROM ledger_posting ORDER BY leg")
    name = partition(rows) if table == "partition" else table
    column = {"ledger_journal": "document", "ledger_account": "address", "ledger_book": "name"}.get(table, "at")
    statement = change.format(name, column, column)
    link = own_database.connect_as_superuser() if process == "superuser" else own_database.connect(process)
    with link, pytest.raises(psycopg.errors.RestrictViolation):
        link.execute(statement)
    assert rows("SELECT * FROM ledger_posting ORDER BY leg") == before


@pytest.mark.parametrize(
    "table", ["ledger_journal", "ledger_posting", "ledger_balance", "ledger_unfolded", "ledger_link"]
)
@pytest.mark.parametrize("role", ["platform", "system", "merchant"])
def test_the_application_writes_through_the_functions_only(
    own_database: Any, posted: int, rows: Rows, table: str, role: str
) -> None:
    before = rows(f"SELECT * FROM {table}")
    for statement in (f"INSERT INTO {table} SELECT * FROM {table}", f"DELETE FROM {table}"):
        with own_database.connect("web") as link:
            link.execute("SELECT set_config('linli.role', %s, true)", [role])
            try:
                assert link.execute(statement).rowcount == 0
            except psycopg.errors.InsufficientPrivilege:
                link.rollback()
    assert rows(f"SELECT * FROM {table}") == before


def test_the_functions_give_the_role_back(own_database: Any, a_draft: Drafts) -> None:
    @action(needs=May.PLACE_ORDER)
    def place(scope: Scope) -> list[str]:
        before = sql.fetch("SELECT linli_role()")[0][0]
        actions.post(scope, draft=a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}))
        return [before, sql.fetch("SELECT linli_role()")[0][0]]

    resident = Scope(role=Role.RESIDENT, person=OTHER)
    assert place(resident) == ["resident", "resident"]
    with pytest.raises(Denied):
        actions.post(resident, draft=a_draft({"suspense": "-1", "psp_clearing:wechat": "1"}, key="k2"))


def test_a_party_sees_its_own_accounts_and_their_legs_only(book: str, posted: int) -> None:
    merchant = Scope(role=Role.MERCHANT, person=MERCHANT)
    pending = rules.merchant_pending(MERCHANT)
    assert queries.balance(merchant, book=book, address=pending) == Money(-600)
    assert queries.balance(merchant, book=book, address="psp_clearing:wechat") == Money.zero
    assert queries.journal(merchant, id=posted).legs == (Leg(pending, Money(-600)),)
    assert [line.amount for line in queries.account_statement(merchant, book=book, address=pending).lines] == [
        Money(-600)
    ]
    with pytest.raises(NotFound):
        queries.journal(Scope(role=Role.MERCHANT, person=OTHER), id=posted)
    assert len(queries.journal(SYSTEM, id=posted).legs) == 4


def test_a_property_company_sees_its_shares(book: str, posted: int) -> None:
    desk = Scope(role=Role.PROPERTY, person=OTHER, company=COMPANY)
    found = queries.balances(
        desk, book=book, addresses=(rules.property_pending(COMPANY, COMMUNITY), rules.order_escrow(ORDER))
    )
    assert list(found.values()) == [Money(-300), Money.zero]
    for question in (
        lambda: queries.trial_balance(desk, book=book, at=queries.journal(SYSTEM, id=posted).at),
        lambda: queries.check(desk),
    ):
        with pytest.raises((NotFound, Denied)):
            question()


def _direct(link: psycopg.Connection[Any], recorded: str, legs: str) -> None:
    link.execute(
        "INSERT INTO ledger_journal (id, book_id, key, currency, kind, document, at, business_on, recorded_on,"
        " created_at)"
        f" SELECT 900, id, 'direct', 'CNY', 'test', 'none', now(), now(), now(), '{recorded}' FROM ledger_book"
    )
    link.execute(
        "INSERT INTO ledger_posting (journal_id, leg, account_id, amount_minor, at, recorded_at)"
        f" SELECT 900, v.leg, a.id, v.minor, j.at, j.created_at FROM ledger_journal j,"
        f" ledger_account a, (VALUES {legs}) v (leg, minor) WHERE j.id = 900 AND a.address = 'psp_clearing:wechat'"
    )


@pytest.mark.parametrize("legs", ["(1, 5), (2, -4)", "(1, 5), (3, -5)", "(2, 5), (3, -5)", "(1, 5)"])
def test_no_unbalanced_journal_gets_in_past_the_functions(own_database: Any, posted: int, legs: str) -> None:
    with own_database.connect_as_superuser() as link, pytest.raises(psycopg.Error) as refused:
        _direct(link, "2026-11-22T00:00Z", legs)
    assert refused.value.sqlstate == "LL001"


def test_no_leg_is_added_later_nor_into_a_partition(own_database: Any, posted: int, rows: Rows) -> None:
    add = "INSERT INTO {} SELECT journal_id, account_id, amount_minor, at, recorded_at, leg + {} FROM ledger_posting"
    for table in ("ledger_posting", partition(rows)):
        for shift in (0, 4):
            with own_database.connect_as_superuser() as link, pytest.raises(psycopg.Error) as refused:
                link.execute(add.format(table, shift))
            assert refused.value.sqlstate in ("23505", "LL001")
    assert rows("SELECT count(*) FROM ledger_posting") == [(4,)]


@pytest.mark.parametrize(
    ("recorded", "table"),
    [
        ("2031-01-31T23:59:59.999999Z", "ledger_posting_2031_01"),
        ("2031-02-01T00:00:00Z", "ledger_posting_2031_02"),
        ("2031-03-01T00:00:00Z", "ledger_posting_rest"),
    ],
)
def test_months_are_kept_apart(own_database: Any, posted: int, rows: Rows, recorded: str, table: str) -> None:
    with own_database.connect_as_superuser() as link:
        assert link.execute("SELECT ledger_make_months('2031-01-15', 2)").fetchone() == (2,)
        assert link.execute("SELECT ledger_make_months('2031-01-15', 2)").fetchone() == (0,)
        _direct(link, recorded, "(1, 5), (2, -5)")
    found = rows("SELECT DISTINCT tableoid::regclass::text FROM ledger_posting WHERE journal_id = 900")
    assert found == [(table,)]


def test_a_month_that_came_too_late_leaves_its_postings_where_they_are(
    own_database: Any, posted: int, rows: Rows
) -> None:
    with own_database.connect_as_superuser() as link:
        _direct(link, "2031-01-10T00:00Z", "(1, 5), (2, -5)")
    with own_database.connect("worker") as link:
        assert link.execute("SELECT ledger_make_months('2031-01-15', 2)").fetchone() == (1,)
    assert rows("SELECT count(*) FROM ledger_posting_rest") == [(2,)]
