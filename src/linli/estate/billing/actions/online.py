"""Paying on the phone: through the same payments as everything else; what two paid at once is paid once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.going_back import tell_payer
from linli.estate.billing.actions.settling import (
    Counter,
    allocate,
    hold_open_lines,
    open_line,
    receivable_of,
    still_open,
    write_receipt,
)
from linli.estate.billing.models import Item, Line, Payment
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, CommunityId, HomeId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import (
    Draft,
    credit,
    debit,
    due_from_platform,
    property_book,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "bill"
PATIENCE = timedelta(minutes=15)
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Manner:
    """How a payment is asked for: who pays, what it is called, how long it may take, and at whose desk."""

    payer: PartyId | None
    purpose: str = PURPOSE
    patience: timedelta = PATIENCE
    desk: str = ""
    taken_by: PartyId | None = None


class NothingOwed(Refusal):
    """There is nothing to pay here (any more)."""

    says = _("Nothing is open here any more.")


class NotOnline(Refusal):
    """The company takes this at its desk only."""

    says = _("This is not paid online. Please pay it at the property desk.")


@action(needs=May.PAY)
def begin_payment(
    scope: Scope, *, subject: UUID, lines: Sequence[int] = (), amount: Money | None = None, at: datetime
) -> CollectionId:
    """This will ask for one payment of what the person owes for a home (or a space, a contract), or of picked lines.

    It is all that is open of them now, or the part that `amount` says: of lines that were picked the first picked is
    paid first, of all of them as the community's policy has it. Begin it with `payments.begin_payment`. Until it
    arrives nothing is held: whoever pays first has paid, and who paid the same lines as well gets theirs back.
    """
    if scope.person is None:
        raise NotFound("bill")
    found = {row.pk: row for row in hold_open_lines(scope, subject, list(lines) or None)[:MOST_LINES]}
    if not found:
        raise NothingOwed
    for nth, line in enumerate(lines):
        if line not in found:
            raise Invalid(f"lines.{nth}", _("Nothing is open on this line any more."))
    picked = [found[line] for line in dict.fromkeys(lines)] or list(found.values())
    owed = [(row, still_open(row)) for row in picked]
    if amount is not None:
        spent = part_of(scope, amount, picked, is_picked=bool(lines), at=at)
        owed = [(found[each.line], each.amount) for each in spent]
    return begin_collection(Manner(scope.person), subject, owed, at)


def part_of(
    scope: Scope, amount: Money, rows: Sequence[Line], *, is_picked: bool, at: datetime
) -> tuple[rules.Allocation, ...]:
    """This will say which lines a part of what is open pays; what would be too much belongs into the wallet, and is
    refused here."""
    opened = [open_line(row) for row in rows]
    most = Money.total(each.open for each in opened)
    if not Money.zero < amount <= most:
        raise Invalid(
            "amount", _("Between {least} and {most}, which is what is open of it."), least=Money(1), most=most
        )
    if is_picked:
        return rules.in_turn(amount, opened).allocations
    order = policy(scope, rules.BillingPolicy, at=at, community=CommunityId(rows[0].community)).first
    return rules.allocate(amount, opened, order).allocations


def begin_collection(manner: Manner, subject: UUID, owed: Sequence[tuple[Line, Money]], at: datetime) -> CollectionId:
    """This will ask somebody for one payment of so much of each line; none of them is held until then."""
    found = [row for row, _amount in owed]
    if not all(row.item.payable_online for row in found):
        raise NotOnline(field="lines")
    community = CommunityId(found[0].community)
    place = places.community(community)
    company = PartyId(Item.objects.inside().values_list("company", flat=True).get(pk=found[0].item_id))
    home = subject if any(row.home == subject for row in found) else found[0].home
    kind = rules.SubjectKind.HOME if home == subject else rules.SubjectKind(found[0].subject_kind)
    amount = Money.total(part for _row, part in owed)
    payment, collection = ids.new(), CollectionId(ids.new())
    Payment.objects.create(
        id=payment,
        company=company,
        community=community,
        city=place.city,
        subject=subject,
        subject_kind=kind.value,
        home=home,
        payer=manner.payer,
        desk=manner.desk,
        taken_by=manner.taken_by,
        collection=collection,
        lines=[row.pk for row in found],
        minors=[part.minor for _row, part in owed],
        begun_at=at,
    )
    payments.request_collection(
        SYSTEM,
        collection=collection,
        purpose=manner.purpose,
        for_=payment,
        city=CityId(place.city),
        payer=manner.payer,
        amount=amount,
        legs=(credit(property_fee_collected(company, community), amount),),
        expires_at=at + manner.patience,
        at=at,
        currency=place.currency,
    )
    return collection


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_payment(scope: Scope, *, payment: UUID, at: datetime) -> Money:
    """This will pay the lines of a payment that arrived, once, and give back, with a word, what was paid already."""
    row = Payment.objects.within(scope).select_for_update().filter(pk=payment).first()
    if row is None or row.collected_at is not None:
        return Money.zero
    community, company = CommunityId(row.community), PartyId(row.company)
    found = {line.pk: line for line in hold_open_lines(scope, row.subject, row.lines)}
    paid = [
        rules.Allocation(line, min(Money(minor), open_line(found[line]).open))
        for line, minor in zip(row.lines, row.minors, strict=True)
        if line in found
    ]
    arrived, spent = Money(sum(row.minors)), Money.total(each.amount for each in paid)
    if spent:
        receipt = write_receipt(
            scope,
            counter=Counter(_subject(row), community, company),
            amount=spent,
            channel=rules.Channel.ONLINE,
            payer=None if row.payer is None else PartyId(row.payer),
            desk=row.desk,
            taken_by=row.taken_by,
            collection=row.collection,
            at=at,
        )
        allocate(receipt, paid, found, at)
        _post(row, [(found[each.line], each.amount) for each in paid], spent, at)
    if spent < arrived:
        payments.request_refund(
            scope,
            refund=RefundId(ids.new()),
            collection=CollectionId(row.collection),
            amount=arrived - spent,
            legs=(debit(property_fee_collected(company, community), arrived - spent),),
            document=f"bill_payment:{payment}",
            at=at,
        )
        tell_payer(row.payer, community, arrived - spent, at)
    Payment.objects.within(scope).filter(pk=payment).update(collected_at=at)
    return spent


def _subject(row: Payment) -> rules.Subject:
    kind, home = rules.SubjectKind(row.subject_kind), row.home
    return rules.Subject(row.subject, kind, None if home is None else HomeId(home))


def _post(row: Payment, owed: Sequence[tuple[Line, Money]], spent: Money, at: datetime) -> None:
    """In the company's book the platform owes it from now on what the home owed before."""
    currency = places.community(CommunityId(row.community)).currency
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"bill_paid:{row.pk}",
            book=property_book(PartyId(row.company)),
            currency=currency,
            document=f"bill_payment:{row.pk}",
            kind="bill_paid",
            at=at,
            legs=(
                debit(due_from_platform(CityId(row.city)), spent),
                *(credit(receivable_of(line), amount) for line, amount in owed),
            ),
        ),
    )
