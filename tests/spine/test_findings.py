"""The outbox says how it is: nothing to say when it is well, and what is wrong in words when it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.spine import findings, sql
from linli.spine.outbox import TRIES
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_quiet_outbox_is_well(at):
    assert [f.ok for f in findings.check(SYSTEM, at=at)] == [True, True]


def test_a_fact_given_up_and_facts_left_lying_are_named(at):
    sql.run(
        "INSERT INTO spine_fact (kind, body, told_at, attempts, error) VALUES "
        "('gone.Lost', '{}', %s, %s, 'nobody knows it'), ('spine.Slow', '{}', %s, 0, '')",
        at,
        TRIES,
        at - timedelta(minutes=11),
    )
    stuck, late = findings.check(SYSTEM, at=at)
    assert (stuck.ok, late.ok) == (False, False)
    assert "gone.Lost" in str(stuck.details[0])
    assert "nobody knows it" in str(stuck.details[0])
    assert str(late.details[0]).startswith("1 ")
