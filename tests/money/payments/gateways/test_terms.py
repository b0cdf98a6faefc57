"""The provider's arithmetic."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.money.payments.gateways.embedded.terms import day_of, fee, fee_returned


@pytest.mark.parametrize(
    ("amount_minor", "expected"),
    [(5700, 34), (30_000, 180), (83, 0), (84, 1), (250, 2), (249, 1), (44_420, 267), (1, 0)],
)
def test_sixty_basis_points_are_rounded_half_up(amount_minor: int, expected: int) -> None:
    assert fee(amount_minor, 60) == expected


def test_the_worked_refund_of_nine_fourteen_returns_five_cents_of_fee() -> None:
    assert fee_returned(34, 5700, 0, 914) == 5


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=12), st.integers(0, 10_000))
def test_the_fees_returned_with_a_full_refund_sum_to_the_fee(parts: list[int], fee_bp: int) -> None:
    amount = sum(parts)
    charged = fee(amount, fee_bp)
    returned = [fee_returned(charged, amount, sum(parts[:n]), part) for n, part in enumerate(parts)]
    assert sum(returned) == charged
    assert min(returned) >= 0


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    assert day_of(datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC)) == date(2026, 7, 31)
    assert day_of(datetime(2026, 7, 31, 16, 0, tzinfo=UTC)) == date(2026, 8, 1)
