"""What passes its time is heard of: by who asked, by the desk, and by those above the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from builders import AT
from builders.billing import a_desk
from builders.people import a_phone
from harness.looking import rows_of
from linli.estate.permits import actions, queries, rules, tasks
from linli.estate.permits.models import Relocation
from linli.estate.permits.rules import Direction, RelocationState, Work
from linli.ground.people import actions as staff
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.reach.notify.models import Message
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = AT.date()


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("1-1-101")


@pytest.fixture
def works_here(desk):
    def hired(duty):
        return staff.add_company_staff(
            SYSTEM,
            company=desk.scope.company,
            name="赵管家",
            phone=a_phone(),
            duty=duty,
            communities=(desk.community.id,) if duty is Duty.STEWARD else (),
            at=AT,
        )

    return hired


def a_move(home, day=TODAY):
    return actions.ask_relocation(
        home.scope,
        home=home.id,
        direction=Direction.MOVE_IN,
        residency="tenant",
        day=day,
        name="新租客",
        phone=a_phone(),
        at=AT,
    )


def told(template):
    return [message.party for message in rows_of(Message).filter(template=template).order_by("id")]


def test_who_asked_is_reminded_of_a_move_once_and_it_lapses_with_the_name_that_was_typed(desk, home):
    move = a_move(home)
    assert tasks.keep_moves(at=AT + DAY - timedelta(seconds=1)) == 0
    assert tasks.keep_moves(at=AT + DAY) == 1
    assert tasks.keep_moves(at=AT + DAY + timedelta(hours=1)) == 0
    assert (told("move_late"), told("move_lapsed")) == ([home.owner], [])
    assert tasks.keep_moves(at=AT + 15 * DAY - timedelta(seconds=1)) == 0
    assert tasks.keep_moves(at=AT + 15 * DAY) == 1
    row = rows_of(Relocation).get()
    assert (row.state, row.name, row.phone, row.due_at) == ("lapsed", "", "", None)
    assert told("move_lapsed") == [home.owner]
    page = queries.relocation_page(home.scope, relocation=move)
    assert [(step.verb, step.role) for step in page.history[1:]] == [("remind", "system"), ("lapse", "system")]
    with pytest.raises(WrongState):
        actions.finish_relocation(desk.scope, relocation=move, at=AT + 15 * DAY)
    assert tasks.keep_moves(at=AT + 30 * DAY) == 0


def test_a_move_that_was_finished_or_called_off_in_time_is_never_late(desk, home):
    done, off = a_move(home), a_move(home)
    for check in rules.checks_of(Direction.MOVE_IN):
        actions.check_relocation(desk.scope, relocation=done, item=check, at=AT)
    actions.finish_relocation(desk.scope, relocation=done, at=AT)
    actions.call_off_relocation(home.scope, relocation=off, at=AT)
    assert tasks.keep_moves(at=AT + 30 * DAY) == 0
    assert tasks.chase_desks(at=AT + 30 * DAY) == 0
    assert queries.relocations(desk.scope, late_at=AT + 30 * DAY) == ()


def test_stewards_hear_once_of_all_that_is_late_and_managers_a_day_later(desk, home, works_here):
    manager, steward = works_here(Duty.MANAGER), works_here(Duty.STEWARD)
    a_move(home)
    a_move(home)
    permit = actions.ask_permit(
        home.scope,
        home=home.id,
        works=[Work.PAINT],
        text="刷墙",
        start_on=date(2026, 3, 10),
        end_on=date(2026, 4, 10),
        at=AT - 2 * DAY,
    )
    late_at = AT + DAY
    assert tasks.chase_desks(at=late_at - timedelta(seconds=1)) == 0
    assert tasks.chase_desks(at=late_at) == 3
    assert tasks.chase_desks(at=late_at + timedelta(hours=1)) == 0
    (heard,) = rows_of(Message).filter(template="permits_late")
    assert (heard.party, heard.values["count"]) == (steward, "3")
    actions.decide_permit(desk.scope, permit=permit, grant=False, why="缺图纸", at=late_at)
    assert tasks.chase_desks(at=late_at + DAY) == 2
    assert told("permits_late") == [steward, manager]
    assert tasks.chase_desks(at=late_at + 5 * DAY) == 0


def test_a_new_deadline_is_one_that_nobody_heard_of(desk, home, works_here):
    _manager, steward = works_here(Duty.MANAGER), works_here(Duty.STEWARD)
    policies.set_policy(
        SYSTEM,
        word="permits",
        level="community",
        place=desk.community.id,
        values={"deposit": Money.zero, "fee": Money.zero},
        start_at=AT,
        at=AT,
    )
    known_policies.forget()
    works = {"home": home.id, "works": [Work.PAINT], "text": "刷墙"}
    permit = actions.ask_permit(home.scope, **works, start_on=TODAY, end_on=TODAY, at=AT)
    actions.decide_permit(desk.scope, permit=permit, grant=True, at=AT)
    over = AT + DAY
    assert (tasks.keep_deadlines(at=over), tasks.chase_desks(at=over)) == (1, 1)
    assert (told("permit_over"), told("permits_late")) == ([home.owner], [steward])
    (late,) = queries.permits(desk.scope, late_at=over)
    assert late.permit == permit  # reminding the owner does not make it any less late
    actions.report_finished(home.scope, permit=permit, at=over)
    assert queries.permits(desk.scope, late_at=over) == ()
    assert tasks.chase_desks(at=over + 3 * DAY) == 1
    assert told("permits_late") == [steward, steward]


def test_the_list_of_moves_shows_those_that_are_late_alone(desk, home):
    late, later = a_move(home), a_move(home, TODAY + 5 * DAY)
    assert {each.relocation for each in queries.relocations(desk.scope)} == {late, later}
    (shown,) = queries.relocations(desk.scope, late_at=AT + 2 * DAY)
    assert (shown.relocation, shown.state, shown.due_at) == (late, RelocationState.OPEN, AT + DAY)
