"""The bell: whoever sleeps is rung for when a fact is told, and nobody is rung for who is awake."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest

from harness.databases import OwnDatabase
from linli.config import worker
from linli.kernel.facts import Fact
from linli.kernel.refusals import Refusal
from linli.spine import bell, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import reacts_to, tell
from linli.spine.scope import SYSTEM, Scope

LIMIT_S = 30.0


class PlumFell(Fact):
    plum: int


class PickedUp(Refusal):
    pass


@action(needs=May.RUN_CLOCKS)
def let_fall(scope: Scope, *, plums: int, at: datetime, fail: bool = False) -> None:
    for plum in range(plums):
        tell(PlumFell(plum=plum, at=at))
    if fail:
        raise PickedUp


@pytest.fixture
def ear(own_database: OwnDatabase) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with own_database.connect("worker", autocommit=True) as link:
        link.execute("LISTEN linli_outbox")
        yield link


def heard(ear: psycopg.Connection[tuple[object, ...]]) -> int:
    return len(list(ear.notifies(timeout=0.3)))


class TestRinging:
    def test_nobody_rings_while_all_are_awake(self, ear, at):
        let_fall(SYSTEM, plums=2, at=at)
        assert heard(ear) == 0

    def test_who_lay_down_is_rung_for_once_a_transaction_and_only_if_it_commits(self, ear, at):
        bell.lie_down()
        assert not bell.rang(within_s=0.0)
        with pytest.raises(PickedUp):
            let_fall(SYSTEM, plums=2, at=at, fail=True)
        assert heard(ear) == 0
        let_fall(SYSTEM, plums=2, at=at)
        assert heard(ear) == 1
        assert bell.rang(within_s=0.0)
        assert not bell.rang(within_s=0.0)

    def test_who_got_up_is_not_rung_for(self, ear, at):
        bell.lie_down()
        bell.get_up()
        let_fall(SYSTEM, plums=1, at=at)
        assert heard(ear) == 0
        assert not bell.rang(within_s=0.0)

    def test_nobody_rings_for_somebody_who_died_in_their_sleep(self, ear, at):
        bell.lie_down()
        sql.run("UPDATE spine_bell SET asleep_until = now() - interval '1 ms'")
        let_fall(SYSTEM, plums=1, at=at)
        assert heard(ear) == 0


@pytest.mark.usefixtures("own_database")
class TestTheWorkersSleep:
    @pytest.fixture
    def drain(self, monkeypatch) -> Iterator[worker.Drain]:
        """A drain that is tired at once and sleeps for ever: only the bell can wake it."""
        monkeypatch.setattr(worker, "TIRED", 1)
        monkeypatch.setattr(bell, "LOOK_S", 1000.0)
        made = worker.Drain()
        made.start()
        yield made
        made.stopping.set()
        made.join(LIMIT_S)
        assert not made.is_alive()

    def test_ends_with_the_first_fact_and_comes_again(self, drain, at):
        fell: list[int] = []
        came = threading.Event()

        def look(fact: PlumFell) -> None:
            fell.append(fact.plum)
            came.set()

        reacts_to(PlumFell)(look)
        for times in (1, 2):
            self.wait_until_down(drain)
            let_fall(SYSTEM, plums=1, at=at)
            assert came.wait(LIMIT_S)
            assert fell == [0] * times
            came.clear()

    @pytest.mark.usefixtures("drain")
    def test_a_fact_told_before_it_lay_down_is_found_by_the_look_after(self, at):
        carried = threading.Event()
        reacts_to(PlumFell)(lambda _fact: carried.set())
        let_fall(SYSTEM, plums=1, at=at)
        assert carried.wait(LIMIT_S)

    @staticmethod
    def wait_until_down(drain: worker.Drain) -> None:
        until = time.monotonic() + LIMIT_S
        while not drain._lies_down:
            assert time.monotonic() < until
            time.sleep(0.01)
