"""Lists as sheets to take away: the rows that a page shows, as a workbook or as CSV, in the reader's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import islice

from django.http import HttpResponse

from linli.faces.shell import messages, voice
from linli.faces.shell.downloads import download
from linli.faces.shell.forms import Fields
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.spine.progress import Progress

MOST_ROWS = 20_000
"""A sheet of more rows is asked for in parts: by community, state or month."""
AT_ONCE = 2_000
"""A sheet of more rows is not waited for: the worker makes it (taking_away), while whoever asked goes on."""
TELL_EVERY = 500
_making: ContextVar[Progress | None] = ContextVar("making", default=None)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = object


class TooLongToWait(Exception):
    """The list is long: it is made by the worker, which asks the same page for it."""


@contextmanager
def making_whole(tell: Progress) -> Iterator[None]:
    """This will have pages make their lists whole, however long, and tell how far they are."""
    token = _making.set(tell)
    try:
        yield
    finally:
        _making.reset(token)


def most_rows() -> int:
    """This will say how many rows a page asks for that makes a sheet: all, or one more than are made at once."""
    return AT_ONCE + 1 if _making.get() is None else MOST_ROWS


def sheet(query: Fields, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """This will answer with a list as a file: `?form=csv`, else a workbook. `columns` are said already.

    A list that is too long to be waited for is left to the worker.
    """
    tell = _making.get()
    if tell is not None:
        rows = _told(rows, tell)
    elif len(rows := list(islice(rows, AT_ONCE + 1))) > AT_ONCE:
        raise TooLongToWait
    if query.raw("form") == "csv":
        return download(f"{name}.csv", "text/csv", _csv(columns, rows))
    return download(f"{name}.xlsx", XLSX, _xlsx(columns, rows))


def _told(rows: Iterable[Sequence[Cell]], tell: Progress) -> Iterator[Sequence[Cell]]:
    whole = list(rows)
    for n, row in enumerate(whole):
        if n % TELL_EVERY == 0:
            tell(n, len(whole), _("Writing the rows"))
        yield row
    tell(len(whole), len(whole))


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
