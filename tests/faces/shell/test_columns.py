"""Columns that were put away stay away as the page comes; each list of a page keeps its own."""

from __future__ import annotations

from linli.faces.shell import columns
from linli.faces.shell.columns import Choice


def test_a_short_or_narrow_list_offers_no_choice():
    columns.begin({"without": "3"})
    assert columns.choice(4, 100) is None
    assert columns.choice(8, 7) is None


def test_the_address_says_which_columns_are_put_away_list_by_list():
    columns.begin({"without": "5-3", "without.1": "2"})
    assert columns.choice(8, 8) == Choice("without", "3 5")
    assert columns.choice(8, 8) == Choice("without.1", "2")
    assert columns.choice(8, 8) == Choice("without.2", "")


def test_what_is_no_column_is_passed_over_and_the_first_one_stays():
    columns.begin({"without": "1-2-99-x-4-0000003"})
    assert columns.choice(6, 8) == Choice("without", "2 4")
