"""What went out is changed by a credit line and by nothing else; what was paid of it is kept for bills to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum

from linli.estate.billing import rules
from linli.estate.billing.actions.settling import income_of, insist_on_open_month, receivable_of, still_open
from linli.estate.billing.models import Allocation, Line, Receipt
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, Leg, credit, debit, prepaid_fee, property_book
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_REASON_CHARACTERS = 200


class PaidAlready(Refusal):
    """More would be credited than is open."""

    says = _("Only {open} of this line is still open. What was paid is given back, not credited.")


@action(needs=May.ISSUE_BILLS, private=("why",))
def credit_line(scope: Scope, *, line: int, amount: Money | None = None, why: str, at: datetime) -> int:
    """This will take back what is open of a line, or a part of it, by a line of opposite sign; gives its number."""
    insist_on_reason(why)
    row = _held(scope).filter(pk=line).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("line")
    insist_on_open_month(scope, CommunityId(row.community), at)
    back = still_open(row) if amount is None else amount
    if not Money.zero < back <= still_open(row):
        raise PaidAlready(field="amount", open=still_open(row))
    return credited(row, back, why, at)


@action(needs=May.ISSUE_BILLS, private=("why",))
def cancel_charge(scope: Scope, *, source: str, why: str, at: datetime) -> None:
    """This will take back what was charged for one occasion; what was paid of it is kept for the obligor's bills.

    Asked again, it changes nothing.
    """
    insist_on_reason(why)
    row = _held(scope).filter(source=source).exclude(source="").first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("source")
    insist_on_open_month(scope, CommunityId(row.community), at)
    back = Money(row.amount_minor - row.credited_minor)
    kept = _take_back(scope, row, at) if row.paid_minor else []
    if back:
        credited(row, back, why, at, kept=kept)


def insist_on_reason(why: str) -> None:
    """This will refuse a change of money for which nobody says why."""
    if not 0 < len(why.strip()) <= MOST_REASON_CHARACTERS:
        raise Invalid("why", _("Please say why, in at most {most} characters."), most=MOST_REASON_CHARACTERS)


def _held(scope: Scope) -> QuerySet[Line]:
    return Line.objects.within(scope).select_for_update(of=("self",)).select_related("item").filter(credits=None)


def _take_back(scope: Scope, row: Line, at: datetime) -> list[Leg]:
    """Every receipt gets back as its rest what it had paid of the line; for whom, the ledger is told by these legs."""
    paid_by = (
        Allocation.objects.within(scope)
        .filter(line=row)
        .values_list("receipt")
        .annotate(minor=Sum("amount_minor"))
        .filter(minor__gt=0)
    )
    legs, minors = [], dict(paid_by)
    for receipt in Receipt.objects.within(scope).select_for_update().filter(pk__in=minors).order_by("id"):
        minor = minors[receipt.pk]
        keeper = (receipt.rest_minor and receipt.keeper) or row.obligor
        Allocation.objects.create(
            receipt=receipt, line=row, community=row.community, amount_minor=-minor, allocated_at=at
        )
        Receipt.objects.within(scope).filter(pk=receipt.pk).update(keeper=keeper, rest_minor=receipt.rest_minor + minor)
        legs.append(credit(prepaid_fee(receipt.subject, PartyId(keeper)), Money(minor)))
    return legs


def credited(
    row: Line, back: Money, why: str, at: datetime, *, kept: Sequence[Leg] = (), against: str | None = None
) -> int:
    """This will write a line of opposite sign and its journal, against the income (or another account).

    `kept` is what had been paid of it, and whose it is now.
    """
    made = Line.objects.create(
        bill_id=row.bill_id,
        community=row.community,
        subject=row.subject,
        subject_kind=row.subject_kind,
        home=row.home,
        obligor=row.obligor,
        item_id=row.item_id,
        tariff_id=row.tariff_id,
        kind=rules.LineKind.CREDIT.value,
        start_on=row.start_on,
        end_on=row.end_on,
        due_on=row.due_on,
        amount_minor=-back.minor,
        credits=row,
        source=row.source,
        reason={"why": why.strip()},
        issued_at=at,
    )
    Line.objects.inside().filter(pk=row.pk).update(
        credited_minor=row.credited_minor + back.minor,
        paid_minor=row.paid_minor + sum(leg.amount.minor for leg in kept),
    )
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"line_credited:{made.pk}",
            book=property_book(PartyId(row.item.company)),
            currency=places.market_of(CommunityId(row.community)).currency,
            document=f"bill_line:{row.pk}",
            kind="line_credited",
            at=at,
            legs=(
                debit(against or income_of(row), back),
                credit(receivable_of(row), back + Money.total(leg.amount for leg in kept)),
                *kept,
            ),
        ),
    )
    return int(made.pk)
