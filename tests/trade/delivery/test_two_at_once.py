"""Many at once: real commits on many connections, and exactly as many places sold as there are."""

from __future__ import annotations

from functools import partial

from builders import AT
from builders.delivery import a_zone
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions


def test_many_buyers_at_the_last_places_take_exactly_what_there_is(own_database: OwnDatabase):
    zone = a_zone(drops=5)
    asked = [zone.holding() for _ in range(16)]
    ends = ends_at_once(*(partial(actions.hold_slots, SYSTEM, held=held, at=AT) for held in asked))
    assert ends == {"done": 5, "SlotFull": 11}
    assert as_the_house("SELECT axis, taken::int FROM delivery_capacity ORDER BY axis") == [("drops", 5), ("gate", 5)]
    assert as_the_house("SELECT count(*) FROM delivery_hold") == [(10,)]
