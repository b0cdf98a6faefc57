"""A job from the first word until it is done, and everything on its way that is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import AT, a_home, a_picture
from builders.orders import climb
from builders.workorders import HOUR, MINUTE, a_crew
from harness.budget import budget
from harness.payments_words import as_the_house, facts
from linli.estate.workorders import actions, queries, rules, tasks
from linli.estate.workorders.actions.after import OverThere
from linli.estate.workorders.actions.giving import Gone, HandsFull, LacksSkill, NotForGrabbing
from linli.estate.workorders.actions.held import NotYours
from linli.estate.workorders.actions.raising import PriceChanged
from linli.estate.workorders.rules import Kind, QuoteState, Skill, Source, Way, WorkState
from linli.ground.policies import actions as policies
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
BEGINS = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def crew():
    return a_crew()


def messages(template):
    return [row[0] for row in as_the_house("SELECT party FROM notify_message WHERE template = %s", template)]


def grabbing(crew):
    """From now on work in the community is grabbed."""
    policies.set_policy(
        SYSTEM, word="workorders", level="community", place=crew.desk.community.id, values={"way": "grab"},
        start_at=AT - HOUR, at=AT - HOUR,
    )  # fmt: skip


class TestRaising:
    def test_an_order_promises_what_its_type_does(self, crew):
        order = crew.raised("leak", uploads=[("a.jpg", a_picture())])
        page = crew.page(order)
        assert (page.number, page.kind, page.state, page.source) == (
            "WO-260302-0001", Kind.REPAIR, WorkState.RAISED, Source.OWNER,
        )  # fmt: skip
        assert page.accept_due_at == page.due_at == AT + 10 * MINUTE
        assert (page.arrive_due_at, page.finish_due_at) == (AT + 30 * MINUTE, AT + 4 * HOUR)
        assert len(page.photos) == 1
        assert [(move.verb, move.after, move.role) for move in page.moves] == [("raise", "raised", "resident")]
        (fact,) = facts("workorders.WorkOrderRaised")
        assert fact["order"] == str(order)
        assert "words" not in fact

    def test_the_clock_of_arriving_begins_when_somebody_is_at_home(self, crew):
        tomorrow = AT + timedelta(days=1)
        page = crew.page(crew.raised("tap", wanted_at=tomorrow))
        assert (page.accept_due_at, page.arrive_due_at) == (AT + 30 * MINUTE, tomorrow + 2 * HOUR)

    def test_a_community_promises_its_own_hours(self, crew):
        minutes = rules.Minutes(accept=5, arrive=15, finish=60)
        community, tap = crew.desk.community.id, crew.type_id("tap")
        actions.set_sla(crew.desk.scope, community=community, type_id=tap, minutes=minutes, at=AT)
        page = crew.page(crew.raised("tap"))
        assert (page.accept_due_at, page.finish_due_at) == (AT + 5 * MINUTE, AT + HOUR)

    def test_a_promise_from_a_day_on_begins_with_that_day(self, crew):
        where = {"community": crew.desk.community.id, "type_id": crew.type_id("tap")}
        slow, quick = (rules.Minutes(accept=n, arrive=15 * n, finish=60 * n) for n in (9, 5))
        actions.set_sla(crew.desk.scope, **where, minutes=slow, at=AT)
        actions.set_sla(crew.desk.scope, **where, minutes=quick, way=Way.GRAB, start_on=BEGINS, at=AT)
        midnight = datetime.combine(BEGINS, time(), ZoneInfo("Asia/Shanghai"))
        for at, minutes in ((AT, slow), (midnight - timedelta(seconds=1), slow), (midnight, quick)):
            assert crew.page(crew.raised("tap", at=at)).accept_due_at == at + minutes.accept * MINUTE
            cards = queries.types_here(crew.desk.scope, community=where["community"], at=at)
            card = next(each for each in cards if each.word == "tap")
            assert (card.minutes, card.way) == (minutes, Way.GRAB if minutes is quick else None)
            assert [each.start_on for each in card.planned] == ([BEGINS] if minutes is slow else [])

    def test_a_promise_begins_today_at_the_earliest_and_is_called_off_only_before_it_begins(self, crew):
        where = {"community": crew.desk.community.id, "type_id": crew.type_id("tap")}
        minutes, late = rules.Minutes(accept=5, arrive=15, finish=60), AT + timedelta(days=40)
        with pytest.raises(Invalid) as refused:
            actions.set_sla(crew.desk.scope, **where, minutes=minutes, start_on=BEGINS, at=late)
        assert refused.value.field == "start_on"
        actions.set_sla(crew.desk.scope, **where, minutes=minutes, start_on=BEGINS, at=AT)
        with pytest.raises(NotFound):
            actions.call_off_sla(a_crew().desk.scope, **where, start_on=BEGINS, at=AT)
        actions.call_off_sla(crew.desk.scope, **where, start_on=BEGINS, at=AT)
        assert crew.page(crew.raised("tap", at=late)).accept_due_at == late + 30 * MINUTE
        actions.set_sla(crew.desk.scope, **where, minutes=minutes, at=late)
        with pytest.raises(NotFound):
            actions.call_off_sla(crew.desk.scope, **where, start_on=late.date(), at=late)

    def test_orders_of_a_day_count_up_in_each_community(self, crew):
        crew.raised()
        assert crew.page(crew.raised()).number == "WO-260302-0002"
        other = a_crew()
        assert other.page(other.raised()).number == "WO-260302-0001"

    def test_a_company_without_types_begins_with_those_of_the_house(self):
        from builders.billing import a_desk

        desk = a_desk()
        home = desk.a_home()
        order = actions.raise_work_order(home.scope, community=desk.community.id, home=home.id, words="坏了", at=AT)
        page = queries.order_page(home.scope, order=order, at=AT)
        assert page.type_name == {"zh": "报修", "en": "Repair"}
        assert len(queries.types_here(SYSTEM, community=desk.community.id, at=AT)) == len(rules.DEFAULT_TYPES)

    def test_a_finding_of_a_patrol_knows_what_it_is_about(self, crew):
        about = crew.home.id
        order = actions.raise_work_order(
            SYSTEM, community=crew.desk.community.id, kind=Kind.CLEANING, place="2 号楼门厅", source=Source.PATROL,
            about=about, at=AT,
        )  # fmt: skip
        page = crew.page(order)
        assert (page.source, page.kind, page.place, page.raised_by) == (
            Source.PATROL,
            Kind.CLEANING,
            "2 号楼门厅",
            None,
        )

    def test_staff_ask_for_a_resident_who_called(self, crew):
        order = actions.raise_work_order(
            crew.steward, community=crew.desk.community.id, home=crew.home.id, on_behalf_of=crew.home.owner, at=AT
        )
        assert crew.page(order, scope=crew.resident).raised_by == crew.home.owner

    @pytest.mark.parametrize("what", ["nowhere", "somebody else's home", "a strange community", "a strange type"])
    def test_what_is_none_of_a_residents_business_is_refused_and_nothing_is_raised(self, crew, what):
        community, other = crew.desk.community, a_crew()
        given: dict[str, object] = {"community": community.id, "home": crew.home.id}
        given |= {
            "nowhere": {"home": None},
            "somebody else's home": {"home": a_home(community=community).id},
            "a strange community": {"community": other.desk.community.id},
            "a strange type": {"type_id": other.type_id("tap")},
        }[what]
        with pytest.raises((NotFound, Invalid)):
            actions.raise_work_order(crew.resident, **given, at=AT)
        assert queries.my_orders(crew.resident) == ()

    def test_a_service_is_asked_for_at_the_price_that_was_shown(self, crew):
        with pytest.raises(PriceChanged):
            crew.raised("aircon", agrees_to=Money(100_00))
        assert queries.my_orders(crew.resident) == ()
        page = crew.page(crew.raised("aircon", agrees_to=Money(120_00)))
        assert page.price == Money(120_00)
        assert [(quote.amount, quote.state) for quote in page.quotes] == [(Money(120_00), QuoteState.AGREED)]

    def test_raising_asks_the_database_four_times(self, crew):
        crew.raised()
        where = {"community": crew.desk.community.id, "home": crew.home.id, "type_id": crew.type_id("tap")}
        with budget(4):
            actions.raise_work_order(crew.resident, **where, at=AT)


class TestGiving:
    def test_the_house_gives_it_to_who_is_able_and_has_least_in_hand(self, crew):
        busy, free = crew.a_worker(), crew.a_worker()
        crew.a_worker(Skill.ELECTRICS)
        crew.given(busy)
        order = crew.raised()
        climb(AT)
        page = crew.page(order)
        assert (page.state, page.assignee) == (WorkState.ASSIGNED, free.person)
        assert page.choice == {"open_jobs": 0, "distance_m": 0, "minutes": 0, "among": 2}
        assert free.person in messages("work_given")

    def test_nobody_is_given_more_than_the_limit_and_it_waits_for_the_next_free_hand(self, crew):
        only = crew.a_worker(most_open=1)
        first, second = crew.raised(), crew.raised()
        climb(AT)
        assert [crew.page(order).state for order in (first, second)] == [WorkState.ASSIGNED, WorkState.RAISED]
        actions.accept_work(only, order=first, at=AT)
        actions.arrive_at_work(only, order=first, at=AT)
        actions.finish_work(only, order=first, at=AT)
        assert tasks.give_waiting(at=AT) == 1
        assert crew.page(second).assignee == only.person

    def test_who_is_away_or_off_the_rota_is_given_nothing(self, crew):
        away, off, on = crew.a_worker(), crew.a_worker(), crew.a_worker()
        community = crew.desk.community.id
        actions.set_away(away, community=community, person=away.person, is_away=True, at=AT)
        monday = [(off, 0, 9 * 60), (on, 9 * 60, 18 * 60)]
        for worker, start, end in monday:
            hours = (actions.Hours(weekday=0, start_minute=start, end_minute=end),)
            actions.set_rota(crew.desk.scope, community=community, person=worker.person, hours=hours, at=AT)
        assert actions.give_by_house(SYSTEM, order=crew.raised(), at=AT) == on.person

    def test_on_a_rota_everybody_has_their_turn(self, crew):
        minutes = rules.Minutes(accept=5, arrive=15, finish=60)
        where = {"community": crew.desk.community.id, "type_id": crew.type_id("tap")}
        actions.set_sla(crew.desk.scope, **where, minutes=minutes, way=Way.ROTA, at=AT)
        both = {crew.a_worker().person, crew.a_worker().person}
        given = [actions.give_by_house(SYSTEM, order=crew.raised(), at=AT + n * MINUTE) for n in range(4)]
        assert set(given[:2]) == both
        assert given[2:] == given[:2]

    def test_who_returned_it_does_not_get_it_again(self, crew):
        first = crew.a_worker()
        order = crew.given(first)
        second = crew.a_worker()
        actions.return_work(first, order=order, why="没有配件", at=AT)
        assert crew.page(order).due_at == AT + 30 * MINUTE
        climb(AT)
        assert crew.page(order).assignee == second.person

    def test_the_desk_gives_beyond_the_limit_only_on_purpose(self, crew):
        worker = crew.a_worker(most_open=1)
        crew.given(worker)
        order = crew.raised()
        with pytest.raises(HandsFull):
            actions.give_work(crew.steward, order=order, person=worker.person, at=AT)
        assert crew.page(order).state is WorkState.RAISED
        actions.give_work(crew.steward, order=order, person=worker.person, beyond_limit=True, at=AT)
        assert crew.page(order).assignee == worker.person

    def test_work_is_handed_on_only_to_who_is_able(self, crew):
        one, two, electrician = crew.a_worker(), crew.a_worker(), crew.a_worker(Skill.ELECTRICS)
        order = crew.working(one)
        with pytest.raises(LacksSkill):
            actions.transfer_work(one, order=order, person=electrician.person, why="我不在", at=AT)
        with pytest.raises(NotYours):
            actions.transfer_work(two, order=order, person=two.person, why="给我", at=AT)
        assert crew.page(order).assignee == one.person
        actions.transfer_work(one, order=order, person=two.person, why="我不在", at=AT)
        page = crew.page(order)
        assert (page.state, page.assignee, page.moves[-1].why) == (WorkState.ASSIGNED, two.person, "我不在")

    def test_work_is_grabbed_once_and_within_the_limit(self, crew):
        one, two = crew.a_worker(most_open=1), crew.a_worker()
        grabbing(crew)
        first, second = crew.raised(), crew.raised()
        climb(AT)
        assert [job.order for job in queries.grab_list(one, at=AT)] == [first, second]
        actions.grab_work(one, order=first, at=AT)
        with pytest.raises(Gone):
            actions.grab_work(two, order=first, at=AT)
        with pytest.raises(HandsFull):
            actions.grab_work(one, order=second, at=AT)
        assert (crew.page(first).assignee, crew.page(second).state) == (one.person, WorkState.RAISED)

    def test_what_is_given_is_not_grabbed(self, crew):
        worker, order = crew.a_worker(), crew.raised()
        assert queries.grab_list(worker, at=AT) == ()
        with pytest.raises(NotForGrabbing):
            actions.grab_work(worker, order=order, at=AT)

    def test_a_resident_gives_nothing(self, crew):
        worker, order = crew.a_worker(), crew.raised()
        with pytest.raises(Denied):
            actions.give_work(crew.resident, order=order, person=worker.person, at=AT)


class TestDoing:
    def test_a_pause_stops_the_clock(self, crew):
        worker = crew.a_worker()
        order = crew.working(worker)
        actions.pause_work(worker, order=order, why="等配件", until=AT + 20 * HOUR, at=AT + HOUR)
        assert crew.page(order).due_at == AT + 20 * HOUR
        assert tasks.run_out(at=AT + 19 * HOUR) == 0
        assert tasks.run_out(at=AT + 20 * HOUR) == 1
        page = crew.page(order)
        assert (page.state, page.due_at) == (WorkState.WORKING, AT + 24 * HOUR + 19 * HOUR)

    @pytest.mark.parametrize("hours", [0, -1, 14 * 24 + 2])
    def test_a_pause_ends_after_it_begins_and_in_time(self, crew, hours):
        worker = crew.a_worker()
        order = crew.working(worker)
        with pytest.raises(Invalid):
            actions.pause_work(worker, order=order, why="等", until=AT + hours * HOUR, at=AT)
        assert crew.page(order).state is WorkState.WORKING

    def test_a_repair_is_not_finished_by_who_never_arrived_but_a_complaint_is_answered(self, crew):
        worker = crew.a_worker(Skill.PLUMBING, Skill.ANSWERING)
        order = crew.given(worker)
        actions.accept_work(worker, order=order, at=AT)
        with pytest.raises(WrongState):
            actions.finish_work(worker, order=order, answer="好了", at=AT)
        complaint = crew.given(worker, "noise")
        actions.accept_work(worker, order=complaint, at=AT)
        with pytest.raises(Invalid):
            actions.finish_work(worker, order=complaint, at=AT)
        actions.finish_work(worker, order=complaint, answer="已约谈", at=AT)
        assert crew.page(complaint, scope=crew.resident).answer == "已约谈"
        assert messages("complaint_answered") == [crew.home.owner]

    @pytest.mark.parametrize("is_given", [False, True])
    def test_the_desk_answers_a_complaint_whose_worker_is_missing_and_finishes_no_repair(self, crew, is_given):
        worker = crew.a_worker(Skill.PLUMBING, Skill.ANSWERING)
        complaint = crew.given(worker, "noise") if is_given else crew.raised("noise")
        with pytest.raises(Denied):
            actions.finish_work(crew.resident, order=complaint, answer="好了", at=AT)
        if not is_given:
            with pytest.raises(NotYours):
                actions.finish_work(worker, order=complaint, answer="好了", at=AT)
        actions.finish_work(crew.desk.scope, order=complaint, answer="已约谈", at=AT + HOUR)
        page = crew.page(complaint)
        assert (page.state, page.answer, page.assignee) == (WorkState.DONE, "已约谈", crew.desk.scope.person)
        assert (page.accepted_at, page.done_at) == (AT + HOUR, AT + HOUR)
        assert messages("complaint_answered") == [crew.home.owner]
        repair = crew.given(worker) if is_given else crew.raised()
        with pytest.raises(WrongState):
            actions.finish_work(crew.desk.scope, order=repair, answer="好了", at=AT)

    def test_the_work_of_another_is_not_touched(self, crew):
        order, other = crew.given(crew.a_worker()), crew.a_worker()
        with pytest.raises(NotYours):
            actions.accept_work(other, order=order, at=AT)
        with pytest.raises(NotFound):
            actions.accept_work(a_crew().a_worker(), order=order, at=AT)
        assert crew.page(order).state is WorkState.ASSIGNED

    def test_a_phone_is_shown_for_a_reason_while_the_work_is_in_hand(self, crew):
        worker = crew.a_worker()
        order = crew.working(worker)
        page = crew.page(order, scope=worker)
        assert "****" in page.raised_by_phone
        shown = actions.reveal_who_asked(worker, order=order, why="问门禁", at=AT)
        assert "*" not in shown.phone
        actions.finish_work(worker, order=order, at=AT)
        with pytest.raises(OverThere):
            actions.reveal_who_asked(worker, order=order, why="再问", at=AT)
