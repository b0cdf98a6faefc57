"""What a line of a batch says, who fetches, and when somebody is reminded."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.clock import AT
from linli.estate.parcels import rules
from linli.estate.parcels.rules import ParcelPolicy, Scan


@pytest.mark.parametrize(
    ("line", "scan"),
    [
        ("sf1234567890 3-2-501", Scan("SF1234567890", "3-2-501")),
        (" JT-12345,8000 ", Scan("JT-12345", "8000")),
        ("YT8888，8000", Scan("YT8888", "8000")),
        ("12345\t3-501", Scan("12345", "3-501")),
        ("12345", None),
        ("1234 3-2-501", None),
        ("SF12345 3-2-501 extra", None),
        ("", None),
    ],
)
def test_a_line_is_read_as_a_scanner_and_a_thumb_make_it(line, scan):
    assert rules.scan_of(line) == scan


@given(st.text(max_size=80))
def test_no_line_is_anything_but_a_scan_or_nothing(line):
    scan = rules.scan_of(line)
    assert scan is None or (5 <= len(scan.tracking) <= 40 and scan.to and " " not in scan.to)


@pytest.mark.parametrize(("to", "is_tail"), [("8000", True), ("800", False), ("3-501", False), ("80000", False)])
def test_four_figures_are_the_tail_of_a_phone(to, is_tail):
    assert Scan("SF12345", to).is_tail is is_tail


@pytest.mark.parametrize(
    ("lives", "fetch"),
    [
        ((), ()),
        ((("a", "owner"), ("b", "family")), ("a", "b")),
        ((("a", "owner"), ("b", "tenant"), ("c", "family")), ("b", "c")),
    ],
)
def test_whoever_lives_behind_the_door_may_fetch(lives, fetch):
    assert rules.who_fetches(lives) == fetch


@given(st.integers(0, 10), st.integers(1, 14), st.integers(0, 12))
def test_a_parcel_is_reminded_of_so_many_times_and_no_more(reminders, days, sent):
    policy = ParcelPolicy(reminders=reminders, remind_days=days)
    due = rules.next_reminder(AT, sent, policy)
    assert due == (AT + timedelta(days=days) if sent < reminders else None)


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (23, 0), (24, 1), (71, 2), (-5, 0)])
def test_an_age_is_whole_days(hours, days):
    assert rules.age_of(AT, AT + timedelta(hours=hours)) == days
