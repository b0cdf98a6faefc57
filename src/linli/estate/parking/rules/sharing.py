"""Spaces shared by the hour: when their holders leave them to others, what an hour costs, and whose the money is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.life import Life
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
DAY_HOURS = 24
LONGEST_WINDOW = timedelta(days=14)
TO_DRIVE_OUT = timedelta(minutes=30)
"""Who reported the space as occupied has so long to leave the lot for nothing."""
SOON = timedelta(minutes=30)
"""So long before it begins a booker is reminded."""


class SharedParkingPolicy(Policy):
    """Spaces that their holders share with neighbours by the hour."""

    word = "shared_parking"
    says = _("Shared parking spaces")
    of_company = True

    is_shared: bool = setting(False, says="Whether holders may share their parking spaces by the hour here")
    takes_visitors: bool = setting(True, says="Whether a resident may book for a visitor's plate")
    price_least: Money = setting(
        Money(100), low=Money(1), high=Money(1_000_000), says="The least that a started hour may cost"
    )
    price_most: Money = setting(
        Money(1_000), low=Money(1), high=Money(1_000_000), says="The most that a started hour may cost"
    )
    company_percent: int = setting(20, low=0, high=90, says="Percent of the price that the property company keeps")
    least_hours: int = setting(1, low=1, high=24, says="Hours that a booking lasts at least")
    most_hours: int = setting(12, low=1, high=72, says="Hours that a booking lasts at most")
    ahead_days: int = setting(7, low=1, high=60, says="Days ahead for which a space can be booked")
    open_most: int = setting(4, low=1, high=50, says="Bookings that one person may have before them at most")
    cancel_minutes: int = setting(
        60, low=0, high=2_880, says="Minutes before it begins until which a booking can be taken back in full"
    )
    pay_minutes: int = setting(
        10, low=5, high=60, says="Minutes for which a space is held while its payment is awaited"
    )
    overstay: Money = setting(
        Money(1_000),
        low=Money(0),
        high=Money(1_000_000),
        says="What each started hour after the end of a booking costs",
    )
    late_minutes: int = setting(
        10, low=0, high=60, says="Minutes after its end within which a booked car leaves for nothing"
    )
    report_minutes: int = setting(
        30, low=5, high=240, says="Minutes after driving in within which a space can be reported as occupied"
    )
    reports_most: int = setting(
        3, low=1, high=50, says="Times within the days below that a home may report a space as occupied at most"
    )
    report_days: int = setting(90, low=1, high=365, says="Days for which a home's reports of occupied spaces count")

    def contradictions(self) -> tuple[Contradiction, ...]:
        """A band of prices and a span of hours end after they begin."""
        found = []
        if self.price_least > self.price_most:
            found.append(Contradiction(("price_least", "price_most"), _("The least price is above the most.")))
        if self.least_hours > self.most_hours:
            found.append(Contradiction(("least_hours", "most_hours"), _("The least stay is longer than the longest.")))
        return tuple(found)


class SpaceBookingState(StrEnum):
    HELD = "held"
    """Waits for its payment."""
    BOOKED = "booked"
    SHARED = "shared"
    """Over, and its money shared."""
    REPORTED = "reported"
    """The booker found the space occupied."""
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"


class SpaceBookingVerb(StrEnum):
    PAY = "pay"
    LAPSE = "lapse"
    CANCEL = "cancel"
    CALL_OFF = "call_off"
    REPORT = "report"
    SHARE = "share"


_S, _V = SpaceBookingState, SpaceBookingVerb
SPACE_BOOKING_LIFE = Life(
    birth=_S.HELD,
    moves={
        (_S.HELD, _V.PAY): _S.BOOKED,
        (_S.HELD, _V.LAPSE): _S.LAPSED,
        (_S.HELD, _V.CANCEL): _S.CANCELLED,
        (_S.HELD, _V.CALL_OFF): _S.CALLED_OFF,
        (_S.BOOKED, _V.CANCEL): _S.CANCELLED,
        (_S.BOOKED, _V.CALL_OFF): _S.CALLED_OFF,
        (_S.BOOKED, _V.REPORT): _S.REPORTED,
        (_S.BOOKED, _V.SHARE): _S.SHARED,
    },
)
"""Held until its payment's time is over; booked until its window ends and its money is shared, or goes back whole:
taken back by the booker in time, called off by the desk or with the holder's right, or reported as occupied."""
HOLDING = (_S.HELD, _S.BOOKED, _S.SHARED, _S.REPORTED)
"""The states in which a booking keeps its hours from others."""
COVERING = (_S.BOOKED, _S.SHARED, _S.REPORTED)
"""The states in which the hours of a booking are paid for, or were given up for no fault of the booker's."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """On these weekdays (Monday is 0) from an hour to another; one that is not later lies on the next day."""

    weekdays: frozenset[int]
    from_hour: int
    to_hour: int
    start_on: date
    end_on: date | None = None


Times = Period[datetime] | Weekly
"""When an offer holds: once, or week by week."""


def checked_times(times: Times, *, at: datetime, zone: ZoneInfo) -> Times:
    """This will give the times of an offer back, or refuse them by their field; they begin and end on the hour."""
    if isinstance(times, Weekly):
        if not times.weekdays or not times.weekdays <= set(range(7)):
            raise Invalid("weekdays", _("Please choose at least one day of the week."))
        if not 0 <= times.from_hour < DAY_HOURS:
            raise Invalid("from_hour", _("Between {low} and {high}."), low=0, high=23)
        if not 0 <= times.to_hour <= DAY_HOURS or times.to_hour == times.from_hour:
            raise Invalid("to_hour", _("It ends at another hour than it begins."))
        if times.end_on is not None and times.end_on <= times.start_on:
            raise Invalid("end_on", _("The end has to be after the start."))
        return times
    end = times.end
    if end is None or end <= times.start or end <= at:
        raise Invalid("end_at", _("The end has to be after the start, and still to come."))
    if end - times.start > LONGEST_WINDOW:
        raise Invalid("end_at", _("At most {n} days at once."), n=LONGEST_WINDOW.days)
    for field, instant in (("start_at", times.start), ("end_at", end)):
        if not is_full_hour(instant, zone):
            raise Invalid(field, _("Please choose a full hour."))
    return times


def is_full_hour(instant: datetime, zone: ZoneInfo) -> bool:
    """This will tell whether a clock on the wall shows a full hour."""
    local = instant.astimezone(zone)
    return (local.minute, local.second, local.microsecond) == (0, 0, 0)


def running_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """This will give the instant at which the running hour began: the first that can still be booked."""
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def windows(times: Times, span: Period[datetime], zone: ZoneInfo) -> tuple[Period[datetime], ...]:
    """This will give the windows of an offer that a span touches, each whole, in their order."""
    found = _weeks(times, span, zone) if isinstance(times, Weekly) else iter((times,))
    return tuple(each for each in found if each.overlaps(span))


def _weeks(times: Weekly, span: Period[datetime], zone: ZoneInfo) -> Iterator[Period[datetime]]:
    day = max(times.start_on, span.start.astimezone(zone).date() - DAY)
    last = (span.end or span.start).astimezone(zone).date()
    while day <= last and (times.end_on is None or day < times.end_on):
        if day.weekday() in times.weekdays:
            over_night = times.to_hour <= times.from_hour
            yield Period(_wall(day, times.from_hour, zone), _wall(day + over_night * DAY, times.to_hour, zone))
        day += DAY


def _wall(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant at which a clock on the wall shows an hour of a day; 24 is the next midnight."""
    return datetime.combine(day + hour // DAY_HOURS * DAY, time(hour % DAY_HOURS), zone).astimezone(UTC)


def collide(one: Times, other: Times, zone: ZoneInfo) -> bool:
    """This will tell whether two offers hold at the same time somewhere; of weeks two together show all there is."""
    firsts = [_first(each, zone) for each in (one, other)]
    span = Period(max(firsts) - DAY, max(firsts) + 2 * WEEK)
    for each in (one, other):
        if isinstance(each, Period):
            span = each
    mine, theirs = windows(one, span, zone), windows(other, span, zone)
    return any(each.overlaps(another) for each in mine for another in theirs)


def _first(times: Times, zone: ZoneInfo) -> datetime:
    return _wall(times.start_on, 0, zone) if isinstance(times, Weekly) else times.start


def held_days(start_on: date, end_on: date | None, zone: ZoneInfo) -> Period[datetime]:
    """This will give the instants between which a home has its space."""
    return Period(_wall(start_on, 0, zone), None if end_on is None else _wall(end_on, 0, zone))


def free(window: Period[datetime], taken: Iterable[Period[datetime]]) -> tuple[Period[datetime], ...]:
    """This will give what is left of a window beside what is taken."""
    left, start, end = [], window.start, window.end
    for each in sorted((one for one in taken if one.overlaps(window)), key=lambda one: one.start):
        if each.start > start:
            left.append(Period(start, each.start))
        start = max(start, each.end or each.start)
    if end is not None and start < end:
        left.append(Period(start, end))
    return tuple(left)


def started_hours(span: Period[datetime]) -> int:
    """This will count the started hours of a span."""
    return -((span.start - (span.end or span.start)) // HOUR)


def parts(amount: Money, company_percent: int) -> tuple[Money, Money]:
    """This will share what a booking cost: the company's part, half up to the fen, and the rest for the holder."""
    company = Money.from_basis_points(amount, company_percent * 100)
    return company, amount - company


def pay_by(at: datetime, end_at: datetime, minutes: int) -> datetime:
    """This will tell until when the payment of a booking is waited for: so many minutes, and not beyond its end."""
    return min(at + timedelta(minutes=minutes), end_at)


def report_until(hours: Period[datetime], entered_at: datetime | None, minutes: int) -> datetime:
    """This will tell until when a space can be reported as occupied: so many minutes after the car drove in, or after
    the hours began where nobody saw it come. Whoever finds it taken finds it at once; later the hours were used."""
    until = max(hours.start, entered_at or hours.start) + timedelta(minutes=minutes)
    return until if hours.end is None else min(until, hours.end)


# ---- what a stay of a booked plate costs ----


@dataclass(frozen=True, slots=True)
class Cover:
    """Hours of a plate in a lot that were paid for with their booking. What follows costs `overstay` for each started
    hour; without it (the space was occupied) the lot's ordinary tariff."""

    start_at: datetime
    end_at: datetime
    overstay: Money | None
    late_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A part of a stay that no booking covers; `after` is the booking that it follows, None before the first."""

    start_at: datetime
    end_at: datetime
    after: Cover | None


def uncovered(covers: Sequence[Cover], entered_at: datetime, left_at: datetime) -> tuple[Uncovered, ...]:
    """This will cut out of a stay what no booking covers; who leaves soon enough after an end has not overstayed."""
    found, start, after = [], entered_at, None
    for each in sorted(covers, key=lambda one: one.start_at):
        if each.end_at <= entered_at or each.start_at >= left_at:
            continue
        if each.start_at > start:
            found.append(Uncovered(start, each.start_at, after))
        start, after = max(start, each.end_at), each
    if start < left_at and (after is None or left_at > start + timedelta(minutes=after.late_minutes)):
        found.append(Uncovered(start, left_at, after))
    return tuple(found)
