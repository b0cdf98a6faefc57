"""What was received is known within five seconds: a worker that sleeps is rung for, and carries the fact up at once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from builders import a_home
from builders.orders import an_order, climb
from builders.replenish import a_good, asked
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.config import worker
from linli.spine import bell

PROMISED_S = 5.0
LIMIT_S = 60.0
"""Of this test, on a machine that does much else; the promise is held by what the worker waits for."""


@pytest.fixture
def drain(own_database: OwnDatabase, monkeypatch) -> Iterator[worker.Drain]:
    """The worker's drain, tired at once; it would sleep for ever if nobody rang."""
    monkeypatch.setattr(worker, "TIRED", 1)
    monkeypatch.setattr(bell, "LOOK_S", 1000.0)
    made = worker.Drain()
    yield made
    made.stopping.set()
    made.join(LIMIT_S)
    assert not made.is_alive()


def waited_for(what) -> bool:
    until = time.monotonic() + LIMIT_S
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_a_completed_order_wakes_the_worker_and_is_in_the_state_of_its_home(drain):
    rice = a_good()
    home = asked(a_home(community=rice.shop.community).with_owner())
    ready = an_order(rice, home=home).paid().accepted().ready()
    climb(ready.at)
    drain.start()
    assert waited_for(lambda: drain._lies_down)
    states = "SELECT commodity, purchases FROM replenish_state ORDER BY commodity"
    assert as_the_house(states) == []

    ready.handed_over()

    assert waited_for(lambda: as_the_house(states) == [("", 1), ("rice", 1)])


def test_even_unrung_the_worker_does_not_wait_as_long_as_was_promised():
    """It gathers for a moment, and who is not rung for looks by itself."""
    assert worker.GATHER_S + bell.LOOK_S + worker.STOP_S < PROMISED_S
