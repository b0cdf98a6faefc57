"""Two operators who have the same failed work tried again at one moment: it is taken up once."""

from __future__ import annotations

from builders import AT
from harness.at_once import at_once
from harness.databases import OwnDatabase
from linli.spine import sql, upkeep
from linli.spine.outbox import TRIES
from linli.spine.scope import SYSTEM
from linli.spine.upkeep import Tried


def test_what_two_try_again_at_once_is_taken_up_once(own_database: OwnDatabase):
    ((job,),) = sql.fetch(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
        " VALUES ('default', 'plums.ripen', 'plums.ripen', '{}', 'failed') RETURNING id"
    )
    ((fact,),) = sql.fetch(
        "INSERT INTO spine_fact (kind, body, attempts, error) VALUES ('plums.Fell', '{}', %s, 'Boom') RETURNING id",
        TRIES,
    )

    def press() -> Tried:
        return upkeep.try_many_again(SYSTEM, stuck=[fact], failed=[job], at=AT)

    tried = at_once(press, press)
    assert sorted((each.facts, each.jobs, each.gone) for each in tried if isinstance(each, Tried)) == [
        (0, 0, (fact, job)),
        (1, 1, ()),
    ]
    assert sql.fetch("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job) == [("todo",)]
