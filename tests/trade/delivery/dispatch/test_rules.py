"""On-demand dispatch: worked small cases on a street, where a metre is a minute, and what never happens anywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.trade.delivery.rules.dispatch import (
    Because,
    Courier,
    Deliver,
    Demand,
    Dispatcher,
    Doing,
    Goto,
    Instruction,
    Order,
    Place,
    Rival,
    Setting,
    Terms,
    explain,
)
from linli.trade.delivery.rules.dispatch.demand import RecentOrders
from linli.trade.delivery.rules.dispatch.preparation import Preparation


def along_the_street(origins: Sequence[Place], destinations: Sequence[Place], /) -> np.ndarray:
    a, b = np.asarray(origins, float), np.asarray(destinations, float)
    return np.abs(a[:, None, :] - b[None, :, :]).sum(axis=2)


TERMS = Terms()
SHOP, DINER = (0.0, 0.0), (30.0, 0.0)


def dispatcher(setting: Setting | None = None) -> Dispatcher:
    return Dispatcher(setting or Setting(), terms=TERMS, travel=along_the_street)


def order(key: str = "o1", *, ready: float = 20, door: float = 5, shop: str = "shop", **more: object) -> Order:
    pickup = SHOP if shop == "shop" else DINER
    return Order(key, shop, pickup, (door, 0.0), placed_min=0, ready_min=ready, **more)


def courier(key: str = "c1", *, at: float = 10, doing: Doing = Doing.IDLE, free: float = 0, **more: object) -> Courier:
    given = {"shift_began_min": 0.0, "shift_ends_min": 240.0} | more
    return Courier(key, doing, (at, 0.0), free, **given)


def step(at: float, orders: Sequence[Order], couriers: Sequence[Courier], **more: object) -> list[Instruction]:
    return dispatcher().step(at, orders, couriers, **more)


def waiting(key: str = "c1", *, since: float, shop: str = "shop", **more: object) -> Courier:
    return courier(key, at=SHOP[0] if shop == "shop" else DINER[0], doing=Doing.WAITING, free=since, shop=shop, **more)


@pytest.mark.parametrize(("at", "told"), [(7, []), (8, [Goto("c1", "shop")]), (15, [Goto("c1", "shop")])])
def test_a_courier_goes_when_the_way_takes_as_long_as_the_goods_and_not_before(at: float, told: list[Instruction]):
    # Ready at 20, ten minutes away, two minutes at the shop before the goods are in hand: leave at 8.
    assert step(at, [order()], [courier()]) == told


@pytest.mark.parametrize(("at", "told"), [(19, []), (20, [Deliver("c1", "shop", ("o1",))])])
def test_nobody_is_bound_to_orders_before_they_can_be_picked_up(at: float, told: list[Instruction]):
    assert step(at, [order()], [waiting(since=18)]) == told


def test_the_goods_are_not_in_hand_before_half_the_service_is_over():
    assert step(20, [order()], [waiting(since=19)]) == []
    assert step(21, [order()], [waiting(since=19)]) == [Deliver("c1", "shop", ("o1",))]


def test_the_nearer_courier_goes():
    assert step(20, [order()], [courier("far", at=12), courier("near", at=-6)]) == [Goto("near", "shop")]


def test_two_orders_and_two_couriers_are_matched_for_the_best_sum_and_not_each_for_itself():
    # c1 is the nearest to both (4 and 26 away); c2 only reaches the shop in reasonable time.
    couriers = [courier("c1", at=4), courier("c2", at=-9)]
    told = step(20, [order("o1"), order("o2", shop="diner", door=35)], couriers)
    assert told == [Goto("c1", "diner"), Goto("c2", "shop")]


def test_an_order_waits_for_a_courier_who_soon_is_free_next_door():
    idle, busy = courier("idle", at=-40), courier("busy", at=1, doing=Doing.BUSY, free=23)
    assert step(20, [order()], [idle, busy]) == []


def test_who_is_on_the_way_is_not_diverted():
    heading = courier("c1", at=DINER[0], doing=Doing.HEADING, free=25, shop="diner")
    assert step(20, [order()], [heading]) == []


def test_nobody_is_asked_to_pick_up_after_the_end_of_the_shift():
    assert step(20, [order()], [courier(shift_ends_min=31.0)]) == []
    assert step(20, [order()], [courier(shift_ends_min=32.0)]) == [Goto("c1", "shop")]


def test_nobody_is_bound_to_an_order_whose_ready_time_is_only_believed():
    assert step(20, [order(is_sure=False)], [waiting(since=10)]) == []


def test_orders_of_a_shop_travel_together_in_the_best_sequence_when_couriers_are_scarce():
    orders = [order("o1", door=9), order("o2", door=6), order("o3", door=7)]
    assert step(20, orders, [waiting(since=10)]) == [Deliver("c1", "shop", ("o2", "o3", "o1"))]


def test_orders_travel_alone_when_couriers_abound():
    orders = [order("o1", door=9), order("o2", door=-9)]
    told = step(20, orders, [waiting(f"c{n}", since=10) for n in range(1, 6)])
    assert [len(one.orders) for one in told if isinstance(one, Deliver)] == [1, 1]


def test_a_bundle_is_never_larger_than_a_courier_can_carry():
    orders = [order(f"o{n}", portions=2) for n in range(4)]
    told = step(20, orders, [waiting(since=10, capacity=5)])
    assert all(len(one.orders) <= 2 for one in told if isinstance(one, Deliver))


def test_skills_that_an_order_needs_are_those_of_its_courier():
    cold = order(needs=frozenset({"cold box"}))
    couriers = [courier("near", at=1), courier("far", at=9, skills=frozenset({"cold box", "lift"}))]
    assert step(20, [cold], couriers) == [Goto("far", "shop")]


@pytest.mark.parametrize("what", ["o1", "shop"])
def test_who_refused_is_not_asked_again_and_somebody_else_is(what: str):
    couriers = [courier("near", at=1, refused=frozenset({what})), courier("far", at=9)]
    assert step(20, [order()], couriers) == [Goto("far", "shop")]


def test_an_order_goes_to_who_is_paid_by_the_hour_anyway():
    # Both are as near; c1 has earned above the guarantee of four hours (60 / 10 = 6 orders) already.
    assert step(20, [order()], [courier("c1", done=6), courier("c2", done=0)]) == [Goto("c2", "shop")]


def test_idle_couriers_go_where_orders_are_expected_and_only_one_to_each():
    demand = [Demand("shop", SHOP, 1.5), Demand("diner", DINER, 1.4)]
    told = step(20, [], [courier("c1", at=16), courier("c2", at=8)], demand=demand)
    assert told == [Goto("c1", "diner"), Goto("c2", "shop")]


def test_nobody_strolls_in_the_last_minutes_of_a_shift():
    assert step(20, [], [courier(shift_ends_min=34.0)], demand=[Demand("shop", SHOP, 2.0)]) == []


def test_the_same_snapshot_has_the_same_answer_in_whatever_sequence_it_is_told():
    orders = [order(f"o{n}", ready=20 + n % 3, door=n) for n in range(6)]
    couriers = [courier(f"c{n}", at=5) for n in range(5)]
    fresh = dispatcher().step(20, orders, couriers)
    again = dispatcher()
    again.step(3, orders[:2], couriers)
    assert again.step(20, orders[::-1], couriers[::-1]) == fresh


def test_an_instruction_is_explained_by_what_it_leads_to_and_who_else_could():
    orders = [order("o1", door=6), order("o2", door=9)]
    couriers = [waiting("c1", since=10), courier("c2", at=3), courier("c3", at=-30)]
    why = explain(
        Deliver("c1", "shop", ("o1", "o2")), at_min=22, orders=orders, couriers=couriers, terms=TERMS,
        travel=along_the_street,
    )  # fmt: skip
    assert why.because is Because.NOBODY_SOONER
    assert (why.way_min, why.pickup_min, why.goods_wait_min, why.courier_waits_min) == (0.0, 22.0, 2.0, 0.0)
    # Leave at 24, six minutes, two before the hand-over: 32. Two more there, three on, two before: 39.
    assert why.dropped_min == (("o1", 32.0), ("o2", 39.0))
    assert why.saved_min == 8.0  # alone 12 and 15 minutes, together 19
    assert why.rivals == (Rival("c2", 27.0), Rival("c3", 54.0))


def test_a_courier_without_a_task_is_said_to_go_because_orders_are_expected():
    why = explain(Goto("c1", "shop"), at_min=22, orders=[], couriers=[courier()], terms=TERMS, travel=along_the_street)
    assert why.because is Because.EXPECTED


def test_another_courier_who_was_sooner_was_needed_elsewhere():
    couriers = [courier("c1", at=9), courier("c2", at=2)]
    told = Goto("c1", "shop")
    why = explain(told, at_min=20, orders=[order()], couriers=couriers, terms=TERMS, travel=along_the_street)
    assert why.because is Because.OTHERS_NEEDED
    assert why.rivals == (Rival("c2", 24.0),)


def test_the_longer_an_order_was_not_ready_the_later_it_is_expected():
    learned = Preparation()
    for took in (10, 10, 12, 15, 20, 30) * 20:
        learned.learn(usual_min=12, took_min=took)
    believed = [learned.ready_min(placed_min=100, usual_min=12, at_min=at, part=0.3) for at in (100, 111, 116, 121)]
    assert believed == [110.0, 115.0, 120.0, 130.0]
    assert learned.ready_min(placed_min=100, usual_min=12, at_min=140, part=0.3) == 141.0


def test_preparations_long_ago_are_forgotten():
    learned = Preparation()
    for took in (50.0,) * 400 + (10.0,) * 400:
        learned.learn(usual_min=10, took_min=took)
    assert learned.ready_min(placed_min=0, usual_min=10, at_min=5, part=0.9) == 10.0


def test_shops_that_had_orders_lately_are_expected_to_have_more_and_others_are_not():
    recent = RecentOrders()
    for minute in (0, 30, 40):
        recent.saw(shop="shop", place=SHOP, placed_min=minute)
    assert list(recent.expected(44)) == [Demand("shop", SHOP, 1.0)]
    assert list(recent.expected(60)) == [Demand("shop", SHOP, pytest.approx(2 / 3))]
    assert list(recent.expected(100)) == []


PLACES = st.integers(-25, 55).map(float)


@st.composite
def snapshots(draw: st.DrawFn) -> tuple[list[Order], list[Courier]]:
    """Any town of a street with two shops, in minute 60."""
    orders = [
        replace(
            order(f"o{n}", shop=draw(st.sampled_from(["shop", "diner"])), door=draw(PLACES)),
            ready_min=float(draw(st.integers(30, 90))),
            is_sure=draw(st.booleans()),
            portions=draw(st.integers(1, 4)),
        )
        for n in range(draw(st.integers(0, 9)))
    ]
    couriers = []
    for n in range(draw(st.integers(0, 7))):
        doing = draw(st.sampled_from(list(Doing)))
        shop = draw(st.sampled_from(["shop", "diner"])) if doing in (Doing.WAITING, Doing.HEADING) else None
        later = doing in (Doing.AWAY, Doing.HEADING, Doing.BUSY)
        free = float(draw(st.integers(61, 80) if later else st.integers(40, 60)))
        at = {"shop": SHOP[0], "diner": DINER[0], None: draw(PLACES)}[shop]
        refused = frozenset(draw(st.sets(st.sampled_from(["o0", "o1", "shop", "diner"]), max_size=2)))
        ends = float(draw(st.integers(55, 120)))
        more = {"shop": shop, "refused": refused, "shift_ends_min": ends, "capacity": draw(st.integers(1, 9))}
        couriers.append(courier(f"c{n}", at=at, doing=doing, free=free, done=draw(st.integers(0, 9)), **more))
    return orders, couriers


@settings(max_examples=150, deadline=None)
@given(snapshots())
def test_no_instruction_ever_breaks_a_rule(snapshot: tuple[list[Order], list[Courier]]):
    orders, couriers = snapshot
    by_key, who = {one.key: one for one in orders}, {one.key: one for one in couriers}
    told = step(60, orders, couriers, demand=[Demand("shop", SHOP, 2.0), Demand("diner", DINER, 1.0)])
    assert len({one.courier for one in told}) == len(told)
    given_away = [key for one in told if isinstance(one, Deliver) for key in one.orders]
    assert len(set(given_away)) == len(given_away)
    for one in told:
        him = who[one.courier]
        assert him.doing in (Doing.IDLE, Doing.WAITING, Doing.HEADING)
        assert him.doing is not Doing.HEADING or him.shop == one.shop
        assert him.shift_ends_min >= 60
        assert one.shop not in him.refused
        if isinstance(one, Deliver):
            mine = [by_key[key] for key in one.orders]
            assert {each.shop for each in mine} == {one.shop}
            assert him.shop == one.shop
            assert max(each.ready_min for each in mine) <= 60
            assert all(each.is_sure for each in mine)
            assert him.free_min + TERMS.pickup_service_min / 2 <= 60 <= him.shift_ends_min
            assert sum(each.portions for each in mine) <= him.capacity
            assert him.refused.isdisjoint(one.orders)


def test_who_never_dispatches_never_pays_for_numpy():
    script = "import sys, linli.trade.delivery.rules.dispatch; print({'numpy', 'scipy', 'django'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "set()"
