"""Patrols against real PostgreSQL: made once, walked once, absent by the clock, findings that become work orders."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from builders import a_person, a_picture
from builders.billing import a_desk
from builders.clock import AT
from builders.patrols import FINE, some_rounds
from builders.people import a_phone
from harness.looking import rows_of
from linli.estate.patrols import actions, queries, tasks
from linli.estate.patrols.models import Patrol
from linli.estate.patrols.rules import Doubt, Outcome, PatrolState, Place, Seen
from linli.estate.workorders import queries as workorders
from linli.ground.people import actions as people
from linli.ground.policies import actions as policies
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BROKEN = (Seen("light", Outcome.FINDING, words="两盏灯不亮"), Seen("pressure", value=Decimal("0.9")))


@pytest.fixture
def rounds():
    return some_rounds()


@pytest.fixture
def guard(rounds):
    return rounds.a_guard()


def page(rounds, patrol, at=AT):
    return queries.patrol(rounds.scope, patrol=patrol, at=at)


def test_a_patrol_is_walked_point_by_point_and_done_with_the_last(rounds, guard):
    patrol = rounds.sent()
    assert [row.label for row in queries.my_patrols(guard, at=AT)] == ["PT-260302-0001"]
    for nth, minutes in enumerate((0, 5, 10)):
        left = rounds.visits(guard, patrol, nth, after=minutes * MINUTE).left
        assert left == 2 - nth
    found = page(rounds, patrol)
    assert (found.row.state, found.row.visited, found.row.doubts, found.row.findings) == (PatrolState.DONE, 3, 0, 0)
    assert [move.verb for move in found.moves] == ["make", "take", "finish"]
    assert queries.my_patrols(guard, at=AT) == ()


def test_findings_become_work_orders_at_once_with_their_place_words_and_pictures(rounds, guard):
    patrol = rounds.sent()
    visited = rounds.visits(guard, patrol, 0, seen=BROKEN, uploads=(("lamp.png", a_picture()),))
    assert len(visited.orders) == 2
    first = workorders.order_page(rounds.scope, order=visited.orders[0], at=AT)
    assert first.place == "泵房1 · 地下1层"
    assert first.words == "灯是否正常: 两盏灯不亮"
    (check, *_rest) = page(rounds, patrol).checks
    assert [answer.order for answer in check.answers] == list(visited.orders)
    assert [answer.outcome.value for answer in check.answers] == ["finding", "finding"]
    assert len(check.photos) == 1


def test_an_unanswered_item_is_refused_and_nothing_is_kept(rounds, guard):
    patrol = rounds.sent()
    with pytest.raises(Invalid) as refused:
        rounds.visits(guard, patrol, 0, seen=(Seen("light"),))
    assert refused.value.field == "items.pressure"
    found = page(rounds, patrol)
    assert (found.row.state, found.row.visited, found.row.person) == (PatrolState.DUE, 0, None)


def test_the_secret_of_another_point_and_a_point_twice_are_refused(rounds, guard):
    patrol = rounds.sent()
    rounds.visits(guard, patrol, 0)
    with pytest.raises(actions.NotHere):
        rounds.visits(guard, patrol, 0, after=MINUTE)
    with pytest.raises(actions.NotHere):
        actions.visit_point(guard, patrol=patrol, secret="photographed", seen=FINE, at=AT)
    actions.renew_secret(rounds.scope, point=rounds.points[1], at=AT)
    assert page(rounds, patrol).row.visited == 1


def test_where_the_order_counts_it_is_kept():
    rounds = some_rounds(in_order=True)
    guard, patrol = rounds.a_guard(), rounds.sent()
    with pytest.raises(actions.OutOfOrder) as refused:
        rounds.visits(guard, patrol, 1)
    assert refused.value.values["name"] == "泵房1"
    rounds.visits(guard, patrol, 0)
    assert rounds.visits(guard, patrol, 1, after=5 * MINUTE).left == 1


def test_a_point_with_a_display_wants_the_code_of_this_minute():
    rounds = some_rounds(wants_code=True)
    guard, patrol = rounds.a_guard(), rounds.sent()
    code = queries.display_code(rounds.scope, point=rounds.points[0], at=AT)
    with pytest.raises(actions.WrongCode):
        rounds.visits(guard, patrol, 0, after=5 * MINUTE, display_code=code)
    assert rounds.visits(guard, patrol, 0, after=timedelta(seconds=20), display_code=code).left == 2


def test_points_told_together_after_a_time_without_a_network_count_at_their_own_times(rounds, guard):
    patrol = rounds.sent()
    back = 30 * MINUTE
    for nth, minutes in enumerate((5, 10)):
        rounds.visits(guard, patrol, nth, after=back, said_at=AT + minutes * MINUTE)
    found = page(rounds, patrol, AT + back)
    assert [check.visited_at for check in found.checks] == [AT + 5 * MINUTE, AT + 10 * MINUTE, None]
    assert (found.checks[1].since_last_s, found.checks[1].doubts) == (300, ())


def test_a_code_told_late_is_believed_and_doubted():
    rounds = some_rounds(wants_code=True)
    guard, patrol = rounds.a_guard(), rounds.sent()
    code = queries.display_code(rounds.scope, point=rounds.points[0], at=AT)
    told = rounds.visits(guard, patrol, 0, after=5 * MINUTE, said_at=AT, display_code=code)
    assert (told.left, told.doubts) == (2, (Doubt.TOLD_LATE,))


def test_a_walk_from_home_is_kept_and_doubted(rounds, guard):
    patrol = rounds.sent()
    rounds.visits(guard, patrol, 0, stood=Place(30.25, 120.16))
    fast = rounds.visits(guard, patrol, 1, after=timedelta(seconds=20), stood=Place(30.25, 120.16))
    assert fast.doubts == (Doubt.TOO_FAST, Doubt.TOO_FAR)
    found = page(rounds, patrol)
    assert found.row.doubts == 1
    assert (found.checks[1].since_last_s, found.checks[1].doubts) == (20, fast.doubts)
    assert [row.patrol for row in queries.patrols(rounds.scope, doubtful=True)] == [patrol]


def test_a_patrol_is_walked_by_one_person_in_its_window(rounds, guard):
    patrol = rounds.sent(minutes=30)
    rounds.visits(guard, patrol, 0)
    with pytest.raises(actions.SomebodyElses):
        rounds.visits(rounds.a_guard(), patrol, 1, after=5 * MINUTE)
    with pytest.raises(actions.NotNow) as refused:
        rounds.visits(guard, patrol, 1, after=30 * MINUTE)
    assert refused.value.values == {"start": "10:00", "end": "10:30"}


def test_what_was_not_walked_in_time_is_absent_by_the_clock(rounds, guard):
    begun, never = rounds.sent(minutes=30), rounds.sent(minutes=30)
    rounds.visits(guard, begun, 0)
    assert tasks.lapse_patrols(at=AT + 29 * MINUTE) == 0
    assert tasks.lapse_patrols(at=AT + 30 * MINUTE) == 2
    assert tasks.lapse_patrols(at=AT + 31 * MINUTE) == 0
    states = {row.patrol: (row.state.value, row.visited) for row in queries.patrols(rounds.scope)}
    assert states == {begun: ("incomplete", 1), never: ("missed", 0)}
    assert [check.state.value for check in page(rounds, begun).checks] == ["visited", "absent", "absent"]
    with pytest.raises(actions.NotNow):
        rounds.visits(guard, begun, 1, after=31 * MINUTE)


def test_the_clock_makes_a_plans_patrol_once_for_its_days(rounds):
    plan = {"route": rounds.route, "start_minute": 22 * 60, "minutes": 120, "start_on": AT.date(), "at": AT}
    actions.add_plan(rounds.scope, weekdays=(0, 2), **plan)  # Monday and Wednesday
    assert tasks.open_patrols(at=AT) == 1
    assert tasks.open_patrols(at=AT + 10 * MINUTE) == 0
    (row,) = queries.patrols(rounds.scope)
    assert (row.state.value, row.starts_at, row.ends_at) == (
        "due", AT + timedelta(hours=12), AT + timedelta(hours=14),
    )  # fmt: skip
    assert tasks.open_patrols(at=AT + timedelta(hours=13)) == 0
    assert tasks.open_patrols(at=AT + timedelta(days=2)) == 1


def test_closed_patrols_are_made_no_more_and_those_that_were_made_go_on(rounds, guard):
    plan = {"route": rounds.route, "start_minute": 22 * 60, "minutes": 120, "start_on": AT.date(), "at": AT}
    actions.add_plan(rounds.scope, weekdays=tuple(range(7)), **plan)
    assert tasks.open_patrols(at=AT) == 1
    policies.set_policy(
        rounds.scope, word="patrols", level="community", place=rounds.desk.community.id,
        values={"is_offered": False}, start_at=AT, at=AT,
    )  # fmt: skip
    assert tasks.open_patrols(at=AT + timedelta(days=1)) == 0
    (row,) = queries.patrols(rounds.scope)
    rounds.visits(guard, row.patrol, 0, after=timedelta(hours=12, minutes=5))
    assert tasks.lapse_patrols(at=AT + timedelta(hours=14)) == 1
    (row,) = queries.patrols(rounds.scope)
    assert row.state.value == "incomplete"


def test_people_of_a_plan_take_turns_and_who_left_is_stood_in_for_by_the_duty(rounds):
    phones = [a_phone() for _nth in range(3)]
    for phone, duty in zip(phones, (Duty.MANAGER, Duty.GUARD, Duty.GUARD), strict=True):
        people.add_company_staff(rounds.scope, company=rounds.desk.company, name="保安", phone=phone, duty=duty, at=AT)
    staff = [a_person(phone=phone) for phone in phones[1:]]
    plan = {"route": rounds.route, "weekdays": (0, 1, 2, 3, 4, 5, 6), "start_minute": 1380, "minutes": 30, "at": AT}
    with pytest.raises(NotFound):
        actions.add_plan(rounds.scope, people=[a_person()], start_on=AT.date(), **plan)
    made = actions.add_plan(rounds.scope, people=staff, start_on=AT.date(), **plan)
    (card,) = queries.plans(rounds.scope, community=rounds.desk.community.id, on=AT.date())
    assert card.people == tuple(staff)
    for nth in range(3):
        actions.open_patrol(SYSTEM, plan=made, on=AT.date() + timedelta(days=nth), at=AT)
    people.remove_company_staff(rounds.scope, company=rounds.desk.company, person=staff[1], at=AT)
    actions.open_patrol(SYSTEM, plan=made, on=AT.date() + timedelta(days=3), at=AT)
    walkers = rows_of(Patrol).order_by("starts_at").values_list("person", flat=True)
    assert list(walkers) == [staff[0], staff[1], staff[0], None]


def test_an_ended_plan_makes_no_more(rounds):
    plan = actions.add_plan(
        rounds.scope,
        route=rounds.route,
        weekdays=tuple(range(7)),
        start_minute=60,
        minutes=60,
        start_on=AT.date(),
        at=AT,
    )
    actions.end_plan(rounds.scope, plan=plan, at=AT)
    assert tasks.open_patrols(at=AT + timedelta(days=1)) == 0


def test_a_patrol_is_called_off_for_a_reason_and_then_over(rounds, guard):
    patrol = rounds.sent()
    actions.call_off_patrol(rounds.scope, patrol=patrol, why="暴雨", at=AT)
    with pytest.raises(actions.NotNow):
        rounds.visits(guard, patrol, 0)
    with pytest.raises(WrongState):
        actions.call_off_patrol(rounds.scope, patrol=patrol, why="again", at=AT)


def test_rates_count_what_is_over_by_route_and_by_person(rounds, guard):
    whole = rounds.sent()
    for nth, minutes in enumerate((0, 5, 10)):
        rounds.visits(guard, whole, nth, after=minutes * MINUTE, seen=BROKEN if nth == 2 else FINE)
    rounds.sent(minutes=30)
    tasks.lapse_patrols(at=AT + 30 * MINUTE)
    asked = {"community": rounds.desk.community.id, "start": AT, "end": AT + timedelta(days=1)}
    (rate,) = queries.rates(rounds.scope, **asked)
    assert (rate.planned, rate.done, rate.missed, rate.visited, rate.points) == (2, 1, 1, 3, 6)
    assert (rate.done_bp, rate.findings) == (5000, 2)
    people = {each.person: each.done for each in queries.rates(rounds.scope, by_person=True, **asked)}
    assert people == {guard.person: 1, None: 0}


def test_a_point_that_routes_lead_to_stays_and_a_changed_route_leaves_walks_alone(rounds, guard):
    with pytest.raises(actions.StillWalked):
        actions.retire_point(rounds.scope, point=rounds.points[2], at=AT)
    patrol = rounds.sent()
    stops = [actions.StopDraft(point) for point in rounds.points[:2]]
    actions.keep_route(
        rounds.scope, community=rounds.desk.community.id, name="夜间巡更", stops=stops, route=rounds.route, at=AT
    )
    actions.retire_point(rounds.scope, point=rounds.points[2], at=AT)
    assert len(page(rounds, patrol).checks) == 3


def test_another_company_finds_nothing(rounds):
    patrol, other = rounds.sent(), a_desk().scope
    for ask in (
        lambda: queries.patrol(other, patrol=patrol, at=AT),
        lambda: actions.call_off_patrol(other, patrol=patrol, why="mine", at=AT),
        lambda: queries.point(other, point=rounds.points[0]),
        lambda: actions.send_now(other, route=rounds.route, minutes=60, at=AT),
        lambda: actions.keep_point(other, community=rounds.desk.community.id, name="x", place="y", at=AT),
    ):
        with pytest.raises(NotFound):
            ask()
    assert queries.patrols(other) == ()
    assert page(rounds, patrol).row.state is PatrolState.DUE
