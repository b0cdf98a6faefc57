"""A month step by step: one thing is next, what is advised never holds it back, nothing comes before its time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules import MonthFacts, MonthState, Step, StepState, next_step, stages
from linli.kernel.money import Money

OPEN, ISSUED, CLOSED = MonthState.OPEN, MonthState.ISSUED, MonthState.CLOSED
COUNTS = st.integers(0, 3)
FACTS = st.builds(
    MonthFacts,
    state=st.none() | st.sampled_from(MonthState),
    unread=COUNTS,
    doubtful=COUNTS,
    costs_entered=COUNTS,
    costs_before=COUNTS,
    undrafted=COUNTS,
    stopped=COUNTS,
    outliers=COUNTS,
    is_told=st.booleans(),
    open=COUNTS.map(Money),
    late=COUNTS,
    unmatched=COUNTS,
    differences=COUNTS,
)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (MonthFacts(None), Step.DRAFT),
        (MonthFacts(None, unread=7), Step.DRAFT),
        (MonthFacts(OPEN, undrafted=1, stopped=2), Step.DRAFT),
        (MonthFacts(OPEN, stopped=2), Step.CHECK),
        (MonthFacts(OPEN, unread=3, costs_before=2), Step.ISSUE),
        (MonthFacts(ISSUED), Step.TELL),
        (MonthFacts(ISSUED, is_told=True, open=Money(1), late=4, unmatched=2), Step.RECONCILE),
        (MonthFacts(ISSUED, is_told=True, open=Money(1), late=4), Step.CLOSE),
        (MonthFacts(CLOSED, is_told=True, open=Money(1), late=4), None),
    ],
)
def test_one_thing_is_next(facts, step):
    assert next_step(stages(facts)) is step


@given(FACTS)
def test_the_steps_stand_in_order_and_at_most_one_is_next(facts):
    found = stages(facts)
    assert [stage.step for stage in found] == list(Step)
    assert sum(stage.state is StepState.NEXT for stage in found) <= 1
    assert all(stage.missing for stage in found if stage.state in (StepState.NEXT, StepState.ADVISED))


@given(FACTS)
def test_nothing_is_collected_or_closed_before_it_is_out(facts):
    states = {stage.step: stage.state for stage in stages(facts)}
    if facts.state in (None, OPEN):
        assert {states[step] for step in (Step.TELL, Step.COLLECT, Step.RECONCILE, Step.CLOSE)} == {StepState.WAITS}


@given(FACTS)
def test_what_is_advised_never_holds_a_month_back(facts):
    from dataclasses import replace

    without = replace(facts, unread=0, doubtful=0, costs_before=0, open=Money.zero, late=0)
    assert next_step(stages(facts)) is next_step(stages(without))
