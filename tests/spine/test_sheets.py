"""A sheet becomes rows of text, or is refused as a whole in words that help."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.sheets import a_csv, a_workbook
from linli.spine import sheets
from linli.spine.sheets import Column, NoRows, SheetTooLarge, SheetUnreadable, WrongColumns

COLUMNS = (Column("name", ("名称", "Title"), required=True), Column("price", ("价格",)))
HEADING = ["name", "price"]


def cells(content: bytes, file_name: str = "a.csv") -> list[dict[str, str]]:
    return [row.cells for row in sheets.read(file_name, content, COLUMNS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_and_with_the_delimiters_of_common_programs(encoding, delimiter):
    content = a_csv(["大米", "12.5"], heading=["名称", "价格"], encoding=encoding, delimiter=delimiter)
    assert cells(content) == [{"name": "大米", "price": "12.5"}]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02",
        "2026-3-2",
        "2026/3/2",
        "2026/03/02 00:00",
        "2026.3.2",
        "2026年3月2日",
        "20260302",
        "2026-03-02T08:00",
    ],
)
def test_a_day_is_read_as_people_and_their_programs_write_it(written):
    assert sheets.day(written) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "written", ["", "2026", "02/03/2026", "2026-3/2", "2026-02-30", "46083", "soon", "2026-03-02x"]
)
def test_what_is_no_day_or_could_be_two_is_not_guessed(written):
    with pytest.raises(ValueError, match=r".*"):
        sheets.day(written)


def test_a_column_is_called_as_its_heading_is_written_in_each_language():
    assert sheets.called(COLUMNS, "price") == {"en": "price", "zh": "价格"}
    assert sheets.called(COLUMNS, "weight") == {"en": "weight", "zh": "weight"}


def test_a_wrong_cell_is_named_by_the_heading_that_its_sheet_has_in_whatever_language_it_is_read():
    for heading, called in ((["名称", "价格"], "价格"), (["name", "price"], "price"), (["Title", "PRICE"], "PRICE")):
        (row,) = sheets.read("a.csv", a_csv(["pear", "x"], heading=heading), COLUMNS)
        error = row.wrong("price", "not a price", row["price"])
        assert (error.row, error.value, error.heading) == (2, "x", called)
        assert sheets.heading_of(error, COLUMNS) == {"en": called, "zh": called}
    lacking = sheets.Row(2, {"name": "pear"}, {"name": "名称"}).wrong("price", "missing")
    assert sheets.heading_of(lacking, COLUMNS) == {"en": "price", "zh": "价格"}


def test_rows_keep_their_number_in_the_sheet_and_empty_ones_are_passed_over():
    rows = sheets.read("a.csv", b"name,price\r\n\r\nrice,1\r\n , \r\npear,\r\n", COLUMNS)
    assert [(row.number, row["name"], row["price"]) for row in rows] == [(3, "rice", "1"), (5, "pear", "")]


def test_a_workbook_gives_text_and_never_the_value_of_a_formula():
    content = a_workbook(["=1+1", 12.0], ["pear", 0.1], [date(2026, 3, 2), True], heading=["Title ", "PRICE"])
    assert cells(content, "a.xlsx") == [
        {"name": "=1+1", "price": "12"},
        {"name": "pear", "price": "0.1"},
        {"name": "2026-03-02T00:00:00", "price": "True"},
    ]


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        (["price"], "A column is missing: name."),
        (["name", "colour"], "A column is not known here: colour. Please take it out or call it otherwise."),
        (["colour", "price"], "A column is missing: name. Another one is not known here: colour."),
        (["name", "名称"], "A column is there twice: name."),
        (["name", "", "price"], "A column is not known here: ?. Please take it out or call it otherwise."),
    ],
)
def test_wrong_columns_are_named(heading, says):
    with pytest.raises(WrongColumns) as refused:
        cells(a_csv(heading=heading))
    assert str(refused.value) == says


def test_a_sheet_with_nothing_but_its_heading_is_refused():
    with pytest.raises(NoRows):
        cells(b"name,price\n,\n\n")


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"name\xff\xff\xff\n"),
        ("a.csv", b"name\0,price\n"),
        ("a.exe", b"name,price\n"),
        ("a.xls", b"\xd0\xcf\x11\xe0 an old workbook"),
        ("a.xlsx", b"PK\x03\x04 cut off"),
        ("a.csv", b'name,price\n"' + b"x" * 200_000),
    ],
)
def test_what_is_no_sheet_is_refused(file_name, content):
    with pytest.raises(SheetUnreadable):
        cells(content, file_name)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(SheetUnreadable):
        cells(out.getvalue(), "a.xlsx")


def test_too_many_bytes_rows_or_columns_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    rows = [["rice", "1"]] * 4
    for content in (a_csv(*rows, heading=HEADING), a_workbook(*rows, heading=HEADING)):
        with pytest.raises(SheetTooLarge):
            cells(content)
    assert len(cells(a_csv(*rows[:3], heading=HEADING))) == 3
    with pytest.raises(SheetTooLarge):
        cells(a_csv(heading=["name"] * 65))
    monkeypatch.setattr(sheets, "MOST_BYTES", 10)
    with pytest.raises(SheetTooLarge):
        cells(b"name,price\n")


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(monkeypatch):
    content = a_workbook(["rice", "1"], heading=HEADING)
    monkeypatch.setattr(sheets, "MOST_UNPACKED_BYTES", 1000)
    with pytest.raises(SheetTooLarge):
        cells(content, "a.xlsx")


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_refusal_and_never_a_defect(content):
    for name in ("a.csv", "a.xlsx"):
        try:
            sheets.read(name, content, COLUMNS)
        except (NoRows, SheetUnreadable, SheetTooLarge, WrongColumns):
            continue
