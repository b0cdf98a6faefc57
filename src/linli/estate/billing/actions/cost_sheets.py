"""Costs from a sheet, all or none of them; and those that went out taken back, line by line in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.costs import add_cost, insist_on_cost, terms_of
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.settling import income_of, insist_on_open_month, receivable_of, still_open
from linli.estate.billing.models import Cost, Item, Line
from linli.estate.billing.queries.costs import CostTerms
from linli.estate.billing.rules import CostState, ShareBy
from linli.estate.metering import queries as metering
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ItemId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, Leg, credit, debit, property_book
from linli.spine import sheets, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import SYSTEM, Scope
from linli.spine.sheets import Column, Row, RowError

COST_COLUMNS = (
    Column("item", ("收费项目", "项目"), required=True),
    Column("by", ("分摊方式", "方式"), required=True),
    Column("title", ("说明", "名称")),
    Column("building", ("楼栋",)),
    Column("unit", ("单元",)),
    Column("amount", ("金额",)),
    Column("meter", ("表号", "公摊表")),
    Column("price", ("单价",)),
    Column("floors", ("楼层系数", "楼层")),
    Column("attribute", ("权重", "属性")),
    Column("since", ("开始日期", "起")),
    Column("until", ("结束日期", "止")),
)
WAYS = {
    "建筑面积": ShareBy.AREA,
    "面积": ShareBy.AREA,
    "套内面积": ShareBy.INNER_AREA,
    "户": ShareBy.HOME,
    "按户": ShareBy.HOME,
    "人口": ShareBy.HEADS,
    "人数": ShareBy.HEADS,
    "系数": ShareBy.COEFFICIENT,
    "楼层": ShareBy.FLOOR,
    "权重": ShareBy.ATTRIBUTE,
    "表": ShareBy.METER,
}
MOST_ROWS = 200
MOST_ERRORS = 200
MOST_METERS = 2_000
A_PORTION = 2_000


class NothingOpen(Refusal):
    """Everything of a cost was paid or taken back before."""

    says = _("Nothing of this cost is open any more. What was paid is given back, line by line.")


@dataclass(frozen=True, slots=True)
class CostImport:
    """What a sheet entered; where cells are wrong, nothing, and what is wrong in which cell (`more_errors` were left
    out)."""

    entered: int
    errors: tuple[RowError, ...] = ()
    more_errors: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    item: ItemId
    title: str
    terms: CostTerms


@action(needs=May.ISSUE_BILLS, private=("file_name", "content", "tell"))
def import_costs(
    scope: Scope,
    *,
    community: CommunityId,
    first_on: date,
    file_name: str,
    content: bytes,
    tell: Progress = unheard,
    at: datetime,
) -> CostImport:
    """This will enter the costs of a sheet for a month, all or none; what stands already is not entered again."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = sheets.read(file_name, content, COST_COLUMNS)
    if not 0 < len(rows) <= MOST_ROWS:
        raise Invalid("file", _("Between 1 and {most} rows."), most=MOST_ROWS)
    reader = _Reader(scope, community, first_on)
    wanted, errors = list[_Read](), list[RowError]()
    for row in rows:
        wrong = reader.wrong(row)
        if not wrong:
            wanted.append(reader.read(row))
            wrong = _impossible(scope, row, wanted[-1], first_on)
        errors += wrong
    if errors:
        return CostImport(0, tuple(errors[:MOST_ERRORS]), max(0, len(errors) - MOST_ERRORS))
    held = Cost.objects.within(scope).filter(community=community, first_on=first_on, state=CostState.ENTERED.value)
    before = [(ItemId(row.item_id), row.title, terms_of(row)) for row in held]
    added = 0
    for nth, each in enumerate(wanted):
        tell(nth, len(wanted), _("Entering the costs"))
        if (each.item, each.title, each.terms) not in before:
            add_cost(scope, item=each.item, first_on=first_on, terms=each.terms, title=each.title, at=at)
            added += 1
    return CostImport(added)


def _impossible(scope: Scope, row: Row, read: _Read, first_on: date) -> list[RowError]:
    """What each cell says by itself is right, and yet such a cost cannot be divided."""
    try:
        insist_on_cost(scope, read.item, first_on, read.terms, read.title)
    except Invalid as wrong:
        column = wrong.field if wrong.field in {each.name for each in COST_COLUMNS} else "item"
        return [row.wrong(column, str(wrong), row[column][:40])]
    return []


class _Reader:
    """Reads rows; items are named by their word or name, meters by their number."""

    def __init__(self, scope: Scope, community: CommunityId, first_on: date) -> None:
        self._community, self._first_on = community, first_on
        self._items: dict[str, ItemId] = {}
        for item in Item.objects.within(scope).filter(retired_at=None):
            for called in (item.word, *item.name.values()):
                self._items[called] = ItemId(item.pk)
        found = metering.meters(scope, community=community, shared_only=True, limit=MOST_METERS)
        self._meters = {meter.label: meter.id for meter in found}
        self._buildings = {building for building, _unit, _label in places.doors(community)}

    def wrong(self, row: Row) -> list[RowError]:
        """This will say which cells of a row cannot be read, every one of them."""
        return [
            row.wrong(column, reason, row[column][:40])
            for column, is_right, reason in (
                ("item", row["item"] in self._items, _("There is no such fee item.")),
                ("by", _way(row["by"]) is not None, _("There is no such way of sharing.")),
                (
                    "building",
                    not row["building"] or row["building"] in self._buildings,
                    _("There is no such building or stairwell here."),
                ),
                ("amount", _reads(_amount, row["amount"]), _("This is not an amount.")),
                ("meter", not row["meter"] or row["meter"] in self._meters, _("There is no such shared meter.")),
                ("price", _reads(_price, row["price"]), _("This is not a price.")),
                ("since", _reads(sheets.day, row["since"]), _("This is not a day such as 2026-03-02.")),
                ("until", _reads(sheets.day, row["until"]), _("This is not a day such as 2026-03-02.")),
            )
            if not is_right
        ]

    def read(self, row: Row) -> _Read:
        """This will read a row of which no cell is wrong."""
        by = WAYS.get(row["by"]) or ShareBy(row["by"])
        return _Read(self._items[row["item"]], row["title"].strip(), self._terms(row, by))

    def _terms(self, row: Row, by: ShareBy) -> CostTerms:
        until = sheets.day(row["until"]) if row["until"] else None
        return CostTerms(
            self._community,
            sheets.day(row["since"]) if row["since"] else self._first_on,
            rules.add_months(self._first_on, 1) if until is None else until + timedelta(days=1),
            by,
            row["building"],
            row["unit"],
            row["floors"] if by is ShareBy.FLOOR else "",
            row["attribute"] if by is ShareBy.ATTRIBUTE else "",
            _amount(row["amount"]) if row["amount"] else None,
            self._meters.get(row["meter"]),
            _price(row["price"]) if row["price"] else None,
        )


def _way(text: str) -> ShareBy | None:
    return WAYS.get(text) or (ShareBy(text) if text in list(ShareBy) else None)


def _reads(read: Callable[[str], object], text: str) -> bool:
    """Whether a cell is empty or what it should be."""
    try:
        return not text or read(text) is not None
    except (ValueError, InvalidOperation):
        return False


def _amount(text: str) -> Money:
    return Money.parse(text.lstrip("¥￥"))


def _price(text: str) -> Decimal:
    price = Decimal(text)
    if not price.is_finite() or price != round(price, 4):
        raise ValueError(text)
    return price


@action(needs=May.ISSUE_BILLS, private=("why",))
def credit_cost(scope: Scope, *, cost: UUID, why: str, at: datetime) -> Money:
    """This will take back all that is open of a cost that went out, by credit lines; what was paid stays paid."""
    insist_on_reason(why)
    row = Cost.objects.within(scope).select_related("item").select_for_update(of=("self",)).filter(pk=cost).first()
    if row is None or row.community not in scope.communities or row.state != CostState.ISSUED.value:
        raise NotFound("cost")
    insist_on_open_month(scope, CommunityId(row.community), at)
    held = (
        Line.objects.within(scope)
        .select_related("item")
        .select_for_update(of=("self",))
        .filter(cost=cost, credits=None)
        .order_by("id")
    )
    open_lines = [line for line in held if still_open(line)]
    if not open_lines:
        raise NothingOpen
    for start in range(0, len(open_lines), A_PORTION):
        _credit(row, open_lines[start : start + A_PORTION], why.strip(), at)
    return Money.total(still_open(line) for line in open_lines)


def _credit(row: Cost, lines: Sequence[Line], why: str, at: datetime) -> None:
    """Credit lines and one journal for some lines of one item, in three statements."""
    Line.objects.bulk_create(_credit_of(line, why, at) for line in lines)
    sql.run(
        "UPDATE billing_line AS l SET credited_minor = l.credited_minor + a.minor"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS a (id, minor) WHERE l.id = a.id",
        [line.pk for line in lines],
        [still_open(line).minor for line in lines],
    )
    owed: dict[str, Money] = defaultdict(lambda: Money.zero)
    for line in lines:
        owed[receivable_of(line)] += still_open(line)
    legs: list[Leg] = [debit(income_of(lines[0]), Money.total(owed.values()))]
    legs += [credit(address, amount) for address, amount in owed.items()]
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"cost_credited:{row.pk}:{lines[0].pk}:{lines[0].credited_minor}",
            book=property_book(PartyId(row.company)),
            currency=places.market_of(CommunityId(row.community)).currency,
            document=f"shared_cost:{row.pk}",
            kind="line_credited",
            at=at,
            legs=tuple(legs),
        ),
    )


def _credit_of(line: Line, why: str, at: datetime) -> Line:
    return Line(
        bill_id=line.bill_id,
        community=line.community,
        subject=line.subject,
        subject_kind=line.subject_kind,
        home=line.home,
        obligor=line.obligor,
        item_id=line.item_id,
        tariff_id=line.tariff_id,
        kind=rules.LineKind.CREDIT.value,
        start_on=line.start_on,
        end_on=line.end_on,
        due_on=line.due_on,
        amount_minor=-still_open(line).minor,
        credits=line,
        cost=line.cost,
        source=line.source,
        reason={"why": why},
        issued_at=at,
    )
