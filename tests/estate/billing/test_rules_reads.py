"""Which readings a bill takes: every day once, however the rule changes."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules import OF_ITS_MONTH, ReadRule, add_months, days_read

MARCH = date(2026, 3, 1)
reads = st.builds(ReadRule, until_day=st.integers(1, 31), months_before=st.integers(0, 1))


@pytest.mark.parametrize(
    ("rule", "month", "start", "end"),
    [
        (OF_ITS_MONTH, MARCH, date(2026, 3, 1), date(2026, 4, 1)),
        (ReadRule(months_before=1), MARCH, date(2026, 2, 1), date(2026, 3, 1)),
        (ReadRule(until_day=25, months_before=1), MARCH, date(2026, 1, 26), date(2026, 2, 26)),
        (ReadRule(until_day=20), MARCH, date(2026, 2, 21), date(2026, 3, 21)),
        (ReadRule(until_day=30, months_before=1), MARCH, date(2026, 1, 31), date(2026, 3, 1)),
    ],
)
def test_a_bill_takes_the_days_behind_those_of_the_bill_before(rule, month, start, end):
    assert days_read(month, lambda _month: rule) == (start, end)


def test_a_month_whose_readings_were_taken_already_takes_none_and_the_next_goes_on():
    rules = {MARCH: OF_ITS_MONTH, date(2026, 4, 1): ReadRule(until_day=25, months_before=1)}

    def rule_of(month):
        return rules[max(day for day in rules if day <= max(month, MARCH))]

    assert days_read(date(2026, 4, 1), rule_of) == (date(2026, 4, 1), date(2026, 4, 1))
    assert days_read(date(2026, 5, 1), rule_of) == (date(2026, 4, 1), date(2026, 4, 26))


@given(st.lists(reads, min_size=3, max_size=15))
def test_every_day_is_billed_once_however_the_rule_changes(rules):
    first = date(2025, 1, 1)
    months = {add_months(first, nth): rule for nth, rule in enumerate(rules)}
    days = [days_read(month, lambda day: months.get(day, rules[0])) for month in months]
    for before, after in pairwise(days):
        assert before.start <= before.end == after.start <= after.end


def test_a_day_that_no_month_has_and_a_month_too_far_back_are_no_rule():
    for wrong in ({"until_day": 0}, {"until_day": 32}, {"months_before": 2}):
        with pytest.raises(ValueError, match="readings are taken"):
            ReadRule(**wrong)
