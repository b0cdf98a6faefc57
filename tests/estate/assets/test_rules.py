"""What is due when, what is worth what, and what a sheet says: worked tables, and laws that hold for all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.assets import rules
from linli.estate.assets.rules import AssetKind, Every, Outcome, Rhythm, Worth
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.sheets import Row

JAN_31 = date(2026, 1, 31)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
rhythms = st.builds(Rhythm, st.integers(1, 48), st.sampled_from(Every), days)


@pytest.mark.parametrize(
    ("k", "due_on"),
    [
        (0, "2026-01-31"),
        (1, "2026-02-28"),
        (2, "2026-03-31"),
        (3, "2026-04-30"),
        (25, "2028-02-29"),
        (26, "2028-03-31"),
    ],
)
def test_a_monthly_date_of_the_31st_comes_back_to_the_31st(k, due_on):
    assert Rhythm(1, Every.MONTHS, JAN_31).nth(k) == date.fromisoformat(due_on)


@pytest.mark.parametrize(
    ("last_due", "done_on", "expected", "skipped"),
    [
        (None, None, "2026-01-31", 0),
        ("2026-01-31", "2026-01-28", "2026-02-28", 0),
        ("2026-01-31", "2026-02-05", "2026-02-28", 0),
        ("2026-01-31", "2026-02-28", "2026-03-31", 1),
        ("2026-01-31", "2026-05-02", "2026-05-31", 3),
        ("2026-02-28", None, "2026-03-31", 0),
    ],
)
def test_whoever_comes_late_skips_dates_and_whoever_comes_early_moves_none(last_due, done_on, expected, skipped):
    rhythm = Rhythm(1, Every.MONTHS, JAN_31)
    last = date.fromisoformat(last_due) if last_due else None
    done = date.fromisoformat(done_on) if done_on else None
    due_on = rules.next_due(rhythm, last_due=last, done_on=done)
    assert (due_on, rules.skipped(rhythm, last_due=last, due_on=due_on)) == (date.fromisoformat(expected), skipped)


@given(rhythms, days)
def test_the_next_date_is_the_first_of_the_grid_after_a_day(rhythm, day):
    k = rhythm.number_after(day)
    assert rhythm.nth(k) > day or day < rhythm.anchor
    assert k == 0 or rhythm.nth(k - 1) <= day


@given(rhythms, st.integers(0, 60))
def test_dates_rise_and_never_leave_the_grid(rhythm, k):
    due_on = rhythm.nth(k)
    following = rules.next_due(rhythm, last_due=due_on, done_on=None)
    assert following == rhythm.nth(k + 1)
    assert following > due_on


def test_a_rhythm_of_nothing_is_refused():
    with pytest.raises(Invalid):
        Rhythm(0, Every.DAYS, JAN_31)


@pytest.mark.parametrize(
    ("left", "stage"), [(90, None), (60, 60), (45, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-40, 0)]
)
def test_reminders_come_in_stages_until_the_certificate_has_expired(left, stage):
    assert rules.reminder_stage(JAN_31 + timedelta(days=left), JAN_31, (60, 30, 7)) == stage


LIFT = Worth(Money.parse("1000.00"), Money.parse("50.00"), 7, date(2026, 1, 15))


@pytest.mark.parametrize(
    ("on", "months", "of_month", "so_far", "left"),
    [
        ("2025-12-31", 0, "0.00", "0.00", "1000.00"),
        ("2026-01-31", 0, "0.00", "0.00", "1000.00"),
        ("2026-02-01", 1, "135.71", "135.71", "864.29"),
        ("2026-03-31", 2, "135.72", "271.43", "728.57"),
        ("2026-04-30", 3, "135.71", "407.14", "592.86"),
        ("2026-08-31", 7, "135.71", "950.00", "50.00"),
        ("2026-09-01", 7, "0.00", "950.00", "50.00"),
    ],
)
def test_straight_line_depreciation_of_a_worked_table(on, months, of_month, so_far, left):
    found = rules.depreciated(LIFT, date.fromisoformat(on))
    assert (found.months, str(found.of_month), str(found.so_far), str(found.left)) == (months, of_month, so_far, left)


@given(
    st.integers(0, 10_000_000), st.integers(0, 100), st.integers(1, 120), st.dates(date(2015, 1, 1), date(2025, 12, 31))
)
def test_the_months_of_a_whole_life_add_up_to_the_fen(cost, salvage_percent, life_months, bought_on):
    worth = Worth(Money(cost), Money(cost * salvage_percent // 100), life_months, bought_on)
    month, taken = bought_on.replace(day=1), Money.zero
    for _nth in range(life_months + 2):
        found = rules.depreciated(worth, month)
        taken += found.of_month
        assert found.of_month >= Money.zero
        assert found.left == worth.cost - taken
        month = (month + timedelta(days=32)).replace(day=1)
    assert taken == worth.cost - worth.salvage


@pytest.mark.parametrize(
    ("cost", "salvage", "life"), [("1.00", "2.00", 12), ("1.00", "0.00", 0), ("1.00", "0.00", 601)]
)
def test_what_makes_no_sense_is_not_depreciated(cost, salvage, life):
    with pytest.raises(Invalid):
        Worth(Money.parse(cost), Money.parse(salvage), life, JAN_31)


def test_a_checklist_is_trimmed_and_every_item_is_answered():
    assert rules.checked_items([" 门锁 ", "", "门锁", "制动器"]) == ("门锁", "制动器")
    with pytest.raises(Invalid):
        rules.checked_items(["", " "])
    with pytest.raises(Invalid) as missing:
        rules.answered(("门锁", "制动器"), [(Outcome.OK, "")])
    assert missing.value.field == "items.1"
    with pytest.raises(Invalid) as silent:
        rules.answered(("门锁",), [(Outcome.FINDING, " ")])
    assert silent.value.field == "words.0"


def test_a_row_of_a_sheet_names_each_cell_that_cannot_be_read():
    fine = rules.wanted(Row(2, {"kind": "水泵", "name": "生活泵", "place": "地下一层", "cost": "￥12,000.00"}))
    assert (fine.kind, fine.cost, dict(fine.wrong)) == (AssetKind.PUMP, Money(1_200_000), {})
    wrong = rules.wanted(
        Row(3, {"kind": "飞机", "name": "", "place": "x", "cost": "1.234", "bought_on": "昨天", "life_months": "-3"})
    )
    assert set(wrong.wrong) == {"kind", "name", "cost", "bought_on", "life_months"}
    idle = rules.wanted(Row(4, {"kind": "pump", "name": "x", "place": "x", "life_months": "12"}))
    assert set(idle.wrong) == {"life_months"}
