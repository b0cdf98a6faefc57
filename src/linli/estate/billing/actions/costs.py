"""Costs of many homes: entered for a month, divided into its draft, and taken back by credit lines only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of, item_row
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.pricing import Tariffs
from linli.estate.billing.models import Cost, DraftLine, Month
from linli.estate.billing.queries.costs import CostTerms, WorkedOut, worked_out
from linli.estate.billing.rules import CostState, CostVerb, ShareBy, Stopped, SubjectKind
from linli.estate.billing.rules.expressions import decimal_text
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId, MeterId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_TITLE = 60
MOST_COSTS = 200
MOST_AMOUNT = Money(100_000_000_00)
A_PORTION = 2_000


class MonthIsOut(Refusal):
    """A cost would come into a month whose bills went out."""

    says = _("The bills of this month went out already. Please enter it in the next month.")


class CostsUndrafted(Refusal):
    """A month would go out without a cost that was entered after its draft."""

    says = _("A shared cost was entered after this month was drafted. Please draft it again.")


@action(needs=May.ISSUE_BILLS)
def add_cost(
    scope: Scope,
    *,
    item: ItemId,
    first_on: date,
    terms: CostTerms,
    title: str = "",
    at: datetime,
) -> UUID:
    """This will enter a cost that a month divides among the homes of a community, a building or a stairwell."""
    insist_on_cost(scope, item, first_on, terms, title)
    months = Month.objects.within(scope).select_for_update().filter(community=terms.community, first_on=first_on)
    if months.exclude(state=rules.MonthState.OPEN.value).exists():
        raise MonthIsOut(field="month")
    held = Cost.objects.within(scope).filter(community=terms.community, first_on=first_on)
    if held.filter(state=CostState.ENTERED.value).count() >= MOST_COSTS:
        raise Invalid("month", _("At most {most} costs in a month."), most=MOST_COSTS)
    row = Cost(
        id=ids.new(),
        company=company_of(scope),
        community=terms.community,
        item_id=item,
        first_on=first_on,
        start_on=terms.start_on,
        end_on=terms.end_on,
        title=title.strip(),
        building=terms.building,
        unit=terms.unit,
        by=terms.by.value,
        floors=terms.floors,
        attribute=terms.attribute,
        amount_minor=None if terms.amount is None else terms.amount.minor,
        meter=terms.meter,
        price=terms.price,
        state=rules.COST_LIFE.birth.value,
        entered_by=scope.person,
        entered_at=at,
    )
    row.save(force_insert=True)
    return UUID(str(row.pk))


def insist_on_cost(scope: Scope, item: ItemId, first_on: date, terms: CostTerms, title: str) -> None:
    """This will refuse a cost that cannot be divided, by its field."""
    if terms.community not in scope.communities:
        raise NotFound("community")
    if item_row(scope, item).retired_at is not None:
        raise Invalid("item", _("This item is no longer charged."))
    if first_on.day != 1:
        raise Invalid("month", _("A month is named by its first day."))
    if terms.end_on <= terms.start_on:
        raise Invalid("end_on", _("The end comes after the start."))
    if len(title.strip()) > MOST_TITLE:
        raise Invalid("title", _("At most {most} characters."), most=MOST_TITLE)
    doors = places.doors(terms.community)
    if not any(terms.building in ("", building) and terms.unit in ("", unit) for building, unit, _label in doors):
        raise Invalid("building", _("There is no such building or stairwell here."))
    if terms.unit and not terms.building:
        raise Invalid("building", _("A stairwell belongs to a building."))
    if terms.by is ShareBy.FLOOR:
        rules.floor_table(terms.floors)
    if terms.by is ShareBy.ATTRIBUTE and not terms.attribute:
        raise Invalid("attribute", _("Please say by which value of the homes."))
    _insist_on_source(terms)


def _insist_on_source(terms: CostTerms) -> None:
    if terms.by is ShareBy.METER and terms.meter is None:
        raise Invalid("meter", _("These weights belong to a shared meter."))
    if terms.meter is None:
        if terms.amount is None or not Money.zero < terms.amount <= MOST_AMOUNT:
            raise Invalid("amount", _("Between {least} and {most}."), least=Money(1), most=MOST_AMOUNT)
        if terms.price is not None:
            raise Invalid("price", _("A price belongs to what a meter counted."))
        return
    if terms.amount is not None:
        raise Invalid("amount", _("What a meter counts is not entered as an amount."))
    if terms.price is None or not Decimal(0) < terms.price < Decimal(100_000):
        raise Invalid("price", _("A price above nothing, please."))


@action(needs=May.ISSUE_BILLS, private=("why",))
def withdraw_cost(scope: Scope, *, cost: UUID, why: str, at: datetime) -> None:
    """This will take a cost out of its month before that goes out."""
    insist_on_reason(why)
    row = Cost.objects.within(scope).select_for_update().filter(pk=cost).first()
    if row is None or row.community not in scope.communities:
        raise NotFound("cost")
    row.state = rules.COST_LIFE.after(CostState(row.state), CostVerb.WITHDRAW).value
    row.decided_by, row.decided_at, row.why = scope.person, at, why.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "why"])
    DraftLine.objects.within(scope).filter(cost=cost).delete()


def draft_costs(scope: Scope, month: Month, days: rules.Days, at: datetime) -> tuple[int, int, int]:
    """This will divide the costs of a month into its draft; tells its lines, those that are stopped, and their sum."""
    community = CommunityId(month.community)
    rows = list(
        Cost.objects.within(scope)
        .select_related("item")
        .filter(community=community, first_on=month.first_on, state=CostState.ENTERED.value)
        .order_by("id")
    )
    if not rows:
        return 0, 0, 0
    tariffs = Tariffs(scope, PartyId(month.company), community, days)
    made = [line for row in rows for line in _lines(scope, month, row, tariffs, at)]
    DraftLine.objects.bulk_create(made, batch_size=A_PORTION)
    return len(made), sum(1 for line in made if line.stop), sum(line.amount_minor for line in made)


def issue_costs(scope: Scope, month: Month, at: datetime) -> None:
    """This will note which costs a month that goes out has divided; one that was entered after the draft stops it."""
    held = Cost.objects.within(scope).filter(
        community=month.community, first_on=month.first_on, state=CostState.ENTERED.value
    )
    if held.filter(entered_at__gt=month.drafted_at).exists():
        raise CostsUndrafted
    divided = DraftLine.objects.within(scope).filter(month=month, cost__isnull=False, stop="").values("cost")
    held.filter(pk__in=divided).update(
        state=rules.COST_LIFE.after(CostState.ENTERED, CostVerb.ISSUE).value, decided_by=scope.person, decided_at=at
    )


def terms_of(row: Cost) -> CostTerms:
    """This will give the terms of a row; what a meter counts is counted anew."""
    return CostTerms(
        CommunityId(row.community),
        row.start_on,
        row.end_on,
        ShareBy(row.by),
        row.building,
        row.unit,
        row.floors,
        row.attribute,
        None if row.meter is not None or row.amount_minor is None else Money(row.amount_minor),
        None if row.meter is None else MeterId(row.meter),
        row.price,
    )


def _lines(scope: Scope, month: Month, row: Cost, tariffs: Tariffs, at: datetime) -> Iterator[DraftLine]:
    worked = worked_out(scope, terms_of(row), at)
    divided = worked.divided
    priced = next(iter(tariffs.of(str(row.item_id), "{}")), None)
    base = DraftLine(
        month=month,
        community=row.community,
        item_id=row.item_id,
        tariff_id=None if priced is None else priced.what.id,
        start_on=row.start_on,
        end_on=row.end_on,
        due_on=(rules.ON_THE_28TH if priced is None else priced.what.due).due_on(month.first_on),
        cost=row.pk,
        amount_minor=0,
    )
    if isinstance(divided, Stopped):
        yield _copy(base, subject=row.meter or row.pk, kind=SubjectKind.METER, stop=divided)
        return
    if row.meter is not None:
        Cost.objects.within(scope).filter(pk=row.pk).update(amount_minor=divided.source.minor)
    for home, stopped in divided.stops.items():
        yield _copy(base, subject=home, kind=SubjectKind.HOME, stop=stopped)
    yield from _parts(row, divided, worked, base)


def _parts(row: Cost, divided: rules.Divided, worked: WorkedOut, base: DraftLine) -> Iterator[DraftLine]:
    """A line for every home that carries something, cut where another party owes it; parts of days add up to it."""
    days = rules.Days(row.start_on, row.end_on)
    carrying = [home for home, part in divided.parts.items() if part.amount]
    lived = people.lived_in(SYSTEM, homes=carrying, since=days.start, until=days.end)
    payer = rules.Payer(row.item.payer)
    for home in carrying:
        owing = rules.obligors(days, rules.lives(lived.get(home, ())), payer)
        yield from _of_home(row, home, divided, worked, base, list(rules.pieces(days, owing)))


def _of_home(
    row: Cost,
    home: HomeId,
    divided: rules.Divided,
    worked: WorkedOut,
    base: DraftLine,
    stretches: Sequence[tuple[rules.Days, PartyId] | Stopped],
) -> Iterator[DraftLine]:
    part, reason = divided.parts[home], _reason(row, home, divided, worked)
    for each in stretches:
        if isinstance(each, Stopped):
            yield _copy(base, subject=home, kind=SubjectKind.HOME, stop=Stopped(rules.Stop.NOBODY, each.about))
            return
    owed = [each for each in stretches if not isinstance(each, Stopped)]
    amounts = rules.by_days(part.amount, [span for span, _obligor in owed])
    for (span, obligor), amount in zip(owed, amounts, strict=True):
        line = _copy(base, subject=home, kind=SubjectKind.HOME)
        line.start_on, line.end_on = span
        line.obligor, line.amount_minor = obligor, amount.minor
        line.reason = reason if len(owed) == 1 else reason | {"months": [_stretch(row, span, amount)]}
        if amount:
            yield line


def _stretch(row: Cost, span: rules.Days, amount: Money) -> dict[str, object]:
    return {
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "share": f"{span.length}/{(row.end_on - row.start_on).days}",
        "amount": {"minor": amount.minor},
    }


def _reason(row: Cost, home: HomeId, divided: rules.Divided, worked: WorkedOut) -> dict[str, object]:
    part = divided.parts[home]
    told: dict[str, object] = {
        "title": row.title,
        "by": row.by,
        "where": "-".join(each for each in (row.building, row.unit) if each),
        "source": str(divided.source),
        "weight": decimal_text(part.weight),
        "total": decimal_text(divided.total),
        "homes": sum(1 for each in divided.parts.values() if each.weight),
        "exact": decimal_text(part.exact / 100),
        "amount": str(part.amount),
    }
    if worked.quantity is not None and row.price is not None:
        told |= {"quantity": f"{worked.quantity.normalize():f}", "price": f"{row.price.normalize():f}"}
    readings = [{name: _plain(getattr(each, name)) for name in each.__slots__} for each in worked.readings]
    return {"share": told} | ({"readings": readings} if readings else {})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _copy(base: DraftLine, *, subject: UUID, kind: SubjectKind, stop: Stopped | None = None) -> DraftLine:
    return DraftLine(
        month_id=base.month_id,
        community=base.community,
        subject=subject,
        subject_kind=kind.value,
        home=subject if kind is SubjectKind.HOME else None,
        item_id=base.item_id,
        tariff_id=base.tariff_id,
        start_on=base.start_on,
        end_on=base.end_on,
        due_on=base.due_on,
        cost=base.cost,
        amount_minor=0,
        stop="" if stop is None else stop.stop.value,
        about="" if stop is None else stop.about,
    )
