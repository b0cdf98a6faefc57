"""What every way of paying does: hold the open lines, note what is paid of them, give a receipt its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.events import LinePaid
from linli.estate.billing.models import Allocation, Assignment, Bill, Line, Month, Receipt
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import LATE_FEE_INCOME, OPENING_BALANCE, fee_income, fee_receivable
from linli.spine import sql
from linli.spine.outbox import tell
from linli.spine.scope import Scope

MOST_LINES = 1_000


class MonthClosed(Refusal):
    """The books of that day are closed."""

    says = _("The month of {day} is closed. Please take it on a day of an open month.")


@dataclass(frozen=True, slots=True)
class Counter:
    """Where somebody pays: the subject that was named, and the community and company whose it is."""

    subject: rules.Subject
    community: CommunityId
    company: PartyId


def subject_of(scope: Scope, subject: UUID) -> tuple[CommunityId, rules.Subject]:
    """This will find a home, or whatever else was ever charged, where the asker works; else refuse with `NotFound`."""
    found: tuple[UUID, str, UUID | None] | None = None
    home = places.homes([HomeId(subject)]).get(HomeId(subject))
    if home is not None:
        found = (home.community, rules.SubjectKind.HOME.value, subject)
    else:
        for table in (Bill, Assignment):
            rows = table.objects.within(scope).filter(subject=subject).values_list("community", "subject_kind", "home")
            found = found or rows.order_by("-id").first()
    if found is None or (not scope.is_inside and found[0] not in scope.communities):
        raise NotFound("subject")
    community, kind, of = found
    return CommunityId(community), rules.Subject(subject, rules.SubjectKind(kind), None if of is None else HomeId(of))


def subjects_in(scope: Scope, community: CommunityId, subjects: Sequence[UUID]) -> list[UUID]:
    """This will leave those homes, and whatever else was ever charged, that are of a community, in two statements."""
    homes = places.homes([HomeId(each) for each in subjects])
    rest = [each for each in subjects if each not in homes]
    rows = Bill.objects.within(scope).filter(community=community, subject__among=rest).values_list("subject", flat=True)
    others = set(rows.distinct()) if rest else set()
    within = {home for home, card in homes.items() if card.community == community} | others
    return [each for each in dict.fromkeys(subjects) if each in within]


def insist_on_home(about: rules.Subject, community: CommunityId) -> None:
    """This will refuse a subject whose home is not of the community."""
    if about.home is not None:
        card = places.homes([about.home]).get(about.home)
        if card is None or card.community != community:
            raise NotFound("subject")


def insist_on_open_month(scope: Scope, community: CommunityId, at: datetime) -> None:
    """This will refuse with `MonthClosed` what happens on a day of a closed month."""
    day = places.day_in(community, at)
    months = Month.objects.within(scope).filter(community=community, first_on=day.replace(day=1))
    if months.filter(state=rules.MonthState.CLOSED.value).exists():
        raise MonthClosed(day=day.isoformat())


def income_of(line: Line) -> str:
    """This will name the account that a line was earned on."""
    if line.kind == rules.LineKind.OPENING.value:
        return OPENING_BALANCE
    return LATE_FEE_INCOME if line.kind == rules.LineKind.LATE_FEE.value else fee_income(line.item.word)


def receivable_of(line: Line) -> str:
    """This will name the account on which what is open of a line stands."""
    return fee_receivable(line.subject, PartyId(line.obligor))


def hold_open_lines(scope: Scope, subject: UUID, only: Sequence[int] | None = None) -> list[Line]:
    """This will lock the lines of a home (or of another subject) that are not wholly paid, by their numbers.

    Two who pay the same lines at the same moment wait for each other here, and the second sees what the first left.
    """
    rows = Line.objects.within(scope).select_for_update(of=("self",)).select_related("item")
    there = Q(home=subject) | (Q(subject=subject) & ~Q(subject_kind=rules.SubjectKind.HOME.value))
    still_open = rows.filter(there, is_open=True)
    if only is not None:
        still_open = still_open.filter(pk__in=only)
    return list(still_open.order_by("id")[:MOST_LINES])


def still_open(row: Line) -> Money:
    """This will tell what of a line is neither paid nor credited."""
    return Money(row.amount_minor - row.paid_minor - row.credited_minor)


def open_line(row: Line) -> rules.OpenLine:
    """This will say of a line what allocating needs to know."""
    return rules.OpenLine(
        line=row.pk,
        due_on=row.due_on,
        priority=row.item.priority,
        is_late_fee=row.kind == rules.LineKind.LATE_FEE,
        open=still_open(row),
    )


def write_receipt(
    scope: Scope,
    *,
    counter: Counter,
    amount: Money,
    channel: rules.Channel,
    payer: PartyId | None,
    desk: str = "",
    taken_by: UUID | None = None,
    collection: UUID | None = None,
    keeper: PartyId | None = None,
    rest: Money = Money.zero,
    at: datetime,
) -> Receipt:
    """This will give a receipt the next number of its company and year; numbers have no gaps."""
    return Receipt.objects.create(
        id=ids.new(),
        company=counter.company,
        community=counter.community,
        subject=counter.subject.id,
        subject_kind=counter.subject.kind.value,
        home=counter.subject.home,
        payer=payer,
        number=next_number(counter.company, counter.community, "R", at),
        channel=channel.value,
        desk=desk,
        taken_by=taken_by or (scope.person if desk else None),
        collection=collection,
        amount_minor=amount.minor,
        keeper=keeper if rest else None,
        rest_minor=rest.minor,
        received_at=at,
    )


def next_number(company: PartyId, community: CommunityId, letter: str, at: datetime) -> str:
    """This will take the next number of a company's series of the year; one that is rolled back leaves no gap."""
    year = places.day_in(community, at).year
    number = sql.fetch("SELECT billing_next_number(%s, %s)", company, f"{letter}{year}")[0][0]
    return f"{letter}{year}-{number:06d}"


def allocate(receipt: Receipt, allocations: Sequence[rules.Allocation], held: Mapping[int, Line], at: datetime) -> None:
    """This will note which lines a receipt paid, and how much of each; the lines are held."""
    if not allocations:
        return
    Allocation.objects.bulk_create(
        Allocation(
            receipt=receipt,
            line_id=each.line,
            community=receipt.community,
            amount_minor=each.amount.minor,
            allocated_at=at,
        )
        for each in allocations
    )
    sql.run(
        "UPDATE billing_line AS l SET paid_minor = l.paid_minor + a.minor"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS a(line, minor) WHERE l.id = a.line",
        [each.line for each in allocations],
        [each.amount.minor for each in allocations],
    )
    for each in allocations:
        row = held[each.line]
        if row.source and each.amount == still_open(row):
            tell_paid(row, at)


def tell_paid(row: Line, at: datetime) -> None:
    """This will tell who charged one occasion that it is wholly paid."""
    tell(
        LinePaid(
            line=row.pk,
            source=row.source,
            community=CommunityId(row.community),
            subject=row.subject,
            amount=Money(row.amount_minor),
            at=at,
        )
    )
