"""Statements: line by line, page by page, to take away; each payee its own."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest

from harness.payments_words import NOW
from harness.payouts_words import a_completed_order
from linli.kernel import ids
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.money.payouts import actions, queries
from linli.money.payouts.rules import Kind, LineState
from linli.spine import sql
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
MONTH: Period[datetime] = Period(NOW - timedelta(days=1), NOW + timedelta(days=30))


def test_a_statement_shows_what_was_earned_and_what_was_taken_back_of_it():
    shared = a_completed_order()
    items = (shared.taken(shared.merchant, Kind.MERCHANT, 920),)
    actions.take_back(SYSTEM, items=items, document="refund:=1+1", at=NOW)
    page = queries.statement(SYSTEM, payee=shared.merchant, period=MONTH)
    earned, reversal = page.lines
    assert (page.earned, page.taken_back, page.next) == (Money(5336), Money(920), None)
    assert (earned.amount, earned.state, earned.order) == (Money(5336), LineState.PENDING, shared.order)
    assert (reversal.amount, reversal.reverses, reversal.document) == (Money(-920), earned.number, "refund:=1+1")


def test_pages_go_on_where_the_last_one_ended():
    merchant = PartyId(ids.new())
    for _ in range(3):
        a_completed_order(merchant=merchant)
    first = queries.statement(SYSTEM, payee=merchant, period=MONTH, limit=2)
    assert first.next is not None
    second = queries.statement(SYSTEM, payee=merchant, period=MONTH, limit=2, after=first.next)
    numbers = [line.number for line in (*first.lines, *second.lines)]
    assert numbers == sorted(set(numbers))
    assert (len(first.lines), len(second.lines), second.next) == (2, 1, None)
    assert first.earned == Money(3 * 5336)


@pytest.mark.parametrize("is_rising", [False, True])
def test_lines_come_by_their_amounts_over_all_pages(is_rising):
    merchant = PartyId(ids.new())
    shared = [a_completed_order(merchant=merchant) for _ in range(3)]
    items = tuple(one.taken(merchant, Kind.MERCHANT, cut) for one, cut in zip(shared, (920, 100, 460), strict=True))
    actions.take_back(SYSTEM, items=items, document="refund:=1+1", at=NOW)
    found: list[queries.StatementLine] = []
    after: int | None = 0
    while after is not None:
        page = queries.statement(
            SYSTEM, payee=merchant, period=MONTH, order=queries.LineSort.AMOUNT, is_rising=is_rising,
            after=after, limit=2,
        )  # fmt: skip
        found += page.lines
        after = page.next
    amounts = [line.amount.minor for line in found]
    assert amounts == sorted([5336, 5336, 5336, -920, -100, -460], reverse=not is_rising)


def test_a_statement_can_begin_with_its_newest_line():
    merchant = PartyId(ids.new())
    for _ in range(3):
        a_completed_order(merchant=merchant)
    first = queries.statement(SYSTEM, payee=merchant, period=MONTH, is_rising=False, limit=2)
    assert first.next is not None
    second = queries.statement(SYSTEM, payee=merchant, period=MONTH, is_rising=False, limit=2, after=first.next)
    numbers = [line.number for line in (*first.lines, *second.lines)]
    assert (len(numbers), numbers) == (3, sorted(set(numbers), reverse=True))


def test_a_period_leaves_out_what_lies_outside():
    shared = a_completed_order()
    later: Period[datetime] = Period(NOW + timedelta(seconds=1))
    assert queries.statement(SYSTEM, payee=shared.merchant, period=later).lines == ()


def test_a_payee_reads_its_own_statement_and_no_other():
    mine, other = a_completed_order(), a_completed_order()
    scope = Scope(role=Role.MERCHANT, person=mine.merchant)
    assert len(queries.statement(scope, payee=mine.merchant, period=MONTH).lines) == 1
    assert queries.statement(scope, payee=other.merchant, period=MONTH).lines == ()
    company = Scope(role=Role.PROPERTY, company=mine.company)
    assert [line.amount for line in queries.statement(company, payee=mine.company, period=MONTH).lines] == [Money(186)]


def test_a_file_in_csv_cannot_carry_a_formula():
    shared = a_completed_order()
    items = (shared.taken(shared.merchant, Kind.MERCHANT, 920),)
    actions.take_back(SYSTEM, items=items, document="=HYPERLINK()", at=NOW)
    file = queries.statement_file(SYSTEM, payee=shared.merchant, period=MONTH, form="csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["amount"] for row in rows] == ["53.36", "-9.20"]
    assert rows[1]["document"] == "'=HYPERLINK()"


def test_a_file_in_xlsx_holds_numbers_as_numbers_and_words_as_words():
    shared = a_completed_order()
    items = (shared.taken(shared.merchant, Kind.MERCHANT, 920),)
    actions.take_back(SYSTEM, items=items, document="=1+1", at=NOW)
    file = queries.statement_file(SYSTEM, payee=shared.merchant, period=MONTH, form="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content))["statement"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[5] for row in rows] == ["amount", 53.36, -9.2]
    assert rows[2][10] == "=1+1"
    assert sheet.cell(3, 11).data_type == "s"


def test_another_kind_of_file_is_refused():
    with pytest.raises(Invalid):
        queries.statement_file(SYSTEM, payee=PartyId(ids.new()), period=MONTH, form="exe")


def test_a_statement_costs_the_same_however_long_it_is():
    merchant = PartyId(ids.new())
    asked: list[str] = []

    def cost() -> int:
        asked.clear()
        sql.observers.append(asked.append)
        try:
            queries.statement(SYSTEM, payee=merchant, period=MONTH)
        finally:
            sql.observers.pop()
        return len(asked)

    a_completed_order(merchant=merchant)
    short = cost()
    for _ in range(5):
        a_completed_order(merchant=merchant)
    assert cost() == short <= 3


def test_money_is_free_when_the_payees_own_hold_or_the_usual_one_is_over():
    quick, slow = PartyId(ids.new()), PartyId(ids.new())
    actions.set_hold_days(SYSTEM, payee=quick, days=1, at=NOW)
    asked = ((quick, Kind.MERCHANT), (slow, Kind.MERCHANT), (slow, Kind.COURIER))
    free = queries.available_ats(SYSTEM, payees=asked, city=CityId(ids.new()), at=NOW)
    assert free == (NOW + timedelta(days=1), NOW + timedelta(days=7), NOW + timedelta(days=1))
