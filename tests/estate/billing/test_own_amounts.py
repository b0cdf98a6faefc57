"""Homes charged by a sheet, each with amounts of its own: all of it or nothing, and repeatable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from builders import AT
from builders.billing import a_desk
from builders.sheets import a_csv
from linli.estate.billing import actions, queries
from linli.estate.billing.actions import AmountsTaken
from linli.estate.billing.actions.own_amounts import AmountsRefused
from linli.estate.billing.models import Assignment, DraftLine, Line
from linli.estate.billing.rules import TariffDraft
from linli.kernel.refusals import Invalid, NotFound

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
HEADING = ["楼栋", "单元", "房号", "开始日期", "结束日期"]


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def homes(desk):
    return desk.a_home("3-1-501"), desk.a_home("3-1-502"), desk.a_home("3-1-503")


def takes(desk, item, *rows, also="金额"):
    return actions.import_amounts(
        desk.scope,
        item=item,
        community=desk.community.id,
        file_name="amounts.csv",
        content=a_csv(*rows, heading=[*HEADING, also]),
        today=TODAY,
        at=AT,
    )


def test_amounts_of_a_month_are_billed_as_they_were_brought_and_where_one_lacks_the_line_stops(desk, homes):
    """Heat worked out by somebody else for March: 80.10 and 0.00; the third home has no amount and is not billed."""
    heat = desk.priced(desk.an_item("heat"), "imported")
    rows = ["3", "1", "501", "", "", "80.10"], ["3", "1", "502", "", "", "0"]
    assert takes(desk, heat, *rows) == AmountsTaken(2, 0, 0)
    desk.charged(heat, homes[2])
    month = {"community": desk.community.id, "first_on": date(2026, 3, 1), "at": AT}
    actions.draft_month(desk.scope, **month)
    stopped = DraftLine.objects.inside().exclude(stop="").get()
    assert (stopped.subject, stopped.stop, stopped.about) == (homes[2].id, "missing", "amount")
    actions.issue_month(desk.scope, without_stopped=True, **month)
    lines = {line.subject: line.amount_minor for line in Line.objects.inside().filter(item=heat)}
    assert lines[homes[0].id] == 80_10
    assert homes[2].id not in lines
    actions.draft_month(desk.scope, community=desk.community.id, first_on=date(2026, 4, 1), at=AT)
    assert not DraftLine.objects.inside().filter(subject=homes[0].id).exists(), "it was for March alone"


def test_the_same_sheet_twice_changes_nothing_and_a_corrected_one_what_was_not_billed_yet(desk, homes):
    rent = desk.priced(desk.an_item("rent"), "rent", rent="1000")
    rows = ["3", "1", "501", "2026-03-01", "", "1,250.50"], ["3", "1", "502", "2026-03-01", "2026-08-31", "900"]
    assert takes(desk, rent, *rows, also="租金") == AmountsTaken(2, 0, 0)
    assert takes(desk, rent, *rows, also="租金") == AmountsTaken(0, 0, 2)
    assert takes(desk, rent, ["3", "1", "501", "2026-03-01", "", "1300"], also="租金") == AmountsTaken(0, 1, 0)
    held = Assignment.objects.inside().get(item=rent, subject=homes[0].id)
    assert (held.parameters, held.end_on) == ({"rent": "1300"}, None)
    assert Assignment.objects.inside().get(item=rent, subject=homes[1].id).end_on == date(2026, 9, 1)
    desk.issued(date(2026, 3, 1))
    assert Line.objects.inside().get(item=rent, subject=homes[0].id).amount_minor == 1300_00
    with pytest.raises(AmountsRefused):
        takes(desk, rent, ["3", "1", "501", "2026-03-01", "", "1400"], also="租金")
    assert Assignment.objects.inside().get(item=rent, subject=homes[0].id).parameters == {"rent": "1300"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["3", "1", "509", "", "", "5"], "房号"),
        (["3", "1", "501", "March", "", "5"], "开始日期"),
        (["3", "1", "501", "2026-03-02", "2026-03-01", "5"], "结束日期"),
        (["3", "1", "501", "", "", "five"], "金额"),
        (["3", "1", "501", "", "", ""], "金额"),
        (["3", "1", "502", "", "", "5"], "房号"),
    ],
)
def test_a_wrong_cell_is_named_and_nobody_is_charged(desk, homes, row, column):
    heat = desk.priced(desk.an_item("heat"), "imported")
    with pytest.raises(AmountsRefused) as refused:
        takes(desk, heat, ["3", "1", "502", "", "", "7"], row)
    assert refused.value.values["row"] == 3
    assert refused.value.values["column"]["zh"] == column
    assert not Assignment.objects.inside().filter(item=heat).exists()


def test_who_is_charged_already_on_some_of_the_days_is_not_charged_twice(desk, homes):
    rent = desk.priced(desk.an_item("rent"), "rent", rent="1000")
    desk.charged(rent, homes[0])
    with pytest.raises(AmountsRefused):
        takes(desk, rent, ["3", "1", "501", "", "", "5"], also="租金")
    assert Assignment.objects.inside().filter(item=rent).count() == 1


def test_an_amount_that_the_formula_would_divide_by_is_proved_home_by_home(desk, homes):
    item = desk.an_item("shared")
    draft = TariffDraft(formula="home.area * price / parts", parameters={"price": "2", "parts": "4"})
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
    assert {column.name for column in actions.amount_columns(desk.scope, item=item)[5:]} == {"price", "parts"}
    with pytest.raises(AmountsRefused):
        takes(desk, item, ["3", "1", "501", "", "", "0"], also="parts")
    assert takes(desk, item, ["3", "1", "501", "", "", "2"], also="parts").new == 1
    (held,) = queries.charged_homes(desk.scope, item=item, community=desk.community.id, on=TODAY)
    assert {name: Decimal(value) for name, value in held.own.items()} == {"parts": Decimal(2)}
    later = TariffDraft(formula="home.area * price / (parts - 2)", parameters={"price": "2", "parts": "4"})
    with pytest.raises(Invalid):
        actions.set_tariff(desk.scope, item=item, draft=later, start_on=date(2027, 1, 1), at=AT)


def test_another_companys_community_is_not_there(desk, homes):
    other = a_desk()
    item = other.priced(other.an_item("rent"), "rent", rent="1000")
    with pytest.raises(NotFound):
        actions.import_amounts(
            other.scope,
            item=item,
            community=desk.community.id,
            file_name="a.csv",
            content=a_csv(["3", "1", "501", "", "", "5"], heading=[*HEADING, "租金"]),
            today=TODAY,
            at=AT,
        )
