"""Lists as sheets to take away: the rows that a page shows, as a workbook or as CSV, in the reader's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from django.http import HttpResponse

from linli.faces.shell import messages, voice
from linli.faces.shell.downloads import download
from linli.faces.shell.forms import Fields
from linli.kernel.money import Money

MOST_ROWS = 20_000
"""A sheet of more rows is asked for in parts: by community, state or month."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = object


def sheet(query: Fields, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """This will answer with a list as a file: `?form=csv`, else a workbook. `columns` are said already."""
    if query.raw("form") == "csv":
        return download(f"{name}.csv", "text/csv", _csv(columns, rows))
    return download(f"{name}.xlsx", XLSX, _xlsx(columns, rows))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([str(cell) if _is_figure(cell) else _harmless(_text(cell)) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    import xlsxwriter  # loaded with the first download

    content = io.BytesIO()
    kept_small = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, kept_small)
    page, money = book.add_worksheet(), book.add_format({"num_format": "#,##0.00"})
    page.write_row(0, 0, columns)
    for n, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, Money):
                page.write_number(n, column, cell.minor / 100, money)
            elif _is_figure(cell):
                page.write_number(n, column, float(str(cell)))
            else:
                page.write_string(n, column, _text(cell))
    book.close()
    return content.getvalue()


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, Money | Decimal | int) and not isinstance(cell, bool)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return messages.gettext("yes") if cell else messages.gettext("no")
    if isinstance(cell, Enum):
        return messages.word(cell)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(voice.current().zone):%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
