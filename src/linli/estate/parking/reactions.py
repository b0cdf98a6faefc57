"""What parking does when money arrives, when vouchers are paid, when somebody moves out or is erased."""

from __future__ import annotations

from linli.estate.billing.events import LinePaid
from linli.estate.parking import actions, rules
from linli.estate.parking.queries import barrier
from linli.ground.people.events import MovedOut, PersonErased
from linli.money.payments.events import Collected, CollectedTooLate
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(Collected, purpose="parking")
def record_payment(fact: Collected) -> None:
    """This will book the payment of a stay."""
    actions.record_payment(SYSTEM, payment=fact.for_, at=fact.at)


@reacts_to(Collected, purpose="shared_parking")
def record_space_payment(fact: Collected) -> None:
    """This will let a booking of a shared space stand that is paid."""
    actions.record_space_payment(SYSTEM, booking=fact.for_, at=fact.at)


@reacts_to(CollectedTooLate, purpose="parking")
@reacts_to(CollectedTooLate, purpose="shared_parking")
def tell_goes_back(fact: CollectedTooLate) -> None:
    """This will tell who paid a stay or a booking twice or too late that the money goes back."""
    actions.tell_goes_back(SYSTEM, collection=fact.collection, amount=fact.amount, at=fact.at)


@reacts_to(LinePaid)
def open_stock(fact: LinePaid) -> None:
    """This will let prepaid vouchers be given."""
    stock = actions.stock_of(fact.source)
    if stock is not None:
        actions.open_stock(SYSTEM, stock=stock, at=fact.at)


@reacts_to(MovedOut)
def end_sharing(fact: MovedOut) -> None:
    """This will end what somebody shared of a home that they left."""
    ends_at = rules.held_days(fact.end_on, None, barrier.zone_of(fact.community)).start
    actions.end_sharing(SYSTEM, home=fact.home, holder=fact.person, ends_at=ends_at, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will end what an erased person shared and booked, and forget their cars and what they wrote."""
    actions.end_sharing(SYSTEM, holder=fact.person, ends_at=fact.at, at=fact.at)
    actions.leave_bookings(SYSTEM, booker=fact.person, at=fact.at)
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
