"""The outbox: a fact commits with its data, and each reaction takes effect exactly once, whatever fails around it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from linli.kernel.facts import Fact
from linli.kernel.refusals import Refusal
from linli.spine import outbox, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import drain, reacts_to, tell
from linli.spine.scope import SYSTEM, Scope
from linli.spine.tasks import forget_facts

NOTE = "INSERT INTO spine_audit (role, action, said) VALUES ('test', %s, '{}')"


def notes(word: str) -> int:
    sql.fetch("SELECT set_config('linli.role', 'system', true)")
    return int(sql.fetch("SELECT count(*) FROM spine_audit WHERE role = 'test' AND action = %s", word)[0][0])


class PearEaten(Fact):
    pear: int
    purpose: str = ""


class Nothing(Refusal):
    pass


@action(needs=May.RUN_CLOCKS)
def eat(scope: Scope, *, pears: int, at: datetime, purpose: str = "", fail: bool = False) -> None:
    for pear in range(pears):
        tell(PearEaten(pear=pear, purpose=purpose, at=at))
    if fail:
        raise Nothing


def waiting() -> int:
    return int(sql.fetch("SELECT count(*) FROM spine_fact WHERE settled_at IS NULL")[0][0])


@pytest.mark.django_db
class TestTelling:
    def test_commits_with_the_data_or_not_at_all(self, at):
        with pytest.raises(Nothing):
            eat(SYSTEM, pears=2, at=at, fail=True)
        assert waiting() == 0
        eat(SYSTEM, pears=2, at=at)
        assert waiting() == 2

    def test_outside_an_action_is_a_defect(self, at):
        with pytest.raises(RuntimeError, match="within an action"):
            tell(PearEaten(pear=1, at=at))


@pytest.mark.django_db
class TestDraining:
    def test_carries_facts_to_those_who_listen_in_order_and_settles_them(self, at):
        heard: list[int] = []
        reacts_to(PearEaten)(lambda fact: heard.append(fact.pear))
        eat(SYSTEM, pears=3, at=at)
        assert drain(at=at + timedelta(days=400)) == 3
        assert heard == [0, 1, 2]
        assert (waiting(), drain(at=at + timedelta(days=400))) == (0, 0)

    def test_hears_only_its_purpose(self, at):
        heard: list[str] = []
        reacts_to(PearEaten, purpose="jam")(lambda fact: heard.append(fact.purpose))
        eat(SYSTEM, pears=1, at=at, purpose="jam")
        eat(SYSTEM, pears=1, at=at, purpose="juice")
        drain(at=at + timedelta(days=400))
        assert heard == ["jam"]
        assert waiting() == 0

    def test_a_failing_reaction_leaves_nothing_half_done_and_does_not_stop_the_others(self, at):
        broken = [True]

        def fails(fact: PearEaten) -> None:
            sql.run(NOTE, "half done")
            if broken[0]:
                raise ValueError("no")

        def works(fact: PearEaten) -> None:
            sql.run(NOTE, "done")

        reacts_to(PearEaten)(fails)
        reacts_to(PearEaten)(works)
        later = at + timedelta(days=400)
        eat(SYSTEM, pears=2, at=at)
        drain(at=later)
        assert (notes("half done"), notes("done"), waiting()) == (0, 2, 2)
        assert drain(at=later) == 0  # backing off
        broken[0] = False
        assert drain(at=later + timedelta(minutes=20)) == 2
        assert (notes("half done"), notes("done"), waiting()) == (2, 2, 0)

    def test_gives_up_after_its_tries_and_keeps_the_fact_for_a_person(self, at):
        def fails(fact: PearEaten) -> None:
            raise ValueError("never")

        reacts_to(PearEaten)(fails)
        eat(SYSTEM, pears=1, at=at)
        moment = at + timedelta(days=400)
        taken = 0
        for _ in range(outbox.TRIES + 3):
            taken += drain(at=moment)
            moment += timedelta(hours=1)
        assert taken == outbox.TRIES
        assert waiting() == 1
        assert "never" in sql.fetch("SELECT error FROM spine_fact")[0][0]

    def test_reactions_together_get_a_batch_and_fall_back_to_single_facts(self, at):
        sizes: list[int] = []

        def together(facts: list[PearEaten]) -> None:
            sizes.append(len(facts))
            if any(f.pear == 1 for f in facts):
                raise ValueError("a bad pear")

        reacts_to(PearEaten, together=True)(together)
        eat(SYSTEM, pears=3, at=at)
        drain(at=at + timedelta(days=400))
        assert sizes == [3, 1, 1, 1]
        assert waiting() == 1

    def test_a_fact_that_nobody_can_read_waits_and_does_not_stop_the_others(self, at):
        heard: list[int] = []
        reacts_to(PearEaten)(lambda fact: heard.append(fact.pear))
        sql.run("INSERT INTO spine_fact (kind, body) VALUES ('gone.Forgotten', '{}'), (%s, '{}')", PearEaten.kind)
        eat(SYSTEM, pears=1, at=at)
        assert drain(at=at + timedelta(days=400)) == 3
        assert (heard, waiting()) == ([0], 2)

    def test_facts_that_were_heard_are_forgotten_after_a_month_and_open_ones_never(self, at):
        reacts_to(PearEaten)(lambda _fact: None)
        eat(SYSTEM, pears=2, at=at)
        heard_at = at + timedelta(days=400)
        drain(at=heard_at)
        eat(SYSTEM, pears=1, at=at)
        assert forget_facts(at=heard_at + timedelta(days=30)) == 0
        assert forget_facts(at=heard_at + timedelta(days=31)) == 2
        assert waiting() == 1

    def test_facts_told_by_a_reaction_climb_too(self, at):
        def chain(fact: PearEaten) -> None:
            if fact.pear == 0:
                eat(SYSTEM, pears=0, at=at)
                tell(PearEaten(pear=7, at=at))

        reacts_to(PearEaten)(chain)
        eat(SYSTEM, pears=1, at=at)
        assert drain(at=at + timedelta(days=400)) == 1
        assert drain(at=at + timedelta(days=400)) == 1


def test_many_drains_at_once_take_each_fact_once(own_database, at):
    from django.db import connection

    def works(fact: PearEaten) -> None:
        sql.run(NOTE, f"pear {fact.pear}")

    reacts_to(PearEaten)(works)
    eat(SYSTEM, pears=300, at=at)

    def worker() -> None:
        try:
            while drain(at=at + timedelta(days=400), limit=20):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with own_database.connect_as_superuser() as behind:
        counted = behind.execute(
            "SELECT count(*), count(DISTINCT action) FROM spine_audit WHERE role = 'test'"
        ).fetchone()
        left = behind.execute("SELECT count(*) FROM spine_fact WHERE settled_at IS NULL").fetchone()
    assert counted == (300, 300)
    assert left == (0,)
