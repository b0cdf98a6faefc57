"""Keys of machines: shown once, good for one lot and what they were issued for, worthless when revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from builders import AT
from builders.billing import a_desk
from builders.parking import a_lot
from harness.at_once import at_once
from harness.looking import rows_of
from linli.estate.parking import actions, queries
from linli.estate.parking.actions import EventKind, KeyNotForThis, KeyNotKnown, Word
from linli.estate.parking.models import BarrierKey, MachineEvent
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import sql
from linli.spine.may import Duty
from linli.spine.scope import GUEST

BOTH = tuple(EventKind)
CAR = "浙A12345"


def issued(lot, *kinds, name="East gate"):
    return actions.issue_key(lot.scope, lot=lot.id, name=name, kinds=kinds or BOTH, at=AT)


def told(lot, key, event="e1", kind=EventKind.ENTRY, at=AT):
    return actions.tell_by_key(GUEST, key=key, lot=lot.id, event=event, kind=kind, plate=CAR, seen_at=at, at=at)


@pytest.fixture
def lot(db):
    return a_lot()


def test_a_machine_with_a_key_is_answered_as_the_guard_is_and_once_for_an_event(lot):
    key = issued(lot).secret
    first, again = told(lot, key), told(lot, key)
    assert (first.word, first.opens, again.is_repeated) == (Word.OPEN, True, True)
    assert rows_of(MachineEvent).count() == 1
    (card,) = queries.barrier_keys(lot.scope, lot=lot.id)
    assert (card.name, card.tail, card.kinds, card.used_on) == ("East gate", key[-4:], ("entry", "exit"), AT.date())


def test_a_key_is_kept_as_its_digest_alone_and_its_letters_are_in_no_table(lot):
    key = issued(lot).secret
    told(lot, key)
    row = rows_of(BarrierKey).get()
    assert (len(bytes(row.digest)), key.encode() in bytes(row.digest)) == (32, False)
    said = [text for (text,) in sql.fetch("SELECT said::text FROM spine_audit")]
    assert said
    assert not any(key in text for text in said)


@pytest.mark.parametrize("wrong", ["", "llb_guessed", "' OR true --"])
def test_a_guess_is_refused_and_nothing_is_noted(lot, wrong):
    issued(lot)
    with pytest.raises(KeyNotKnown):
        told(lot, wrong)
    assert rows_of(MachineEvent).count() == 0


def test_a_revoked_key_and_one_of_another_lot_are_the_same_as_a_guess(lot):
    made, elsewhere = issued(lot), a_lot()
    with pytest.raises(KeyNotKnown):
        told(elsewhere, made.secret)
    actions.revoke_key(lot.scope, key=made.key, at=AT)
    with pytest.raises(KeyNotKnown):
        told(lot, made.secret)
    with pytest.raises(NotFound):
        actions.revoke_key(lot.scope, key=made.key, at=AT)
    assert rows_of(MachineEvent).count() == 0


def test_a_machine_at_the_entrance_does_not_let_cars_out(lot):
    key = issued(lot, EventKind.ENTRY).secret
    told(lot, key)
    with pytest.raises(KeyNotForThis):
        told(lot, key, event="e2", kind=EventKind.EXIT, at=AT + timedelta(minutes=5))
    assert rows_of(MachineEvent).count() == 1


def test_only_who_keeps_parking_there_issues_and_revokes_keys(lot):
    made = issued(lot)
    stranger = a_desk().scope
    with pytest.raises(NotFound):
        actions.issue_key(stranger, lot=lot.id, name="Mine", kinds=BOTH, at=AT)
    with pytest.raises(NotFound):
        actions.revoke_key(stranger, key=made.key, at=AT)
    with pytest.raises(Denied):
        actions.issue_key(replace(lot.scope, duty=Duty.GUARD), lot=lot.id, name="Mine", kinds=BOTH, at=AT)
    for wrong in ({"name": " "}, {"name": "x" * 41}, {"kinds": ()}):
        with pytest.raises(Invalid):
            actions.issue_key(lot.scope, **({"lot": lot.id, "name": "A", "kinds": BOTH, "at": AT} | wrong))
    assert queries.barrier_keys(stranger, lot=lot.id) == ()
    assert [card.revoked_at for card in queries.barrier_keys(lot.scope, lot=lot.id)] == [None]


def test_two_machines_that_tell_the_same_event_at_once_open_once(own_database):
    lot = a_lot()
    one, two = issued(lot, name="Camera 1").secret, issued(lot, name="Camera 2").secret
    answers = at_once(partial(told, lot, one), partial(told, lot, two))
    assert sorted(answer.is_repeated for answer in answers) == [False, True]
