"""Bookings of shared spaces as the desk lists them, what the clock asks, and what the doctor looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString
from uuid import UUID

from linli.estate.parking import rules
from linli.estate.parking.models import SpaceBookingMove
from linli.kernel.ids import CommunityId, FileId, HomeId, LotId, PartyId, SpaceBookingId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.kernel.words import _
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.moves import Moved
from linli.spine.scope import Scope

MOST = 20_000
LATE = timedelta(hours=1)
"""The clock shares what is over every few minutes, and lets lapse what is unpaid."""


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A booking in the desk's list: `share` is the company's part, taken or to come."""

    booking: SpaceBookingId
    label: str
    community: CommunityId
    lot: LotId
    lot_name: dict[str, str]
    space: str
    holder_home: HomeId
    holder: PartyId
    home: HomeId
    booker: PartyId
    plate: str
    is_visitor: bool
    start_at: datetime
    end_at: datetime
    state: rules.SpaceBookingState
    amount: Money
    company_percent: int
    photo: FileId | None
    ended_at: datetime | None

    @property
    def shown(self) -> str:
        return rules.shown(self.plate) if self.plate else ""

    @property
    def parts(self) -> tuple[Money, Money]:
        """The company's part and the holder's; nothing of what went back."""
        if self.state not in (rules.SpaceBookingState.BOOKED, rules.SpaceBookingState.SHARED):
            return Money.zero, Money.zero
        return rules.parts(self.amount, self.company_percent)


class SharedSort(StrEnum):
    """By what the list of bookings is sorted."""

    START = "start"
    AMOUNT = "amount"


_KEYS: dict[SharedSort, LiteralString] = {SharedSort.START: "b.start_at", SharedSort.AMOUNT: "b.amount_minor"}
_ROW: LiteralString = (
    "SELECT b.id, b.label, b.community, b.lot_id, l.name::text, p.label, b.holder_home, b.holder, b.home, b.booker,"
    " b.plate, b.is_visitor, b.start_at, b.end_at, b.state, b.amount_minor, b.company_percent, b.photo, b.ended_at"
    " FROM parking_space_booking b JOIN parking_lot l ON l.id = b.lot_id JOIN parking_space p ON p.id = b.space_id"
    " WHERE b.community = ANY(%s::uuid[]) "
)


def _row(*row: Any) -> SharedRow:
    booking, label, community, lot, name, space, *rest = row
    *who, start, end, state, minor, percent, photo, ended = rest
    held = rules.SpaceBookingState(state)
    about: tuple[Any, ...] = (*who, start, end, held, Money(minor), percent, photo, ended)
    return SharedRow(booking, label, community, lot, sql.from_json(name), space, *about)


def _beyond(order: SharedSort, *, is_rising: bool) -> LiteralString:
    """From the row after the one that is named on, in the order of a key and then of ids."""
    key = _KEYS[order]
    than: LiteralString = " > " if is_rising else " < "
    way: LiteralString = " ASC" if is_rising else " DESC"
    there: LiteralString = "(SELECT " + key + ", b.id FROM parking_space_booking AS b WHERE b.id = %s)"
    return (
        " AND (%s::uuid IS NULL OR (" + key + ", b.id)" + than + there + ")"
        " ORDER BY " + key + way + ", b.id" + way + " LIMIT %s"
    )


@query
def shared_bookings(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    lot: LotId | None = None,
    state: str = "",
    words: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    order: SharedSort = SharedSort.START,
    is_rising: bool = False,
    after: SpaceBookingId | None = None,
    limit: int = 100,
) -> tuple[SharedRow, ...]:
    """This will list the bookings of shared spaces, the latest first or as `order` says, by plate, space or number."""
    reach = [one for one in scope.communities if community is None or one == community]
    plain = words.strip().upper().replace("·", "").replace("\\", "").replace("%", "").replace("_", "")
    rows = sql.fetch(
        _ROW + "AND (%s::uuid IS NULL OR b.lot_id = %s) AND (%s = '' OR b.state = %s)"
        " AND (%s = '' OR b.plate LIKE %s OR b.label = %s OR upper(p.label) = %s)"
        " AND (%s::timestamptz IS NULL OR b.start_at >= %s) AND (%s::timestamptz IS NULL OR b.start_at < %s)"
        + _beyond(order, is_rising=is_rising),
        reach, lot, lot, state, state, plain, f"%{plain}%", plain, plain,
        since, since, until, until, after, after, min(limit, MOST),
    )  # fmt: skip
    return tuple(_row(*row) for row in rows)


@query
def shared_booking(scope: Scope, *, booking: SpaceBookingId) -> tuple[SharedRow, tuple[Moved, ...]]:
    """This will show the desk one booking, and how it went."""
    rows = sql.fetch(_ROW + "AND b.id = %s", list(scope.communities), booking)
    if not rows:
        raise NotFound("booking")
    return _row(*rows[0]), moves.history(SpaceBookingMove, booking, scope=scope)


# ---- what the clock asks ----

_UNPAID = "SELECT id FROM parking_space_booking WHERE state = 'held' AND pay_by <= %s ORDER BY pay_by LIMIT %s"
_OVER = "SELECT id FROM parking_space_booking WHERE state = 'booked' AND end_at <= %s ORDER BY end_at LIMIT %s"
_SOON = "SELECT id FROM parking_space_booking WHERE remind_at <= %s ORDER BY remind_at LIMIT %s"


@query
def space_bookings_unpaid(_scope: Scope, *, at: datetime, limit: int) -> tuple[SpaceBookingId, ...]:
    """This will list the bookings whose time to be paid is over."""
    return tuple(SpaceBookingId(row[0]) for row in sql.fetch(_UNPAID, at, limit))


@query
def space_bookings_over(_scope: Scope, *, at: datetime, limit: int) -> tuple[SpaceBookingId, ...]:
    """This will list the bookings that are over and whose money is to be shared."""
    return tuple(SpaceBookingId(row[0]) for row in sql.fetch(_OVER, at, limit))


@query
def space_bookings_soon(_scope: Scope, *, at: datetime, limit: int) -> tuple[SpaceBookingId, ...]:
    """This will list the bookings of whose beginning their bookers are to be reminded."""
    return tuple(SpaceBookingId(row[0]) for row in sql.fetch(_SOON, at, limit))


# ---- what the doctor asks ----

_WAITING = """
    SELECT state, label, id, CASE state WHEN 'held' THEN pay_by ELSE end_at END FROM parking_space_booking
    WHERE (state = 'held' AND pay_by < %s) OR (state = 'booked' AND end_at < %s) ORDER BY 4 LIMIT %s
"""
_ESCROW = """
    SELECT b.label, coalesce(s.minor, 0)::bigint, CASE WHEN b.state = 'booked' THEN -b.amount_minor ELSE 0 END
    FROM parking_space_booking b LEFT JOIN ledger_sums('booking_escrow') s ON s.about = b.id::text
    WHERE coalesce(s.minor, 0) <> CASE WHEN b.state = 'booked' THEN -b.amount_minor ELSE 0 END
    ORDER BY b.id LIMIT %s
"""


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will look for booked hours that ended and were not shared, and for escrow that is not of a booking."""
    if not scope.is_inside:
        raise Denied
    return (
        find(
            _("Every shared space that was used is shared, none waits unpaid"), _WAITING, _waits, at - LATE, at - LATE
        ),
        find(_("The escrow of each booked space holds its price until it is over"), _ESCROW, _holds),
    )


def _waits(state: str, label: str, id_: UUID, since: datetime) -> Told:
    words = _("Booking {label} ({id}) is {state} since {since}.")
    return told(words, label=label, id=id_, state=state, since=since)


def _holds(label: str, booked: int, counted: int) -> Told:
    words = _("Booking {label}: the escrow holds {booked}, and {counted} is right.")
    return told(words, label=label, booked=Money(-booked), counted=Money(-counted))
