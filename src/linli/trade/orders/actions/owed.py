"""What is still to be paid in cash: asked, asked less of, taken, or asked no more. Private to the actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import Error

from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.money.payments import actions as payments
from linli.money.payments.rules import Effect
from linli.spine import sql
from linli.spine.scope import SYSTEM
from linli.trade.orders import rules
from linli.trade.orders.actions.held import HeldOrder

CASH_WAITS = timedelta(days=90)
"""A collection of cash ends with its order, by the order's own deadlines; this only ends one that is forgotten."""


class CashDue(Refusal):
    """The order is paid in cash, and the money has not been taken, or not all of it."""

    says = _("{amount} is to be paid in cash for this order.")


class PaidAlready(Refusal):
    """Nobody pays for an order twice."""

    says = _("This order is paid already; take no cash for it.")


class PaidMeanwhile(Refusal):
    """The payment arrived first: what was paid is cancelled order by order."""

    says = _("This has just been paid. You can cancel its orders until the shops accept them.")


def asks(held: HeldOrder, amount: Money, *, at: datetime) -> list[dict[str, object]]:
    """This will ask the buyer of an order for a sum of its own, as `orders_ask` writes it; for nothing, nobody."""
    if not amount:
        return []
    return [
        {
            "collection": ids.new(),
            "order": held.id,
            "city": held.city,
            "payer": held.buyer,
            "minor": amount.minor,
            "currency": held.currency,
            "expires_at": at + CASH_WAITS,
        }
    ]


@contextmanager
def watching() -> Iterator[None]:
    """This will refuse with PaidMeanwhile what the database undid because a payment came first."""
    try:
        yield
    except Error as error:
        if getattr(error.__cause__, "sqlstate", None) == "LC004":
            raise PaidMeanwhile from error
        raise


def unask(held: HeldOrder, *, why: str, at: datetime) -> None:
    """This will ask nobody any more for what an order would have cost."""
    with watching():
        sql.fetch("SELECT orders_unask(%s, %s, %s)", held.collection, why, at)


def insist_cash(held: HeldOrder, cash: Money | None) -> None:
    """This will refuse any other sum than what is to be taken for an order."""
    if held.to_pay and cash != held.to_pay:
        raise CashDue(field="cash", amount=held.to_pay)
    if cash and not held.to_pay:
        raise PaidAlready(field="cash")


def holder_of(held: HeldOrder) -> PartyId:
    """This will name who holds the money of an order: whoever hands the goods over, the carrier or the merchant."""
    if held.carrier and held.fulfilment is rules.Fulfilment.SHOP_DELIVERY:
        return held.carrier
    return held.merchant


def take_cash(held: HeldOrder, *, at: datetime) -> None:
    """This will note that whoever hands an unpaid order over has taken its cash and owes it from now on."""
    if not held.to_pay:
        return
    effect = payments.take_cash(SYSTEM, collection=held.collection, holder=holder_of(held), amount=held.to_pay, at=at)
    if effect != Effect.COLLECTED:
        raise PaidAlready(field="cash")
