"""Contracts against real PostgreSQL: the plan comes to the sum, each row is billed once, ends cut what is beyond."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders import a_picture
from builders.billing import a_desk
from builders.clock import AT
from builders.contracts import RENT, TODAY, a_contract, a_draft, rows_of
from harness.payments_words import as_the_house
from linli.estate.billing import queries as bills
from linli.estate.billing.events import LinePaid, LineReopened
from linli.estate.contracts import actions, queries, reactions, tasks
from linli.estate.contracts.actions import SumsDiffer
from linli.estate.contracts.models import Contract, PlanRow
from linli.estate.contracts.rules import ContractState, Direction, RowState, Terms
from linli.ground.people.events import PersonErased
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk():
    return a_desk()


def page(desk, contract):
    return queries.contract_page(desk.scope, contract=contract, at=AT)


def test_a_signed_contract_has_a_plan_that_comes_to_its_sum_and_asks_for_its_deposit(desk):
    contract = a_draft(desk, stated=Money(3_720_000), deposit=Money(500_000))
    assert rows_of(desk, contract) == []
    actions.sign_contract(desk.scope, contract=contract, at=AT)
    shown = page(desk, contract)
    assert (shown.card.label, shown.card.total, shown.card.state) == (
        "CT-260302-0001", Money(3_720_000), ContractState.IN_FORCE
    )  # fmt: skip
    assert rows_of(desk, contract) == [
        ("2026-03-02", "9300.00", "planned"),
        ("2026-06-02", "9300.00", "planned"),
        ("2026-09-02", "9300.00", "planned"),
        ("2026-12-02", "9300.00", "planned"),
    ]
    asked = as_the_house("SELECT amount_minor, source, back_on FROM billing_deposit")
    assert asked == [(500_000, f"contract:{contract}", date(2027, 3, 2))]
    assert [move.verb for move in shown.history] == ["draft", "sign"]


def test_a_sum_that_differs_and_a_stranger_are_refused_and_nothing_is_written(desk):
    with pytest.raises(SumsDiffer) as refused:
        a_draft(desk, stated=Money(3_720_001))
    assert refused.value.values == {"plan": Money.parse("37200.00"), "said": Money.parse("37200.01")}
    for wrong in ({"end_on": TODAY}, {"subject": " "}, {"deposit": Money(1), "direction": Direction.PAY}):
        with pytest.raises(Invalid):
            a_draft(desk, **wrong)
    assert Contract.objects.inside().count() == 0
    contract = a_draft(desk)
    with pytest.raises(NotFound):
        actions.sign_contract(a_desk().scope, contract=contract, at=AT)
    with pytest.raises(Denied):
        actions.sign_contract(replace(desk.scope, duty=Duty.STEWARD), contract=contract, at=AT)
    assert page(desk, contract).card.state is ContractState.DRAFT


def test_each_row_is_billed_once_when_its_day_has_come_and_its_payment_is_noted(desk):
    contract = a_contract(desk)
    assert [tasks.charge_rows(at=AT) for _twice in range(2)] == [1, 0]
    assert tasks.charge_rows(at=AT + 84 * DAY) == 0
    assert tasks.charge_rows(at=AT + 85 * DAY) == 1
    first, second, *_rest = page(desk, contract).rows
    assert (first.state, second.state) == (RowState.CHARGED, RowState.CHARGED)
    account = bills.account_page(desk.scope, subject=contract)
    assert (account.open, len(account.open_lines)) == (Money(1_860_000), 2)
    told = {"line": first.line, "source": f"contract:{contract}:{first.row}", "amount": first.amount, "at": AT}
    about = {"community": desk.community.id, "subject": contract}
    for _twice in range(2):
        reactions.note_row_paid(LinePaid(**told, **about))
    assert page(desk, contract).rows[0].paid_on == TODAY
    reactions.note_row_open(LineReopened(**told, **about))
    assert page(desk, contract).rows[0].state is RowState.CHARGED
    assert queries.plan_rows(desk.scope, community=desk.community.id, until=TODAY + DAY)[0].late_days(TODAY) == 0


def test_late_rows_are_listed_with_their_age(desk):
    a_contract(desk, terms=Terms(monthly=Money(310_000), every_months=3, due_days=-10))
    tasks.charge_rows(at=AT)
    (row,) = queries.plan_rows(desk.scope, community=desk.community.id, until=TODAY)
    assert (row.due_on, row.late_days(TODAY), row.state) == (date(2026, 2, 20), 10, RowState.CHARGED)


def test_months_that_are_free_are_charged_to_nobody(desk):
    contract = a_contract(
        desk, terms=Terms(monthly=Money(310_000), every_months=1, free_months=1), end_on=date(2026, 5, 2)
    )
    assert rows_of(desk, contract) == [("2026-03-02", "0.00", "free_of_charge"), ("2026-04-02", "3100.00", "planned")]
    assert tasks.charge_rows(at=AT) == 0


def test_an_early_end_cuts_the_plan_and_takes_back_what_was_billed_beyond_it(desk):
    contract = a_contract(desk)
    tasks.charge_rows(at=AT + 85 * DAY)
    left = actions.terminate_contract(
        desk.scope, contract=contract, ended_on=date(2026, 6, 17), why="提前退租", at=AT + 85 * DAY
    )
    assert left == Money(930_000 + 155_000)
    assert rows_of(desk, contract) == [
        ("2026-03-02", "9300.00", "charged"),
        ("2026-06-02", "9300.00", "cut"),
        ("2026-06-02", "1550.00", "charged"),
        ("2026-09-02", "9300.00", "cut"),
        ("2026-12-02", "9300.00", "cut"),
    ]
    assert bills.account_page(desk.scope, subject=contract).open == Money(930_000 + 155_000)
    assert tasks.charge_rows(at=AT + 300 * DAY) == 0
    shown = page(desk, contract)
    assert (shown.card.state, shown.card.ended_on, shown.card.total) == (
        ContractState.TERMINATED,
        date(2026, 6, 17),
        left,
    )
    with pytest.raises(WrongState):
        actions.terminate_contract(desk.scope, contract=contract, ended_on=date(2026, 6, 1), why="x", at=AT)


def test_an_end_outside_the_term_is_refused_and_the_plan_stands(desk):
    contract = a_contract(desk)
    before = rows_of(desk, contract)
    for day in (TODAY, date(2027, 3, 2)):
        with pytest.raises(Invalid):
            actions.terminate_contract(desk.scope, contract=contract, ended_on=day, why="x", at=AT)
    assert rows_of(desk, contract) == before
    assert page(desk, contract).card.state is ContractState.IN_FORCE


def test_an_amendment_holds_from_the_first_row_that_is_not_billed(desk):
    contract = a_contract(desk)
    tasks.charge_rows(at=AT)
    dearer = Terms(monthly=Money(400_000), every_months=6)
    day = actions.amend_contract(
        desk.scope, contract=contract, terms=dearer, end_on=date(2027, 6, 2), why="续租一季", at=AT
    )
    assert day == date(2026, 6, 2)
    standing = page(desk, contract).standing
    assert [(row.version, str(row.amount)) for row in standing] == [(1, "9300.00"), (2, "24000.00"), (2, "24000.00")]
    shown = page(desk, contract)
    assert (shown.card.total, shown.card.version, shown.card.end_on) == (Money(5_730_000), 2, date(2027, 6, 2))
    assert [version.from_on for version in shown.versions] == [date(2026, 6, 2), TODAY]
    with pytest.raises(Invalid):
        actions.amend_contract(desk.scope, contract=contract, terms=RENT, end_on=date(2026, 6, 1), why="x", at=AT)
    assert page(desk, contract).card.version == 2


def test_what_is_paid_to_a_supplier_is_marked_and_bills_nobody(desk):
    contract = a_contract(desk, direction=Direction.PAY, party_name="通力电梯", subject="电梯维保")
    assert tasks.charge_rows(at=AT + 300 * DAY) == 0
    first, second, *_rest = page(desk, contract).rows
    actions.mark_paid(desk.scope, row=first.row, paid_on=TODAY, words="网银 0301", at=AT)
    with pytest.raises(Invalid):
        actions.mark_paid(desk.scope, row=second.row, paid_on=TODAY + DAY, at=AT)
    with pytest.raises(WrongState):
        actions.mark_paid(desk.scope, row=first.row, paid_on=TODAY, at=AT)
    shown = page(desk, contract)
    assert (shown.paid, shown.rows[0].words, shown.rows[1].state) == (Money(930_000), "网银 0301", RowState.PLANNED)
    collected = a_contract(desk)
    with pytest.raises(Invalid):
        actions.mark_paid(desk.scope, row=page(desk, collected).rows[0].row, paid_on=TODAY, at=AT)
    left = actions.terminate_contract(desk.scope, contract=contract, ended_on=date(2026, 4, 2), why="解约", at=AT)
    assert left == Money(930_000)


def test_the_clock_reminds_once_ends_and_drops_what_nobody_signed(desk):
    contract, draft = a_contract(desk, end_on=date(2026, 4, 15)), a_draft(desk)
    states = []
    for day in (0, 14, 15, 43, 44, 60):
        tasks.see_to_ends(at=AT + day * DAY)
        states.append((page(desk, contract).card.state.value, page(desk, draft).card.state.value))
    assert states == [
        ("in_force", "draft"), ("ending", "draft"), ("ending", "draft"), ("ending", "draft"), ("ended", "draft"),
        ("ended", "dropped"),
    ]  # fmt: skip


def test_a_draft_is_dropped_with_a_reason_and_papers_are_kept(desk):
    contract = a_draft(desk)
    upload = ("scan.png", a_picture())
    actions.add_contract_paper(desk.scope, contract=contract, title="扫描件", upload=upload, at=AT)
    actions.drop_draft(desk.scope, contract=contract, why="对方撤回", at=AT)
    shown = page(desk, contract)
    assert [title for title, _link, _at in shown.papers] == ["扫描件"]
    assert shown.history[-1].why == "对方撤回"
    with pytest.raises(WrongState):
        actions.sign_contract(desk.scope, contract=contract, at=AT)
    assert PlanRow.objects.inside().count() == 0


def test_what_is_said_of_an_erased_person_goes_and_the_sums_stay(desk):
    contract = a_contract(desk, party_name="王小明", party_phone="13900001234", subject="王小明租广告位")
    card = page(desk, contract).card
    reactions.forget_person(PersonErased(person=card.party, at=AT))
    shown = page(desk, contract)
    assert (shown.card.subject, shown.card.total) == ("-", card.total)
