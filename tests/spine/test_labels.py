"""Labels count up within a kind, a place and a day."""

from __future__ import annotations

from datetime import date

import pytest

from linli.kernel import ids
from linli.spine.labels import next_label

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def test_labels_count_up_for_each_kind_place_and_day():
    here, there = ids.new(), ids.new()
    assert [next_label("DP", place=here, day=DAY) for _ in range(3)] == [f"DP-260302-000{n}" for n in (1, 2, 3)]
    assert next_label("DP", place=there, day=DAY) == "DP-260302-0001"
    assert next_label("GR", place=here, day=DAY) == "GR-260302-0001"
    assert next_label("DP", place=here, day=date(2026, 3, 3)) == "DP-260303-0001"


@pytest.mark.parametrize("prefix", ["dp", "D", "DPXX", "D1", ""])
def test_a_prefix_is_two_or_three_capitals(prefix):
    with pytest.raises(ValueError, match="capitals"):
        next_label(prefix, place=ids.new(), day=DAY)
