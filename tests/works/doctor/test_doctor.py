"""The doctor says in words what is wrong, and its exit status is for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from builders import AT
from linli.spine import installation, sql
from linli.works.doctor import examination
from linli.works.doctor.examination import examine


@pytest.mark.django_db
class TestAnExamination:
    def test_asks_every_part_and_names_what_is_missing(self):
        answers = {answer.part: answer for answer in examine(at=AT)}
        assert list(answers) == list(examination.PARTS)
        wrong = {f.invariant for f in answers["installation"].findings if not f.ok}
        assert wrong == {"The database says what it is for", "A worker runs"}
        assert answers["ledger"].ok

    def test_is_well_once_the_database_is_marked_and_a_worker_has_run(self):
        installation.mark("demo")
        sql.run(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, periodic_id) VALUES ('x', %s, 'x')",
            int(AT.timestamp()) - 60,
        )
        assert all(f.ok for f in next(iter(examine(at=AT))).findings)

    def test_reports_a_part_that_cannot_answer_instead_of_stopping(self, monkeypatch):
        def broken(_at: object) -> tuple[()]:
            raise ValueError("no")

        monkeypatch.setitem(examination.PARTS, "outbox", broken)
        answers = {answer.part: answer for answer in examine(at=AT)}
        assert answers["outbox"].findings[0].details == ("ValueError: no",)
        assert "ledger" in answers


@pytest.mark.slow
def test_the_command_answers_json_and_exits_1_when_something_is_wrong(own_database):
    done = subprocess.run(
        [sys.executable, "-m", "linli", "doctor", "--json"],
        env={**os.environ, **own_database.environment(), "LINLI_SECRET_KEY": "x" * 50},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["ok"]) == (1, False)
    assert {f["invariant"] for f in answer["parts"]["installation"] if not f["ok"]} == {
        "The database says what it is for",
        "A worker runs",
    }
