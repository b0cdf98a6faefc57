"""Paying at the desk by a code that the payer scans: the same payments as on the phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.billing.actions.online import Manner, NothingOwed, begin_collection, part_of
from linli.estate.billing.actions.settling import hold_open_lines, insist_on_open_month, subject_of
from linli.estate.billing.models import Line, Payment
from linli.kernel.ids import CollectionId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.payments import actions as payments
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PATIENCE = timedelta(minutes=6)
"""Somebody stands there with the phone in hand; the provider closes its page a minute earlier."""
MOST_LINES = 200


class NotByCode(Refusal):
    """The company does not have this collected through the platform."""

    says = _("This is not collected by a code. Please take it in cash, by card or by bank.")


@errand
def take_by_code(
    scope: Scope,
    *,
    subject: UUID,
    amount: Money,
    channel: str,
    desk: str = "front",
    lines: Sequence[int] = (),
    payer: PartyId | None = None,
    at: datetime,
) -> CollectionId:
    """This will have a code made at the provider that pays so much of what is open, for the cashier to show."""
    collection = ask_by_code(scope, subject=subject, amount=amount, desk=desk, lines=lines, payer=payer, at=at)
    payments.begin_payment(SYSTEM, collection=collection, channel=channel, at=at)
    return collection


@action(needs=May.TAKE_FEES)
def ask_by_code(
    scope: Scope,
    *,
    subject: UUID,
    amount: Money,
    desk: str = "front",
    lines: Sequence[int] = (),
    payer: PartyId | None = None,
    at: datetime,
) -> CollectionId:
    """This will ask for one payment of so much of what is open: of the lines that were picked, else by policy.

    Nothing is held until it arrives: whoever pays first has paid, and what two paid goes back to the second.
    """
    community, _about = subject_of(scope, subject)
    insist_on_open_month(scope, community, at)
    found = {row.pk: row for row in hold_open_lines(scope, subject)[:MOST_LINES]}
    if not found:
        raise NothingOwed(field="amount")
    for nth, line in enumerate(lines):
        if line not in found:
            raise Invalid(f"lines.{nth}", _("Nothing is open on this line any more."))
    picked = [found[line] for line in dict.fromkeys(lines)]
    payable: list[Line] = [row for row in picked or found.values() if row.item.payable_online]
    if not payable or (picked and len(payable) < len(picked)):
        raise NotByCode(field="by")
    spent = part_of(scope, amount, payable, is_picked=bool(picked), at=at)
    owed = [(found[each.line], each.amount) for each in spent]
    manner = Manner(payer, patience=PATIENCE, desk=desk, taken_by=scope.person)
    return begin_collection(manner, subject, owed, at)


@action(needs=May.TAKE_FEES)
def withdraw_code(scope: Scope, *, collection: CollectionId, at: datetime) -> bool:
    """This will make a code worthless that nobody paid; False where the money was quicker, and then nothing changes."""
    row = Payment.objects.within(scope).filter(collection=collection, taken_by__isnull=False).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("payment")
    return payments.close_collection(SYSTEM, collection=collection, why="withdrawn at the desk", at=at)
