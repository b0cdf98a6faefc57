"""Taking over from the books before ours: what was owed already, in bulk; and undoing what was brought by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of, item_row
from linli.estate.billing.actions.settling import income_of, insist_on_open_month, receivable_of
from linli.estate.billing.models import Assignment, Bill, HomeFacts, Item, Line
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, Leg, credit, debit, property_book
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PORTION = 2_000
A_DAY = timedelta(days=1)


class Charged(Refusal):
    """Something was billed, paid or credited of what was brought."""

    says = _("{n} of these were billed or paid meanwhile. They cannot be taken back.")


@action(needs=May.ISSUE_BILLS)
def open_balances(
    scope: Scope,
    *,
    community: CommunityId,
    item: ItemId,
    balances: Mapping[HomeId, Money],
    on: date,
    source: str,
    at: datetime,
) -> int:
    """This will take over what homes owed already: a line and a bill each, posted against the opening balance.

    `source` names the batch; a home is charged once for a batch. Whoever owes the item there on that day owes it.
    """
    row = item_row(scope, item)
    insist_on_open_month(scope, community, at)
    if any(not Money.zero < amount for amount in balances.values()):
        raise Invalid("opening", _("An opening balance is above nothing."))
    known = places.homes(balances)
    if any(home not in known or known[home].community != community for home in balances):
        raise NotFound("home")
    homes = list(balances)
    made = 0
    for nth in range(0, len(homes), PORTION):
        some = homes[nth : nth + PORTION]
        whose = owing(some, rules.Payer(row.payer), on)
        numbers = numbers_of(company_of(scope), on.year, len(some))
        lines = [
            _opening(row, community, home, whose[home], balances[home], number, on, source, at)
            for home, number in zip(some, numbers, strict=True)
        ]
        Bill.objects.bulk_create(line.bill for line in lines)
        Line.objects.bulk_create(lines)
        ledger.post_many(SYSTEM, drafts=tuple(_journal(line, "bill_issued", line.bill_id, at) for line in lines))
        made += len(lines)
    return made


def _opening(
    item: Item,
    community: CommunityId,
    home: HomeId,
    obligor: PartyId,
    amount: Money,
    number: str,
    on: date,
    source: str,
    at: datetime,
) -> Line:
    of = {
        "community": community,
        "subject": home,
        "subject_kind": rules.SubjectKind.HOME.value,
        "home": home,
        "obligor": obligor,
        "issued_at": at,
    }
    return Line(
        **of,
        bill=Bill(id=ids.new(), number=number, **of),
        item=item,
        kind=rules.LineKind.OPENING.value,
        start_on=on,
        end_on=on + A_DAY,
        due_on=on,
        amount_minor=amount.minor,
        source=f"{source}:{home}",
        reason=rules.reason_of_occasion(TITLE, ()),
    )


TITLE = {"zh": "期初欠费", "en": "Owed from before"}


@action(needs=May.ISSUE_BILLS)
def withdraw_openings(scope: Scope, *, community: CommunityId, source: str, at: datetime) -> int:
    """This will credit every opening line of a batch, all or none; refused where one was paid or credited."""
    rows = (
        Line.objects.within(scope)
        .select_for_update(of=("self",))
        .select_related("item")
        .filter(community=community, kind=rules.LineKind.OPENING.value, source__startswith=f"{source}:", credits=None)
        .order_by("id")
    )
    lines = [row for row in rows if row.credited_minor < row.amount_minor or row.paid_minor]
    touched = sum(1 for row in lines if row.paid_minor or row.credited_minor)
    if touched:
        raise Charged(n=touched)
    for nth in range(0, len(lines), PORTION):
        some = lines[nth : nth + PORTION]
        back = Line.objects.bulk_create(_credit(row, at) for row in some)
        Line.objects.inside().filter(pk__among=[row.pk for row in some]).update(credited_minor=F("amount_minor"))
        drafts = [_journal(row, "line_credited", made.pk, at, back=True) for row, made in zip(some, back, strict=True)]
        ledger.post_many(SYSTEM, drafts=tuple(drafts))
    return len(lines)


@action(needs=May.KEEP_TARIFFS)
def withdraw_assignments(
    scope: Scope, *, community: CommunityId, item: ItemId, homes: Sequence[HomeId], start_on: date, at: datetime
) -> int:
    """This will take assignments back as if they had never been; refused where something was billed of them."""
    billed = Line.objects.within(scope).filter(
        community=community, item=item, subject__among=list(homes), kind=rules.LineKind.CHARGE.value
    )
    if number := billed.filter(start_on__gte=start_on).count():
        raise Charged(n=number)
    rows = Assignment.objects.within(scope).filter(community=community, item=item, start_on=start_on)
    return rows.filter(subject__among=list(homes)).delete()[0]


@action(needs=May.KEEP_TARIFFS)
def forget_home_facts(scope: Scope, *, community: CommunityId, homes: Sequence[HomeId], at: datetime) -> int:
    """This will forget what charging knows of homes besides their area."""
    return HomeFacts.objects.within(scope).filter(community=community, pk__among=list(homes)).delete()[0]


def owing(homes: Iterable[HomeId], payer: rules.Payer, on: date) -> dict[HomeId, PartyId]:
    """This will name who owes for each home on a day; the payer's word says whether a tenant goes first."""
    days, asked = rules.Days(on, on + A_DAY), list(homes)
    lived = people.lived_in(SYSTEM, homes=asked, since=days.start, until=days.end)
    found: dict[HomeId, PartyId] = {}
    for home in asked:
        liable = rules.obligors(days, rules.lives(lived.get(home, ())), payer)
        if not liable:
            raise Invalid("opening", _("Nobody is known who owes this."))
        found[home] = liable[0].what
    return found


def numbers_of(company: PartyId, year: int, count: int) -> list[str]:
    """This will take so many numbers of the company's series of takings-over, in one statement."""
    rows = sql.fetch("SELECT billing_next_number(%s, %s) FROM generate_series(1, %s)", company, f"O{year}", count)
    return [f"O{year}-{number:06d}" for (number,) in rows]


def _credit(row: Line, at: datetime) -> Line:
    return Line(
        bill_id=row.bill_id,
        community=row.community,
        subject=row.subject,
        subject_kind=row.subject_kind,
        home=row.home,
        obligor=row.obligor,
        item_id=row.item_id,
        kind=rules.LineKind.CREDIT.value,
        start_on=row.start_on,
        end_on=row.end_on,
        due_on=row.due_on,
        amount_minor=-row.amount_minor,
        credits=row,
        source=row.source,
        reason={"why": "batch undone"},
        issued_at=at,
    )


def _journal(row: Line, kind: str, of: int | UUID, at: datetime, *, back: bool = False) -> Draft:
    amount = Money(row.amount_minor)
    legs: tuple[Leg, ...] = (debit(receivable_of(row), amount), credit(income_of(row), amount))
    if back:
        legs = (debit(income_of(row), amount), credit(receivable_of(row), amount))
    return Draft(
        key=f"{kind}:{of}",
        book=property_book(PartyId(row.item.company)),
        currency=places.market_of(CommunityId(row.community)).currency,
        document=f"bill:{row.bill_id}" if not back else f"bill_line:{row.pk}",
        kind=kind,
        at=at,
        legs=legs,
    )
