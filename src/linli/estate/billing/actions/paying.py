"""Money brought to the desk: a receipt with its number, the lines it pays, and the journal, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.actions.settling import (
    Counter,
    allocate,
    hold_open_lines,
    insist_on_open_month,
    open_line,
    receivable_of,
    subject_of,
    write_receipt,
)
from linli.estate.billing.actions.wallet_moves import Keeper, keep_overpaid
from linli.estate.billing.models import Line, Receipt
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import (
    OWN_BANK,
    Draft,
    Leg,
    credit,
    debit,
    desk_cash,
    prepaid_fee,
    property_book,
)
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_AT_ONCE = Money(100_000_000)
BY_HAND = (rules.Channel.CASH, rules.Channel.POS, rules.Channel.QR, rules.Channel.BANK)


class NobodyOwes(Refusal):
    """Nothing is open here, and nobody is named to whom the money would belong."""

    says = _("Nothing is owed here. Please say who pays in advance.")


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
    subject: UUID,
    amount: Money,
    channel: rules.Channel,
    desk: str = "front",
    lines: Sequence[int] = (),
    payer: PartyId | None = None,
    at: datetime,
) -> Taken:
    """This will take money for a home (or a space, a contract) and pay what is open: the picked lines, else by policy.

    Two who pay the same lines at the same moment wait for each other; what is too much is kept for bills to come.
    """
    community, about = subject_of(scope, subject)
    if not Money.zero < amount <= MOST_AT_ONCE:
        raise Invalid("amount", _("Between {least} and {most}."), least=Money(1), most=MOST_AT_ONCE)
    if channel not in BY_HAND:
        raise Invalid("channel", _("This is not taken by hand."))
    insist_on_open_month(scope, community, at)
    found = hold_open_lines(scope, subject)
    spent = _spent(scope, amount, found, lines, community, at)
    held = {row.pk: row for row in found}
    keeper = payer or next((PartyId(row.obligor) for row in found), None)
    if spent.rest and keeper is None:
        raise NobodyOwes(field="payer")
    to = policy(scope, rules.BillingPolicy, at=at, community=community).overpaid_to
    receipt = write_receipt(
        scope,
        counter=Counter(about, community, company_of(scope)),
        amount=amount,
        channel=channel,
        payer=payer,
        desk=desk,
        keeper=keeper,
        rest=spent.rest if to is rules.OverpaidTo.HOME else Money.zero,
        at=at,
    )
    allocate(receipt, spent.allocations, held, at)
    legs = [debit(OWN_BANK if channel is rules.Channel.BANK else desk_cash(desk), amount)]
    legs += [credit(receivable_of(held[each.line]), each.amount) for each in spent.allocations]
    if spent.rest and keeper is not None:
        legs.append(_kept(scope, receipt, to, keeper, spent.rest, at))
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


def _kept(scope: Scope, receipt: Receipt, to: rules.OverpaidTo, keeper: PartyId, rest: Money, at: datetime) -> Leg:
    """What was too much stays with the home, or in the payer's wallet."""
    if to is rules.OverpaidTo.HOME:
        return credit(prepaid_fee(receipt.subject, keeper), rest)
    whose = Keeper(keeper, CommunityId(receipt.community), PartyId(receipt.company))
    return keep_overpaid(SYSTEM, whose, rules.Bucket(to.value), rest, receipt, at)


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
