"""Readings from a sheet: first which cells are wrong and what is doubtful, then all of it or nothing; repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from linli.estate.metering import rules
from linli.estate.metering.actions.reading import (
    MOST_READINGS,
    Judged,
    ReadingRow,
    Taken,
    judge,
    replace_estimates,
    write,
)
from linli.estate.metering.models import Meter, Reading
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, MeterId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope
from linli.spine.sheets import Column, Row, RowError

READING_COLUMNS = (
    Column("meter", ("表号", "仪表编号"), required=True),
    Column("kind", ("类型", "表类型")),
    Column("read_on", ("抄表日期", "日期")),
    Column("reading", ("读数", "本次读数")),
    Column("peak", ("峰",)),
    Column("flat", ("平",)),
    Column("valley", ("谷",)),
    Column("price", ("单价",)),
    Column("door", ("房号", "位置")),
    Column("last_on", ("上次日期",)),
    Column("last", ("上次读数",)),
)
VALUES = ("reading", "peak", "flat", "valley")
KINDS = {
    "冷水": "cold_water",
    "水": "cold_water",
    "热水": "hot_water",
    "电": "electricity",
    "燃气": "gas",
    "气": "gas",
    "热": "heat",
    "暖": "heat",
}
STANDS = (rules.ReadingState.ACCEPTED.value, rules.ReadingState.WAITING.value)
MOST_ERRORS = 200
STEPS = (_("Reading the sheet"), _("Comparing with the readings before"), _("Writing the readings"))
"""What is told of the way, for a bar of progress."""


@dataclass(frozen=True, slots=True)
class ReadingsPreview:
    """What a sheet of readings would do, and its first errors by row and column; `more_errors` were left out."""

    rows: int
    new: int
    same: int
    doubtful: int
    errors: tuple[RowError, ...]
    more_errors: int


class ReadingsRefused(Refusal):
    """Some cells are wrong, so nothing was read."""

    says = _("{errors} cells need correction; nothing was imported. First: row {row}, column {column}.")
    status = 422


@dataclass(slots=True)
class _Read:
    rows: list[tuple[Row, ReadingRow]]
    same: int
    number: int
    errors: list[RowError]


class _LookedAt(Exception):
    """The sheet was taken in to see what it does, and is undone."""


@action(needs=May.READ_METERS, private=("file_name", "content", "tell"))
def preview_readings(
    scope: Scope,
    *,
    community: CommunityId,
    file_name: str,
    content: bytes,
    tell: Progress = unheard,
    at: datetime,
) -> ReadingsPreview:
    """This will read a sheet, change nothing, and tell which cells are wrong and which readings look doubtful."""
    read, judged = _Read([], 0, 0, []), list[Judged]()
    with suppress(_LookedAt), transaction.atomic():
        read, judged = _judged(scope, community, file_name, content, tell, at)
        raise _LookedAt
    shown = tuple(read.errors[:MOST_ERRORS])
    return ReadingsPreview(
        read.number,
        sum(1 for each in judged if each.wrong is None),
        read.same,
        sum(1 for each in judged if each.anomaly is not None),
        shown,
        len(read.errors) - len(shown),
    )


@action(needs=May.READ_METERS, private=("file_name", "content", "tell"))
def import_readings(
    scope: Scope,
    *,
    community: CommunityId,
    file_name: str,
    content: bytes,
    tell: Progress = unheard,
    at: datetime,
) -> Taken:
    """This will take in every reading of a sheet, or refuse the whole sheet; the same sheet twice changes nothing."""
    read, judged = _judged(scope, community, file_name, content, tell, at)
    if read.errors:
        first = read.errors[0]
        raise ReadingsRefused(
            field="file", errors=len(read.errors), row=first.row, column=sheets.heading_of(first, READING_COLUMNS)
        )
    tell(2, len(STEPS), STEPS[2])
    return write(scope, community, judged, rules.Source.SHEET, at) if judged else Taken(0, 0)


def _judged(
    scope: Scope, community: CommunityId, file_name: str, content: bytes, tell: Progress, at: datetime
) -> tuple[_Read, list[Judged]]:
    if community not in scope.communities:
        raise NotFound("community")
    tell(0, len(STEPS), STEPS[0])
    read = _read(scope, community, sheets.read(file_name, content, READING_COLUMNS), places.day_in(community, at))
    rows = [row for _sheet, row in read.rows]
    if not rows:
        return read, []
    tell(1, len(STEPS), STEPS[1])
    replace_estimates(scope, rows, at)
    judged = judge(scope, community, rows, at)
    for (sheet, _row), each in zip(read.rows, judged, strict=True):
        if each.wrong is not None:
            column = _first_value(sheet) if each.wrong[0] == "shown" else each.wrong[0]
            read.errors.append(sheet.wrong(column, each.wrong[1], sheet[column][:40]))
    read.errors.sort(key=lambda error: error.row)
    return read, judged


def _read(scope: Scope, community: CommunityId, rows: Sequence[Row], today: date) -> _Read:
    """Rows without any value are those that were not read yet; those that stand already are the same."""
    found, known = _Read([], 0, len(rows), []), _Meters(scope, community)
    seen: set[MeterId] = set()
    for row in rows:
        values = {column: row[column] for column in VALUES if row[column]}
        if not values:
            continue
        meter, wrong = known.of(row)
        shown, on, price = _shown(row, meter), _day(row["read_on"], today), _number(row["price"] or "0")
        if meter is not None and meter.id in seen:
            wrong = ("meter", _("This meter stands in a row above already."))
        elif meter is not None and shown is None:
            wrong = (_first_value(row), _("This is not what the meter's displays show."))
        elif on is None:
            wrong = ("read_on", _("This is not a day such as 2026-03-02."))
        elif price is None:
            wrong = ("price", _("This is not a price."))
        if wrong is not None or meter is None or shown is None or on is None:
            column, reason = wrong or ("meter", _("There is no such meter here."))
            found.errors.append(row.wrong(column, reason, row[column][:40]))
            continue
        seen.add(meter.id)
        if known.has(meter.id, on, shown):
            found.same += 1
        else:
            found.rows.append((row, ReadingRow(meter.id, shown, on, price if row["price"] else None)))
    return found


@dataclass(frozen=True, slots=True)
class _Meter:
    id: MeterId
    registers: tuple[str, ...]


class _Meters:
    """The meters of a community by the number on them, and what stands of the days that a sheet may repeat."""

    def __init__(self, scope: Scope, community: CommunityId) -> None:
        rows = Meter.objects.within(scope).filter(community=community, end_on=None)
        self._of: dict[str, dict[str, _Meter]] = {}
        for pk, kind, label, registers in rows.values_list("pk", "kind", "label", "registers")[:MOST_READINGS]:
            self._of.setdefault(label, {})[kind] = _Meter(MeterId(pk), tuple(registers))
        stand = Reading.objects.within(scope).filter(community=community, state__in=STANDS)
        recent = stand.order_by("meter", "-read_on").distinct("meter").values_list("meter", "read_on", "shown")
        self._last = {MeterId(meter): (on, tuple(shown)) for meter, on, shown in recent[:MOST_READINGS]}

    def of(self, row: Row) -> tuple[_Meter | None, tuple[str, str] | None]:
        """This will find the meter of a row by its number, and by its kind where two bear the same."""
        kinds = self._of.get(row["meter"], {})
        kind = KINDS.get(row["kind"], row["kind"])
        if kind:
            return kinds.get(kind), None
        if len(kinds) > 1:
            return None, ("kind", _("Two meters bear this number: say which kind it is."))
        return next(iter(kinds.values()), None), None

    def has(self, meter: MeterId, on: date, shown: tuple[Decimal, ...]) -> bool:
        """This will tell whether the meter's latest reading is this one already."""
        return self._last.get(meter) == (on, shown)


def _shown(row: Row, meter: _Meter | None) -> tuple[Decimal, ...] | None:
    if meter is None:
        return None
    columns = ("reading",) if meter.registers == rules.TOTAL else meter.registers
    values = [_number(row[column]) for column in columns]
    return None if any(value is None for value in values) else tuple(value for value in values if value is not None)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.001")) if value.is_finite() and abs(value) < 10**9 else None


def _day(text: str, today: date) -> date | None:
    try:
        return sheets.day(text) if text else today
    except ValueError:
        return None


def _first_value(row: Row) -> str:
    return next((column for column in VALUES if row[column]), "reading")
