"""A booking in hand: locked, moved, given up."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing import actions as billing
from linli.estate.venues import rules
from linli.estate.venues.models import Booking, Move
from linli.kernel.ids import BookingId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.scope import SYSTEM, Scope

MOST_WHY = 200


def held(scope: Scope, booking: BookingId) -> Booking:
    """This will lock a booking that the scope may see."""
    row = Booking.objects.within(scope).select_for_update().filter(pk=booking).first()
    if row is None:
        raise NotFound("booking")
    return row


def move(row: Booking, verb: rules.BookingVerb, scope: Scope, at: datetime, *, why: str = "") -> None:
    """This will take a step in its life, and note it."""
    life, states = rules.BOOKING_LIFE, rules.BookingState
    moves.take(Move, row, verb, life=life, states=states, scope=scope, at=at, why=why)


def give_up(row: Booking, why: str, at: datetime) -> None:
    """This will take back what was charged for a booking, and let go of its deposit."""
    if row.price_minor and row.home:
        billing.cancel_charge(SYSTEM, source=f"booking:{row.pk}", why=why, at=at)
    if row.deposit is not None:
        row.pay_by = row.back_at = None
        row.save(update_fields=["pay_by", "back_at"])
        billing.release_deposit(SYSTEM, deposit=row.deposit, at=at)


def said(why: str) -> str:
    """This will insist on a reason in words."""
    words = why.strip()
    if not words or len(words) > MOST_WHY:
        raise Invalid("why", _("Please write between 1 and {most} characters."), most=MOST_WHY)
    return words
