from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.trust.reviews import rules

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "mean", "count", "score"),
    [
        ([], None, 0, "4.00"),
        ([(0, 1, 5)], "5.00", 1, "4.17"),  # (20 + 5) / (5 + 1)
        ([(0, 1, 1)], "1.00", 1, "3.50"),
        ([(90, 1, 1)], "1.00", 1, "3.73"),  # half a review: (20 + 0.5) / 5.5
        ([(0, 10, 50), (90, 10, 10)], "3.00", 20, "3.75"),  # (20 + 50 + 5) / (5 + 10 + 5)
    ],
)
def test_a_rating_counts_recent_reviews_more_and_begins_at_four(days, mean, count, score):
    rating = rules.rating(days)
    assert (rating.mean, rating.count, rating.score) == (mean and Decimal(mean), count, Decimal(score))


def test_a_review_weighs_half_after_a_quarter():
    assert [rules.weight(age) for age in (0, 90, 180)] == [1, Decimal("0.5"), Decimal("0.25")]
    assert rules.weight(-3) == 1


rows = st.lists(
    st.tuples(st.integers(0, 1095), st.integers(1, 50)).flatmap(
        lambda row: st.tuples(st.just(row[0]), st.just(row[1]), st.integers(row[1], 5 * row[1]))
    ),
    max_size=20,
)


@given(rows)
def test_no_score_leaves_the_stars_and_order_does_not_matter(days):
    rating = rules.rating(days)
    assert 1 <= rating.score <= 5
    assert rules.rating(list(reversed(days))) == rating


def test_review_days_are_the_communitys():
    assert rules.review_until(AT, rules.ReviewPolicy(review_days=3)) == AT + timedelta(days=3)
