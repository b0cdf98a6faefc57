"""The deposit of a booking: asked for with it, its slot held for so long; given back, or deducted from, afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.billing import actions as billing
from linli.estate.venues import rules
from linli.estate.venues.actions.held import give_up, held, move, said
from linli.estate.venues.models import Booking, Move, Venue
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import BookingId, CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.names import called
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

WORD = "venue"
"""What the history of a booking calls it."""


class DepositDue(Refusal):
    """A key is handed over against the deposit."""

    says = _("The deposit of this booking is not paid yet.")


class NotBegun(Refusal):
    """Nothing can be broken or missing yet: whoever does not come calls the booking off."""

    says = _("This booking has not begun, so nothing can be missing yet.")


def ask_for_deposit(row: Venue, booking: Booking, home: HomeId, booker: PartyId, minutes: int, at: datetime) -> None:
    """This will ask the booker for the venue's deposit, and hold the slot until it is paid or its time is over."""
    community = CommunityId(row.community)
    booking.deposit_minor = row.deposit_minor
    booking.pay_by = rules.pay_by(at, booking.start_at, minutes)
    booking.deposit = billing.ask_deposit(
        SYSTEM,
        community=community,
        subject=home,
        home=home,
        obligor=booker,
        word=WORD,
        title={
            "zh": f"场地押金 {called(row.name, 'zh')}",
            "en": f"Deposit for {called(row.name, 'en')}",
        },
        amount=Money(row.deposit_minor),
        source=f"booking:{booking.pk}",
        back_on=places.day_in(community, _back_at(SYSTEM, booking, at)),
        at=at,
    )
    booking.save(update_fields=["deposit_minor", "deposit", "pay_by"])


@action(needs=May.RUN_CLOCKS)
def note_deposit(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will let a booking stand whose deposit is held, and note when that goes back; safe to repeat."""
    row = held(scope, booking)
    if row.pay_by is None or row.state != rules.BookingState.BOOKED:
        return
    row.pay_by, row.back_at = None, _back_at(scope, row, at)
    row.save(update_fields=["pay_by", "back_at"])


@action(needs=May.RUN_CLOCKS)
def note_settled(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will note that nothing is held for a booking any more; safe to repeat."""
    row = held(scope, booking)
    if row.back_at is not None:
        row.back_at = None
        row.save(update_fields=["back_at"])


@action(needs=May.RUN_CLOCKS)
def lapse_booking(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will give a slot free whose deposit nobody paid in time; its fee is given up.

    What was paid a moment ago stands: the fact of it is on its way.
    """
    row = held(scope, booking)
    if row.deposit is None or row.pay_by is None or row.pay_by > at or row.state != rules.BookingState.BOOKED:
        return
    if not billing.lapse_deposit(SYSTEM, deposit=row.deposit, at=at):
        return
    move(row, rules.BookingVerb.LAPSE, scope, at)
    give_up(row, "lapsed", at)


@action(needs=May.RUN_CLOCKS)
def give_deposit_back(scope: Scope, *, booking: BookingId, at: datetime) -> None:
    """This will give back what is held for a booking that is over; what was paid by hand waits for the desk."""
    row = held(scope, booking)
    if row.deposit is None or row.back_at is None or row.back_at > at:
        return
    row.back_at = None
    row.save(update_fields=["back_at"])
    billing.release_deposit(SYSTEM, deposit=row.deposit, at=at)


@action(needs=May.KEEP_VENUES, private=("why",))
def keep_deposit(scope: Scope, *, booking: BookingId, why: str, at: datetime) -> None:
    """This will keep a deposit from going back by itself, for a reason: the desk deducts from it or returns it."""
    row = held(scope, booking)
    if row.deposit is None or row.back_at is None:
        raise NotFound("deposit")
    if at < row.start_at:
        raise NotBegun
    reason = said(why)
    row.back_at = None
    row.save(update_fields=["back_at"])
    moves.note(Move, row, rules.Deed.KEEP_DEPOSIT.value, scope=scope, at=at, why=reason)


def _back_at(scope: Scope, row: Booking, at: datetime) -> datetime:
    """When a deposit goes back by itself: so many days after the booking is over."""
    days = policy(scope, rules.VenuePolicy, at=at, community=CommunityId(row.community)).deposit_days
    return row.end_at + timedelta(days=days)
