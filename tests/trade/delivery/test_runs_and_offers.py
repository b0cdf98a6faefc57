"""Runs that a wave commits, offers and refusals, shifts and who may carry."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_community, a_company
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from harness.payments_words import as_the_house, facts
from linli.ground.policies import actions as policies
from linli.kernel import ids
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import delivery_payable
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.actions.answering import OfferGone
from linli.trade.delivery.actions.held import NotYourCourier
from linli.trade.delivery.actions.shifts import ShiftsCross, StillCarrying, TooEarly
from linli.trade.delivery.rules import Kind, Run, Stop, StopKind, TaskState, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return a_round()


def a_run(round_, *tasks, courier=None):
    building = ids.new()
    return Run(
        courier=courier,
        stops=(
            Stop(StopKind.COLLECT, round_.shop.id, tasks, AT + 10 * MINUTE),
            Stop(StopKind.DROP, building, tasks, AT + 25 * MINUTE),
        ),
        distance_m=900,
        why="shortest",
    )


def runs():
    return as_the_house("SELECT id, state, courier FROM delivery_run ORDER BY id")


class TestWaves:
    def test_a_waves_runs_are_given_or_wait_on_the_board(self, round_):
        courier = round_.a_courier()
        one, two, three = (round_.task(n, kind=Kind.POOLED) for n in range(3))
        wave = ids.new()
        planned = [a_run(round_, one, two, courier=me(courier)), a_run(round_, three)]
        given, waiting = actions.commit_runs(OPERATOR, wave=wave, runs=planned, at=AT)
        assert runs() == [(given, "given", me(courier)), (waiting, "planned", None)]
        assert [round_.page(t).state.value for t in (one, two, three)] == ["assigned", "assigned", "todo"]
        assert round_.page(one).arrive_at == AT + 25 * MINUTE
        assert len(facts("delivery.TaskAssigned")) == 2

    def test_planned_again_the_new_runs_take_the_place_of_the_old(self, round_):
        first, second = round_.a_courier(), round_.a_courier()
        one, two = (round_.task(n, kind=Kind.POOLED) for n in range(2))
        wave = ids.new()
        actions.commit_runs(OPERATOR, wave=wave, runs=[a_run(round_, one, two, courier=me(first))], at=AT)
        plan = [a_run(round_, one, courier=me(first)), a_run(round_, two, courier=me(second))]
        actions.commit_runs(OPERATOR, wave=wave, runs=plan, at=AT + MINUTE)
        assert [state for _run, state, _who in runs()] == ["dropped", "given", "given"]
        assert (round_.page(one).courier, round_.page(two).courier) == (me(first), me(second))

    def test_what_was_collected_is_planned_no_more_and_nothing_changes(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier, kind=Kind.POOLED)
        before = runs()
        with pytest.raises(WrongState):
            actions.commit_runs(OPERATOR, wave=ids.new(), runs=[a_run(round_, task)], at=AT)
        assert runs() == before

    def test_a_task_called_off_leaves_its_run_and_the_last_one_drops_it(self, round_):
        courier = round_.a_courier()
        one, two = (round_.task(n, kind=Kind.POOLED) for n in range(2))
        actions.commit_runs(OPERATOR, wave=None, runs=[a_run(round_, one, two, courier=me(courier))], at=AT)
        actions.call_off(SYSTEM, order=round_.page(one).order, why="buyer", at=AT)
        assert as_the_house("SELECT DISTINCT tasks FROM delivery_run_stop") == [([two],)]
        actions.call_off(SYSTEM, order=round_.page(two).order, why="buyer", at=AT)
        assert [state for _run, state, _who in runs()] == ["dropped"]

    def test_stops_measure_how_long_they_take_and_the_run_ends_with_its_last(self, round_):
        courier = round_.a_courier()
        task = round_.task(kind=Kind.POOLED)
        actions.commit_runs(OPERATOR, wave=None, runs=[a_run(round_, task, courier=me(courier))], at=AT)
        actions.come_to_shop(courier, task=task, at=AT + 10 * MINUTE)
        actions.collect_goods(courier, task=task, at=AT + 14 * MINUTE)
        actions.arrive_at_door(courier, tasks=[task], at=AT + 25 * MINUTE)
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT + 27 * MINUTE)
        took = as_the_house("SELECT extract(epoch FROM left_at - arrived_at)::int FROM delivery_run_stop ORDER BY nth")
        assert took == [(240,), (120,)]
        assert [state for _run, state, _who in runs()] == ["ended"]

    def test_who_left_gets_no_run(self, round_):
        courier = round_.a_courier()
        actions.remove_courier(OPERATOR, person=me(courier), at=AT)
        task = round_.task(kind=Kind.POOLED)
        with pytest.raises(NotYourCourier):
            actions.commit_runs(OPERATOR, wave=None, runs=[a_run(round_, task, courier=me(courier))], at=AT)
        assert runs() == []


class TestOffers:
    def offered(self, round_, courier, *tasks):
        return actions.offer_run(
            OPERATOR, run=a_run(round_, *tasks), courier=me(courier), choice={"why": "nearest"}, at=AT
        )

    def test_who_accepts_in_time_carries(self, round_):
        courier = round_.a_courier()
        task = round_.task()
        offer = self.offered(round_, courier, task)
        assert round_.page(task).offered_to == me(courier)
        run = actions.accept_offer(courier, offer=offer, at=AT + MINUTE / 2)
        assert actions.accept_offer(courier, offer=offer, at=AT + HOUR) == run
        page = round_.page(task)
        assert (page.state, page.courier, page.offered_to) == (TaskState.ASSIGNED, me(courier), None)
        assert as_the_house("SELECT pays_minor FROM delivery_offer") == [(239,)]

    def test_a_refused_run_waits_for_another_courier(self, round_):
        courier = round_.a_courier()
        task = round_.task()
        offer = self.offered(round_, courier, task)
        actions.refuse_offer(courier, offer=offer, why="车没电了", at=AT)
        assert (round_.page(task).state, round_.page(task).offered_to) == (TaskState.TODO, None)
        assert as_the_house("SELECT refused_by FROM delivery_task") == [([me(courier)],)]
        with pytest.raises(OfferGone):
            actions.accept_offer(courier, offer=offer, at=AT)
        assert [state for _run, state, _who in runs()] == ["dropped"]

    def test_an_offer_that_nobody_answers_lapses(self, round_):
        courier = round_.a_courier()
        task = round_.task()
        offer = self.offered(round_, courier, task)
        with pytest.raises(OfferGone):
            actions.accept_offer(courier, offer=offer, at=AT + MINUTE)
        assert tasks.lapse_offers(at=AT + MINUTE / 2) == 0
        assert tasks.lapse_offers(at=AT + MINUTE) == 1
        assert round_.page(task).offered_to is None

    def test_a_dispatcher_overrules_an_offer(self, round_):
        asked, sent = round_.a_courier(), round_.a_courier()
        task = round_.task()
        offer = self.offered(round_, asked, task)
        actions.assign_tasks(OPERATOR, tasks=[task], courier=me(sent), at=AT)
        with pytest.raises(OfferGone):
            actions.accept_offer(asked, offer=offer, at=AT)
        assert round_.page(task).courier == me(sent)

    def test_another_courier_sees_no_offer(self, round_):
        offer = self.offered(round_, round_.a_courier(), round_.task())
        with pytest.raises(NotFound):
            actions.accept_offer(round_.a_courier(), offer=offer, at=AT)


class TestShifts:
    def test_a_shift_is_taken_once_begun_in_time_and_ended_with_empty_hands(self, round_):
        courier, other = round_.a_courier(on_shift=False), round_.a_courier(on_shift=False)
        city = round_.community.city
        (shift,) = actions.plan_shifts(OPERATOR, city=city, starts_at=AT + HOUR, ends_at=AT + 3 * HOUR, at=AT)
        actions.take_shift(courier, shift=shift, at=AT)
        with pytest.raises(NotFound):
            actions.take_shift(other, shift=shift, at=AT)
        with pytest.raises(TooEarly):
            actions.start_shift(courier, shift=shift, at=AT)
        actions.start_shift(courier, shift=shift, at=AT + 45 * MINUTE)
        task = round_.taken(courier)
        with pytest.raises(StillCarrying):
            actions.end_shift(courier, shift=shift, at=AT + 3 * HOUR)
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT + HOUR)
        assert actions.end_shift(courier, shift=shift, at=AT + 3 * HOUR) == Money(0)

    def test_two_shifts_at_once_are_refused(self, round_):
        courier = round_.a_courier()
        city = round_.community.city
        (shift,) = actions.plan_shifts(OPERATOR, city=city, starts_at=AT + HOUR, ends_at=AT + 3 * HOUR, at=AT)
        with pytest.raises(ShiftsCross):
            actions.take_shift(courier, shift=shift, at=AT)

    def test_hours_bring_at_least_what_the_policy_promises(self, round_):
        policies.set_policy(
            SYSTEM, word="couriers", level="city", place=round_.community.city,
            values={"least_hourly": {"minor": 2000}}, start_at=AT - HOUR, at=AT - HOUR,
        )  # fmt: skip
        courier = round_.a_courier(on_shift=False)
        shift = round_.on_shift(courier)
        task = round_.taken(courier)
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT + HOUR)
        for _ in range(2):
            assert actions.end_shift(courier, shift=shift, at=AT + 2 * HOUR) == Money(4000 - 239)
        assert ledger.balance(OPERATOR, book=round_.book, address=delivery_payable(me(courier))) == Money(-4000)

    def test_shifts_nobody_began_are_missed(self, round_):
        city = round_.community.city
        actions.plan_shifts(OPERATOR, city=city, starts_at=AT, ends_at=AT + HOUR, people=2, at=AT)
        assert tasks.close_shifts(at=AT + 2 * HOUR) == 2


class TestWhoMayWhat:
    def a_desk(self, round_):
        return Scope(
            role=Role.PROPERTY, person=ids.new(), company=a_company(), communities=(round_.community.id,),
            city=round_.community.city,
        )  # fmt: skip

    def test_property_staff_carry_in_spare_hours_where_their_company_works(self, round_):
        desk = self.a_desk(round_)
        courier = round_.a_courier(by=desk, vehicle=Vehicle.FOOT, on_shift=False)
        task = round_.task()
        actions.assign_tasks(desk, tasks=[task], courier=me(courier), at=AT)
        assert round_.page(task, scope=desk).courier == me(courier)
        with pytest.raises(NotYourCourier):
            actions.assign_tasks(desk, tasks=[round_.task(1)], courier=me(round_.a_courier()), at=AT)

    def test_a_company_lets_nobody_carry_elsewhere(self, round_):
        desk = self.a_desk(round_)
        with pytest.raises(NotFound):
            actions.keep_courier(
                desk, person=desk.person, city=desk.city, vehicle=Vehicle.FOOT, communities=[a_community().id], at=AT
            )
        assert as_the_house("SELECT count(*) FROM delivery_courier") == [(0,)]

    def test_an_operator_of_one_city_changes_nothing_in_another(self, round_):
        courier, task = round_.a_courier(on_shift=False), round_.task()
        (shift,) = actions.plan_shifts(OPERATOR, city=round_.community.city, starts_at=AT, ends_at=AT + HOUR, at=AT)
        elsewhere, here = Scope(role=Role.PLATFORM, city=a_city().id), round_.community.city
        tries = (
            lambda: actions.plan_shifts(elsewhere, city=here, starts_at=AT, ends_at=AT + HOUR, at=AT),
            lambda: actions.withdraw_shift(elsewhere, shift=shift, at=AT),
            lambda: actions.remove_courier(elsewhere, person=me(courier), at=AT),
            lambda: actions.keep_courier(elsewhere, person=me(courier), city=here, vehicle=Vehicle.BIKE, at=AT),
            lambda: actions.call_off_task(elsewhere, task=task, why="gone", at=AT),
            lambda: actions.assign_tasks(elsewhere, tasks=[task], courier=me(courier), at=AT),
        )
        for each in tries:
            with pytest.raises(NotFound):
                each()
        with pytest.raises(Invalid):
            actions.keep_courier(elsewhere, person=me(courier), city=elsewhere.city, vehicle=Vehicle.BIKE, at=AT)
        assert as_the_house("SELECT state FROM delivery_shift") == [("planned",)]
        assert as_the_house("SELECT city, left_at FROM delivery_courier") == [(here, None)]
        assert round_.page(task).courier is None

    def test_nobody_takes_another_employers_courier(self, round_):
        courier = round_.a_courier(on_shift=False)
        with pytest.raises(Invalid):
            actions.keep_courier(
                round_.shop.scope, person=me(courier), city=round_.community.city, vehicle=Vehicle.BIKE, at=AT
            )

    def test_a_company_sees_only_what_goes_to_its_communities(self, round_):
        task = round_.task()
        elsewhere = Scope(role=Role.PROPERTY, person=ids.new(), company=a_company(), communities=(a_community().id,))
        assert queries.board(elsewhere, wanted=queries.Wanted(), at=AT).tasks == ()
        with pytest.raises(NotFound):
            actions.call_off_task(elsewhere, task=task, why="闹着玩", at=AT)
        with pytest.raises(Denied):
            actions.call_off_task(round_.a_courier(), task=task, why="不想送", at=AT)
        assert round_.page(task).state is TaskState.TODO
