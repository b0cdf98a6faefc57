"""Two guards who scan at the same moment: one patrol has one walker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from builders.clock import AT
from builders.patrols import some_rounds
from linli.estate.patrols import actions, queries


def test_two_guards_who_take_one_patrol_at_the_same_moment_do_not_both_walk_it(own_database):
    rounds = some_rounds()
    patrol, guards = rounds.sent(), [rounds.a_guard() for _nth in range(3)]

    def scans(nth: int) -> str:
        try:
            rounds.visits(guards[nth], patrol, nth)
        except actions.SomebodyElses:
            return "somebody else's"
        else:
            return "mine"
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as walking:
        told = sorted(walking.map(scans, range(3)))
    assert told == ["mine", "somebody else's", "somebody else's"]
    assert queries.patrol(rounds.scope, patrol=patrol, at=AT).row.visited == 1
