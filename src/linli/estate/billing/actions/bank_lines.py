"""Money at the company's bank: read from its sheet, looked at, and posted only when somebody says whose it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.paying import Taken, take_payment
from linli.estate.billing.models import BankLine
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.action import action
from linli.spine.audit import MOST_REASON_CHARACTERS, record_reading
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import SYSTEM, Scope
from linli.spine.sheets import Column, Row, RowError

COLUMNS = (
    Column("date", ("日期", "交易日期", "记账日期"), required=True),
    Column("amount", ("金额", "收入金额", "贷方金额", "交易金额"), required=True),
    Column("payer", ("付款人", "对方户名", "户名")),
    Column("memo", ("摘要", "附言", "用途", "备注")),
    Column("reference", ("流水号", "交易流水号", "凭证号")),
)
MOST_ERRORS = 50
MOST_AT_ONCE = 200
STEPS = (_("Reading the sheet"), _("Writing what is new"))
"""What is told of the way, for a bar of progress."""


@dataclass(frozen=True, slots=True)
class BankWords:
    """A line of the bank in the bank's whole words."""

    line: UUID
    payer: str
    memo: str


@dataclass(frozen=True, slots=True)
class BankImport:
    """What a sheet brought: lines that are new and lines that were known, or what is wrong in which cell."""

    new: int
    known: int
    errors: tuple[RowError, ...] = ()


@action(needs=May.MATCH_BANK, private=("file_name", "content", "tell"))
def import_bank_lines(
    scope: Scope, *, file_name: str, content: bytes, tell: Progress = unheard, at: datetime
) -> BankImport:
    """This will take in the lines of a bank's sheet, all or nothing; a line that was read before is not taken twice.

    Nothing is posted. Outgoing amounts are left out.
    """
    company = company_of(scope)
    found: list[BankLine] = []
    errors: list[RowError] = []
    seen: Counter[str] = Counter()
    tell(0, len(STEPS), STEPS[0])
    for row in sheets.read(file_name, content, COLUMNS):
        wrong = _wrong(row)
        errors += wrong
        line = None if wrong else _line(row, company, seen, scope, at)
        if line is not None:
            found.append(line)
    if errors:
        return BankImport(0, 0, tuple(errors[:MOST_ERRORS]))
    tell(1, len(STEPS), STEPS[1])
    before = BankLine.objects.within(scope).count()
    BankLine.objects.bulk_create(found, ignore_conflicts=True, batch_size=2_000)
    new = BankLine.objects.within(scope).count() - before
    return BankImport(new, len(found) - new)


def _wrong(row: Row) -> list[RowError]:
    """Every cell of a row that cannot be read."""
    wrong = []
    if _day(row["date"]) is None:
        wrong.append(row.wrong("date", _("This is no day, such as 2026-03-31."), row["date"]))
    if _amount(row["amount"]) is None:
        wrong.append(row.wrong("amount", _("This is no amount."), row["amount"]))
    return wrong


def _line(row: Row, company: PartyId, seen: Counter[str], scope: Scope, at: datetime) -> BankLine | None:
    """A row as a line; equal rows of one sheet are told apart by their turn, where the bank gives no number."""
    day, amount = _day(row["date"]), _amount(row["amount"])
    if day is None or amount is None or amount <= Money.zero:
        return None
    told = "|".join((day.isoformat(), str(amount), row["payer"], row["memo"]))
    seen[told] += 1
    mark = row["reference"] or hashlib.sha256(f"{told}|{seen[told]}".encode()).hexdigest()[:32]
    return BankLine(
        company=company,
        mark=mark,
        booked_on=day,
        amount_minor=amount.minor,
        payer=row["payer"],
        memo=row["memo"],
        state=rules.BANK_LIFE.birth.value,
        imported_by=scope.person,
        imported_at=at,
    )


def _day(text: str) -> date | None:
    try:
        return sheets.day(text)
    except ValueError:
        return None


def _amount(text: str) -> Money | None:
    try:
        return Money.parse(text.strip().lstrip("¥￥+").replace(",", ""))
    except ValueError:
        return None


@action(needs=May.MATCH_BANK)
def match_bank_line(scope: Scope, *, line: UUID, subject: UUID, payer: PartyId | None = None, at: datetime) -> Taken:
    """This will say whose a line of the bank is: it is taken as money for that home, once, with a receipt."""
    row = _held(scope, line, rules.BankVerb.MATCH)
    payer = payer or _owner(subject, at)
    taken = take_payment(
        scope,
        subject=subject,
        amount=Money(row.amount_minor),
        channel=rules.Channel.BANK,
        desk="bank",
        payer=payer,
        at=at,
    )
    _decided(scope, line, rules.BankState.MATCHED, at, receipt=taken.receipt, person=payer)
    return taken


@action(needs=May.MATCH_BANK)
def match_bank_lines(scope: Scope, *, pairs: Sequence[tuple[UUID, UUID]], at: datetime) -> int:
    """This will do the same for many lines that were looked at together, all or none; tells how many."""
    if not 0 < len(pairs) <= MOST_AT_ONCE or len({line for line, _subject in pairs}) != len(pairs):
        raise Invalid("pairs", _("Between 1 and {most} lines, each once."), most=MOST_AT_ONCE)
    for line, subject in sorted(pairs):
        match_bank_line(scope, line=line, subject=subject, at=at)
    return len(pairs)


@action(needs=May.MATCH_BANK, private=("why",))
def set_bank_line_aside(scope: Scope, *, line: UUID, why: str, at: datetime) -> None:
    """This will say of a line of the bank that it is no fee, and why."""
    insist_on_reason(why)
    _held(scope, line, rules.BankVerb.SET_ASIDE)
    _decided(scope, line, rules.BankState.SET_ASIDE, at, why=why.strip())


@action(needs=May.MATCH_BANK)
def take_bank_line_up(scope: Scope, *, line: UUID, at: datetime) -> None:
    """This will have a line that was set aside wait again."""
    _held(scope, line, rules.BankVerb.TAKE_UP)
    _decided(scope, line, rules.BankState.WAITING, at)


@action(needs=May.READ_PERSONAL_DATA, private=("why",), shown_once=True)
def reveal_bank_line(scope: Scope, *, line: UUID, why: str, at: datetime) -> BankWords:
    """This will show who paid and the bank's words as they came, and note who read them and why."""
    if not 0 < len(why.strip()) <= MOST_REASON_CHARACTERS:
        raise Invalid("why", _("Please say in at most {most} characters why."), most=MOST_REASON_CHARACTERS)
    found = BankLine.objects.within(scope).filter(pk=line).values_list("payer", "memo").first()
    if found is None or not scope.may(May.MATCH_BANK):
        raise NotFound("line")
    record_reading(scope, what="bank_line", subject=line, why=why.strip(), at=at)
    return BankWords(line, *found)


def _owner(subject: UUID, at: datetime) -> PartyId | None:
    """Who a transfer to a home is taken to be from: the owner who has been there longest."""
    household = people.household(SYSTEM, home=HomeId(subject), at=at) if places.homes([HomeId(subject)]) else ()
    owners = sorted((each for each in household if each.kind == "owner"), key=lambda each: each.start_on)
    return owners[0].party if owners else None


def _held(scope: Scope, line: UUID, verb: rules.BankVerb) -> BankLine:
    row = BankLine.objects.within(scope).select_for_update().filter(pk=line).first()
    if row is None:
        raise NotFound("line")
    rules.BANK_LIFE.after(rules.BankState(row.state), verb)
    return row


def _decided(
    scope: Scope,
    line: UUID,
    state: rules.BankState,
    at: datetime,
    *,
    receipt: UUID | None = None,
    person: PartyId | None = None,
    why: str = "",
) -> None:
    BankLine.objects.within(scope).filter(pk=line).update(
        state=state.value, receipt_id=receipt, person=person, why=why, decided_by=scope.person, decided_at=at
    )
