"""When goods arrive, told honestly; and where a courier is, told only to who is next and only about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import AT
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from harness.payments_words import as_the_house
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries
from linli.trade.delivery.rules import Ride, TaskState, arrival_window, coarse

PLANNED = AT + 30 * MINUTE


def read(window):
    return None if window is None else tuple((each - AT) / MINUTE for each in window)


@pytest.mark.parametrize(
    ("after", "ride", "window"),
    [
        (0, None, (25, 40)),
        (33, None, (33, 40)),
        (40, None, None),
        (0, Ride(), (25, 40)),
        (20, Ride(was_late=6 * MINUTE), (30, 50)),
        (0, Ride(stops_before=3), (25, 50)),
        (38, Ride(next_at=PLANNED), (38, 55)),
        (60, Ride(next_at=PLANNED), (60, 85)),
        (0, Ride(was_late=-3 * MINUTE), (20, 40)),
        (20, Ride(heard_at=AT + 9 * MINUTE), None),
        (20, Ride(heard_at=AT + 10 * MINUTE), (25, 40)),
    ],
)
def test_the_window_moves_with_the_run_and_widens_with_what_is_not_known(after, ride, window):
    assert read(arrival_window(PLANNED, AT + after * MINUTE, ride)) == window


@given(st.integers(0, 300), st.integers(-30, 120), st.integers(0, 20), st.integers(-60, 200), st.integers(0, 59))
def test_no_window_begins_in_the_past_or_is_narrower_than_what_is_known(after, was_late, before, next_in, seconds):
    at = AT + after * MINUTE + timedelta(seconds=seconds)
    ride = Ride(was_late=was_late * MINUTE, next_at=AT + next_in * MINUTE, stops_before=before)
    start, end = arrival_window(PLANNED, at, ride)
    expected = max(PLANNED + ride.late(at), at)
    assert at <= start <= max(at, expected - 5 * MINUTE)
    assert end >= expected + 10 * MINUTE + 2 * before * MINUTE
    assert (
        end - at
        <= 10 * MINUTE
        + (PLANNED - AT if after < 30 else timedelta())
        + 2 * before * MINUTE
        + max(ride.late(at), timedelta()) * 3 / 2
        + 5 * MINUTE
    )
    assert (end - AT) % (5 * MINUTE) == timedelta()


def test_a_position_is_told_to_about_two_hundred_metres():
    assert coarse(30.27413, 120.15512) == (30.274, 120.156)
    assert coarse(30.27489, 120.15571) == (30.274, 120.156)


@pytest.mark.django_db
class TestWhatTheBuyerSees:
    @pytest.fixture
    def round_(self):
        return a_round()

    def sees(self, round_, task, at):
        return queries.underway(SYSTEM, order=round_.page(task).order, at=at)

    def two(self, round_):
        """The courier has two orders for two buildings, and goes to the first one next."""
        courier = round_.a_courier()
        first = round_.task(0, promised_at=AT + 20 * MINUTE)
        second = round_.task(2, promised_at=AT + 40 * MINUTE)
        buildings = [as_the_house("SELECT gen_random_uuid()")[0][0] for _ in range(2)]
        for task, building in zip((first, second), buildings, strict=True):
            as_the_house("UPDATE delivery_task SET building = %s WHERE id = %s RETURNING id", building, task)
        actions.assign_tasks(OPERATOR, tasks=[first, second], courier=me(courier), at=AT)
        for task in (first, second):
            actions.collect_goods(courier, task=task, at=AT + MINUTE)
        return courier, first, second

    def here(self, courier, at, accuracy_m=10):
        actions.tell_position(courier, lat=30.27413, lon=120.15512, accuracy_m=accuracy_m, said_at=at, at=at)

    def test_only_who_is_next_sees_where_the_courier_is_and_only_about(self, round_):
        courier, first, second = self.two(round_)
        at = AT + 2 * MINUTE
        self.here(courier, at)
        assert (self.sees(round_, first, at).near, self.sees(round_, first, at).stops_before) == ((30.274, 120.156), 0)
        assert (self.sees(round_, second, at).near, self.sees(round_, second, at).stops_before) == (None, 1)
        actions.hand_over(courier, task=first, code=round_.code(first), at=AT + 3 * MINUTE)
        assert self.sees(round_, first, AT + 3 * MINUTE) is None
        assert self.sees(round_, second, AT + 3 * MINUTE).near == (30.274, 120.156)

    def test_nobody_sees_an_old_or_a_vague_position_or_one_from_before_the_goods_were_collected(self, round_):
        courier = round_.a_courier()
        task = round_.given(courier)
        self.here(courier, AT)
        assert self.sees(round_, task, AT).near is None
        actions.collect_goods(courier, task=task, at=AT)
        assert self.sees(round_, task, AT + 3 * MINUTE).near is not None
        assert self.sees(round_, task, AT + 4 * MINUTE).near is None
        self.here(courier, AT + 5 * MINUTE, accuracy_m=900)
        assert self.sees(round_, task, AT + 5 * MINUTE).near is None

    def test_at_the_door_the_position_is_of_no_use_any_more(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        self.here(courier, AT)
        actions.arrive_at_door(courier, tasks=[task], at=AT)
        found = self.sees(round_, task, AT)
        assert (found.state, found.near) == (TaskState.ARRIVED, None)

    def test_a_late_run_says_so_and_a_silent_courier_nothing(self, round_):
        courier, first, second = self.two(round_)
        plain = read(self.sees(round_, second, AT + 2 * MINUTE).window(AT + 2 * MINUTE))
        actions.arrive_at_door(courier, tasks=[first], at=AT + 25 * MINUTE)
        actions.hand_over(courier, task=first, code=round_.code(first), at=AT + 26 * MINUTE)
        at = AT + 27 * MINUTE
        late = read(self.sees(round_, second, at).window(at))
        assert late[0] >= 27 > plain[0]
        assert late[1] > plain[1]
        assert self.sees(round_, second, AT + 40 * MINUTE).window(AT + 40 * MINUTE) is None

    def test_when_the_shift_ends_nobody_knows_any_more_where_its_courier_was(self, round_):
        courier = round_.a_courier()
        self.here(courier, AT)
        ((shift,),) = as_the_house("SELECT id FROM delivery_shift WHERE state = 'on'")
        actions.end_shift(courier, shift=shift, at=AT + HOUR)
        assert as_the_house("SELECT count(*) FROM delivery_position") == [(0,)]
