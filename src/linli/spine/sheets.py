"""Sheets: a spreadsheet or CSV that a person made, turned into rows of text, or refused in words that help.

Every cell comes out as text: a formula is the text of the formula and is never evaluated, a number is written without
an exponent. Sizes are limited before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from linli.kernel.refusals import Refusal
from linli.kernel.words import _

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 64
MOST_CELL_CHARACTERS = 500
ENCODINGS = ("utf-8-sig", "gb18030")
_DAY = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))(?:[ T].*)?", re.ASCII
)
"""A day as people and programs write it: 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日, 20260302; a time may follow."""


class SheetUnreadable(Refusal):
    """The bytes are neither a CSV in a known encoding nor an .xlsx workbook."""

    says = _("This file cannot be read as a table. Please save it as .xlsx, or as .csv in UTF-8 or GB18030.")
    status = 422


class SheetTooLarge(Refusal):
    """More bytes, rows or columns than one import may carry."""

    says = _("This file is too large: at most {most_rows} rows, {most_columns} columns and {most_mib} MiB.")
    status = 413

    def __init__(self) -> None:
        super().__init__(
            field="file", most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, most_mib=MOST_BYTES // 1024 // 1024
        )


class NoRows(Refusal):
    """The sheet has a heading and nothing beneath it."""

    says = _("There is nothing in this sheet but its first line.")
    status = 422


class WrongColumns(Refusal):
    """The heading lacks a column, and has another that nobody knows: it is called otherwise."""

    says = _("A column is missing: {missing}. Another one is not known here: {unknown}.")
    status = 422


class MissingColumns(WrongColumns):
    """The heading lacks a column."""

    says = _("A column is missing: {missing}.")


class UnknownColumns(WrongColumns):
    """The heading has a column that nobody knows: what stands in it would be lost."""

    says = _("A column is not known here: {unknown}. Please take it out or call it otherwise.")


class DoubledColumns(WrongColumns):
    """The heading has a column twice, so that nobody knows which counts."""

    says = _("A column is there twice: {twice}.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name and by what people call it; case and spaces around it do not matter."""

    name: str
    also: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell. `row` counts as the spreadsheet does (the heading is 1); `reason` is a message id.

    `heading` is the column as this sheet calls it, empty where it has no such column.
    """

    row: int
    column: str
    reason: str
    value: str = ""
    heading: str = ""

    def __str__(self) -> str:
        return self.reason.format(value=self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text by column name; a column that the file lacks is empty text.

    `headings`: how the sheet itself calls the columns it has; one mapping for all of its rows.
    """

    number: int
    cells: dict[str, str]
    headings: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, reason: str, value: str = "") -> RowError:
        """This will say what is wrong in a cell, so that whoever wrote the sheet finds it by its own heading."""
        return RowError(self.number, column, reason, value, self.headings.get(column, ""))


def read(file_name: str, content: bytes, columns: Sequence[Column]) -> tuple[Row, ...]:
    """This will give the rows that are not empty, or refuse the whole file."""
    if len(content) > MOST_BYTES:
        raise SheetTooLarge
    lines = _workbook(content) if content.startswith(b"PK\x03\x04") else _csv(file_name, content)
    heading = next(lines, None)
    if heading is None:
        raise SheetUnreadable(field="file")
    names = _columns_of(heading[1], columns)
    headings = {name: written for name, written in zip(names, heading[1], strict=False) if name}
    rows: list[Row] = []
    for number, cells in lines:
        named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        if any(named.values()):
            rows.append(Row(number, named, headings))
        if len(rows) > MOST_ROWS:
            raise SheetTooLarge
    if not rows:
        raise NoRows(field="file")
    return tuple(rows)


def heading_of(error: RowError, columns: Sequence[Column]) -> dict[str, str]:
    """This will name the column of a wrong cell as its sheet does, whatever language the reader's is; a column that
    the sheet lacks is named in the reader's."""
    return {"en": error.heading, "zh": error.heading} if error.heading else called(columns, error.column)


def called(columns: Sequence[Column], name: str) -> dict[str, str]:
    """This will name a column as its heading is written in each language, for whoever has to find a cell."""
    also = next((column.also for column in columns if column.name == name), ())
    return {"en": name, "zh": also[0] if also else name}


def day(text: str) -> date:
    """This will read a day in any of the usual ways of writing it; ValueError where there is none such."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    year, month, day_of_month = (int(part) for part in found.groups() if part and part.isdigit())
    return date(year, month, day_of_month)


def _listed(names: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Names in both languages as a list in each; nothing where there are none."""
    both = tuple(names)
    between = {"en": ", ", "zh": "、"}
    return (
        {language: comma.join(each[language] for each in both) for language, comma in between.items()} if both else {}
    )


def _columns_of(heading: Sequence[str], columns: Sequence[Column]) -> list[str]:
    while heading and not heading[-1]:
        heading = heading[:-1]
    if len(heading) > MOST_COLUMNS:
        raise SheetTooLarge
    known = {called.casefold(): c.name for c in columns for called in (c.name, *c.also)}
    names = [known.get(h.casefold(), "") for h in heading]
    missing = _listed(called(columns, c.name) for c in columns if c.required and c.name not in names)
    unknown = ", ".join(h[:40] or "?" for h, name in zip(heading, names, strict=True) if not name)
    twice = _listed(called(columns, name) for name in sorted({n for n in names if n and names.count(n) > 1}))
    if twice:
        raise DoubledColumns(field="file", twice=twice)
    if missing and unknown:
        raise WrongColumns(field="file", missing=missing, unknown=unknown)
    if missing:
        raise MissingColumns(field="file", missing=missing)
    if unknown:
        raise UnknownColumns(field="file", unknown=unknown)
    return names


def _csv(file_name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    if not file_name.casefold().endswith((".csv", ".txt")) or b"\0" in content:
        raise SheetUnreadable(field="file")
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    yield from _refusing((csv.Error,), lambda: ((reader.line_num, [_clean(c) for c in line]) for line in reader))


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable(field="file")


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    broken = (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, TypeError, AttributeError, IndexError)
    yield from _refusing(broken, lambda: _sheet_rows(content))


def _sheet_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
            raise SheetTooLarge
    from openpyxl import load_workbook  # half a second of start-up that only an import needs

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        # one row and one column beyond the limit, so that the limit is noticed
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)
        for number, cells in enumerate(rows, start=1):
            yield number, [_clean(_text(c)) for c in cells]
    finally:
        book.close()


def _refusing(
    broken: tuple[type[Exception], ...], lines: Callable[[], Iterable[tuple[int, list[str]]]]
) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from lines()
    except broken as error:
        raise SheetUnreadable(field="file") from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _clean(cell: str) -> str:
    return cell.strip().replace("\u3000", " ")[: MOST_CELL_CHARACTERS + 1]
