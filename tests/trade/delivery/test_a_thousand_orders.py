"""A thousand orders in one slot, from the database through the engine's own process to runs that couriers can ride."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from operator import itemgetter

import pytest

from builders import AT
from builders.couriers import MINUTE, a_round
from builders.delivery import a_zone
from harness.payments_words import as_the_house
from linli.kernel import ids
from linli.kernel.ids import BuildingId
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.rules import CAPACITY, Kind, Vehicle

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORDERS, DOORS = 1_000, 560


def test_a_thousand_orders_of_one_slot_are_each_in_one_run_and_no_trike_ever_carries_more_than_it_can():
    round_ = a_round()
    a_zone(round_.community)
    slot = queries.offered(community=round_.community.id, at=AT).slots[0]
    doors = [BuildingId(ids.new()) for _ in range(DOORS)]
    told = {"kind": Kind.POOLED, "slot": slot.slot, "home": None, "promised_at": slot.end_at}
    asked = [round_.asked(building=doors[nth % DOORS], **told) for nth in range(ORDERS)]
    actions.ask_delivery(SYSTEM, asked=asked, at=AT)
    at = slot.cut_off_at + MINUTE
    assert tasks.close_slots(at=at) >= 1
    assert actions.plan_slot(slot=slot.slot, at=at) is True
    ((state, trouble, orders, stops),) = as_the_house("SELECT state, trouble, orders, stops FROM delivery_wave")
    assert (state, trouble, orders, stops) == ("committed", "", ORDERS, DOORS)
    brought, most = list[object](), 0
    stops_of = as_the_house("SELECT run_id, kind, tasks FROM delivery_run_stop ORDER BY run_id, nth")
    for _run, visits in groupby(stops_of, key=itemgetter(0)):
        load = 0
        for _same, kind, carried in visits:
            load += len(carried) if kind == "collect" else -len(carried)
            most = max(most, load)
            brought += carried if kind == "drop" else []
        assert load == 0
    assert (len(brought), len(set(brought))) == (ORDERS, ORDERS)
    assert most <= CAPACITY[Vehicle.TRIKE]
    assert queries.slots_to_plan(SYSTEM, at=at + timedelta(minutes=2), limit=9) == ()
