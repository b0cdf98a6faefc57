"""Venues with their calendars, and bookings: a resident sees that a slot is taken, the desk by whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from linli.estate.venues import rules
from linli.estate.venues.models import Booking, Move, Venue
from linli.ground.places import queries as places
from linli.kernel.ids import BookingId, CommunityId, FileId, HomeId, VenueId
from linli.kernel.money import Money
from linli.kernel.names import called
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound
from linli.spine import moves
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.pieces import Piece
from linli.spine.scope import SYSTEM, Role, Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class VenueCard:
    """A venue with its hours and price."""

    venue: VenueId
    community: CommunityId
    name: dict[str, str]
    text: dict[str, str]
    capacity: int
    hours: rules.Hours
    price: Money
    deposit: Money
    picture: FileId | None

    @property
    def opens(self) -> str:
        return _clock(self.hours.opens_min)

    @property
    def closes(self) -> str:
        return _clock(self.hours.closes_min)


@dataclass(frozen=True, slots=True)
class SlotCard:
    """A slot of a day; `booking` is there for the desk, and for who booked it."""

    start_at: datetime
    end_at: datetime
    is_free: bool
    booking: BookingId | None
    door: str


@dataclass(frozen=True, slots=True)
class BookingCard:
    """A booking; the code is there for who booked."""

    booking: BookingId
    label: str
    venue: VenueId
    name: dict[str, str]
    community: CommunityId
    door: str
    persons: int
    start_at: datetime
    end_at: datetime
    state: rules.BookingState
    price: Money
    code: str
    deposit: Money = Money.zero
    deposit_id: UUID | None = None
    pay_by: datetime | None = None
    """Until when its deposit is waited for; None once it was paid, and of a booking without one."""
    goes_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """A booking as its booker takes it along."""

    label: str
    venue: dict[str, str]
    start_at: datetime
    end_at: datetime
    persons: int
    state: str


@query
def venues(scope: Scope, *, community: CommunityId | None = None, limit: int = 500) -> tuple[VenueCard, ...]:
    """This will list the venues that can be booked, by name."""
    rows = Venue.objects.within(scope).filter(retired_at__isnull=True).order_by("name__zh", "id")
    here = rows.filter(community=community) if community else rows
    return tuple(_venue_card(row) for row in here[: min(limit, MOST)])


@query
def template_of(scope: Scope, *, community: CommunityId) -> tuple[Piece, ...]:
    """This will list a community's venues, told so that another may have them alike."""
    return tuple(
        Piece(
            "venue",
            called(card.name),
            card.name,
            rules.VenueDraft(
                name=card.name,
                text=card.text,
                capacity=card.capacity,
                hours=card.hours,
                price=card.price,
                deposit=card.deposit,
            ),
        )
        for card in venues(scope, community=community)
    )


@query
def venue_card(scope: Scope, *, venue: VenueId) -> VenueCard:
    """This will show a venue."""
    return _venue_card(_venue(scope, venue))


@query
def venue_days(
    scope: Scope, *, venue: VenueId, first_on: date, days: int = 1, at: datetime
) -> dict[date, tuple[SlotCard, ...]]:
    """This will show the slots of some days; what has begun is not free any more."""
    card = _venue_card(_venue(scope, venue))
    zone = places.market_of(card.community).timezone
    cut = {day: rules.slots(card.hours, day, zone) for day in (first_on + timedelta(days=n) for n in range(days))}
    start = datetime.combine(first_on, datetime.min.time(), at.tzinfo) - timedelta(days=1)
    taken = _taken(SYSTEM, venue=venue, start_at=start, end_at=start + timedelta(days=days + 2))
    known = [(row.booking, Period(row.start_at, row.end_at), row) for row in taken]
    is_desk = scope.role is Role.PROPERTY
    mine = set(Booking.objects.within(scope).filter(pk__in=[row.booking for row in taken]).values_list("id", flat=True))

    def shown(slot: Period[datetime]) -> SlotCard:
        held = next((row for _id, period, row in known if period.overlaps(slot)), None)
        seen = held is not None and held.booking in mine
        end = slot.end or slot.start
        return SlotCard(
            slot.start,
            end,
            held is None and slot.start > at,
            held.booking if held is not None and seen else None,
            held.door if held is not None and is_desk and seen else "",
        )

    return {day: tuple(shown(slot) for slot in of_day) for day, of_day in cut.items()}


@query
def bookings(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    state: rules.BookingState | None = None,
    words: str = "",
    after: BookingId | None = None,
    limit: int = 50,
) -> tuple[BookingCard, ...]:
    """This will list the bookings that the asker may see, the latest slot first; `words` are a door, a venue's name or
    part of a number."""
    rows = Booking.objects.within(scope).select_related("venue").order_by("-start_at", "-id")
    if community is not None:
        rows = rows.filter(community=community)
    if state is not None:
        rows = rows.filter(state=state.value)
    if words:
        here = scope.communities if community is None else (community,)
        homes = [home.id for home in places.find_homes(*here, words=words, limit=places.MOST_HOMES)]
        rows = rows.filter(
            Q(home__among=homes)
            | Q(label__icontains=words)
            | Q(venue__name__zh__icontains=words)
            | Q(venue__name__en__icontains=words)
        )
    if after is not None:
        last = Booking.objects.within(scope).filter(pk=after).values_list("start_at", flat=True).first()
        if last is None:
            raise NotFound("booking")
        rows = rows.filter(Q(start_at__lt=last) | Q(start_at=last, pk__lt=after))
    return _cards(scope, list(rows[: min(limit, MOST)]))


@query
def booking_page(scope: Scope, *, booking: BookingId) -> tuple[BookingCard, tuple[Moved, ...]]:
    """This will show a booking and what became of it."""
    row = Booking.objects.within(scope).select_related("venue").filter(pk=booking).first()
    if row is None:
        raise NotFound("booking")
    return _cards(scope, [row])[0], moves.history(Move, booking, scope=scope)


@query
def booking_by_code(scope: Scope, *, code: str) -> BookingId | None:
    """This will find the open booking of a code, for whoever lets people in."""
    if not (code.isascii() and code.isdigit() and len(code) == 6) or scope.role is not Role.PROPERTY:
        return None
    rows = Booking.objects.within(scope).filter(code=code, state=rules.BookingState.BOOKED.value)
    found = rows.values_list("id", flat=True).first()
    return None if found is None else BookingId(found)


@query
def bookings_due(scope: Scope, *, at: datetime, limit: int) -> tuple[BookingId, ...]:
    """This will list the open bookings whose slot is over."""
    rows = Booking.objects.within(scope).filter(end_at__lte=at, state=rules.BookingState.BOOKED.value)
    return tuple(BookingId(row) for row in rows.order_by("end_at").values_list("id", flat=True)[:limit])


@query
def bookings_unpaid(scope: Scope, *, at: datetime, limit: int) -> tuple[BookingId, ...]:
    """This will list the bookings whose deposit nobody paid in time."""
    rows = Booking.objects.within(scope).filter(pay_by__lte=at).order_by("pay_by")
    return tuple(BookingId(row) for row in rows.values_list("id", flat=True)[:limit])


@query
def deposits_due_back(scope: Scope, *, at: datetime, limit: int) -> tuple[BookingId, ...]:
    """This will list the bookings whose deposit goes back now, if nobody deducted from it."""
    rows = Booking.objects.within(scope).filter(back_at__lte=at).order_by("back_at")
    return tuple(BookingId(row) for row in rows.values_list("id", flat=True)[:limit])


@query
def bookings_ahead(scope: Scope, *, at: datetime) -> int:
    """This will count the asker's own bookings that are still to come."""
    ahead = Booking.objects.within(scope).filter(booker=scope.person, end_at__gt=at)
    return ahead.filter(state=rules.BookingState.BOOKED.value).count()


@query
def _taken(scope: Scope, *, venue: VenueId, start_at: datetime, end_at: datetime) -> tuple[BookingCard, ...]:
    """This will list what holds slots, whoever asks: that a slot is taken is no secret."""
    holding = [state.value for state in rules.HOLDING]
    rows = Booking.objects.within(scope).filter(
        venue=venue, state__in=holding, start_at__lt=end_at, end_at__gt=start_at
    )
    return _cards(scope, list(rows.select_related("venue").order_by("start_at")[:MOST]))


def _venue(scope: Scope, venue: VenueId) -> Venue:
    row = Venue.objects.within(scope).filter(pk=venue, retired_at__isnull=True).first()
    if row is None:
        raise NotFound("venue")
    return row


def _venue_card(row: Venue) -> VenueCard:
    hours = rules.Hours(frozenset(row.weekdays), row.opens_min, row.closes_min, row.slot_min)
    return VenueCard(
        VenueId(row.pk),
        CommunityId(row.community),
        row.name,
        row.text,
        row.capacity,
        hours,
        Money(row.price_minor),
        Money(row.deposit_minor),
        FileId(row.picture) if row.picture else None,
    )


def _cards(scope: Scope, rows: Sequence[Booking]) -> tuple[BookingCard, ...]:
    homes = {HomeId(row.home) for row in rows if row.home}
    doors = places.homes(homes) if homes else {}
    return tuple(
        BookingCard(
            BookingId(r.pk),
            r.label,
            VenueId(r.venue_id),
            r.venue.name,
            CommunityId(r.community),
            doors[HomeId(r.home)].door if r.home and HomeId(r.home) in doors else "",
            r.persons,
            r.start_at,
            r.end_at,
            rules.BookingState(r.state),
            Money(r.price_minor),
            r.code if r.booker is not None and r.booker == scope.person and r.pay_by is None else "",
            Money(r.deposit_minor),
            r.deposit,
            r.pay_by,
            r.back_at,
        )
        for r in rows
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the bookings that are still to come."""
    booked = rules.BookingState.BOOKED.value
    return Booking.objects.within(scope).filter(community__in=communities, state=booked).count()


@query
def my_booking_records(scope: Scope, *, limit: int = 5_000) -> tuple[BookingRecord, ...]:
    """This will list everything that the asker booked, the latest first, for them to take along."""
    rows = Booking.objects.within(scope).filter(booker=scope.person).order_by("-id")
    columns = ("label", "venue__name", "start_at", "end_at", "persons", "state")
    return tuple(BookingRecord(*row) for row in rows.values_list(*columns)[: min(limit, MOST)])
