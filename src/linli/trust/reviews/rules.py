"""Who may review what and when, and how stars become a rating. The formula is public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _

FEWEST_STARS, MOST_STARS = 1, 5
LONGEST_TEXT = 1000
MOST_PICTURES = 9
HALF_LIFE_DAYS = 90
"""A review of today weighs as much as two of a quarter ago."""
PRIOR_REVIEWS, PRIOR_STARS = Decimal(5), Decimal(4)
"""A shop begins as if five neighbours had given four stars: one review makes no champion and no outcast."""


class ReviewPolicy(Policy):
    """How long a purchase can be reviewed."""

    word = "reviews"
    says = _("How long a purchase can be reviewed")

    review_days: int = setting(14, low=1, high=365, says="Days after completion in which a buyer may review an order")


@dataclass(frozen=True, slots=True)
class Rating:
    """The stars of a shop: their plain mean (None without any), their number, and the score that ranks it."""

    mean: Decimal | None
    count: int
    score: Decimal


def review_until(completed_at: datetime, policy: ReviewPolicy) -> datetime:
    """This will tell until when an order may be reviewed."""
    return completed_at + timedelta(days=policy.review_days)


def weight(age_days: int) -> Decimal:
    """This will weigh a review by its age in whole days: 1 today, a half after 90 days, a quarter after 180."""
    return Decimal(2) ** (Decimal(-max(0, age_days)) / HALF_LIFE_DAYS)


def rating(days: Iterable[tuple[int, int, int]]) -> Rating:
    """This will rate a shop from rows of (age in days, number of reviews, sum of their stars).

    The score is the mean weighted by recency, with the prior counted in: (5 x 4 + sum of w x stars) / (5 + sum of w).
    """
    count = total = 0
    weighed, stars = PRIOR_REVIEWS, PRIOR_REVIEWS * PRIOR_STARS
    for age, number, sum_ in days:
        count += number
        total += sum_
        weighed += weight(age) * number
        stars += weight(age) * sum_
    mean = _hundredths(Decimal(total) / count) if count else None
    return Rating(mean=mean, count=count, score=_hundredths(stars / weighed))


def _hundredths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
