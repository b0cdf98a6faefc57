"""The weeks before a demo's last days, as far as they can be said without a provider."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from linli.insight.dashboards.rules import Segment, segment_of
from linli.kernel.ids import VariantId
from linli.trade.orders.actions import Asked
from linli.works.demo import earlier
from linli.works.demo.shelves import enough

LAST = date(2026, 7, 30)
ZONE = ZoneInfo("Asia/Shanghai")


def test_market_days_come_before_the_last_ten_days_and_the_shops_stand_before_them():
    days = earlier.market_days(LAST)

    assert days == sorted(days)
    assert (LAST - days[-1]).days == 14
    assert earlier.opened_at(LAST, ZONE) < datetime(days[0].year, days[0].month, days[0].day, tzinfo=ZONE)


def test_the_homes_of_each_habit_are_what_they_are_called_and_enough_to_be_shown():
    """By the rule of the pages: in the last four weeks, in the twelve before, and in the year before those."""
    found = [
        segment_of(
            lately=sum(ago <= 4 for ago in weeks),
            before=sum(4 < ago <= 16 for ago in weeks),
            earlier=any(ago > 16 for ago in weeks),
        )
        for _count, weeks in earlier.HABITS
    ]

    assert found == [Segment.REGULAR, Segment.LAPSING, Segment.AT_TIMES, Segment.NEW]
    assert all(count > 5 for count, _weeks in earlier.HABITS)
    assert all(ago in earlier.WEEKS_AGO for _count, weeks in earlier.HABITS for ago in weeks)


def test_nobody_wishes_for_more_than_is_left_and_what_is_not_counted_is_always_there():
    tofu, dish = VariantId(uuid4()), VariantId(uuid4())
    left = {tofu: 4}

    wished = [enough((Asked(variant=tofu, quantity=3), Asked(variant=dish, quantity=9)), left) for _ in range(2)]

    assert [[line.variant for line in lines] for lines in wished] == [[tofu, dish], [dish]]
    assert left == {tofu: 1}
