"""A bank file that a person uploads: read from a sheet, and tried out before it is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.kernel.ids import CityId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.money.payments.actions import BankKind, BankLine
from linli.money.payouts.actions.booking import import_bank_file
from linli.spine import sheets, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.spine.sheets import Column, Row, RowError

BANK_COLUMNS = (
    Column("line", ("流水号", "line_id"), required=True),
    Column("kind", ("类型",), required=True),
    Column("reference", ("附言", "参考号"), required=True),
    Column("amount", ("金额",), required=True),
    Column("booked_on", ("记账日", "日期"), required=True),
    Column("currency", ("币种",)),
    Column("counterpart", ("对方户名", "对方")),
)
MOST_ERRORS = 100
MOST_PREVIEWED = 500
KNOWN = "known"
"""The effect of a line that was taken in before."""


@dataclass(frozen=True, slots=True)
class BankSheet:
    """What a sheet holds, and its wrong cells by row and column."""

    lines: tuple[BankLine, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A line and what would become of it: `matched`, `difference`, `suspense`, `no bill`, or `known` already."""

    line: BankLine
    effect: str

    @property
    def amount(self) -> Money:
        return Money(self.line.amount_minor)


class WrongCells(Refusal):
    """Some cells of a bank file are wrong, so nothing was taken in."""

    says = _("{errors} cells need correction; nothing was taken in. First: row {row}, column {column}.")
    status = 422


def read_bank_sheet(*, file_name: str, content: bytes) -> BankSheet:
    """This will read a bank file, line by line, and change nothing."""
    lines: list[BankLine] = []
    errors: list[RowError] = []
    for row in sheets.read(file_name, content, BANK_COLUMNS):
        line = _line(row, errors)
        if line is not None:
            lines.append(line)
        if len(errors) >= MOST_ERRORS:
            break
    return BankSheet(tuple(lines), tuple(errors))


@action(needs=May.RECONCILE, private=("lines",))
def preview_bank_file(
    scope: Scope, *, account: str, source: str, city: CityId, lines: Sequence[BankLine], at: datetime
) -> tuple[Foreseen, ...]:
    """This will take a bank file in, look at what became of each line, and undo all of it."""
    names = [line.line_id for line in lines]
    known = {row[0] for row in sql.fetch(_EFFECTS, account, names, len(names) + 1)}
    with transaction.atomic():
        import_bank_file(scope, account=account, source=source, city=city, lines=lines, at=at)
        effects = dict(sql.fetch(_EFFECTS, account, names, len(names) + 1))
        transaction.set_rollback(True)
    return tuple(
        Foreseen(line, KNOWN if line.line_id in known else effects.get(line.line_id, ""))
        for line in lines[:MOST_PREVIEWED]
    )


def insist_clean(sheet: BankSheet) -> None:
    """This will refuse a sheet with wrong cells, by the first of them."""
    if sheet.errors:
        first = sheet.errors[0]
        raise WrongCells(
            field="file", errors=len(sheet.errors), row=first.row, column=sheets.heading_of(first, BANK_COLUMNS)
        )


_EFFECTS = "SELECT line, effect FROM payouts_bank_line WHERE account = %s AND line = ANY(%s) LIMIT %s"
_KINDS = {"结算": BankKind.SETTLEMENT, "打款": BankKind.PAYOUT, "退回": BankKind.PAYOUT_RETURN}


def _line(row: Row, errors: list[RowError]) -> BankLine | None:
    before = len(errors)

    def wrong(column: str, reason: str) -> None:
        errors.append(row.wrong(column, reason, row[column][:40]))

    if not 0 < len(row["line"]) <= 64:
        wrong("line", _("Every line of the bank has a number of at most 64 characters."))
    kind = _KINDS.get(row["kind"]) or next((k for k in BankKind if k.value == row["kind"].lower()), None)
    if kind is None:
        wrong("kind", _("The kind is settlement, payout or payout_return."))
    try:
        amount = Money.parse(row["amount"].replace(",", ""))
    except ValueError:
        amount = Money.zero
        wrong("amount", _("This is not an amount such as 12.50 or -12.50."))
    try:
        booked_on = date.fromisoformat(row["booked_on"][:10])
    except ValueError:
        booked_on = date.min
        wrong("booked_on", _("This is not a day such as 2026-03-02."))
    if kind is None or len(errors) > before:
        return None
    return BankLine(
        line_id=row["line"],
        kind=kind,
        reference=row["reference"],
        amount_minor=amount.minor,
        currency=row["currency"] or "CNY",
        booked_on=booked_on,
        counterpart=row["counterpart"],
    )
