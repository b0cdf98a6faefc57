"""Money brought to the desk: a receipt with its number, the lines it pays, and the journal, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.actions.settling import allocate, hold_open_lines, open_line, write_receipt
from linli.estate.billing.models import Line, Month
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import (
    OWN_BANK,
    Draft,
    credit,
    debit,
    desk_cash,
    fee_receivable,
    prepaid_fee,
    property_book,
)
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_AT_ONCE = Money(100_000_000)
BY_HAND = (rules.Channel.CASH, rules.Channel.POS, rules.Channel.QR, rules.Channel.BANK)


class MonthClosed(Refusal):
    """The books of that day are closed."""

    says = _("The month of {day} is closed. Please take it on a day of an open month.")


class NobodyOwes(Refusal):
    """Nothing is open here, and nobody is named to whom the money would belong."""

    says = _("Nothing is owed for this home. Please say who pays in advance.")


@dataclass(frozen=True, slots=True)
class Taken:
    """The receipt and its number, what it paid, and what is kept for bills to come."""

    receipt: ReceiptId
    number: str
    paid: Money
    kept: Money


@action(needs=May.TAKE_FEES)
def take_payment(
    scope: Scope,
    *,
    home: HomeId,
    amount: Money,
    channel: rules.Channel,
    desk: str = "front",
    lines: Sequence[int] = (),
    payer: PartyId | None = None,
    at: datetime,
) -> Taken:
    """This will take money for a home and pay what is open: the picked lines in their order, else by the policy.

    Two who pay the same lines at the same moment wait for each other; what is too much is kept for bills to come.
    """
    community = _community_of(scope, home)
    if not Money.zero < amount <= MOST_AT_ONCE:
        raise Invalid("amount", _("Between 0.01 and {most}."), most=str(MOST_AT_ONCE))
    if channel not in BY_HAND:
        raise Invalid("channel", _("This is not taken by hand."))
    _insist_on_open_month(scope, community, at)
    found = hold_open_lines(scope, home)
    spent = _spent(scope, amount, found, lines, community, at)
    owners = {row.pk: PartyId(row.obligor) for row in found}
    keeper = payer or next(iter(owners.values()), None)
    if spent.rest and keeper is None:
        raise NobodyOwes(field="payer")
    receipt = write_receipt(
        scope,
        company=company_of(scope),
        community=community,
        home=home,
        amount=amount,
        channel=channel,
        payer=payer,
        desk=desk,
        at=at,
    )
    allocate(receipt, spent.allocations, community, at)
    legs = [debit(OWN_BANK if channel is rules.Channel.BANK else desk_cash(desk), amount)]
    legs += [credit(fee_receivable(home, owners[each.line]), each.amount) for each in spent.allocations]
    if spent.rest and keeper is not None:
        legs.append(credit(prepaid_fee(home, keeper), spent.rest))
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"fees_taken:{receipt.pk}",
            book=property_book(company_of(scope)),
            currency=places.community(community).currency,
            document=f"receipt:{receipt.pk}",
            kind="fees_taken",
            at=at,
            legs=tuple(legs),
        ),
    )
    return Taken(ReceiptId(receipt.pk), receipt.number, amount - spent.rest, spent.rest)


def _community_of(scope: Scope, home: HomeId) -> CommunityId:
    community = places.home(home).community
    if community not in scope.communities:
        raise NotFound("home")
    return community


def _insist_on_open_month(scope: Scope, community: CommunityId, at: datetime) -> None:
    day = places.day_in(community, at)
    months = Month.objects.within(scope).filter(community=community, first_on=day.replace(day=1))
    if months.filter(state=rules.MonthState.CLOSED.value).exists():
        raise MonthClosed(day=day.isoformat())


def _spent(
    scope: Scope, amount: Money, found: Sequence[Line], picked: Sequence[int], community: CommunityId, at: datetime
) -> rules.Allocated:
    opened = {row.pk: open_line(row) for row in found}
    for nth, line in enumerate(picked):
        if line not in opened:
            raise Invalid(f"lines.{nth}", _("Nothing is open on this line any more."))
    if picked:
        return rules.in_turn(amount, [opened[line] for line in dict.fromkeys(picked)])
    return rules.allocate(amount, opened.values(), policy(scope, rules.BillingPolicy, at=at, community=community).first)
