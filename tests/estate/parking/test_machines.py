"""Machines tell what they saw: once for each id, late, twice, and in the wrong order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from builders.billing import a_desk
from builders.clock import AT
from builders.parking import a_lot
from linli.estate.parking import actions, queries
from linli.estate.parking.actions import AlreadyInside, EventKind, Word
from linli.estate.parking.models import MachineEvent, Session
from linli.kernel.refusals import Invalid, NotFound

GUEST_CAR = "浙A12345"


def after(**span):
    return AT + timedelta(**span)


@pytest.fixture
def lot():
    return a_lot()


def seen(lot, event, kind, *, plate=GUEST_CAR, at=AT, told=None, scope=None):
    return actions.record_machine_event(
        scope or lot.scope, lot=lot.id, event=event, kind=EventKind(kind), plate=plate, seen_at=at, at=told or at
    )


def stays():
    return [
        (row.state, row.entered_at, row.left_at, row.unpaid_minor) for row in Session.objects.inside().order_by("id")
    ]


@pytest.mark.django_db
class TestOneMachine:
    def test_an_event_told_twice_takes_effect_once_and_is_answered_alike(self, lot):
        first = seen(lot, "e1", "entry")
        again = seen(lot, "e1", "entry", told=after(minutes=5))
        assert (first.word, first.opens, first.is_repeated) == (Word.OPEN, True, False)
        assert (again.session, again.opens, again.is_repeated) == (first.session, True, True)
        assert len(stays()) == 1

    def test_out_within_the_free_minutes_opens_and_later_something_is_due(self, lot):
        seen(lot, "e1", "entry")
        due = seen(lot, "e2", "exit", at=after(hours=2))
        assert (due.word, due.opens, str(due.due)) == (Word.PAY, False, "10.00")
        seen(lot, "e3", "entry", plate="浙B00001", at=after(hours=2))
        assert seen(lot, "e4", "exit", plate="浙B00001", at=after(hours=2, minutes=20)).opens

    def test_a_camera_that_sees_a_waiting_car_again_changes_nothing(self, lot):
        first = seen(lot, "e1", "entry")
        assert seen(lot, "e2", "entry", at=after(minutes=1)).session == first.session
        seen(lot, "e3", "exit", at=after(minutes=10))
        assert seen(lot, "e4", "exit", at=after(minutes=11)).why == "left"
        assert len(stays()) == 1

    def test_a_car_that_comes_in_again_left_unseen(self, lot):
        seen(lot, "e1", "entry")
        seen(lot, "e2", "entry", at=after(days=1))
        assert [(state, unpaid) for state, _in, _out, unpaid in stays()] == [("void", 0), ("inside", 0)]

    def test_events_told_late_count_as_of_when_they_were_seen(self, lot):
        seen(lot, "e1", "entry", told=after(hours=20))
        seen(lot, "e2", "exit", at=after(minutes=25), told=after(hours=20))
        assert stays() == [("left", AT, after(minutes=25), 0)]

    def test_an_exit_told_before_its_entry_ends_the_stay_and_what_it_cost_is_remembered(self, lot):
        assert seen(lot, "e2", "exit", at=after(hours=2)).word is Word.UNKNOWN
        seen(lot, "e1", "entry", told=after(hours=3))
        assert stays() == [("left", AT, after(hours=2), 1000)]
        assert seen(lot, "e1", "entry", told=after(hours=4)).is_repeated

    def test_an_old_exit_does_not_end_a_newer_stay_and_an_old_entry_begins_none(self, lot):
        seen(lot, "e1", "entry")
        seen(lot, "e2", "exit", at=after(minutes=20))
        assert seen(lot, "e3", "entry", at=after(minutes=10), told=after(hours=1)).word is Word.STALE
        seen(lot, "e4", "entry", at=after(hours=2))
        assert seen(lot, "e5", "exit", at=after(hours=1), told=after(hours=3)).word is Word.STALE
        assert [state for state, *_rest in stays()] == ["left", "inside"]

    def test_a_machine_with_a_wrong_clock_is_refused_and_nothing_is_kept(self, lot):
        for at in (after(minutes=11), AT - timedelta(days=31)):
            with pytest.raises(Invalid) as refused:
                seen(lot, "e1", "entry", at=at, told=AT)
            assert refused.value.field == "seen_at"
        assert not MachineEvent.objects.inside().exists()

    def test_another_companys_machine_finds_no_lot(self, lot):
        with pytest.raises(NotFound):
            seen(lot, "e1", "entry", scope=a_desk().scope)


def test_two_gates_that_read_one_plate_at_the_same_moment_open_one_stay(own_database):
    lot = a_lot()

    def comes(_nth: int) -> str:
        try:
            lot.enters(GUEST_CAR)
        except AlreadyInside:
            return "already"
        else:
            return "in"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as gates:
        told = sorted(gates.map(comes, range(4)))
    assert told == ["already", "already", "already", "in"]
    assert len(queries.stays(lot.scope)) == 1
