"""Which readings the bill of a month takes: those up to a day of that month, or of the month before it.

A fee is often billed on the 1st while meters are read later in the month. Such an item takes, on the bill of March,
what was read up to the 25th of February. The days of its line are those in which that was used, so that who owns the
home, and what the tariff is, are those of that time.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from linli.estate.billing.rules.terms import Days, add_months

LAST_DAY = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRule:
    """The bill of a month takes readings up to this day (31: the last) of it, or of so many months (0 or 1) before."""

    until_day: int = LAST_DAY
    months_before: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.until_day <= LAST_DAY or not 0 <= self.months_before <= 1:
            raise ValueError("readings are taken up to a day from 1 to 31, of the month itself or of the one before")

    def end_on(self, month: date) -> date:
        """This will give the first day whose readings the bill of a month takes no more."""
        first = add_months(month, -self.months_before)
        day = min(self.until_day, monthrange(first.year, first.month)[1])
        return first.replace(day=day) + timedelta(days=1)


OF_ITS_MONTH = ReadRule()
"""What was read in the month itself."""


def days_read(month: date, rule_of: Callable[[date], ReadRule]) -> Days:
    """This will give the days of which the bill of a month (its first day) takes the readings.

    They begin where those of the bill before ended, also where the rule changed between the two; so the bills of a year
    take every day once. A month whose readings were taken already has none: its days end where they begin.
    """
    before = [rule_of(each).end_on(each) for each in (add_months(month, -1), add_months(month, -2))]
    start = max(before)
    return Days(start, max(start, rule_of(month).end_on(month)))
