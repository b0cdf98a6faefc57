"""Windows and their cut-offs, shared fees, kitchens: worked by hand, and true of whatever comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import ids
from linli.kernel.ids import OrderId
from linli.kernel.money import Money
from linli.trade.delivery import rules
from linli.trade.delivery.rules import DeliveryPolicy, Hour, KitchenTerms, Offer, Way, Weekday

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""
TERMS = DeliveryPolicy()


def china(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_a_morning_slot_is_ordered_the_evening_before_and_the_others_until_ninety_minutes_ahead():
    found = rules.offers(TERMS, "Asia/Shanghai", MONDAY)
    assert found[:4] == (
        Offer(china(2, 17), china(2, 19), china(2, 15, 30)),
        Offer(china(2, 19), china(2, 21), china(2, 17, 30)),
        Offer(china(3, 8), china(3, 10), china(2, 21)),
        Offer(china(3, 11), china(3, 13), china(3, 9, 30)),
    )
    assert len(found) == 10


def test_a_slot_is_offered_until_its_cut_off_and_not_a_moment_longer():
    last = china(2, 15, 30)
    before = rules.offers(TERMS, "Asia/Shanghai", last - timedelta(microseconds=1))
    assert before[0].start_at == china(2, 17)
    assert rules.offers(TERMS, "Asia/Shanghai", last)[0].start_at == china(2, 19)


def test_no_slot_is_offered_on_other_days_of_the_week_or_where_nobody_comes():
    thursdays = DeliveryPolicy(weekdays=(Weekday.THURSDAY,), ahead_days=7)
    assert {
        o.start_at.astimezone(UTC).date().isoweekday() for o in rules.offers(thursdays, "Asia/Shanghai", MONDAY)
    } == {4}
    assert rules.offers(DeliveryPolicy(is_offered=False), "Asia/Shanghai", MONDAY) == ()


@given(st.integers(0, 60 * 24 * 7), st.sampled_from(list(Hour)), st.integers(15, 720))
def test_what_is_offered_can_be_ordered_by_the_one_rule_of_cut_offs(minutes, until, lead):
    terms = DeliveryPolicy(day_before_until=until, lead_minutes=lead)
    at = MONDAY + timedelta(minutes=minutes)
    for offer in rules.offers(terms, "Asia/Shanghai", at):
        assert at < offer.cut_off_at == rules.cut_off(offer.start_at, terms, "Asia/Shanghai")
        assert offer.cut_off_at < offer.start_at < offer.end_at


@pytest.mark.parametrize(
    ("way", "goods", "fee"),
    [
        (Way.POOLED, "58.99", "2.00"),
        (Way.POOLED, "59.00", "0.00"),
        (Way.ALONE, "500.00", "6.00"),
        (Way.NOW, "500.00", "5.00"),
    ],
)
def test_only_a_shared_run_becomes_free(way, goods, fee):
    assert rules.fee(way, Money.parse(goods), TERMS) == Money.parse(fee)


def test_no_run_is_free_where_nothing_makes_it_so():
    assert rules.fee(Way.POOLED, Money(10_000_00), DeliveryPolicy(free_from=Money(0))) == Money(2_00)


def test_one_fee_is_shared_by_the_value_of_the_goods():
    a, b, c = (OrderId(ids.new()) for _ in range(3))
    assert rules.shared(Money(2_00), {c: Money(10_00), a: Money(10_00), b: Money(10_00)}) == {
        a: Money(67), b: Money(67), c: Money(66),
    }  # fmt: skip
    assert rules.shared(Money(2_00), {a: Money(30_00), b: Money(10_00)}) == {a: Money(1_50), b: Money(50)}
    assert rules.shared(Money(2_00), {a: Money(0), b: Money(0)}) == {a: Money(1_00), b: Money(1_00)}
    assert rules.shared(Money(2_00), {}) == {}


@given(st.integers(0, 100_00), st.lists(st.integers(0, 1_000_000), min_size=1, max_size=9))
def test_the_parts_of_a_fee_are_the_fee(fee, goods):
    orders = {OrderId(ids.new()): Money(each) for each in goods}
    parts = rules.shared(Money(fee), orders)
    assert Money.total(parts.values()) == Money(fee)
    assert parts.keys() == orders.keys()
    assert min(parts.values()) >= Money.zero


KITCHEN = KitchenTerms(value=Money(100_00), minutes=12)


def promised(taken: dict[datetime, int], value: str, at: datetime = MONDAY) -> int | None:
    return rules.minutes_now(
        KITCHEN, taken, Money.parse(value), metres=1200, metres_per_minute=250, handling_minutes=5, at=at
    )


def test_a_promise_counts_queue_preparation_handling_and_way():
    assert promised({}, "40.00") == 12 + 5 + 5
    full = {MONDAY: 100_00, MONDAY + rules.QUARTER: 70_00}
    assert promised(full, "30.00") == 15 + 22
    assert promised(full, "40.00") == 30 + 22
    assert promised(full, "40.00", MONDAY + timedelta(minutes=4)) == 26 + 22


def test_a_kitchen_promises_nothing_that_it_cannot_cook_within_two_hours():
    full = {MONDAY + n * rules.QUARTER: 100_00 for n in range(8)}
    assert promised(full, "0.01") is None
    assert promised({}, "800.00") == 7 * 15 + 22
    assert promised({}, "800.01") is None


def test_a_kitchen_takes_a_breath_when_its_longest_queue_is_full():
    full = {MONDAY + n * rules.QUARTER: 100_00 for n in range(4)}
    assert rules.overload_until(KITCHEN, full, MONDAY + timedelta(minutes=3)) == MONDAY + rules.QUARTER
    assert rules.overload_until(KITCHEN, {**full, MONDAY + 3 * rules.QUARTER: 99_99}, MONDAY) is None
    never = KitchenTerms(value=Money(100_00), minutes=12, pauses_by_itself=False)
    assert rules.overload_until(never, full, MONDAY) is None


def test_ways_are_three_tenths_longer_than_beelines_and_as_far_back():
    points = [rules.Point(ids.new(), 30.0, 120.0), rules.Point(ids.new(), 30.01, 120.0)]
    assert rules.table(points) == ((0, 1446), (1446, 0))
