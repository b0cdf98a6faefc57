"""`linli import homes FILE --community NAME` as a newcomer tries it: looked at, asked, all or nothing, repeatable."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders import a_community
from builders.billing import Desk, a_desk
from linli.config.commands.import_places import import_sheet
from linli.estate.intake import queries
from linli.ground.places import queries as places

pytestmark = pytest.mark.django_db
HEADING = "楼栋,单元,房号,建筑面积,姓名,手机,收费项目,期初欠费,电表号,电表读数"


@pytest.fixture
def desk() -> Desk:
    found = a_desk()
    found.priced(found.an_item("property_fee"), price="2.85")
    return found


def rows(count: int) -> list[str]:
    return [
        f"{n // 40 + 1},1,{n % 40:03},89.37,王芳{n},137555{n:05},property_fee,12.50,E-{n},{n}" for n in range(count)
    ]


def run(tmp_path: Path, *lines: str, community: str | None = None, answer: str = "", heading: str = HEADING) -> Result:
    sheet = tmp_path / "homes.csv"
    sheet.write_bytes("\n".join([heading, *lines]).encode("gb18030"))
    named = ["--community", community] if community else []
    return CliRunner().invoke(import_sheet, ["homes", str(sheet), *named], input=answer)


def homes(desk: Desk) -> int:
    return len(places.doors(desk.community.id))


def test_a_good_sheet_is_shown_asked_about_and_taken_over_once(tmp_path: Path, desk: Desk) -> None:
    done = run(tmp_path, *rows(3), answer="y\n")
    assert done.exit_code == 0, done.output
    assert "3 rows: 3 new, 0 changed, 0 the same." in done.output
    assert "3 homes, 3 items, 3 meters, 3 openings, 3 persons." in done.output
    (batch,) = queries.batches(desk.scope, community=desk.community.id)
    assert f"Taken over as batch {batch.id}" in done.output
    again = run(tmp_path, *rows(3))
    assert (again.exit_code, homes(desk)) == (0, 3)
    assert "Everything is known already." in again.output


def test_who_says_no_imports_nothing(tmp_path: Path, desk: Desk) -> None:
    assert run(tmp_path, *rows(3), answer="n\n").exit_code == 1
    assert homes(desk) == 0


def test_a_sheet_with_half_of_its_rows_wrong_names_their_cells_and_imports_nothing(tmp_path: Path, desk: Desk) -> None:
    some = rows(600)
    some[::2] = [row.replace("89.37", "large") for row in some[::2]]
    done = run(tmp_path, *some)
    assert done.exit_code == 1
    assert "row 2, 建筑面积: “large” is not an area in square metres." in done.output
    assert "and 100 more" in done.output
    assert "Please correct these cells and try again. Nothing was imported." in done.output
    assert homes(desk) == 0


def test_a_sheet_with_other_columns_is_refused_in_one_sentence(tmp_path: Path, desk: Desk) -> None:
    done = run(tmp_path, "1,2", heading="street,planet")
    assert done.exit_code == 1
    assert "A column is missing: building, home. Another one is not known here: street, planet." in done.output
    assert "Traceback" not in done.output


def test_a_community_is_named_where_there_are_several_and_needs_a_company(tmp_path: Path, desk: Desk) -> None:
    a_community("桂花苑")
    assert "Please name one community by --community" in run(tmp_path, *rows(1)).output
    assert "No property company looks after this community yet." in run(tmp_path, *rows(1), community="桂花苑").output
    named = run(tmp_path, *rows(1), community=str(desk.community.id), answer="y\n")
    assert (named.exit_code, homes(desk)) == (0, 1)


def test_a_thousand_homes_go_in_with_a_bar_that_reaches_its_end(tmp_path: Path, desk: Desk) -> None:
    done = run(tmp_path, *rows(1000), answer="y\n")
    assert done.exit_code == 0, done.output
    assert homes(desk) == 1000
    assert "1000 homes, 1000 items, 1000 meters, 1000 openings, 1000 persons." in done.output
