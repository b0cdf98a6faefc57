"""Displays that go forward, doubtful readings, estimates, and usage that no cut of days changes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.metering import rules
from linli.estate.metering.rules import Anomaly, Gap, Mark, Metered, Past, Standing

START = date(2026, 1, 1)


def standing(shown="100", *, counted="100", charged=None, history=(), digits=5, on=START):
    return Standing(
        meter="m",
        digits=digits,
        registers=("total",),
        start_on=date(2025, 1, 1),
        end_on=None,
        read_on=on,
        shown=(Decimal(shown),),
        counted=(Decimal(counted),),
        latest_on=on,
        charged=(Decimal(charged or counted),),
        history=tuple(
            Past(START - timedelta(days=30 * (len(history) - 1 - n)), Decimal(t)) for n, t in enumerate(history)
        ),
    )


@pytest.mark.parametrize(
    ("before", "now", "digits", "went"),
    [("1203", "1251", 5, "48"), ("99990", "15", 5, "25"), ("990", "0", 3, "10"), ("7", "7", 5, "0")],
)
def test_a_display_goes_forward_also_past_its_last_digit(before, now, digits, went):
    assert rules.forward(Decimal(before), Decimal(now), digits) == Decimal(went)


@pytest.mark.parametrize(
    ("shown", "days", "found"),
    [
        ("130", 30, None),
        ("189", 30, None),
        ("191", 30, Anomaly.TOO_MUCH),
        ("100", 30, Anomaly.NOTHING),
        ("100", 5, None),
        ("90", 30, Anomaly.LOWER),
    ],
)
def test_a_reading_is_doubtful_when_lower_nothing_or_far_beyond_the_usual(shown, days, found):
    usual = standing(history=("10", "40", "70", "100"))
    assert rules.anomaly(usual, [Decimal(shown)], START + timedelta(days=days), Decimal(3)) == found


def test_a_lower_reading_that_is_the_usual_usage_has_gone_past_the_last_digit():
    usual = standing("99990", history=("99900", "99930", "99960", "99990"), counted="99990")
    assert rules.anomaly(usual, [Decimal("20")], START + timedelta(days=30), Decimal(3)) is None
    assert rules.follow(usual, [Decimal("20")]).counted == (Decimal("100020"),)


def test_nothing_is_no_wonder_where_there_was_nothing_before():
    empty = standing(history=("40", "40", "70", "100"))
    assert rules.anomaly(empty, [Decimal(100)], START + timedelta(days=30), Decimal(3)) is None


def test_a_meter_without_a_past_is_doubtful_only_when_it_goes_back():
    new = standing(history=("100",))
    assert rules.anomaly(new, [Decimal(9000)], START + timedelta(days=30), Decimal(3)) is None
    assert rules.anomaly(new, [Decimal(99)], START + timedelta(days=30), Decimal(3)) is Anomaly.LOWER


def test_an_estimate_goes_on_at_the_usual_pace():
    usual = standing(history=("10", "40", "70", "100"))
    assert rules.estimate(usual, START + timedelta(days=30)) == (Decimal(130),)
    assert rules.estimate(standing(history=("100",)), START + timedelta(days=30)) is None


def test_what_was_charged_too_much_by_estimate_is_worked_off_by_what_follows():
    after_estimate = standing(charged="150")
    low = rules.follow(after_estimate, [Decimal(120)])
    assert (low.counted, low.charged) == ((Decimal(120),), (Decimal(150),))
    caught_up = standing("120", counted="120", charged="150")
    assert rules.follow(caught_up, [Decimal(170)]).charged == (Decimal(170),)


def mark(nth, on, charged, *, estimate=False):
    return Mark(nth, on, (Decimal(charged),), (Decimal(charged),), estimate)


def metered(first, before, after, *, waiting=False, factor="1"):
    return Metered("m", "W1", ("total",), Decimal(factor), first, before, after, waiting)


def test_usage_says_from_which_display_to_which():
    first = mark(1, START, "0")
    used = rules.usage_of([metered(first, mark(2, START, "1203"), mark(3, date(2026, 2, 3), "1251"), factor="2")])
    (segment,) = used.segments
    assert (segment.start, segment.end, segment.quantity, used.quantity) == (
        Decimal(1203),
        Decimal(1251),
        Decimal(96),
        Decimal(96),
    )
    assert used.gap is None


def test_an_exchange_makes_two_segments():
    old = metered(mark(1, START, "0"), mark(2, START, "100"), mark(3, START + timedelta(days=9), "110"))
    opened = mark(4, START + timedelta(days=9), "0")
    new = metered(opened, None, mark(5, START + timedelta(days=29), "15"))
    assert rules.usage_of([old, new]).quantity == Decimal(25)


@pytest.mark.parametrize(
    ("meters", "gap"),
    [
        ([], Gap.NO_METER),
        ([metered(mark(1, START, "0"), mark(1, START, "0"), None)], Gap.NO_READING),
        ([metered(mark(1, START, "0"), None, mark(1, START, "0"))], Gap.NO_READING),
        ([metered(mark(1, START, "0"), None, mark(2, START, "9"), waiting=True)], Gap.WAITING),
    ],
)
def test_what_cannot_be_told_is_a_gap_and_never_nothing(meters, gap):
    used = rules.usage_of(meters)
    assert (used.gap, used.segments) == (gap, ())


GOES = st.lists(st.tuples(st.integers(0, 99_999), st.booleans()), min_size=1, max_size=12)


@given(GOES)
def test_what_is_charged_never_goes_back_and_catches_up_with_what_went_through(goes):
    """Each step is what a real reading shows after it, or an estimate of the moment's whim."""
    now = standing("0", counted="0")
    before, real = Decimal(0), Decimal(0)
    for value, is_estimate in goes:
        followed = rules.follow(now, [Decimal(value)])
        assert followed.charged[0] >= before
        before = followed.charged[0]
        kept = now if is_estimate else standing(str(value), counted=str(followed.counted[0]))
        real = real if is_estimate else followed.counted[0]
        now = standing(str(kept.shown[0]), counted=str(kept.counted[0]), charged=str(before))
    assert before >= real
    last = rules.follow(now, [now.shown[0]])
    assert last.charged[0] == max(before, real)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=10), st.data())
def test_usage_is_the_same_however_the_days_are_cut(steps, data):
    marks, total = [mark(0, START, "0")], 0
    for nth, step in enumerate(steps, start=1):
        total += step
        marks.append(mark(nth, START + timedelta(days=10 * nth), str(total)))
    cut = data.draw(st.integers(1, len(steps) - 1))
    whole = rules.usage_of([metered(marks[0], marks[0], marks[-1])])
    one = rules.usage_of([metered(marks[0], marks[0], marks[cut])])
    two = rules.usage_of([metered(marks[0], marks[cut], marks[-1])])
    assert one.quantity + two.quantity == whole.quantity == Decimal(total)


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"shown": [Decimal(-1)]}, "shown"),
        ({"shown": [Decimal(100_000)]}, "shown"),
        ({"shown": [Decimal(1), Decimal(2)]}, "shown"),
        ({"on": date(2026, 3, 1)}, "read_on"),
        ({"on": date(2024, 12, 31)}, "read_on"),
        ({"on": START - timedelta(days=1)}, "read_on"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_by_field(given_, field):
    asked = {"shown": [Decimal(120)], "on": date(2026, 2, 1)} | given_
    wrong = rules.refusal(standing(), asked["shown"], asked["on"], today=date(2026, 2, 1))
    assert wrong is not None
    assert wrong[0] == field
    assert rules.refusal(standing(), [Decimal(120)], date(2026, 2, 1), today=date(2026, 2, 1)) is None


def test_days_that_were_billed_take_no_reading_and_the_days_behind_them_do():
    meter, today = replace(standing(), billed_on=date(2026, 1, 30)), date(2026, 2, 1)
    wrong = rules.refusal(meter, [Decimal(120)], date(2026, 1, 30), today=today)
    assert wrong is not None
    assert wrong[0] == "read_on"
    assert rules.refusal(meter, [Decimal(120)], date(2026, 1, 31), today=today) is None


def test_meters_are_walked_past_in_the_order_in_which_people_count_doors():
    doors = ["10-1-101", "2-1-1001", "2-1-201", "1-2-101"]
    keys = [(rules.walk_key(door, "", rules.Kind.GAS, "G"), door) for door in doors]
    assert [door for _key, door in sorted(keys)] == ["1-2-101", "2-1-201", "2-1-1001", "10-1-101"]
