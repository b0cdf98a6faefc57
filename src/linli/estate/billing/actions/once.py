"""One charge outside the month: a priced repair, a permit, a booking, a lost card; on a bill of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import item_row
from linli.estate.billing.actions.keeping import use_credit
from linli.estate.billing.actions.paying import MOST_AT_ONCE
from linli.estate.billing.actions.settling import (
    income_of,
    insist_on_home,
    insist_on_open_month,
    next_number,
    receivable_of,
)
from linli.estate.billing.models import Bill, Item, Line
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import Draft, credit, debit, property_book
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

A_DAY = timedelta(days=1)
MOST_STEPS = 50


class NobodyToCharge(Refusal):
    """Nobody is known to owe what is charged."""

    says = _("Nobody is known who owes this.")


class ChargedOtherwise(Refusal):
    """The same occasion would be charged twice, and not the same."""

    says = _("This was charged already, as {amount}. Take that back first.")


@action(needs=May.ISSUE_BILLS)
def charge_once(
    scope: Scope,
    *,
    community: CommunityId,
    subject: UUID,
    kind: rules.SubjectKind = rules.SubjectKind.HOME,
    home: HomeId | None = None,
    obligor: PartyId | None = None,
    item: ItemId,
    amount: Money,
    title: Mapping[str, str],
    steps: Sequence[rules.StepShare] = (),
    source: str,
    start_on: date | None = None,
    end_on: date | None = None,
    due_on: date | None = None,
    at: datetime,
) -> int:
    """This will charge one occasion, once for its `source` (`work_order:<id>`), and give the number of the line.

    The bill goes out at once, with a number of its own. Of a home, whoever owes the item there owes it, unless an
    obligor is named; of anything else one must be. `steps` are the words and figures of the reason.
    """
    row = _chargeable(scope, community, item, amount, source, steps)
    about = rules.Subject(subject, kind, HomeId(subject) if kind is rules.SubjectKind.HOME else home)
    insist_on_home(about, community)
    insist_on_open_month(scope, community, at)
    day = start_on or places.day_in(community, at)
    owing = obligor or _obligor(about, rules.Payer(row.payer), day)
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    line = Line(
        community=community,
        subject=about.id,
        subject_kind=about.kind.value,
        home=about.home,
        obligor=owing,
        item=row,
        kind=rules.LineKind.ONCE.value,
        start_on=day,
        end_on=end_on or day + A_DAY,
        due_on=due_on or places.day_in(community, at) + timedelta(days=terms.once_due_days),
        amount_minor=amount.minor,
        source=source,
        reason=rules.reason_of_occasion(title, steps),
        issued_at=at,
    )
    try:
        with transaction.atomic():
            _bill(line, at)
    except IntegrityError as error:
        if "billing_line_source" not in str(error):
            raise
        return _charged_before(scope, line)
    _post(line, at)
    use_credit(scope, community, at, subject=about.id)
    return line.pk


def _chargeable(
    scope: Scope, community: CommunityId, item: ItemId, amount: Money, source: str, steps: Sequence[rules.StepShare]
) -> Item:
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    if not Money.zero < amount <= MOST_AT_ONCE:
        raise Invalid("amount", _("Between {least} and {most}."), least=Money(1), most=MOST_AT_ONCE)
    if not source or len(steps) > MOST_STEPS:
        raise ValueError("what is charged once names its source, and at most fifty steps")
    return item_row(scope, item)


def _obligor(about: rules.Subject, payer: rules.Payer, day: date) -> PartyId:
    """Who owes an item of a home on a day."""
    if about.kind is rules.SubjectKind.HOME:
        days = rules.Days(day, day + A_DAY)
        home = HomeId(about.id)
        lived = people.lived_in(SYSTEM, homes=[home], since=days.start, until=days.end).get(home, ())
        for holding in rules.obligors(days, rules.lives(lived), payer):
            return holding.what
    raise NobodyToCharge(field="obligor")


def _bill(line: Line, at: datetime) -> None:
    line.bill = Bill.objects.create(
        id=ids.new(),
        community=line.community,
        subject=line.subject,
        subject_kind=line.subject_kind,
        home=line.home,
        obligor=line.obligor,
        number=next_number(PartyId(line.item.company), CommunityId(line.community), "C", at),
        issued_at=at,
    )
    line.save(force_insert=True)


def _charged_before(scope: Scope, line: Line) -> int:
    before = Line.objects.within(scope).get(community=line.community, source=line.source, credits=None)
    if (before.amount_minor, before.subject, before.item_id) != (line.amount_minor, line.subject, line.item_id):
        raise ChargedOtherwise(amount=Money(before.amount_minor))
    return before.pk


def _post(line: Line, at: datetime) -> None:
    amount = Money(line.amount_minor)
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"bill_issued:{line.bill_id}",
            book=property_book(PartyId(line.item.company)),
            currency=places.market_of(CommunityId(line.community)).currency,
            document=f"bill:{line.bill_id}",
            kind="bill_issued",
            at=at,
            legs=(debit(receivable_of(line), amount), credit(income_of(line), amount)),
        ),
    )
