"""Lists as sheets: figures stay figures, words never become formulas."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

from django.http import QueryDict
from openpyxl import load_workbook

from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.sheets import sheet
from linli.kernel.money import Money

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ROW = ("=1+1", Money(-120450), 7, Decimal("89.37"), None, date(2026, 3, 2), AT, True)
COLUMNS = tuple("abcdefgh")


def asked(form: str):
    voice.speak("en", at=AT)
    return sheet(Fields(QueryDict(f"form={form}")), "list", COLUMNS, [ROW])


def test_a_csv_escapes_what_a_spreadsheet_would_evaluate_and_leaves_figures_alone():
    answer = asked("csv")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "a,b,c,d,e,f,g,h",
        "'=1+1,-1204.50,7,89.37,,2026-03-02,2026-03-02 10:00,yes",
    ]
    assert "list.csv" in answer["Content-Disposition"]


def test_a_workbook_holds_figures_as_numbers_and_words_as_words():
    page = load_workbook(io.BytesIO(asked("xlsx").content)).active
    assert [cell.value for cell in page[2]] == [
        "=1+1", -1204.5, 7, 89.37, "", "2026-03-02", "2026-03-02 10:00", "yes",
    ]  # fmt: skip
    assert page["A2"].data_type in ("s", "inlineStr")
