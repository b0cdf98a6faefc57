"""The words to a buyer and a shop about a refund. Private to the actions; reasons stand at the order alone."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.reach.notify import actions as notify
from linli.spine.scope import SYSTEM
from linli.trade.orders.actions.held import HeldOrder


def tell_given(held: HeldOrder, amount: Money, *, at: datetime) -> None:
    """This will tell the buyer of an order what they have back.

    Of what is still to be paid in cash nothing goes back: so much less is asked at the door.
    """
    _write(held.buyer, "refund_taken_off" if held.to_pay else "refund_given", held, at, amount=str(amount))


def tell_shop(held: HeldOrder, amount: Money, *, at: datetime) -> None:
    """This will tell a shop what went back to its buyer without its word."""
    _write(held.merchant, "refund_decided_given", held, at, amount=str(amount))


def tell_disputed(held: HeldOrder, *, is_answered: bool, at: datetime) -> None:
    """This will tell a buyer that their shop declined or kept silent, and that the platform decides now."""
    _write(held.buyer, "refund_declined" if is_answered else "refund_unanswered", held, at)


def tell_rejected(held: HeldOrder, at: datetime) -> None:
    """This will tell both sides that the platform decided against a refund."""
    _write(held.buyer, "refund_rejected", held, at)
    _write(held.merchant, "refund_decided_rejected", held, at)


def _write(to: PartyId, template: str, held: HeldOrder, at: datetime, **more: str) -> None:
    notify.queue_message(SYSTEM, to=to, template=template, values={"number": held.number, **more}, at=at)
