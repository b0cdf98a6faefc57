"""The doctor's look at deliveries: sound ones are found sound, and each kind of unsoundness is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.couriers import MINUTE, a_round, me
from builders.delivery import a_zone
from harness.payments_words import as_the_house
from linli.kernel.refusals import Denied
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(tmp_path, settings):
    settings.HOME = tmp_path
    return a_round()


def wrong(at=AT):
    return [nth for nth, finding in enumerate(queries.check(SYSTEM, at=at)) if not finding.ok]


def test_a_day_with_orders_in_every_state_is_sound(round_):
    zone, courier = a_zone(round_.community), round_.a_courier()
    actions.hold_slots(SYSTEM, held=zone.holding(3), at=AT)
    round_.task()
    round_.given(courier, 1)
    round_.taken(courier, 2)
    assert wrong() == []


def test_places_taken_by_nobody_are_named(round_):
    zone = a_zone(round_.community)
    actions.hold_slots(SYSTEM, held=zone.holding(3), at=AT)
    as_the_house("UPDATE delivery_capacity SET taken = 2 WHERE axis = 'drops' RETURNING id")
    (first, *_rest) = queries.check(SYSTEM, at=AT)
    assert len(first.details) == 1
    assert wrong() == [0]


def test_a_run_with_a_hole_is_named(round_):
    round_.given(round_.a_courier())
    as_the_house("DELETE FROM delivery_run_stop WHERE kind = 'collect' RETURNING id")
    assert wrong() == [1]


def test_an_order_in_somebody_elses_run_is_named(round_):
    one, two = round_.a_courier(), round_.a_courier()
    task = round_.given(one)
    as_the_house(f"UPDATE delivery_task SET courier = '{me(two)}' WHERE id = '{task}' RETURNING id")
    assert wrong() == [2]


def test_what_is_late_and_untold_is_named(round_):
    round_.task()
    assert wrong(AT + timedelta(hours=1)) == [3]
    actions.escalate_late_tasks(SYSTEM, at=AT + 60 * MINUTE)
    assert wrong(AT + timedelta(hours=1)) == []


def test_only_the_platform_asks(round_):
    with pytest.raises(Denied):
        queries.check(round_.shop.scope, at=AT)
