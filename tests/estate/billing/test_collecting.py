"""Getting what is owed: lines of the bank that find their homes, reminders in stages, notes, and who is late."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.billing import a_desk
from builders.clock import AT
from linli.estate.billing import actions, queries
from linli.estate.billing.models import ArrearsNote, BankLine, Month, Receipt, Reminder
from linli.estate.billing.queries.arrears import _ARREARS as ARREARS
from linli.estate.billing.queries.owing import _OPEN as OWED
from linli.estate.billing.rules import Accounts, BankState, Channel, Fit, NoteKind, OpenAccount, stage_of
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import OWN_BANK, property_book
from linli.reach.notify.models import Message
from linli.spine import sql
from linli.spine.scope import SYSTEM

MARCH = date(2026, 3, 1)
ONE, TWO, THREE = uuid4(), uuid4(), uuid4()


def some_accounts() -> Accounts:
    return Accounts(
        (
            OpenAccount(ONE, ("3", "1", "501"), ("王小明",), Money(25470)),
            OpenAccount(TWO, ("3", "1", "502"), ("李芳",), Money(25470)),
            OpenAccount(THREE, ("12", "A", "301"), ("李芳",), Money(9900)),
        )
    )


@pytest.mark.parametrize(
    ("amount", "payer", "memo", "fit", "subjects"),
    [
        (25470, "王小明", "", Fit.EXACT, (ONE,)),
        (25470, "somebody", "3栋1单元501室物业费", Fit.EXACT, (ONE,)),
        (25470, "somebody", "物业费 3-1-502", Fit.EXACT, (TWO,)),
        (100, "王小明", "", Fit.NEAR, (ONE,)),
        (9900, "somebody", "", Fit.NEAR, (THREE,)),
        (9900, "李芳", "", Fit.EXACT, (THREE,)),
        (100, "李芳", "", Fit.SEVERAL, (TWO, THREE)),
        (25470, "somebody", "", Fit.SEVERAL, (ONE, TWO)),
        (100, "somebody", "代缴王小明 物业", Fit.NEAR, (ONE,)),
        (100, "somebody", "12-a-301", Fit.NEAR, (THREE,)),
        (123, "somebody", "rent", Fit.NONE, ()),
    ],
)
def test_a_transfer_tells_whose_it_is(amount, payer, memo, fit, subjects):
    found = some_accounts().suggest(Money(amount), payer, memo)
    assert (found.fit, found.subjects) == (fit, subjects)


def test_a_door_of_two_communities_is_told_apart_by_who_pays():
    accounts = Accounts(
        (
            OpenAccount(ONE, ("1", "1", "101"), ("王小明",), Money(31100)),
            OpenAccount(TWO, ("1", "1", "101"), ("李芳",), Money(31100)),
        )
    )
    assert accounts.suggest(Money(31100), "李芳", "1-1-101").subjects == (TWO,)
    assert accounts.suggest(Money(31100), "somebody", "1-1-101").fit is Fit.SEVERAL


@given(st.text(max_size=40), st.text(max_size=40), st.integers(1, 10**9))
def test_whatever_stands_in_a_line_one_home_is_named_or_somebody_is_asked(payer, memo, minor):
    found = some_accounts().suggest(Money(minor), payer, memo)
    assert (len(found.subjects) == 1) == (found.fit in (Fit.EXACT, Fit.NEAR))
    assert (found.subjects == ()) == (found.fit is Fit.NONE)


@pytest.mark.parametrize(("days", "stage"), [(0, 0), (2, 0), (3, 1), (14, 1), (15, 2), (400, 3)])
def test_a_debt_is_reminded_of_in_stages(days, stage):
    assert stage_of(days, (3, 15, 30)) == stage


pytestmark = pytest.mark.django_db


def test_whatever_asks_for_what_is_open_finds_it_by_an_index(desk):
    """A table of many years is read by nobody who wants today's debts: its open lines are few, and indexed as such."""
    sql.run("SET LOCAL enable_seqscan = off")
    place, somebody, on = desk.community.id, uuid4(), AT.date()
    asked = {
        "billing_line_open": (ARREARS, (on, place, on, place, place, on, 1, None, None, 100)),
        "billing_line_owed": (OWED, (AT, somebody)),
    }
    for index, (question, values) in asked.items():
        plan = "\n".join(row[0] for row in sql.fetch(f"EXPLAIN {question}", *values))
        assert re.search(rf"(using|on) {index}\b", plan), plan  # row by row, or by a bitmap where many are expected


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    """A home that owes 100.00 for March, due on the 28th."""
    return desk.a_home_owing("100", since=MARCH, door="3-1-501")


def sheet(*rows: str) -> bytes:
    return "\n".join(("date,amount,payer,memo,reference", *rows)).encode()


def taken_in(desk, *rows: str):
    return actions.import_bank_lines(desk.scope, file_name="bank.csv", content=sheet(*rows), at=AT)


def test_every_wrong_cell_of_a_row_is_named(desk, home):
    found = taken_in(desk, "31.4.2026,ten,王,,A1", "2026-04-02,5.00,李,,", "2026-04-02,,李,,")
    assert (found.new, [(each.row, each.column) for each in found.errors]) == (
        0,
        [(2, "date"), (2, "amount"), (4, "amount")],
    )


def test_a_sheet_is_taken_in_once_and_posts_nothing(desk, home):
    rows = (
        "2026-04-02,100.00,王,3-1-501,A1",
        "2026-04-02,5.00,李,,",
        "2026-04-02,5.00,李,,",
        "2026-04-03,-8.00,fee,,A2",
    )
    assert (taken_in(desk, *rows).new, taken_in(desk, *rows).new) == (3, 0)
    assert taken_in(desk, *rows).known == 3
    assert not Receipt.objects.inside().filter(home=home.id).exists()
    by_memo = {each.memo: each.suggested for each in queries.bank_lines(desk.scope)}
    assert (by_memo["3-1-501"].fit, by_memo["3-1-501"].subjects) == (Fit.EXACT, (home.id,))
    assert by_memo[""].fit is Fit.NONE


def test_a_sheet_with_a_wrong_cell_is_not_taken_in_at_all(desk):
    found = taken_in(desk, "2026-04-02,100.00,王,,A1", "yesterday,1.00,,,A2", "2026-04-02,much,,,A3")
    assert [(error.row, error.column, error.value) for error in found.errors] == [
        (3, "date", "yesterday"),
        (4, "amount", "much"),
    ]
    assert not BankLine.objects.inside().exists()


def test_a_line_is_posted_to_a_home_once(desk, home):
    taken_in(desk, "2026-04-02,100.00,王,3-1-501,A1")
    (line,) = queries.bank_lines(desk.scope)
    assert str(actions.match_bank_line(desk.scope, line=line.line, subject=home.id, at=AT).paid) == "100.00"
    assert str(ledger.balance(SYSTEM, book=property_book(desk.company), address=OWN_BANK)) == "100.00"
    with pytest.raises(WrongState):
        actions.match_bank_line(desk.scope, line=line.line, subject=home.id, at=AT)
    assert taken_in(desk, "2026-04-02,100.00,王,3-1-501,A1").new == 0
    assert Receipt.objects.inside().filter(home=home.id).count() == 1


def test_many_lines_are_posted_together_or_none(desk, home):
    taken_in(desk, "2026-04-02,60.00,王,3-1-501,A1", "2026-04-02,40.00,王,3-1-501,A2")
    lines = [each.line for each in queries.bank_lines(desk.scope)]
    with pytest.raises(NotFound):
        actions.match_bank_lines(desk.scope, pairs=[(lines[0], home.id), (uuid4(), home.id)], at=AT)
    assert not Receipt.objects.inside().filter(home=home.id).exists()
    assert actions.match_bank_lines(desk.scope, pairs=[(line, home.id) for line in lines], at=AT) == 2
    assert not queries.account_page(desk.scope, subject=home.id).open


def test_what_is_no_fee_is_set_aside_with_a_reason_and_may_come_back(desk):
    taken_in(desk, "2026-04-02,100.00,Landlord,rent,A1")
    (line,) = queries.bank_lines(desk.scope)
    with pytest.raises(Invalid):
        actions.set_bank_line_aside(desk.scope, line=line.line, why=" ", at=AT)
    actions.set_bank_line_aside(desk.scope, line=line.line, why="Rent of the hall", at=AT)
    assert queries.bank_lines_counted(desk.scope) == {
        BankState.WAITING: 0,
        BankState.MATCHED: 0,
        BankState.SET_ASIDE: 1,
    }
    actions.take_bank_line_up(desk.scope, line=line.line, at=AT)
    assert [each.line for each in queries.bank_lines(desk.scope)] == [line.line]


def test_another_company_sees_no_line_and_posts_none(desk, home):
    taken_in(desk, "2026-04-02,100.00,王,3-1-501,A1")
    (line,) = queries.bank_lines(desk.scope)
    stranger = a_desk().scope
    assert queries.bank_lines(stranger) == ()
    with pytest.raises(NotFound):
        actions.match_bank_line(stranger, line=line.line, subject=home.id, at=AT)
    assert not Receipt.objects.inside().filter(home=home.id).exists()


def late_by(days: int):
    """The hour on which March, due on the 28th, is so many days late."""
    return AT.replace(year=2026, month=3, day=28) + timedelta(days=days)


def reminded(home) -> list[str]:
    """The words of the reminders that somebody was sent, the first one first."""
    told = Message.objects.filter(party=home.owner, template__startswith="fees_late")
    return list(told.order_by("created_at").values_list("template", flat=True))


def test_reminders_go_out_once_at_each_stage_and_stop_when_it_is_paid(desk, home):
    sent = [
        actions.remind(SYSTEM, community=desk.community.id, at=late_by(days)) for days in (0, 2, 3, 3, 10, 15, 29, 30)
    ]
    assert sent == [0, 0, 1, 0, 0, 1, 0, 1]
    assert reminded(home) == ["fees_late", "fees_late_again", "fees_late_last"]
    assert [row.stage for row in Reminder.objects.inside().filter(subject=home.id).order_by("stage")] == [1, 2, 3]


def test_a_debt_that_is_very_late_is_reminded_of_once_and_in_the_words_of_the_last_stage(desk, home):
    assert [actions.remind(SYSTEM, community=desk.community.id, at=late_by(days)) for days in (40, 41, 80)] == [1, 0, 0]
    assert reminded(home) == ["fees_late_last"]


def test_a_reminder_pressed_at_night_reaches_nobody_before_the_morning(desk, home):
    """The desk may work late: half past ten in the evening there is half past two in the afternoon in UTC."""
    evening = late_by(3).replace(hour=14, minute=30)
    morning = (evening + timedelta(days=1)).replace(hour=0, minute=0)
    assert actions.remind(SYSTEM, community=desk.community.id, at=evening) == 1
    assert Message.objects.get(party=home.owner, template="fees_late").due_at == morning
    assert Reminder.objects.inside().get(subject=home.id).sent_at == morning


def test_a_new_debt_begins_with_the_first_reminder_again_and_says_so(desk, home):
    actions.remind(SYSTEM, community=desk.community.id, at=late_by(30))
    actions.take_payment(
        desk.scope, subject=home.id, amount=Money.parse("100.00"), channel=Channel.CASH, at=late_by(31)
    )
    desk.issued(date(2026, 4, 1))
    on = AT.replace(year=2026, month=4, day=29)
    (found,) = queries.arrears(desk.scope, community=desk.community.id, on=on.date())
    assert (found.stage, found.reminded_at) == (0, None)
    actions.remind(SYSTEM, community=desk.community.id, at=on + timedelta(days=2))
    (found,) = queries.arrears(desk.scope, community=desk.community.id, on=on.date())
    assert found.stage == 1
    sent = queries.reminders_sent(desk.scope, subject=home.id, community=desk.community.id)
    assert [(each.stage, str(each.amount)) for each in sent] == [(1, "100.00"), (3, "100.00")]


def test_whoever_promised_is_left_alone_until_that_day(desk, home):
    actions.note_arrears(
        desk.scope,
        subject=home.id,
        kind=NoteKind.PROMISE,
        text="Will pay after the holidays",
        obligor=home.owner,
        promised_on=late_by(10).date(),
        at=late_by(1),
    )
    assert actions.remind(SYSTEM, community=desk.community.id, at=late_by(5)) == 0
    assert actions.remind(SYSTEM, community=desk.community.id, at=late_by(11)) == 1


def test_a_promise_names_its_day_and_nothing_else_does(desk, home):
    for kind, day in ((NoteKind.PROMISE, None), (NoteKind.VISIT, late_by(9).date()), (NoteKind.PROMISE, MARCH)):
        with pytest.raises(Invalid):
            actions.note_arrears(desk.scope, subject=home.id, kind=kind, text="x", promised_on=day, at=late_by(1))
    assert not ArrearsNote.objects.inside().exists()


def test_arrears_tell_their_age_and_what_was_done(desk, home):
    actions.remind(SYSTEM, community=desk.community.id, at=late_by(3))
    (found,) = queries.arrears(desk.scope, community=desk.community.id, on=late_by(45).date())
    assert (found.subject, str(found.amount), found.days, found.stage) == (home.id, "100.00", 45, 1)
    assert [str(age) for age in found.ages] == ["0.00", "100.00", "0.00", "0.00", "0.00", "0.00"]
    assert queries.arrears(desk.scope, community=desk.community.id, on=late_by(0).date()) == ()


def test_an_erased_persons_words_are_emptied_and_the_money_stays(desk, home):
    taken_in(desk, "2026-04-02,100.00,王小明,3-1-501,A1")
    (line,) = queries.bank_lines(desk.scope)
    actions.match_bank_line(desk.scope, line=line.line, subject=home.id, payer=home.owner, at=AT)
    actions.note_arrears(desk.scope, subject=home.id, kind=NoteKind.CALL, text="Spoke", obligor=home.owner, at=AT)
    actions.forget_person(SYSTEM, person=home.owner, at=AT)
    row = BankLine.objects.inside().get(pk=line.line)
    assert (row.payer, row.memo, row.amount_minor) == ("", "", 10000)
    assert ArrearsNote.objects.inside().get().text == ""


def test_everybody_who_owes_is_told_once_that_the_bills_are_there(desk, home):
    row = Month.objects.inside().get(community=desk.community.id)
    told = {"month": row.pk, "community": desk.community.id, "first_on": MARCH, "at": AT}
    assert [actions.tell_obligors(SYSTEM, **told), actions.tell_obligors(SYSTEM, **told)] == [1, 0]
    assert Message.objects.filter(party=home.owner, template="bills_issued").count() == 1
