"""Shared spaces as residents see them: what is free, what they booked, what of theirs is let; nobody sees a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from linli.estate.parking import rules
from linli.estate.parking.models import SpaceBooking, SpaceBookingMove, SpaceOffer
from linli.estate.parking.queries import barrier
from linli.ground.policies.queries import policy
from linli.kernel.ids import CollectionId, CommunityId, FileId, HomeId, PartyId, SpaceBookingId, SpaceId, SpaceOfferId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.scope import SYSTEM, Scope

MOST_OFFERS = 1_000
MOST = 200


@dataclass(frozen=True, slots=True)
class FreeHours:
    """Hours of a space that can be booked, in one piece, at a price for each started hour."""

    offer: SpaceOfferId
    space: str
    lot_name: dict[str, str]
    price: Money
    start_at: datetime
    end_at: datetime

    @property
    def hours(self) -> int:
        return rules.started_hours(Period(self.start_at, self.end_at))


@dataclass(frozen=True, slots=True)
class OfferOfMine:
    """An offer of a resident's home: when it holds, what it costs, and what of it is booked still to come."""

    offer: SpaceOfferId
    space_id: SpaceId
    space: str
    lot_name: dict[str, str]
    price: Money
    times: rules.Times
    booked: int


@dataclass(frozen=True, slots=True)
class LetOfMine:
    """Hours of a home's space that somebody booked: when and what it brings, never by whom."""

    booking: SpaceBookingId
    space: str
    lot_name: dict[str, str]
    start_at: datetime
    end_at: datetime
    state: rules.SpaceBookingState
    amount: Money
    earns: Money


@dataclass(frozen=True, slots=True)
class SpaceBookingCard:
    """A booking as its booker sees it: where and when, and what it costs; not whose the space is."""

    booking: SpaceBookingId
    label: str
    community: CommunityId
    space: str
    lot_name: dict[str, str]
    plate: str
    is_visitor: bool
    start_at: datetime
    end_at: datetime
    state: rules.SpaceBookingState
    price: Money
    amount: Money
    overstay: Money
    late_minutes: int
    cancel_until: datetime
    pay_by: datetime
    collection: CollectionId
    is_refunded: bool
    photo: FileId | None
    report_until: datetime | None = None
    """Until when the space can be reported as occupied; only where the booking is shown alone and runs."""

    @property
    def shown(self) -> str:
        return rules.shown(self.plate) if self.plate else ""

    def may_pay(self, at: datetime) -> bool:
        """This will tell whether its payment is waited for."""
        return self.state is rules.SpaceBookingState.HELD and at < self.pay_by

    def may_take_back(self, at: datetime) -> bool:
        """This will tell whether it can be taken back for nothing."""
        if self.state is rules.SpaceBookingState.BOOKED:
            return at <= self.cancel_until
        return self.state is rules.SpaceBookingState.HELD

    def may_report(self, at: datetime) -> bool:
        """This will tell whether the space can be reported as occupied: soon after the car came."""
        until = self.report_until
        return self.state is rules.SpaceBookingState.BOOKED and until is not None and self.start_at <= at < until


@dataclass(frozen=True, slots=True)
class SpaceBookingRecord:
    """A booking as its booker takes it along."""

    label: str
    space: str
    plate: str
    start_at: datetime
    end_at: datetime
    state: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SpaceOfferRecord:
    """An offer as its holder takes it along, with what it brought."""

    space: str
    offered_at: datetime
    withdrawn_at: datetime | None
    price: Money
    bookings: int
    earned: Money


def times_of(row: SpaceOffer) -> rules.Times:
    """This will read when an offer holds."""
    return _times(row.start_at, row.end_at, row.weekdays, row.from_hour, row.to_hour, row.start_on, row.end_on)


def _times(
    start_at: datetime | None,
    end_at: datetime | None,
    weekdays: Sequence[int],
    from_hour: int | None,
    to_hour: int | None,
    start_on: date | None,
    end_on: date | None,
) -> rules.Times:
    if start_at is not None:
        return Period(start_at, end_at)
    if start_on is None or from_hour is None or to_hour is None:
        raise ValueError("an offer holds once or by the week")
    return rules.Weekly(frozenset(weekdays), from_hour, to_hour, start_on, end_on)


_OPEN = """
    SELECT o.id, p.label, l.name::text, o.price_minor, h.start_on, h.end_on, o.space_id,
           o.start_at, o.end_at, o.weekdays, o.from_hour, o.to_hour, o.start_on, o.end_on
    FROM parking_space_offer o
    JOIN parking_space p ON p.id = o.space_id AND p.retired_at IS NULL
    JOIN parking_lot l ON l.id = o.lot_id AND l.closed_at IS NULL
    JOIN parking_holding h ON h.space_id = o.space_id AND h.home = o.home AND (h.end_on IS NULL OR h.end_on > %s)
    WHERE o.community = %s AND o.withdrawn_at IS NULL AND NOT o.home = ANY(%s::uuid[])
      AND (o.end_at IS NULL OR o.end_at > %s) AND (%s::uuid IS NULL OR o.id = %s)
    ORDER BY o.price_minor, p.label, o.id LIMIT %s
"""
_TAKEN = """
    SELECT space_id, start_at, end_at FROM parking_space_booking
    WHERE space_id = ANY(%s::uuid[]) AND state = ANY(%s) AND start_at < %s AND end_at > %s
"""


@query
def free_hours(
    scope: Scope,
    *,
    community: CommunityId,
    day: date,
    offer: SpaceOfferId | None = None,
    limit: int = MOST,
    at: datetime,
) -> tuple[FreeHours, ...]:
    """This will list what neighbours offer on a day and nobody has booked, the cheapest first; of one offer, or all."""
    if community not in scope.communities:
        raise NotFound("community")
    found = _free(SYSTEM, community=community, mine=scope.homes, day=day, offer=offer, at=at)
    return found[: min(limit, MOST)]


@query
def _free(
    _scope: Scope,
    *,
    community: CommunityId,
    mine: tuple[HomeId, ...],
    day: date,
    offer: SpaceOfferId | None,
    at: datetime,
) -> tuple[FreeHours, ...]:
    """As the house: who looks for a space does not see whose it is."""
    zone = barrier.zone_of(community)
    midnight = datetime.combine(day, time(), zone)
    span = Period(max(midnight, rules.running_hour(at, zone)), midnight + timedelta(days=1))
    rows = sql.fetch(_OPEN, day, community, list(mine), span.start, offer, offer, MOST_OFFERS)
    far = span.start + timedelta(days=32)
    holding = [state.value for state in rules.HOLDING]
    taken: dict[UUID, list[Period[datetime]]] = {}
    for space, start, end in sql.fetch(_TAKEN, [row[6] for row in rows], holding, far, span.start):
        taken.setdefault(space, []).append(Period(start, end))
    return tuple(hours for row in rows for hours in _pieces(row, span, taken.get(row[6], []), zone))


def _pieces(
    row: tuple[Any, ...], span: Period[datetime], taken: Sequence[Period[datetime]], zone: ZoneInfo
) -> Iterator[FreeHours]:
    """What is left of an offer's windows that can be begun within the span; each piece goes on to its own end."""
    offer, label, name, price, held_from, held_to, _space, *times = row
    right = rules.held_days(held_from, held_to, zone)
    for window in rules.windows(_times(*times), span, zone):
        within = window.intersection(right)
        for piece in rules.free(within, taken) if within is not None else ():
            start = max(piece.start, span.start)
            if piece.end is not None and start < piece.end and span.end is not None and start < span.end:
                yield FreeHours(offer, label, sql.from_json(name), Money(price), start, piece.end)


@query
def my_space_offers(scope: Scope, *, at: datetime) -> tuple[OfferOfMine, ...]:
    """This will list what the asker's homes offer, and have not withdrawn."""
    return _offers_of(SYSTEM, homes=scope.homes, at=at)


@query
def _offers_of(_scope: Scope, *, homes: tuple[HomeId, ...], at: datetime) -> tuple[OfferOfMine, ...]:
    rows = sql.fetch(
        "SELECT o.id, o.space_id, p.label, l.name::text, o.price_minor, (SELECT count(*) FROM parking_space_booking b"
        " WHERE b.offer_id = o.id AND b.state = 'booked' AND b.end_at > %s)::int,"
        " o.start_at, o.end_at, o.weekdays, o.from_hour, o.to_hour, o.start_on, o.end_on FROM parking_space_offer o"
        " JOIN parking_space p ON p.id = o.space_id JOIN parking_lot l ON l.id = o.lot_id"
        " WHERE o.home = ANY(%s::uuid[]) AND o.withdrawn_at IS NULL AND (o.end_at IS NULL OR o.end_at > %s)"
        " AND (o.end_on IS NULL OR o.end_on >= places_day(o.community, %s)) ORDER BY p.label, o.id LIMIT %s",
        at, list(homes), at, at, MOST,
    )  # fmt: skip
    return tuple(
        OfferOfMine(offer, space, label, sql.from_json(name), Money(price), _times(*times), booked)
        for offer, space, label, name, price, booked, *times in rows
    )


@query
def my_lets(scope: Scope, *, limit: int = 20) -> tuple[LetOfMine, ...]:
    """This will list the paid hours of the asker's homes' spaces, the latest first."""
    return _lets_of(SYSTEM, homes=scope.homes, limit=limit)


@query
def _lets_of(scope: Scope, *, homes: tuple[HomeId, ...], limit: int) -> tuple[LetOfMine, ...]:
    rows = SpaceBooking.objects.within(scope).filter(holder_home__in=homes, paid_at__isnull=False)
    rows = rows.exclude(state=rules.SpaceBookingState.LAPSED.value).select_related("space", "lot")
    return tuple(_let(row) for row in rows.order_by("-start_at", "-id")[: min(limit, MOST)])


def _let(row: SpaceBooking) -> LetOfMine:
    state = rules.SpaceBookingState(row.state)
    amount = Money(row.amount_minor)
    _share, rest = rules.parts(amount, row.company_percent)
    is_earning = state in (rules.SpaceBookingState.BOOKED, rules.SpaceBookingState.SHARED)
    return LetOfMine(
        SpaceBookingId(row.pk), row.space.label, row.lot.name, row.start_at, row.end_at, state, amount,
        rest if is_earning else Money.zero,
    )  # fmt: skip


def _own(scope: Scope) -> Q:
    return Q(booker=scope.person) if scope.person else Q(pk__in=[])


@query
def my_space_bookings(scope: Scope, *, limit: int = 20) -> tuple[SpaceBookingCard, ...]:
    """This will list what the asker booked, the latest first."""
    rows = SpaceBooking.objects.within(scope).filter(_own(scope)).select_related("space", "lot")
    return tuple(_card(row) for row in rows.order_by("-start_at", "-id")[: min(limit, MOST)])


@query
def space_booking(scope: Scope, *, booking: SpaceBookingId, at: datetime) -> tuple[SpaceBookingCard, tuple[Moved, ...]]:
    """This will show a booking of the asker's, and how it went."""
    rows = SpaceBooking.objects.within(scope).select_related("space", "lot")
    row = rows.filter(_own(scope), pk=booking).first()
    if row is None:
        raise NotFound("booking")
    runs = row.state == rules.SpaceBookingState.BOOKED and row.start_at <= at < row.end_at
    until = report_until(SYSTEM, row=row, at=at) if runs else None
    return _card(row, until), moves.history(SpaceBookingMove, row.pk, scope=scope)


_ENTERED = """
    SELECT min(entered_at) FROM parking_session
    WHERE community = %s AND lot_id = %s AND plate = %s AND entered_at < %s AND (left_at IS NULL OR left_at > %s)
"""


@query
def report_until(_scope: Scope, *, row: SpaceBooking, at: datetime) -> datetime:
    """This will tell until when a booked space can be reported as occupied, by when its car first drove in."""
    community, hours = CommunityId(row.community), Period(row.start_at, row.end_at)
    ((entered,),) = sql.fetch(_ENTERED, community, row.lot_id, row.plate, row.end_at, row.start_at)
    terms = policy(SYSTEM, rules.SharedParkingPolicy, at=at, community=community)
    return rules.report_until(hours, entered, terms.report_minutes)


@query
def reports_of(scope: Scope, *, home: HomeId, since: datetime) -> int:
    """This will count what a home reported as occupied since an instant, whoever of its people did."""
    rows = SpaceBooking.objects.within(scope).filter(home=home, state=rules.SpaceBookingState.REPORTED.value)
    return rows.filter(ended_at__gt=since).count()


def _card(row: SpaceBooking, report_until: datetime | None = None) -> SpaceBookingCard:
    return SpaceBookingCard(
        booking=SpaceBookingId(row.pk),
        label=row.label,
        community=CommunityId(row.community),
        space=row.space.label,
        lot_name=row.lot.name,
        plate=row.plate,
        is_visitor=row.is_visitor,
        start_at=row.start_at,
        end_at=row.end_at,
        state=rules.SpaceBookingState(row.state),
        price=Money(row.price_minor),
        amount=Money(row.amount_minor),
        overstay=Money(row.overstay_minor),
        late_minutes=row.late_minutes,
        cancel_until=row.cancel_until,
        pay_by=row.pay_by,
        collection=CollectionId(row.collection),
        is_refunded=row.refund is not None,
        photo=FileId(row.photo) if row.photo else None,
        report_until=report_until,
    )


@query
def space_bookings_ahead(scope: Scope, *, at: datetime) -> int:
    """This will count the asker's bookings that are not over."""
    rows = SpaceBooking.objects.within(scope).filter(_own(scope), end_at__gt=at)
    return rows.filter(state=rules.SpaceBookingState.BOOKED.value).count()


@query
def my_sharing_records(
    scope: Scope, *, limit: int = 5_000
) -> tuple[tuple[SpaceOfferRecord, ...], tuple[SpaceBookingRecord, ...]]:
    """This will list what the asker offered, and what they booked."""
    booked = SpaceBooking.objects.within(scope).filter(_own(scope)).select_related("space")
    records = tuple(
        SpaceBookingRecord(
            row.label, row.space.label, row.plate, row.start_at, row.end_at, row.state, Money(row.amount_minor)
        )
        for row in booked.order_by("-id")[: min(limit, 5_000)]
    )
    return _offered_by(SYSTEM, person=scope.person, limit=limit), records


@query
def _offered_by(_scope: Scope, *, person: PartyId | None, limit: int) -> tuple[SpaceOfferRecord, ...]:
    """Counted by the house: a holder does not see the bookings themselves."""
    rows = sql.fetch(
        "SELECT p.label, o.offered_at, o.withdrawn_at, o.price_minor, count(b.id)::int,"
        " coalesce(sum(b.amount_minor - b.company_minor), 0)::bigint FROM parking_space_offer o"
        " JOIN parking_space p ON p.id = o.space_id"
        " LEFT JOIN parking_space_booking b ON b.offer_id = o.id AND b.state = 'shared'"
        " WHERE o.holder = %s GROUP BY p.label, o.id ORDER BY o.id DESC LIMIT %s",
        person,
        min(limit, 5_000),
    )
    return tuple(
        SpaceOfferRecord(label, at, withdrawn, Money(price), count, Money(earned))
        for label, at, withdrawn, price, count, earned in rows
    )
