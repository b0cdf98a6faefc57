"""Automatic payment: on which day, never above a limit, never before its owner was told, tried as agreed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules import (
    MANDATE_LIFE,
    ROUND_LIFE,
    Limits,
    MandateState,
    MandateVerb,
    NotTaken,
    RoundState,
    RoundVerb,
    deduct_on,
    is_near,
    looked_ahead,
    not_taken,
    try_again_on,
    turn,
)
from linli.kernel.life import WrongState
from linli.kernel.money import Money

yuan = Money.parse
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
MONEY = st.integers(0, 10**7).map(Money)


@pytest.mark.parametrize(
    ("open_amount", "taken", "month", "amount", "why"),
    [
        ("100.00", "0.00", None, "100.00", None),
        ("200.00", "0.00", None, "200.00", None),
        ("200.01", "0.00", None, "0.00", NotTaken.LIMIT),
        ("100.00", "200.00", "300.00", "100.00", None),
        ("100.01", "200.00", "300.00", "0.00", NotTaken.MONTH),
        ("0.00", "0.00", None, "0.00", None),
    ],
)
def test_all_that_is_open_is_taken_or_nothing(open_amount, taken, month, amount, why):
    limits = Limits(yuan("200.00"), None if month is None else yuan(month))
    done = turn(yuan(open_amount), yuan(taken), limits)
    assert (str(done.amount), done.why) == (amount, why)
    assert done.is_settled is (open_amount == "0.00")


@given(MONEY, MONEY, MONEY.filter(bool), st.none() | MONEY.filter(bool))
def test_no_limit_is_ever_passed(open_amount, taken, most, month_most):
    done = turn(open_amount, taken, Limits(most, month_most))
    assert done.amount in (Money.zero, open_amount)
    assert done.amount <= most
    assert not done.amount or month_most is None or taken + done.amount <= month_most


@given(DAYS, st.integers(0, 60), st.integers(0, 30), st.integers(0, 30))
def test_nothing_is_taken_before_its_owner_was_told_so_long(due_on, before, days, told_days):
    today = due_on - timedelta(days=before)
    on = deduct_on(due_on, today, days, told_days)
    assert on >= today + timedelta(days=told_days)
    assert on >= due_on - timedelta(days=days)
    if is_near(due_on, today, days, told_days) and before == days + told_days:
        assert on == due_on - timedelta(days=days)


@pytest.mark.parametrize(
    ("why", "tried", "again"),
    [
        (NotTaken.INSUFFICIENT, 1, date(2026, 3, 11)),
        (NotTaken.REFUSED, 2, date(2026, 3, 13)),
        (NotTaken.INSUFFICIENT, 3, None),
        (NotTaken.LIMIT, 1, None),
        (NotTaken.ENDED, 1, None),
    ],
)
def test_a_decline_is_tried_again_as_often_as_the_policy_says(why, tried, again):
    assert try_again_on(why, tried, date(2026, 3, 10), (1, 3)) == again


def test_words_of_the_provider_that_nobody_knows_are_a_refusal():
    assert [not_taken(word) for word in ("limit", "no_answer", "")] == [
        NotTaken.LIMIT,
        NotTaken.REFUSED,
        NotTaken.REFUSED,
    ]


def test_what_is_asked_for_is_not_asked_for_again():
    with pytest.raises(WrongState):
        ROUND_LIFE.after(RoundState.ASKED, RoundVerb.ASK)
    with pytest.raises(WrongState):
        ROUND_LIFE.after(RoundState.TAKEN, RoundVerb.ASK)
    assert ROUND_LIFE.after(RoundState.ASKED, RoundVerb.DECLINE) is RoundState.PLANNED


def test_a_mandate_ends_from_every_state():
    for state in (MandateState.ASKED, MandateState.ACTIVE, MandateState.PAUSED):
        assert MANDATE_LIFE.after(state, MandateVerb.END) is MandateState.ENDED


def test_a_month_has_room_for_one_of_two_and_the_wallet_goes_first():
    day = date(2026, 3, 20)
    rounds = [(day, yuan("60.00")), (day, yuan("60.00")), (day + timedelta(days=30), yuan("60.00"))]
    limits = Limits(yuan("60.00"), yuan("100.00"))
    assert looked_ahead(rounds, [], limits, Money.zero) == [None, NotTaken.MONTH, None]
    assert looked_ahead(rounds, [(date(2026, 3, 1), yuan("50.00"))], limits, Money.zero) == [NotTaken.MONTH] * 2 + [
        None
    ]
    assert looked_ahead(rounds, [], limits, yuan("20.00")) == [None, None, None]
