"""A worker that is killed in the middle of a month has done nothing; the next one does it once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from builders.billing import a_desk
from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.running_house import Process
from linli.estate.billing import actions as billing
from linli.estate.billing.rules import ISSUE_MONTH, MonthRun
from linli.ground.chores import actions, queries
from linli.ground.chores.rules import ChoreState

MARCH = date(2026, 3, 1)
LIMIT_S = 90.0
BEHIND_THE_WALLS = "SELECT (SELECT count(*) FROM billing_bill), (SELECT count(*) FROM ledger_journal)"


def until(holds: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def worker(own_database: OwnDatabase, tmp_path: Path):
    environment = own_database.environment("worker") | {
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "LINLI_SECRET_KEY": settings.SECRET_KEY,
        "LINLI_HOME": str(tmp_path),
    }
    process = Process([sys.executable, "-m", "linli", "worker"], environment, tmp_path / "worker.log")
    yield process
    process.kill()


@pytest.mark.slow
def test_a_month_whose_worker_is_killed_goes_out_once(own_database: OwnDatabase, worker: Process):
    now = datetime.now(UTC)
    desk = a_desk()
    desk.charged(desk.priced(desk.an_item(), "fixed", amount="80"), *(desk.a_home() for _nth in range(12)))
    run = MonthRun(desk.community.id, MARCH)
    billing.draft_month(desk.scope, community=run.community, first_on=MARCH, at=now)
    chore = actions.ask(desk.scope, kind=ISSUE_MONTH, content=run, about=run.about, lane=run.community, at=now).chore

    def state() -> ChoreState:
        return queries.chore(desk.scope, chore=chore).state

    def waits_in_the_middle() -> bool:
        with own_database.connect_as_superuser() as link:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger_posting'::regclass"
            return link.execute(waiting).fetchone() == (1,)

    with own_database.connect_as_superuser() as link, link.transaction():
        link.execute("LOCK TABLE ledger_posting IN SHARE MODE")  # its bills are written, its journals wait
        worker.start()
        until(waits_in_the_middle)
        assert state() is ChoreState.RUNNING
        worker.kill()
        until(lambda: not waits_in_the_middle(), 20)  # the server has noticed
    with own_database.connect_as_superuser() as link:
        assert link.execute(BEHIND_THE_WALLS).fetchone() == (0, 0)
    assert state() is ChoreState.RUNNING, "nobody could say any more that it ended"
    worker.start()
    until(lambda: state() is ChoreState.DONE)
    with own_database.connect_as_superuser() as link:
        assert link.execute(BEHIND_THE_WALLS).fetchone() == (12, 12)
    card = queries.chore(desk.scope, chore=chore)
    assert (card.attempts, card.answer.bills) == (2, 12)
    with own_database.connect_as_superuser() as link:
        steps = link.execute("SELECT verb FROM chores_move WHERE of_id = %s ORDER BY id", (chore,)).fetchall()
    assert steps == [("ask",), ("take",), ("take",), ("finish",)]


def test_two_who_issue_the_same_month_at_the_same_moment_follow_one_piece_of_work(own_database: OwnDatabase):
    now = datetime.now(UTC)
    desk = a_desk()
    run = MonthRun(desk.community.id, MARCH)

    def ask() -> actions.Asked:
        return actions.ask(desk.scope, kind=ISSUE_MONTH, content=run, about=run.about, at=now)

    found = at_once(ask, ask, ask)
    assert len({each.chore for each in found}) == 1
    assert [each.is_new for each in found].count(True) == 1


def test_a_chore_that_is_carried_out_is_taken_up_by_nobody_else(own_database: OwnDatabase):
    now = datetime.now(UTC)
    desk = a_desk()
    desk.charged(desk.priced(desk.an_item(), "fixed", amount="80"), desk.a_home())
    run = MonthRun(desk.community.id, MARCH)
    billing.draft_month(desk.scope, community=run.community, first_on=MARCH, at=now)
    chore = actions.ask(desk.scope, kind=ISSUE_MONTH, content=run, about=run.about, at=now).chore
    did = at_once(*(lambda: actions.carry_one(chore, at=now) for _nth in range(3)))
    assert did.count(True) == 1
    assert queries.chore(desk.scope, chore=chore).attempts == 1
