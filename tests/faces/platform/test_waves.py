"""Waves at the operator's desk: what each slot brings together and saves, and why one is planned as it is."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_person
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from builders.delivery import a_zone
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.faces.shell import dispatch, doorway
from linli.ground.places import queries as places
from linli.spine.scope import Role, Scope
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.gateways import SolverFailed, Trouble
from linli.trade.delivery.rules import Kind
from linli.trade.delivery.rules.waves import simple

pytestmark = pytest.mark.django_db
LIST = "/platform/waves/"


class Quick:
    def solve(self, problem, **_told):
        return simple(problem)


class Broken:
    def solve(self, _problem, **_told):
        raise SolverFailed(Trouble.TIMED_OUT, "its CPU cap")


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT + 10 * MINUTE)
    monkeypatch.setattr(doorway, "now", lambda: AT + 10 * MINUTE)


@pytest.fixture
def desk(visitor):
    return visitor(Scope(role=Role.PLATFORM, person=a_person()))


@pytest.fixture
def round_():
    made = a_round()
    a_zone(made.community)
    return made


def first_slot(round_):
    return queries.offered(community=round_.community.id, at=AT).slots[0]


def a_wave(round_, solver=None, *, orders: int = 3, on_shift: bool = True):
    slot = first_slot(round_)
    at = slot.cut_off_at + MINUTE
    courier = round_.a_courier(on_shift=False)
    if on_shift:
        round_.on_shift(courier, at=slot.cut_off_at, hours=8)
    for nth in range(orders):
        home = round_.homes[nth % 3].id
        building = places.buildings_of([home])[home]
        round_.task(nth % 3, kind=Kind.POOLED, slot=slot.slot, building=building, ready=False)
    tasks.close_slots(at=at)
    actions.plan_slot(slot=slot.slot, at=at, solver=solver or Quick())
    return slot, courier


def test_the_list_tells_of_every_slot_what_it_brings_and_saves(round_, desk):
    slot, _courier = a_wave(round_)
    shown = desk.get(LIST).content.decode()
    assert f"/platform/waves/{slot.slot}/" in shown
    assert "its runs stand" in shown
    assert "1/1" in shown
    listed = queries.waves(
        Scope(role=Role.PLATFORM), city=round_.community.city, since=AT - 24 * HOUR, until=AT + 72 * HOUR
    )
    mine = next(row for row in listed if row.slot == slot.slot)
    assert (mine.asked, mine.orders, mine.couriers, mine.saving.minor) == (3, 3, 1, 0)
    assert mine.per_order.minor == mine.cost.minor // 3 > 0
    assert [row.state for row in listed if row.slot != slot.slot] == [None] * (len(listed) - 1)


def test_what_was_planned_stands_beside_what_was_booked_and_what_one_order_more_comes_to(round_, desk):
    slot, courier = a_wave(round_)
    row = queries.wave_page(OPERATOR, slot=slot.slot).row
    stops = [stop for run in queries.wave_page(OPERATOR, slot=slot.slot).runs for stop in run.stops]
    assert row.drop_fen == sum(stop.costs_fen for stop in stops) / 3
    assert (row.paid, row.earned.minor, row.earned_per_order.minor) == (0, 0, 0)
    margin, wanted = 1_000, row.drop_fen * 10
    assert wanted <= row.free_from(margin).minor < wanted + 100
    ((task, order),) = as_the_house('SELECT id, "order" FROM delivery_task ORDER BY id LIMIT 1')
    at = slot.start_at
    actions.goods_ready(round_.shop.scope, order=order, at=at)
    actions.collect_goods(courier, task=task, at=at)
    actions.hand_over(courier, task=task, code=round_.code(task), at=at)
    ((earned,),) = as_the_house("SELECT amount_minor FROM delivery_earning")
    row = queries.wave_page(OPERATOR, slot=slot.slot).row
    assert (row.paid, row.earned.minor, row.earned_per_order.minor) == (1, earned, earned)
    shown = desk.get(LIST).content.decode()
    assert "1 brought" in shown
    assert str(row.free_from(margin)) in shown
    assert str(row.earned) in desk.get(f"{LIST}{slot.slot}/").content.decode()


def test_a_slot_without_a_plan_says_nothing_of_what_one_order_more_comes_to(round_):
    row = queries.wave_page(OPERATOR, slot=first_slot(round_).slot).row
    assert (row.drop, row.free_from(1_000), row.paid) == (None, None, 0)


def test_a_wave_shows_its_stops_in_order_and_who_rides(round_, desk):
    slot, courier = a_wave(round_)
    shown = desk.get(f"{LIST}{slot.slot}/").content.decode()
    names = queries.wave_page(Scope(role=Role.PLATFORM), slot=slot.slot).names
    assert names[me(courier)] in shown
    assert "Run 1" in shown
    page = queries.wave_page(Scope(role=Role.PLATFORM), slot=slot.slot)
    (run,) = page.runs
    assert [stop.at for stop in run.stops] == sorted(stop.at for stop in run.stops)
    assert sum(stop.orders for stop in run.stops) == page.row.orders == 3


def test_a_solver_that_failed_is_told(round_, desk):
    slot, _courier = a_wave(round_, Broken())
    assert "the solver failed" in desk.get(LIST).content.decode()
    assert "its CPU cap" in desk.get(f"{LIST}{slot.slot}/").content.decode()


def test_a_slot_that_is_still_ordered_says_until_when(round_, desk):
    shown = desk.get(f"{LIST}{first_slot(round_).slot}/").content.decode()
    assert "can no longer be ordered" in shown


def test_an_operator_of_another_city_sees_none_of_it(round_, visitor):
    slot, _courier = a_wave(round_)
    stranger = visitor(Scope(role=Role.PLATFORM, person=a_person(), city=a_city().id))
    assert stranger.get(f"{LIST}{slot.slot}/").status_code == 404
    assert str(slot.slot) not in stranger.get(LIST).content.decode()


def test_pages_keep_their_budgets_however_many_orders_there_are(round_, desk):
    slot, _courier = a_wave(round_, orders=30)
    desk.get(LIST)
    with budget(3):
        assert desk.get(LIST).status_code == 200
    with budget(9):
        assert desk.get(f"{LIST}{slot.slot}/").status_code == 200
