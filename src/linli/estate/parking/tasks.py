"""What parking does by the clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from linli.estate.parking import actions, queries, rules
from linli.estate.parking.queries import barrier
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM


@timed("* * * * *")
def lapse_payments(*, at: datetime) -> int:
    """This will stop waiting for payments whose minutes are over."""
    due = queries.payments_due(SYSTEM, at=at, limit=200)
    for payment in due:
        actions.lapse_payment(SYSTEM, payment=payment, at=at)
    return len(due)


@timed("*/10 * * * *")
def end_offers(*, at: datetime) -> int:
    """This will give vouchers back whose codes nobody used in time."""
    ended = 0
    while (some := actions.end_offers(SYSTEM, at=at)) > 0:
        ended += some
    return ended


@timed("25 3 * * *")
def forget_stays(*, at: datetime) -> int:
    """This will close stays that nobody saw ending, by each community's days."""
    forgotten = 0
    for community in queries.communities_with_lots(SYSTEM):
        terms = policy(SYSTEM, rules.ParkingPolicy, at=at, community=community)
        before = at - timedelta(days=terms.forgotten_after_days)
        old = queries.stays_since_before(SYSTEM, community=community, before=before, limit=500)
        for session in old:
            actions.forget_stay(SYSTEM, session=session, at=at)
        forgotten += len(old)
    return forgotten


@timed("45 3 * * *")
def erase_plates(*, at: datetime) -> int:
    """This will take the plates out of what is long over."""
    erased = 0
    for community in queries.communities_with_lots(SYSTEM):
        terms = policy(SYSTEM, rules.ParkingPolicy, at=at, community=community)
        before = at - timedelta(days=terms.plates_kept_days)
        erased += actions.erase_plates(SYSTEM, community=community, before=before, at=at)
    return erased


@timed("15 4 * * *")
def charge_vouchers(*, at: datetime) -> int:
    """This will charge what the vouchers of the months before bore."""
    owed = queries.stocks_owing(SYSTEM, limit=500)
    for stock, community in owed:
        today = places.day_in(community, at)
        until = datetime.combine(today.replace(day=1), time(), barrier.zone_of(community))
        actions.charge_used(SYSTEM, stock=stock, until=until, on=today, at=at)
    return len(owed)


@timed("* * * * *")
def lapse_space_bookings(*, at: datetime) -> int:
    """This will give hours of shared spaces free that nobody paid for in time."""
    due = queries.space_bookings_unpaid(SYSTEM, at=at, limit=200)
    for booking in due:
        actions.lapse_booking(SYSTEM, booking=booking, at=at)
    return len(due)


@timed("*/5 * * * *")
def share_bookings(*, at: datetime) -> int:
    """This will share what booked hours brought that are over."""
    due = queries.space_bookings_over(SYSTEM, at=at, limit=500)
    for booking in due:
        actions.share_booking(SYSTEM, booking=booking, at=at)
    return len(due)


@timed("*/5 * * * *")
def remind_bookers(*, at: datetime) -> int:
    """This will tell bookers that their hours begin soon."""
    due = queries.space_bookings_soon(SYSTEM, at=at, limit=500)
    for booking in due:
        actions.remind_booker(SYSTEM, booking=booking, at=at)
    return len(due)
