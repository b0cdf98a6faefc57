"""Spaces shared by the hour for tests: an offer, a neighbour with a car, and what stands in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from builders.clock import AT
from builders.parking import NEIGHBOURS_CAR, Lot, a_lot
from builders.places import Home
from linli.estate.parking import actions, queries
from linli.estate.parking.models import SpaceBooking
from linli.ground.policies import actions as policies
from linli.kernel.ids import PartyId, SpaceBookingId, SpaceId, SpaceOfferId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import booking_escrow, platform_book, property_book
from linli.money.payments import actions as payments
from linli.reach.notify.models import Message
from linli.spine.scope import SYSTEM

MONDAY = AT.date()


def shares_spaces(lot: Lot, **settings: object) -> Lot:
    """Have the lot's community let holders share their spaces, at 3.00 to 8.00 an hour, the company keeping a fifth."""
    given = {"is_shared": True, "price_least": Money(300), "price_most": Money(800)} | settings
    policies.set_policy(
        SYSTEM, word="shared_parking", level="community", place=lot.desk.community.id, values=given, start_at=AT, at=AT
    )
    return lot


@dataclass(frozen=True)
class Shared:
    """A space of a home, offered today from 12:00 to 18:00 at 5.00 an hour, and a neighbour with a car."""

    lot: Lot
    holder: Home
    space: SpaceId
    booker: Home
    offer: SpaceOfferId

    def book(self, first: int = 14, last: int = 16, *, at: datetime = AT, **given: Any) -> SpaceBookingId:
        """Hours of the day's clock in Shanghai."""
        home = given.pop("by", self.booker)
        wanted = {"offer": self.offer, "home": home.id, "plate": NEIGHBOURS_CAR} | given
        return actions.book_space(home.scope, start_at=clock(first), end_at=clock(last), at=at, **wanted)

    def pay(self, booking: SpaceBookingId, *, at: datetime = AT) -> SpaceBookingId:
        card, _history = queries.space_booking(self.booker.scope, booking=booking, at=AT)
        payments.record_bank_transfer(
            SYSTEM, collection=card.collection, account="custody", amount=card.amount, line=str(booking), at=at
        )
        actions.record_space_payment(SYSTEM, booking=booking, at=at)
        return booking


def clock(hour: int, *, days: int = 0) -> datetime:
    """An hour of the tests' Monday in Shanghai, or of a day after it."""
    return AT + timedelta(days=days, hours=hour - 10)


def a_shared_space(**settings: object) -> Shared:
    lot = shares_spaces(a_lot(), **settings)
    holder = lot.desk.a_home()
    assert holder.owner is not None
    space = lot.a_space("A-001")
    actions.hold_space(lot.scope, space=space, home=holder.id, party=holder.owner, start_on=AT.date(), at=AT)
    offer = actions.offer_space(
        holder.scope, space=space, times=Period(clock(12), clock(18)), price=Money.parse("5.00"), at=AT
    )
    return Shared(lot, holder, space, lot.a_resident(NEIGHBOURS_CAR), offer)


def rows(table: Any = SpaceBooking) -> Any:
    """The rows of a table, as the house sees them."""
    queries.space_bookings_soon(SYSTEM, at=AT, limit=1)  # the house asks: its walls are open
    return table.objects.inside()


def state(booking: SpaceBookingId) -> str:
    return str(rows().get(pk=booking).state)


def told(person: PartyId | None) -> list[str]:
    return list(Message.objects.filter(party=person).order_by("id").values_list("template", flat=True))


def own(shared: Shared, address: str) -> str:
    """What stands on an account of the company's own book."""
    return str(ledger.balance(SYSTEM, book=property_book(shared.lot.desk.company), address=address))


def platforms(shared: Shared, address: str) -> str:
    """What stands on an account of the platform's book."""
    return str(ledger.balance(SYSTEM, book=platform_book(shared.lot.desk.community.city), address=address))


def escrow(shared: Shared, booking: SpaceBookingId) -> str:
    return platforms(shared, booking_escrow(booking))


def found(
    shared: Shared, home: Home | None = None, day: date = MONDAY, at: datetime = AT
) -> tuple[queries.FreeHours, ...]:
    scope = (home or shared.booker).scope
    return queries.free_hours(scope, community=shared.lot.desk.community.id, day=day, at=at)


def is_sound(at: datetime) -> bool:
    return all(finding.ok for finding in queries.check(SYSTEM, at=at))
