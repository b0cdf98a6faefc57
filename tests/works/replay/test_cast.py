"""Who plays whom, and what becomes of a visit, is decided by numbers alone."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.works.clockwork import fates
from linli.works.replay.cast import SPREAD_S, STALLS, ZONE, homes_in_order, is_played_by, stall_of, visits
from linli.works.replay.panel import Basket, Item

DAY = date(2017, 3, 6)
BASKET = Basket(101, 7, 9 * 3600, (Item(11, 2), Item(12, 1)))


def test_every_department_has_one_stall_and_strangers_go_to_the_last():
    departments = [d for stall in STALLS for d in stall.departments if d]

    assert len(set(departments)) == len(departments)
    assert [STALLS[stall_of(d)].word for d in ("GROCERY", "PRODUCE", "SEAFOOD", "PASTRY", "COSMETICS")] == [
        "grocery",
        "produce",
        "meat",
        "bakery",
        "pharmacy",
    ]
    assert STALLS[stall_of("TRAVEL & LEISURE")].word == "household"


def test_clones_shop_the_same_goods_a_little_later_on_the_same_day():
    first, *clones = visits(DAY, [BASKET], 5)

    assert (first.key, first.household, first.at.isoformat()) == ("101.0", "7.0", "2017-03-06T09:00:00+08:00")
    assert all(clone.items == first.items == ((11, 2), (12, 1)) for clone in clones)
    assert all(timedelta() <= clone.at - first.at < timedelta(seconds=SPREAD_S) for clone in clones)
    assert len({clone.household for clone in clones}) == 4


@given(st.integers(min_value=0, max_value=24 * 3600 - 1), st.integers(min_value=1, max_value=8))
def test_no_visit_leaves_its_day(second: int, times: int):
    for visit in visits(DAY, [Basket(1, 1, second, (Item(1, 1),))], times):
        assert visit.at.astimezone(ZONE).date() == DAY


@given(st.integers(min_value=1, max_value=6))
def test_every_visit_is_played_by_exactly_one_player(players: int):
    for visit in visits(DAY, [BASKET], 20):
        assert sum(is_played_by(visit, nth, players) for nth in range(players)) == 1


def test_homes_are_given_in_the_same_order_each_time_and_each_clone_has_one():
    names = homes_in_order({3, 1, 2}, 4)

    assert names == homes_in_order([1, 2, 3], 4)
    assert len(set(names)) == 12


@given(st.text(min_size=1, max_size=20), st.integers(min_value=0, max_value=7))
def test_a_fate_is_the_same_each_time_and_over_before_the_day_closes(key: str, nth: int):
    one = fates.fate(key, nth)
    pauses = (one.decided_after, one.ready_after, one.sent_after, one.handed_after, one.refund_after or timedelta())

    assert one == fates.fate(key, nth)
    assert fates.payment(key) == fates.payment(key)
    assert sum(pauses, timedelta()) + timedelta(minutes=30) < timedelta(hours=3, minutes=30)
    assert one.decided_after < timedelta(minutes=15)  # the shop has a quarter of an hour to accept


def test_some_visits_go_wrong_in_every_way():
    ends = {fates.fate(str(n), 0).end for n in range(500)}

    assert ends == set(fates.End)
    assert any(fates.payment(str(n)).pays_after is None for n in range(500))
    assert any(fates.fate(str(n), 0).refund_after for n in range(500))
