"""Bank transfers and cash paid in: slips to quote, and what the operator does with money that quoted none."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, PartyId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import Leg, cash_due, platform_book
from linli.money.payments import queries, rules
from linli.money.payments.actions.paying import CannotPay
from linli.money.payments.actions.reconciling import NotSo, match_suspense, suspended
from linli.money.payments.queries import DepositSlip, TransferSlip
from linli.money.payments.rules import SlipKind, State
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class NoTransfers(Refusal):
    """The city has no account for transfers."""

    says = _("Bank transfers are not taken here.")


class MoreThanOwed(Refusal):
    """Nobody hands in more cash than he holds."""

    says = _("This holder owes only {owed}.")


_ISSUE = """
    INSERT INTO payments_slip (id, reference, collection_id, holder, city, currency, issued_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_OF_COLLECTION = "SELECT city, currency FROM payments_collection WHERE id = %s FOR NO KEY UPDATE"
_OF_HOLDER = "SELECT reference FROM payments_slip WHERE holder = %s AND city = %s"


@action(needs=May.PAY)
def issue_transfer_slip(scope: Scope, *, collection: CollectionId, at: datetime) -> TransferSlip:
    """This will say where to transfer what a collection asks, and what to quote; asked again, the same."""
    row = sql.fetch_one(_OF_COLLECTION, collection)
    if row is None:
        raise NotFound("collection")
    city, currency = row
    card = queries.collection(scope, collection=collection)
    if card.state is not State.OPEN or at >= card.expires_at:
        raise CannotPay(state=card.state.value if card.state is not State.OPEN else "expired")
    if not queries.takes_transfers(scope, city=city, at=at):
        raise NoTransfers
    sql.run(_ISSUE, ids.new(), _reference(SlipKind.TRANSFER), collection, None, city, currency, at)
    slip = queries.transfer_slip(scope, collection=collection)
    assert slip is not None  # noqa: S101 - it was just issued, or before
    return slip


@action(needs=May.ISSUE_DEPOSIT_SLIP)
def issue_deposit_slip(
    scope: Scope, *, holder: PartyId, city: CityId, at: datetime, currency: str = "CNY"
) -> DepositSlip:
    """This will say where a holder pays in the cash that it owes, and what to quote; it is the same every time.

    The module above decides whose slip it is; it is asked as the house, by an operator of the city, or by the holder.
    """
    reaches = scope.works_in(city) if scope.is_inside else scope.person == holder
    if not reaches:
        raise NotFound("holder")
    account = policy(scope, rules.PaymentPolicy, at=at, city=city)
    if not account.transfer_account:
        raise NoTransfers
    sql.run(_ISSUE, ids.new(), _reference(SlipKind.DEPOSIT), None, holder, city, currency, at)
    row = sql.fetch_one(_OF_HOLDER, holder, city)
    assert row is not None  # noqa: S101 - it was just issued, or before
    return DepositSlip(
        reference=row[0],
        account_name=account.transfer_account_name,
        account=account.transfer_account,
        bank=account.transfer_bank,
        owed=ledger.balance(SYSTEM, book=platform_book(city), address=cash_due(holder)),
    )


@action(needs=May.RECONCILE)
def hand_in_cash(scope: Scope, *, difference: UUID, holder: PartyId, at: datetime) -> None:
    """This will settle a holder's cash with money that the bank booked and that quoted no slip of his."""
    city, waiting = suspended(difference)
    owed = ledger.balance(SYSTEM, book=platform_book(city), address=cash_due(holder))
    if waiting.minor <= 0:
        raise NotSo
    if waiting > owed:
        raise MoreThanOwed(field="holder", owed=owed)
    match_suspense(
        scope, difference=difference, legs=(Leg(cash_due(holder), -waiting),), how=f"cash of {holder} paid in", at=at
    )


def _reference(kind: SlipKind) -> str:
    """Ten letters and digits that nobody takes for one another; a mistyped one is nobody's, and waits on suspense."""
    return kind.value + "".join(secrets.choice(rules.SLIP_LETTERS) for _nth in range(rules.SLIP_LENGTH))
