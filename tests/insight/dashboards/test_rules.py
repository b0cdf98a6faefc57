"""What is worth carrying, which homes are alike, what may be shown of them, and what a neighbour changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.insight.dashboards import rules
from linli.insight.dashboards.rules import Bought, Group, Line, Reason, Segment, Shelf, Terms, Verdict
from linli.kernel.money import Money
from linli.trade.delivery.rules.economics import Costs

TERMS = Terms(trip=Money(3_00), least_a_month=2, least_margin=Money(2_00))
SOLD = Bought(
    units=24,
    homes=10,
    again=6,
    net=Money(240_00),
    merchant=Money(220_80),
    trips=Decimal("4.5"),
    fees=Money(9_00),
)
KEPT = Shelf(weeks=Decimal(12), here=8, costed=24, cost=Money(144_00), lost=2, lost_cost=Money(12_00), days=6.5)


def line(own=SOLD, everywhere=SOLD, homes=100, homes_everywhere=100, shelf=KEPT) -> Line:
    return Line(own, everywhere, homes, homes_everywhere, shelf)


def test_the_margin_is_what_is_left_of_the_price_after_all_that_it_costs():
    worth = rules.judge(line(), TERMS)

    assert worth.commission == Money(19_20)
    assert worth.cost == Money(144_00)
    assert worth.delivery == Money(4_50)  # four and a half ways at 3.00, of which buyers paid 9.00
    assert worth.loss == Money(12_00)
    assert worth.margin == Money(220_80 - 144_00 - 4_50 - 12_00)
    assert worth.weekly == 2.0
    assert worth.a_week == Money(5_02)  # 60.30 in twelve weeks
    assert (worth.verdict, worth.reason) == (Verdict.CARRY, Reason.AGAIN)


def test_a_part_of_a_community_bears_its_part_of_purchase_and_loss():
    own = replace(SOLD, units=6, net=Money(60_00), merchant=Money(55_20), trips=Decimal(0), fees=Money.zero)
    worth = rules.judge(line(own=own), TERMS)

    assert (worth.cost, worth.loss) == (Money(36_00), Money(3_00))
    assert worth.margin == Money(55_20 - 36_00 - 3_00)


@pytest.mark.parametrize(
    ("own", "shelf", "reason"),
    [
        (SOLD, replace(KEPT, weeks=Decimal("3.9")), Reason.NEW),
        (Bought(), KEPT, Reason.UNSOLD),
        (replace(SOLD, units=5, again=0), KEPT, Reason.SELDOM),
        (SOLD, replace(KEPT, costed=0, cost=Money.zero), Reason.NO_COST),
        (replace(SOLD, merchant=Money(150_00)), KEPT, Reason.LOSES),
        (replace(SOLD, merchant=Money(174_00)), KEPT, Reason.LITTLE),
        (replace(SOLD, again=2), KEPT, Reason.EARNS),
        (replace(SOLD, again=3), KEPT, Reason.AGAIN),
    ],
)
def test_the_first_reason_that_holds_is_told(own, shelf, reason):
    assert rules.judge(line(own=own, everywhere=own, shelf=shelf), TERMS).reason is reason


def test_what_nobody_bought_loses_what_was_thrown_away_and_no_more():
    worth = rules.judge(line(own=Bought(), everywhere=Bought()), TERMS)

    assert (worth.cost, worth.margin, worth.weekly) == (Money.zero, Money(-12_00), 0.0)


def test_a_small_place_is_told_with_what_its_neighbours_buy():
    """Nothing bought among ten homes, and a hundred a week among a thousand: one a week, four weeks against twelve."""
    everywhere = replace(SOLD, units=1_200)
    none_yet = rules.weekly(line(own=Bought(), everywhere=everywhere, homes=10, homes_everywhere=1_000))

    assert none_yet == pytest.approx(0.25)
    one_good_week = rules.weekly(
        line(own=replace(SOLD, units=36), everywhere=everywhere, homes=10, homes_everywhere=1_000)
    )
    assert one_good_week == pytest.approx((36 + 4) / 16)


def test_what_was_never_here_is_not_divided_by_nothing():
    assert rules.judge(line(shelf=replace(KEPT, weeks=Decimal(0))), TERMS).weekly == 0.0
    assert rules.weekly(line(homes=0, homes_everywhere=0)) == pytest.approx(2.0)


@given(
    units=st.integers(0, 500),
    net=st.integers(0, 10**7),
    part=st.integers(0, 100),
    cost=st.integers(0, 10**7),
    lost=st.integers(0, 10**6),
)
def test_the_parts_of_a_line_always_add_up(units, net, part, cost, lost):
    own = Bought(units=units, net=Money(net), merchant=Money(net * part // 100))
    shelf = Shelf(weeks=Decimal(8), costed=units, cost=Money(cost if units else 0), lost_cost=Money(lost))
    worth = rules.judge(line(own=own, everywhere=own, shelf=shelf), TERMS)

    assert worth.cost is not None
    assert worth.margin is not None
    assert worth.commission + worth.cost + worth.delivery + worth.loss + worth.margin == Money(net)


@pytest.mark.parametrize(
    ("lately", "before", "earlier", "segment"),
    [
        (1, 0, False, Segment.NEW),
        (3, 0, False, Segment.NEW),
        (1, 3, False, Segment.REGULAR),
        (3, 0, True, Segment.REGULAR),
        (3, 1, False, Segment.REGULAR),
        (1, 2, True, Segment.AT_TIMES),
        (1, 0, True, Segment.AT_TIMES),
        (0, 3, False, Segment.LAPSING),
        (0, 2, True, Segment.AT_TIMES),
        (0, 0, True, Segment.GONE),
    ],
)
def test_a_home_is_of_one_segment(lately, before, earlier, segment):
    assert rules.segment_of(lately, before, earlier) is segment


def counted(**of: int) -> dict[Segment, int]:
    return {segment: of.get(segment.value, 0) for segment in Segment}


def told(shown: rules.Shown) -> dict[str, int | None]:
    return {segment.value: n for segment, n in shown.of.items()}


def test_large_groups_and_empty_ones_are_shown():
    shown = rules.shown(counted(regular=20, new=5), 5)

    assert told(shown) == {"regular": 20, "lapsing": 0, "new": 5, "at_times": 0, "gone": 0}
    assert shown.total == 25


def test_one_small_group_takes_the_next_smallest_with_it():
    shown = rules.shown(counted(regular=20, new=2, gone=9), 5)

    assert told(shown) == {"regular": 20, "lapsing": 0, "new": None, "at_times": 0, "gone": None}
    assert shown.total == 31


def test_where_no_other_group_can_hide_it_the_sum_goes():
    assert rules.shown(counted(new=2), 5) == rules.Shown({s: None if s is Segment.NEW else 0 for s in Segment}, None)
    assert rules.shown(counted(new=2, gone=1), 5).total is None


@given(st.dictionaries(st.sampled_from(list(Segment)), st.integers(0, 30)), st.integers(3, 10))
def test_no_small_group_can_be_worked_out_from_what_is_shown(homes, least):
    every = dict.fromkeys(Segment, 0) | homes
    shown = rules.shown(every, least)
    hidden = [segment for segment, n in shown.of.items() if n is None]

    assert all(n is None or n == 0 or n >= least for n in shown.of.values())
    assert all(shown.of[segment] == every[segment] for segment in Segment if segment not in hidden)
    if shown.total is not None and hidden:
        assert len(hidden) > 1
        assert sum(every[segment] for segment in hidden) >= least


NEAR, BEYOND = ((1_000.0, 0.0),), ((1_500.0, 0.0),)


def test_a_neighbour_on_the_way_spares_a_departure_a_collection_and_most_of_the_way():
    """The worked example of docs/rules/pooling.md."""
    joined = rules.joining([Group(NEAR, 4)], Group(BEYOND, 4), [(0.0, 0.0)], Costs(detour=1.0))

    assert (joined.here.fen + joined.neighbour.fen, joined.together.fen) == (2_700, 1_690)
    assert (joined.saving, joined.is_better) == (Money(10_10), True)
    assert joined.together_each == Money(2_11)
    assert joined.alone_each == Money(3_66)


def test_a_neighbour_the_other_way_who_needs_a_run_of_its_own_spares_little():
    far = ((-60_000.0, 0.0),)
    joined = rules.joining([Group(NEAR, 60)], Group(far, 60), [(0.0, 0.0)], Costs(detour=1.0))

    assert joined.saving_fen < 300


def test_a_community_without_buildings_or_orders_costs_nothing():
    joined = rules.joining([], Group((), 9), [(0.0, 0.0)], Costs())

    assert (joined.here.fen, joined.together.fen, joined.saving_fen) == (0, 0, 0)
