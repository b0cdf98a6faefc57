"""Whom work is given to, what is promised, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.workorders import rules
from linli.estate.workorders.rules import Hand, Material, Minutes, Skill, WorkState
from linli.kernel.ids import PartyId, new
from linli.kernel.money import Money

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HANDS = st.lists(
    st.builds(
        Hand,
        person=st.builds(lambda: PartyId(new())),
        skills=st.frozensets(st.sampled_from(list(Skill)), max_size=3),
        open_jobs=st.integers(0, 8),
        most_open=st.integers(1, 6),
        distance_m=st.integers(0, 5_000),
        is_on_duty=st.booleans(),
        has_returned_it=st.booleans(),
        last_given_at=st.none() | st.integers(0, 500).map(lambda n: AT + n * MINUTE),
    ),
    max_size=12,
)


@given(HANDS, st.sampled_from(list(Skill)), st.integers(5, 120))
def test_nobody_is_chosen_beyond_their_limit_off_duty_or_without_the_skill(hands, skill, minutes):
    by_person = {hand.person: hand for hand in hands}
    for found in (
        rules.ranked(hands, skill, minutes_a_job=minutes),
        rules.in_turn(hands, skill, minutes_a_job=minutes),
    ):
        for choice in found:
            hand = by_person[choice.person]
            assert hand.open_jobs < hand.most_open
            assert hand.is_on_duty
            assert skill in hand.skills
            assert not hand.has_returned_it
        assert {choice.person for choice in found} == {hand.person for hand in rules.able(hands, skill)}


@given(HANDS, st.sampled_from(list(Skill)), st.integers(5, 120))
def test_at_the_same_load_the_nearest_one_able_comes_first(hands, skill, minutes):
    found = rules.ranked(hands, skill, minutes_a_job=minutes)
    for load in {choice.open_jobs for choice in found}:
        ways = [choice.distance_m for choice in found if choice.open_jobs == load]
        assert ways == sorted(ways)


@given(HANDS, st.sampled_from(list(Skill)))
def test_the_choice_does_not_hang_on_the_order_in_which_they_are_named(hands, skill):
    assert rules.ranked(hands, skill, minutes_a_job=40) == rules.ranked(hands[::-1], skill, minutes_a_job=40)


def test_whose_turn_it_is_was_given_work_longest_ago():
    skills = frozenset({Skill.CLEANING})
    last = [AT, None, AT - MINUTE]
    hands = [
        Hand(person=PartyId(new()), skills=skills, open_jobs=0, most_open=1, distance_m=0, last_given_at=when)
        for when in last
    ]
    found = rules.in_turn(hands, Skill.CLEANING, minutes_a_job=40)
    assert [choice.person for choice in found] == [hands[1].person, hands[2].person, hands[0].person]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_stop_moves_what_is_promised_by_exactly_as_long_as_it_lasted(begins, lasts):
    promised = rules.promise(AT, Minutes(accept=30, arrive=120, finish=1440))
    stopped = AT + begins * MINUTE
    moved = rules.after_a_stop(promised, stopped, stopped + lasts * MINUTE)
    assert moved.finish_due_at - promised.finish_due_at == lasts * MINUTE
    assert moved.arrive_due_at - promised.arrive_due_at == lasts * MINUTE
    assert moved.accept_due_at == promised.accept_due_at


@pytest.mark.parametrize(
    ("state", "minutes"),
    [("raised", 30), ("assigned", 30), ("accepted", 120), ("working", 1440), ("closed", None), ("cancelled", None)],
)
def test_each_state_has_to_be_left_by_what_was_promised(state, minutes):
    promised = rules.promise(AT, Minutes(accept=30, arrive=120, finish=1440))
    due = rules.due_at(WorkState(state), promised)
    assert due == (None if minutes is None else AT + minutes * MINUTE)


def test_a_complaint_that_is_looked_into_has_to_be_answered_and_nobody_to_arrive():
    promised = rules.promise(AT, Minutes(accept=30, arrive=120, finish=1440))
    assert rules.due_at(WorkState.ACCEPTED, promised, is_visited=False) == promised.finish_due_at
    assert rules.due_at(WorkState.RAISED, promised, is_visited=False) == promised.accept_due_at


def test_only_where_the_company_is_waited_for_is_somebody_told():
    assert rules.escalates_at(WorkState.PAUSED, AT, AT) is None
    assert rules.escalates_at(WorkState.QUOTED, AT, AT) is None
    assert rules.escalates_at(WorkState.WORKING, AT, AT + MINUTE) == AT + MINUTE


def test_materials_and_labour_add_up_rounded_once_a_line():
    used = [Material("铜管", Decimal("2.5"), Money(3_33)), Material("胶带", Decimal("1"), Money(1_00))]
    assert [each.amount for each in used] == [Money(8_33), Money(1_00)]
    assert rules.price(Money(50_00), used) == Money(59_33)


def test_a_warranty_ends_after_its_days():
    assert rules.warranty_end(AT, 90) == AT + timedelta(days=90)
    assert rules.warranty_end(AT, 0) == AT


def test_the_types_of_the_house_rise_and_stand_under_one_of_their_kind():
    known = {each.word: each for each in rules.DEFAULT_TYPES}
    assert len(known) == len(rules.DEFAULT_TYPES)
    for each in rules.DEFAULT_TYPES:
        assert each.minutes.rise
        assert not each.under or known[each.under].kind is each.kind
    assert {each.kind for each in rules.DEFAULT_TYPES if not each.under} == set(rules.Kind)
