"""Which papers works need, and what is ticked off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.permits import rules
from linli.estate.permits.rules import Check, Direction, Paper, Work

TABLE = [
    ((Work.PAINT,), False, ()),
    ((Work.PAINT,), True, (Paper.CONTRACT,)),
    ((Work.WALLS,), True, (Paper.CONTRACT, Paper.LICENCE, Paper.DRAWINGS)),
    ((Work.WATER, Work.FLOOR), False, (Paper.DRAWINGS,)),
    ((Work.GAS, Work.POWER), False, (Paper.LICENCE, Paper.GAS_PAPERS)),
]


@pytest.mark.parametrize(("works", "by_contractor", "needed"), TABLE)
def test_the_papers_that_works_need_by_a_table(works, by_contractor, needed):
    assert rules.papers_needed(works, by_contractor=by_contractor) == needed


@given(st.sets(st.sampled_from(Work), min_size=1), st.sets(st.sampled_from(Paper)), st.booleans())
def test_more_works_never_need_fewer_papers_and_what_is_given_is_not_missing(works, given_, by_contractor):
    needed = set(rules.papers_needed(works, by_contractor=by_contractor))
    for work in works:
        assert set(rules.papers_needed([work], by_contractor=by_contractor)) <= needed
    missing = set(rules.missing_papers(works, given_, by_contractor=by_contractor))
    assert missing == needed - given_


def test_dues_are_looked_at_when_somebody_leaves():
    assert Check.DUES in rules.checks_of(Direction.MOVE_OUT)
    assert Check.DUES not in rules.checks_of(Direction.MOVE_IN)
