"""The past of the town and the pace of its neighbours, as far as they can be said without a clock or a provider."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from linli.spine.scope import SYSTEM
from linli.works.demo import settling, town
from linli.works.demo.neighbours import pause_s
from linli.works.demo.past import DAYS, days_before, settled_at
from linli.works.demo.wishing import Wishes, buyer, keeper

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # noon in the town


def test_the_past_ends_with_the_last_day_that_has_closed():
    before, after = datetime(2026, 7, 31, 3, 0, tzinfo=ZONE), datetime(2026, 7, 31, 4, 0, tzinfo=ZONE)

    assert days_before(before, ZONE)[-1] == date(2026, 7, 29)
    assert days_before(after, ZONE)[-1] == date(2026, 7, 30)
    assert days_before(after, ZONE)[0] == date(2026, 7, 30) - timedelta(days=DAYS - 1)
    assert settled_at(after, ZONE) == datetime(2026, 7, 21, 6, 0, tzinfo=ZONE)


def test_neighbours_slow_down_the_more_was_ordered_and_stop_before_the_disk_is_full():
    pauses = [pause_s(orders) for orders in (0, 499, 500, 2_999, 3_000, 19_999)]

    assert pauses == sorted(pauses, key=lambda pause: pause or 0)
    assert (pauses[0], pauses[-1], pause_s(20_000)) == (4.0, 300.0, None)


@pytest.mark.django_db
def test_neighbours_wish_for_what_is_on_the_shelf_and_leave_busy_shops_alone():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT)
    wishes = Wishes(plan, Random(7))
    scope, visited = wishes.somebody(AT), keeper(town.MERCHANT_PHONE, AT)
    assert scope is not None
    assert visited is not None
    assert visited.shop is not None
    community = scope.communities[0]

    from_there = wishes.basket(community, AT, shop=visited.shop)
    assert from_there
    assert wishes.basket(community, AT, shop=visited.shop, without={visited.shop}) == ()
    assert all(wishes.basket(community, AT) for _ in range(20))
    assert buyer(town.RESIDENT_PHONE, AT) != scope
    assert buyer(town.MERCHANT_PHONE, AT) is None
