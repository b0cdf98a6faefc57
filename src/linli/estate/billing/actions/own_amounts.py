"""Amounts of their own: homes charged by a sheet, each with what was agreed or worked out for it elsewhere."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Max, Q

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import MOST_HOMES, insert_assignments, item_row, known_attributes
from linli.estate.billing.models import Assignment, Item, Line, TariffVersion
from linli.estate.billing.queries.items import draft_of
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sheets, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.spine.sheets import Column, Row

PLACES = (
    Column("building", ("楼栋",), required=True),
    Column("unit", ("单元",)),
    Column("home", ("房号", "房屋"), required=True),
    Column("since", ("开始日期", "起")),
    Column("until", ("结束日期", "止")),
)
AMOUNTS = {"amount": ("金额",), "price": ("单价",), "surcharge": ("附加费",), "rent": ("租金",)}
"""What amounts are called in a sheet; those of a formula of one's own by their own names."""
A_DAY = timedelta(days=1)


class AmountsRefused(Refusal):
    """A cell is wrong, so nobody is charged anything by this sheet."""

    says = _("Nothing was taken in. Row {row}, column {column}: {reason}")
    status = 422


@dataclass(frozen=True, slots=True)
class AmountsTaken:
    """How many homes are charged from now on, how many otherwise than before, and how many were charged so already."""

    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class _Read:
    row: Row
    home: HomeId
    since: date
    until: date | None
    own: Mapping[str, str]


def amount_columns(scope: Scope, *, item: ItemId) -> tuple[Column, ...]:
    """This will give the columns of an item's sheet: the door, the days, and each amount that its formula names."""
    row = item_row(scope, item)
    names: dict[str, None] = {}
    for version in TariffVersion.objects.within(scope).filter(item=row).order_by("-start_on"):
        names |= dict.fromkeys(version.parameters)
        if version.preset in rules.PRESETS:
            names |= dict.fromkeys(rules.PRESETS[version.preset].brought)
    return (*PLACES, *(Column(name, AMOUNTS.get(name, ())) for name in names))


@action(needs=May.KEEP_TARIFFS, private=("file_name", "content"))
def import_amounts(
    scope: Scope, *, item: ItemId, community: CommunityId, file_name: str, content: bytes, today: date, at: datetime
) -> AmountsTaken:
    """This will charge an item to the homes of a sheet with amounts of their own, all or none of them.

    A day left empty is the first of this month, or no end; of an item whose amounts are brought month by month it is
    the end of that month. The same sheet twice changes nothing; a corrected one changes what nobody was billed for yet.
    """
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    columns = amount_columns(scope, item=item)
    if columns == PLACES:
        raise Invalid("file", _("This item has no tariff yet that names an amount."))
    rows = sheets.read(file_name, content, columns)
    if not 0 < len(rows) <= MOST_HOMES:
        raise Invalid("file", _("Between 1 and {most} rows."), most=MOST_HOMES)
    reader = _Reader(scope, item_row(scope, item), community, columns, today)
    found = reader.read(rows)
    new, changed = reader.compared(found)
    insert_assignments(
        Assignment(
            item=reader.item,
            community=community,
            subject=each.home,
            subject_kind=rules.SubjectKind.HOME.value,
            home=each.home,
            start_on=each.since,
            end_on=each.until,
            parameters=each.own,
        )
        for each in new
    )
    sql.run(
        "UPDATE billing_assignment AS a SET end_on = n.until, parameters = n.own"
        " FROM unnest(%s::uuid[], %s::date[], %s::jsonb[]) AS n(id, until, own) WHERE a.id = n.id",
        [pk for pk, _each in changed],
        [each.until for _pk, each in changed],
        [json.dumps(each.own) for _pk, each in changed],
    )
    return AmountsTaken(len(new), len(changed), len(found) - len(new) - len(changed))


class _Reader:
    """Reads rows, proves their amounts by every tariff that they meet, and compares them with what is charged."""

    def __init__(
        self, scope: Scope, item: Item, community: CommunityId, columns: Sequence[Column], today: date
    ) -> None:
        self.item = item
        self._scope, self._community, self._columns, self._today = scope, community, columns, today
        self._doors = places.doors(community)
        versions = (
            TariffVersion.objects.within(scope).filter(item=item).filter(Q(community=None) | Q(community=community))
        )
        self._versions = list(versions.order_by("start_on"))
        self._attributes = known_attributes(scope)
        self._brought = {
            name for row in self._versions if row.preset in rules.PRESETS for name in rules.PRESETS[row.preset].brought
        }
        self._proved: set[tuple[object, ...]] = set()

    def read(self, rows: Sequence[Row]) -> list[_Read]:
        """This will read all rows, or refuse the first wrong cell."""
        found = [self._row(row) for row in rows]
        seen: dict[tuple[HomeId, date], int] = {}
        for each in found:
            above = seen.setdefault((each.home, each.since), each.row.number)
            if above != each.row.number:
                raise self._refused(each.row, "home", _("Row {row} says this already.").format(row=above))
        return found

    def compared(self, found: Sequence[_Read]) -> tuple[list[_Read], list[tuple[object, _Read]]]:
        """This will tell which rows are new, and which change what nobody was billed for yet."""
        homes = {each.home for each in found}
        standing: dict[object, list[Assignment]] = {}
        for row in Assignment.objects.within(self._scope).filter(item=self.item, subject__among=list(homes)):
            standing.setdefault(row.subject, []).append(row)
        billed = self._billed_until(homes)
        new: list[_Read] = []
        changed: list[tuple[object, _Read]] = []
        for each in found:
            there = standing.setdefault(each.home, [])
            same = next((row for row in there if row.start_on == each.since), None)
            if same is not None and (same.end_on, dict(same.parameters)) == (each.until, dict(each.own)):
                continue
            if same is not None and billed.get(each.home, each.since) > each.since:
                raise self._refused(each.row, "since", _("This was billed already; what went out is credited instead."))
            others = [row for row in there if row is not same]
            if any(Period(row.start_on, row.end_on).overlaps(Period(each.since, each.until)) for row in others):
                raise self._refused(each.row, "since", _("The home is charged this on some of these days already."))
            there.append(Assignment(start_on=each.since, end_on=each.until))
            if same is None:
                new.append(each)
            else:
                there.remove(same)
                changed.append((same.pk, each))
        return new, changed

    def _billed_until(self, homes: Collection[HomeId]) -> dict[object, date]:
        lines = Line.objects.within(self._scope).filter(
            item=self.item, subject__among=list(homes), kind=rules.LineKind.CHARGE.value
        )
        return dict(lines.values_list("subject").annotate(Max("end_on")))

    def _row(self, row: Row) -> _Read:
        home = self._doors.get((row["building"], row["unit"], row["home"]))
        if home is None:
            raise self._refused(row, "home", _("There is no such home here."))
        since = self._day(row, "since") or self._today.replace(day=1)
        until = self._day(row, "until")
        if until is not None:
            until += A_DAY
        elif self._brought:
            until = rules.add_months(since.replace(day=1), 1)
        if until is not None and until <= since:
            raise self._refused(row, "until", _("The end comes after the start."))
        return _Read(row, home, since, until, self._own(row, since, until))

    def _own(self, row: Row, since: date, until: date | None) -> dict[str, str]:
        own = {
            column.name: row[column.name].lstrip("¥￥ ").replace(",", "")
            for column in self._columns[len(PLACES) :]
            if row[column.name]
        }
        for name in sorted(self._brought - own.keys()):
            raise self._refused(row, name, _("An amount is needed here."))
        for version in self._versions:
            met = Period(version.start_on, version.end_on).overlaps(Period(since, until))
            proved = (version.pk, *sorted(own.items()))
            if met and proved not in self._proved:
                self._prove(row, version, own)
                self._proved.add(proved)
        return own

    def _prove(self, row: Row, version: TariffVersion, own: Mapping[str, str]) -> None:
        draft = draft_of(version.preset, version.formula, version.basis, version.parameters, version.terms)
        try:
            rules.ready(replace(draft, parameters={**draft.parameters, **own}), self._attributes)
        except Invalid as wrong:
            named = (wrong.field or "").removeprefix("parameters.")
            raise self._refused(row, named if named in own else next(iter(own), "home"), str(wrong)) from wrong

    def _day(self, row: Row, column: str) -> date | None:
        try:
            return sheets.day(row[column]) if row[column] else None
        except ValueError:
            raise self._refused(row, column, _("This is not a day such as 2026-03-02.")) from None

    def _refused(self, row: Row, column: str, reason: str) -> AmountsRefused:
        return AmountsRefused(field="file", row=row.number, column=sheets.called(self._columns, column), reason=reason)
