from __future__ import annotations

import pytest

from linli.reach.handover.rules import HANDOVER_LIFE, LOCKED_FOR, TRIES, State, Verb, code_of


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("", None),
        ("１２３４５６", None),  # full-width digits are digits to Python and none to the database
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert code_of(typed) == code


def test_a_handover_ends_once():
    assert HANDOVER_LIFE.ends == {State.REDEEMED, State.CLOSED}
    assert not HANDOVER_LIFE.allows(State.REDEEMED, Verb.CLOSE)
    assert HANDOVER_LIFE.stuck() == frozenset()


def test_guessing_finds_a_code_once_in_years():
    a_day = 24 * 60 / (LOCKED_FOR.total_seconds() / 60) * TRIES
    assert a_day == 480  # of a million, so one in six years on average
