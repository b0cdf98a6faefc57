"""Sheets of places for tests."""

from __future__ import annotations

import io

from openpyxl import Workbook

HEADING = ["city", "district", "community", "lat", "lon", "building", "unit", "home", "area_m2"]
CHINESE = ["城市", "区", "小区", "纬度", "经度", "楼栋", "单元", "房号", "面积"]


def a_row(number: int = 1, **cells: object) -> list[object]:
    good = {
        "city": "江城",
        "district": "滨江区",
        "community": "幸福家园",
        "lat": 30.25,
        "lon": 120.16,
        "building": "3",
        "unit": "2",
        "home": str(100 + number),
        "area_m2": 89.5,
    }
    return list((good | cells).values())


def a_csv(*rows: list[object], heading: list[str] = HEADING, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in [heading, *rows]).encode(encoding)


def a_workbook(*rows: list[object], heading: list[str] = HEADING) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in [heading, *rows]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()
