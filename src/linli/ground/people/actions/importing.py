"""Residents from a sheet: whose phone, behind which door, since when; everything or nothing, and repeatable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.people import rules
from linli.ground.people.actions.register import PersonRow, register_people
from linli.ground.people.rules import ResidencyKind
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.spine.sheets import Column, Row, RowError

RESIDENT_COLUMNS = (
    Column("building", ("楼栋",), required=True),
    Column("unit", ("单元",)),
    Column("home", ("房号", "房屋"), required=True),
    Column("name", ("姓名",), required=True),
    Column("phone", ("手机", "电话"), required=True),
    Column("kind", ("身份",)),
    Column("start_on", ("入住日期", "起始日期")),
)
MOST_ERRORS = 200
_KINDS = {"业主": ResidencyKind.OWNER, "租户": ResidencyKind.TENANT, "家属": ResidencyKind.FAMILY}


@dataclass(frozen=True, slots=True)
class ResidentsPreview:
    """What a sheet of residents holds, and its first errors by row and column; `more_errors` were left out."""

    rows: int
    homes: int
    errors: tuple[RowError, ...]
    more_errors: int


class ResidentsRefused(Refusal):
    """Some cells are wrong, so nobody was registered."""

    says = _("{errors} cells need correction; nothing was imported. First: row {row}, column {column}.")
    status = 422


@action(needs=May.KEEP_PEOPLE, private=("file_name", "content"))
def preview_residents(
    scope: Scope, *, community: CommunityId, file_name: str, content: bytes, at: datetime
) -> ResidentsPreview:
    """This will read a sheet of a community's residents, change nothing, and tell which cells are wrong."""
    rows, errors = _read(scope, community, file_name, content, at)
    shown = tuple(errors[:MOST_ERRORS])
    return ResidentsPreview(len(rows), len({row.home for row in rows}), shown, len(errors) - len(shown))


@action(needs=May.KEEP_PEOPLE, private=("file_name", "content"))
def import_residents(scope: Scope, *, community: CommunityId, file_name: str, content: bytes, at: datetime) -> int:
    """This will register everybody of a sheet and move them in, or refuse the whole sheet; gives how many rows."""
    rows, errors = _read(scope, community, file_name, content, at)
    if errors:
        first = errors[0]
        raise ResidentsRefused(
            field="file", errors=len(errors), row=first.row, column=sheets.heading_of(first, RESIDENT_COLUMNS)
        )
    return len(register_people(scope, rows=rows, at=at))


def _read(
    scope: Scope, community: CommunityId, file_name: str, content: bytes, at: datetime
) -> tuple[list[PersonRow], list[RowError]]:
    if not (scope.is_inside or community in scope.communities):
        raise NotFound("community")
    doors, today = places.doors(community), places.day_in(community, at)
    people: list[PersonRow] = []
    errors: list[RowError] = []
    for row in sheets.read(file_name, content, RESIDENT_COLUMNS):
        wrong = _wrong(row, doors)
        errors += [row.wrong(column, reason, row[column][:40]) for column, reason in wrong.items()]
        if not wrong:
            people.append(_person(row, doors, today))
    return people, errors


def _wrong(row: Row, doors: dict[places.Door, HomeId]) -> dict[str, str]:
    found: dict[str, str] = {}
    if _door(row) not in doors:
        found["home"] = _("This community has no such door. Import its places first.")
    name = " ".join(row["name"].split())
    if not 0 < len(name) <= rules.MOST_NAME_CHARACTERS or not name.isprintable():
        found["name"] = _("A name is needed.")
    if rules.phone_number(row["phone"]) is None:
        found["phone"] = _("This is not a phone number.")
    if _kind(row) is None:
        found["kind"] = _("Somebody lives in a home as owner, tenant or family.")
    if row["start_on"]:
        try:
            sheets.day(row["start_on"])
        except ValueError:
            found["start_on"] = _("This is not a day such as 2026-03-02.")
    return found


def _person(row: Row, doors: dict[places.Door, HomeId], today: date) -> PersonRow:
    since = sheets.day(row["start_on"]) if row["start_on"] else today
    kind = _kind(row) or ResidencyKind.OWNER
    return PersonRow(row["name"], row["phone"], doors[_door(row)], kind.value, since)


def _door(row: Row) -> places.Door:
    return row["building"], row["unit"], row["home"]


def _kind(row: Row) -> ResidencyKind | None:
    text = row["kind"]
    if not text:
        return ResidencyKind.OWNER
    return _KINDS.get(text) or next((kind for kind in ResidencyKind if kind.value == text.lower()), None)
