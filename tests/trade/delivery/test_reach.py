"""How far a company and an operator reach among couriers, shifts, gates and tasks; and what is forgotten of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_city, a_community, a_company, a_person
from builders.couriers import HOUR, OPERATOR, a_round, me
from builders.delivery import a_zone
from builders.people import a_phone
from harness.payments_words import as_the_house
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import actions, queries
from linli.trade.delivery.rules import FailReason, GateAt, Run, Stop, StopKind, TaskState, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return a_round()


@pytest.fixture
def company(round_):
    return Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(round_.community.id,)
    )  # fmt: skip


def plan(scope, city, *communities):
    return actions.plan_shifts(
        scope, city=city, starts_at=AT, ends_at=AT + HOUR, communities=communities, at=AT
    )  # fmt: skip


class TestShifts:
    def test_a_company_plans_none_for_communities_of_others(self, round_, company):
        stranger = a_community()
        for city, where in (
            (stranger.city, (stranger.id,)),
            (round_.community.city, (round_.community.id, stranger.id)),
            (stranger.city, ()),
            (stranger.city, (round_.community.id,)),
        ):
            with pytest.raises(NotFound):
                plan(company, city, *where)
        assert as_the_house("SELECT count(*) FROM delivery_shift") == [(0,)]

    def test_a_company_that_names_none_plans_for_all_of_its_own(self, round_, company):
        plan(company, round_.community.city)
        assert as_the_house("SELECT communities FROM delivery_shift") == [([round_.community.id],)]

    def test_the_platform_names_only_communities_of_the_city(self, round_):
        with pytest.raises(NotFound):
            plan(OPERATOR, round_.community.city, a_community(city=a_city()).id)
        plan(OPERATOR, round_.community.city)
        assert as_the_house("SELECT communities FROM delivery_shift") == [([],)]

    def test_who_also_rides_for_the_platform_withdraws_no_shift_of_the_platforms(self, round_, company):
        courier = round_.a_courier(on_shift=False)
        (shift,) = plan(OPERATOR, round_.community.city)
        actions.take_shift(courier, shift=shift, at=AT)
        manager = Scope(
            role=Role.PROPERTY, person=me(courier), company=company.company, communities=company.communities
        )
        with pytest.raises(NotFound):
            actions.withdraw_shift(manager, shift=shift, at=AT)
        assert as_the_house("SELECT state FROM delivery_shift") == [("taken",)]


class TestCouriers:
    def test_nobody_is_let_in_for_a_community_of_another_city(self, round_):
        elsewhere = a_community(city=a_city())
        with pytest.raises(NotFound):
            actions.keep_courier(
                OPERATOR, person=a_person(), city=round_.community.city, vehicle=Vehicle.BIKE,
                communities=[elsewhere.id], at=AT,
            )  # fmt: skip
        assert as_the_house("SELECT count(*) FROM delivery_courier") == [(0,)]


class TestTheBoard:
    def test_who_also_rides_for_the_platform_finishes_nothing_elsewhere_by_their_own_word(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        manager = Scope(
            role=Role.PROPERTY, person=me(courier), company=a_company(), communities=(a_community().id,)
        )  # fmt: skip
        tries = (
            lambda: actions.finish_at_board(manager, task=task, why="送到了", at=AT),
            lambda: actions.fail_at_board(manager, task=task, reason=FailReason.OTHER, at=AT),
            lambda: actions.call_off_task(manager, task=task, why="不送了", at=AT),
        )
        for each in tries:
            with pytest.raises(NotFound):
                each()
        assert round_.page(task).state is TaskState.EN_ROUTE
        assert as_the_house("SELECT count(*) FROM delivery_earning") == [(0,)]


class TestAnOperatorOfAnotherCity:
    """Knows every id, and finds nothing here."""

    @pytest.fixture
    def elsewhere(self):
        return Scope(role=Role.PLATFORM, person=a_person(), city=a_city().id)

    def test_asks_for_nothing_of_this_city(self, round_, elsewhere):
        a_zone(round_.community)
        courier = round_.a_courier()
        task = round_.given(courier)
        here = round_.community.city
        span = {"since": AT - HOUR, "until": AT + HOUR}
        for ask in (
            lambda: queries.waves(elsewhere, city=here, **span),
            lambda: queries.rota(elsewhere, city=here, **span),
            lambda: queries.expected_orders(elsewhere, city=here, on=AT.date(), timezone="Asia/Shanghai"),
            lambda: queries.board(elsewhere, wanted=queries.Wanted(city=here), at=AT),
            lambda: queries.task_page(elsewhere, task=task),
            lambda: queries.ways_in(elsewhere, community=round_.community.id),
            lambda: queries.kitchen(elsewhere, shop=round_.shop.id, at=AT),
        ):
            with pytest.raises(NotFound):
                ask()
        everywhere = Scope(role=Role.PLATFORM, person=a_person())
        assert (queries.crew(elsewhere), queries.crew(elsewhere, city=here)) == ((), ())
        assert [each.person for each in queries.crew(everywhere, city=here)] == [me(courier)]
        assert queries.board(elsewhere, wanted=queries.Wanted(), at=AT).total == 0
        assert queries.board(everywhere, wanted=queries.Wanted(), at=AT).total == 1
        quiet = queries.board_version(elsewhere, at=AT)
        round_.task(1)
        assert queries.board_version(elsewhere, at=AT) == quiet

    def test_adds_up_nothing_that_was_brought_here(self, round_, elsewhere):
        task = round_.taken(courier := round_.a_courier())
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT)
        where = {"communities": [round_.community.id], "start": AT - HOUR, "end": AT + HOUR}
        assert queries.spent(elsewhere, **where) == {}
        assert queries.spent(OPERATOR, **where)[round_.community.id].brought == 1

    def test_sends_nobody_here_and_gives_no_run_away(self, round_, elsewhere):
        courier, task = round_.a_courier(), round_.task()
        stop = Stop(StopKind.COLLECT, round_.shop.id, (task,), AT)
        run = Run(courier=None, stops=(stop, replace(stop, kind=StopKind.DROP, place=round_.community.id)))
        (planned,) = actions.commit_runs(OPERATOR, wave=None, runs=[run], at=AT)
        theirs = a_person(phone=a_phone())
        actions.keep_courier(OPERATOR, person=theirs, city=elsewhere.city, vehicle=Vehicle.BIKE, at=AT)
        for send in (
            lambda: actions.assign_tasks(elsewhere, tasks=[task], courier=theirs, at=AT),
            lambda: actions.give_run(elsewhere, run=planned, courier=theirs, at=AT),
            lambda: actions.commit_runs(elsewhere, wave=None, runs=[run], at=AT),
            lambda: actions.offer_run(elsewhere, run=run, courier=me(courier), choice={}, at=AT),
            lambda: actions.send_for_return(elsewhere, task=task, courier=theirs, at=AT),
            lambda: actions.take_back_tasks(elsewhere, tasks=[task], why="x", at=AT),
        ):
            with pytest.raises(NotFound):
                send()
        assert round_.page(task).state is TaskState.TODO
        assert as_the_house("SELECT state, courier FROM delivery_run") == [("planned", None)]

    def test_changes_no_slot_zone_or_kitchen_here(self, round_, elsewhere):
        zone = a_zone(round_.community)
        slot = zone.slot().slot
        name = {"zh": "二", "en": "Two"}
        here = [round_.community.id]
        for change in (
            lambda: actions.call_off_slot(elsewhere, slot=slot, why="x", at=AT),
            lambda: actions.edit_zone(elsewhere, zone=zone.id, name=name, communities=here, drops=1, at=AT),
            lambda: actions.close_zone(elsewhere, zone=zone.id, at=AT),
            lambda: actions.want_measured(elsewhere, zone=zone.id, at=AT),
            lambda: actions.keep_way_in(elsewhere, community=here[0], code="1", note="", at=AT),
        ):
            with pytest.raises(NotFound):
                change()
        with pytest.raises(Denied):
            actions.set_kitchen(elsewhere, shop=round_.shop.id, kitchen=None, at=AT)
        assert (queries.zone(zone.id).drops, zone.slot().slot) == (60, slot)

    def test_a_company_sends_nobody_for_what_goes_elsewhere_though_it_carries_it_itself(self, round_):
        courier = round_.a_courier()
        task = round_.given(courier)
        manager = Scope(role=Role.PROPERTY, person=me(courier), company=a_company(), communities=(a_community().id,))
        with pytest.raises(NotFound):
            actions.assign_tasks(manager, tasks=[task], courier=me(courier), at=AT)


class TestGates:
    def near(self, community, label="东门", lat=0.002):
        return GateAt(label, community.lat + lat, community.lon)

    def test_a_company_keeps_the_gates_of_its_communities_alone(self, round_, company):
        stranger = a_community()
        with pytest.raises(NotFound):
            actions.keep_gates(company, community=stranger.id, gates=[self.near(stranger)], at=AT)
        elsewhere = Scope(role=Role.PLATFORM, city=a_city().id)
        with pytest.raises(NotFound):
            actions.keep_gates(elsewhere, community=round_.community.id, gates=[], at=AT)
        assert as_the_house("SELECT count(*) FROM delivery_gate") == [(0,)]

    def test_what_is_kept_is_all_there_is(self, round_, company):
        here = round_.community
        actions.keep_gates(company, community=here.id, gates=[self.near(here), self.near(here, "西门")], at=AT)
        actions.keep_gates(company, community=here.id, gates=[self.near(here, "北门", 0.003)], at=AT)
        found = queries.gates(communities=[here.id])
        assert {gate.label: round(gate.lat - here.lat, 4) for gate in found[here.id]} == {"北门": 0.003}

    @pytest.mark.parametrize("wrong", [("", 0.001), ("东门", 0.1), ("东门", 400.0), ("东" * 41, 0.001)])
    def test_a_gate_is_near_and_has_a_short_name(self, round_, company, wrong):
        with pytest.raises(Invalid):
            actions.keep_gates(
                company, community=round_.community.id, gates=[self.near(round_.community, *wrong)], at=AT
            )
        with pytest.raises(Invalid):
            actions.keep_gates(company, community=round_.community.id, gates=[self.near(round_.community)] * 2, at=AT)
        assert queries.gates(communities=[round_.community.id]) == {}

    def test_what_has_no_place_of_its_own_is_brought_to_the_gate_nearest_to_the_shop(self, round_, company):
        here, (shop,) = round_.community, as_the_house("SELECT lat, lon FROM shops_shop")
        near, far = GateAt("近门", shop[0] + 0.0005, shop[1]), GateAt("远门", shop[0] + 0.002, shop[1])
        actions.keep_gates(company, community=here.id, gates=[far, near], at=AT)
        actions.ask_delivery(SYSTEM, asked=[round_.asked(home=None)], at=AT)
        ((lat,),) = as_the_house("SELECT to_lat FROM delivery_task")
        assert lat == pytest.approx(near.lat, abs=1e-6)


class TestForgetting:
    def test_why_somebody_called_a_slot_off_is_erased_with_them(self, round_):
        zone = a_zone(round_.community)
        operator = Scope(role=Role.PLATFORM, person=a_person())
        actions.call_off_slot(operator, slot=zone.slot().slot, why="台风,老王说的", at=AT)
        actions.forget_person(SYSTEM, person=a_person(), at=AT)
        assert as_the_house("SELECT why FROM delivery_slot_move") == [("台风,老王说的",)]
        actions.forget_person(SYSTEM, person=me(operator), at=AT)
        assert as_the_house("SELECT verb, why FROM delivery_slot_move") == [("call_off", "")]
