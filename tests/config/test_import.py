"""`linli import places FILE` shows errors at their cells and imports everything or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders.sheets import a_csv, a_row
from linli.config.commands.import_places import import_sheet
from linli.ground.places import queries

pytestmark = pytest.mark.django_db


def run(tmp_path: Path, content: bytes, *options: str, answer: str = "") -> Result:
    sheet = tmp_path / "places.csv"
    sheet.write_bytes(content)
    return CliRunner().invoke(import_sheet, ["places", str(sheet), *options], input=answer)


def test_a_good_sheet_is_shown_and_taken_in_once(tmp_path: Path) -> None:
    first = run(tmp_path, a_csv(a_row(1), a_row(2)), "--yes")
    assert "2 rows: 1 communities, 1 buildings, 2 homes." in first.output
    assert "Added 1 communities and 2 homes." in first.output
    again = run(tmp_path, a_csv(a_row(1), a_row(2)), "--yes")
    assert (again.exit_code, len(queries.communities())) == (0, 1)
    assert "Everything was known already." in again.output


def test_without_yes_it_asks_first(tmp_path: Path) -> None:
    assert run(tmp_path, a_csv(a_row(1)), answer="n\n").exit_code == 1
    assert queries.communities() == ()
    assert run(tmp_path, a_csv(a_row(1)), answer="y\n").exit_code == 0
    assert len(queries.communities()) == 1


def test_errors_are_told_at_their_cells_and_nothing_is_imported(tmp_path: Path) -> None:
    done = run(tmp_path, a_csv(a_row(1), a_row(2, lat="north")), "--yes")
    assert done.exit_code == 1
    assert "row 3, lat: “north” is not a number of degrees." in done.output
    assert "Nothing was imported." in done.output
    assert queries.communities() == ()


@pytest.mark.parametrize("content", [b"", b"city,planet\n", b"city\xff\xff\xff\n", b"x" * (10 * 1024 * 1024 + 1)])
def test_what_is_no_sheet_of_places_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    done = run(tmp_path, content, "--yes")
    assert done.exit_code == 1
    assert done.output.startswith("Error: ") or "\nError: " in done.output
    assert "Traceback" not in done.output
    assert queries.communities() == ()
