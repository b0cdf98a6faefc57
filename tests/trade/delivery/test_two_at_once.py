"""Many at once: real commits on many connections, and exactly as many places sold as there are."""

from __future__ import annotations

from collections import Counter
from threading import Barrier, Thread

from django.db import connection

from builders import AT
from builders.delivery import a_zone
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.kernel.refusals import Refusal
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, rules


def test_many_buyers_at_the_last_places_take_exactly_what_there_is(own_database: OwnDatabase):
    zone = a_zone(drops=5)
    asked = [zone.holding() for _ in range(16)]
    ends: list[str] = []
    start = Barrier(len(asked))

    def run(held: rules.Holding) -> None:
        start.wait()
        try:
            actions.hold_slots(SYSTEM, held=held, at=AT)
            ends.append("held")
        except Refusal as refused:
            ends.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(held,)) for held in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(ends) == {"held": 5, "SlotFull": 11}
    assert as_the_house("SELECT axis, taken::int FROM delivery_capacity ORDER BY axis") == [("drops", 5), ("gate", 5)]
    assert as_the_house("SELECT count(*) FROM delivery_hold") == [(10,)]
