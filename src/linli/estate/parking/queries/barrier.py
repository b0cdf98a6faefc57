"""Who is this at the barrier, and what is due: everything a guard or a machine has to know about one plate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.estate.parking import rules
from linli.estate.parking.models import Lot, Payment, Session, SpaceBooking, VoucherRow
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, LotId, ParkingSessionId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST_COMPARED = 2_000
"""So many open stays are looked at for a plate that may have been misread."""
MOST_COVERS = 50
NO_TARIFF = rules.ParkingTariff(rules.flat(Money.zero))
"""Of a booked stay in a lot that takes no guests: only what follows the booking costs anything."""
NOTHING = rules.ParkingFee(
    Money.zero, (), Money.zero, Money.zero, Money.zero, datetime.min.replace(tzinfo=ZoneInfo("UTC")), ()
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An open stay whose plate is nearly the one that was read."""

    session: ParkingSessionId
    plate: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class BookedGuest:
    """A booking of a shared space that runs, or is still to come: which space, and between which hours."""

    space: str
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class AtBarrier:
    """One plate at one lot: may it come in and as what, is it inside, what it owes, and what may have been meant."""

    plate: rules.Plate
    admission: rules.Admission
    session: ParkingSessionId | None
    home: HomeId | None
    tariff: UUID | None
    reason: str
    owes: Money
    suggestions: tuple[Suggestion, ...]
    booked: BookedGuest | None = None


@dataclass(frozen=True, slots=True)
class DriverQuote:
    """What a driver is shown under a plate: since when, how long, how much, and why; nothing about whose it is."""

    session: ParkingSessionId
    plate: str
    lot_name: dict[str, str]
    entered_at: datetime
    left_at: datetime | None
    minutes: int
    fee: rules.ParkingFee
    due: Money
    leave_before: datetime | None
    is_asked: bool


_KNOWN = """
    SELECT l.community, l.takes_temporary, l.temporary_places
        - (SELECT count(*) FROM parking_session s
           WHERE s.lot_id = l.id AND s.state = 'inside' AND s.kind = 'temporary')::int,
      v.home,
      (SELECT count(*) FROM parking_holding h JOIN parking_space p ON p.id = h.space_id
       WHERE h.home = v.home AND p.lot_id = l.id AND h.start_on <= d.day
         AND (h.end_on IS NULL OR h.end_on > d.day) AND NOT EXISTS (SELECT FROM parking_space_booking o
             WHERE o.space_id = p.id AND o.state = 'booked' AND o.start_at <= q.at AND o.end_at > q.at))::int,
      (SELECT count(*) FROM parking_session s WHERE s.lot_id = l.id AND s.state = 'inside' AND s.kind = 'resident'
       AND s.home = v.home)::int,
      b.reason, a.reason,
      (SELECT s.id FROM parking_session s
       WHERE s.community = l.community AND s.plate = q.plate AND s.state = 'inside'),
      (SELECT coalesce(sum(s.unpaid_minor), 0)::bigint FROM parking_session s
       WHERE s.community = l.community AND s.plate = q.plate AND s.unpaid_minor > 0),
      t.id, g.label, g.start_at, g.end_at
    FROM parking_lot l
    CROSS JOIN (SELECT %s::text AS plate, %s::timestamptz AS at) q
    CROSS JOIN LATERAL (SELECT places_day(l.community, q.at) AS day) d
    LEFT JOIN parking_vehicle v ON v.community = l.community AND v.plate = q.plate AND v.removed_at IS NULL
    LEFT JOIN LATERAL (SELECT k.reason FROM parking_listed k
        WHERE k.community = l.community AND k.plate = q.plate AND k.kind = 'blocked' AND k.start_at <= q.at
          AND (k.end_at IS NULL OR k.end_at > q.at) ORDER BY k.id DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (SELECT k.reason FROM parking_listed k
        WHERE k.community = l.community AND k.plate = q.plate AND k.kind = 'allowed' AND k.start_at <= q.at
          AND (k.end_at IS NULL OR k.end_at > q.at) ORDER BY k.id DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (SELECT t.id FROM parking_tariff t
        WHERE t.community = l.community AND (t.lot_id = l.id OR t.lot_id IS NULL) AND t.start_on <= d.day
          AND (t.end_on IS NULL OR t.end_on > d.day) ORDER BY t.lot_id IS NULL LIMIT 1) t ON true
    LEFT JOIN LATERAL (SELECT p.label, o.start_at, o.end_at FROM parking_space_booking o
        JOIN parking_space p ON p.id = o.space_id
        WHERE o.community = l.community AND o.plate = q.plate AND o.lot_id = l.id AND o.state = 'booked'
          AND o.start_at < q.at + interval '1 day' AND o.end_at > q.at ORDER BY o.start_at LIMIT 1) g ON true
    WHERE l.id = %s AND l.closed_at IS NULL AND (%s OR l.community = ANY(%s::uuid[]))
"""


@query
def at_barrier(scope: Scope, *, lot: LotId, plate: str, at: datetime) -> AtBarrier:
    """This will tell who may drive in now and as what, with the reasons: one question for guards and machines."""
    read = rules.plate(plate)
    row = sql.fetch_one(_KNOWN, read.text, at, lot, scope.is_inside, list(scope.communities))
    if row is None:
        raise NotFound("lot")
    community, takes, free, home, held, inside, blocked, listed, session, owes, tariff, *hours = row
    booked = BookedGuest(*hours) if hours[0] is not None else None
    known = rules.Known(
        is_inside=session is not None,
        blocked=blocked is not None,
        listed=listed is not None,
        booked=booked is not None and booked.start_at <= at,
        places=held,
        inside=inside,
        owes=Money(owes),
        takes_temporary=takes and tariff is not None,
        free_places=free,
    )
    terms = policy(scope, rules.ParkingPolicy, at=at, community=community)
    return AtBarrier(
        plate=read,
        admission=rules.admission(known, turns_away_debtors=terms.turns_away_debtors),
        session=session,
        home=home,
        tariff=tariff,
        reason=blocked or listed or "",
        owes=Money(owes),
        suggestions=() if session else suggestions(community, read.text),
        booked=booked,
    )


def suggestions(community: UUID, plate: str) -> tuple[Suggestion, ...]:
    """This will find the open stays whose plates are nearly this one, the nearest first."""
    rows = sql.fetch(
        "SELECT id, plate, entered_at FROM parking_session WHERE community = %s AND state = 'inside'"
        " ORDER BY id DESC LIMIT %s",
        community,
        MOST_COMPARED,
    )
    by_plate = {row[1]: Suggestion(*row) for row in rows}
    return tuple(by_plate[text] for text in rules.nearest(plate, by_plate))


def vouchers_of(session: Session) -> tuple[rules.Voucher, ...]:
    """This will give what was given to a stay that goes on; those of a stay that is over are used."""
    rows = VoucherRow.objects.inside().filter(session=session, state=rules.VoucherState.GIVEN.value)
    return tuple(
        rules.Voucher(row.pk, rules.VoucherKind(row.stock.kind), row.stock.minutes, Money(row.stock.amount_minor))
        for row in rows.select_related("stock").order_by("id")[:20]
    )


def payments_of(session: Session) -> tuple[rules.Paid, ...]:
    """This will give what arrived for a stay."""
    rows = Payment.objects.inside().filter(session=session, state=rules.PaymentState.ARRIVED.value, kept_minor__gt=0)
    return tuple(
        rules.Paid(row.up_to, row.arrived_at, Money(row.kept_minor))
        for row in rows.order_by("arrived_at")[:100]
        if row.arrived_at is not None
    )


def covers_of(session: Session, at: datetime) -> tuple[rules.Cover, ...]:
    """This will give the hours that were booked for a stay's plate in its lot. Who reported the space as occupied has
    a while to drive out; what follows goes by the tariff."""
    rows = SpaceBooking.objects.inside().filter(
        community=session.community,
        plate=session.plate,
        lot=session.lot_id,
        state__in=[state.value for state in rules.COVERING],
        start_at__lt=at,
        end_at__gt=session.entered_at,
    )
    found = []
    for row in rows.exclude(plate="").order_by("start_at")[:MOST_COVERS]:
        if row.state == rules.SpaceBookingState.REPORTED and row.ended_at is not None:
            found.append(rules.Cover(row.start_at, min(row.end_at, row.ended_at + rules.TO_DRIVE_OUT), None))
        else:
            found.append(rules.Cover(row.start_at, row.end_at, Money(row.overstay_minor), row.late_minutes))
    return tuple(found)


def fee_of(session: Session, at: datetime, paid: Sequence[rules.Paid] | None = None) -> rules.ParkingFee:
    """This will tell what a stay costs at an instant; residents and the listed pay nothing. Its tariff is joined."""
    if session.kind not in rules.CHARGED:
        return NOTHING
    covers = covers_of(session, at)
    if session.tariff is None and not covers:
        return NOTHING
    return rules.parking_fee(
        rules.read_tariff(session.tariff.terms) if session.tariff else NO_TARIFF,
        session.entered_at,
        max(at, session.entered_at),
        vouchers_of(session),
        payments_of(session) if paid is None else paid,
        covers=covers,
        zone=zone_of(CommunityId(session.community)),
    )


def zone_of(community: CommunityId) -> ZoneInfo:
    """This will give the zone in which the days of a community's lots begin."""
    return ZoneInfo(places.market_of(community).timezone)


@query
def driver_quote(scope: Scope, *, code: str, plate: str, at: datetime) -> DriverQuote | None:
    """This will tell a driver at the lot of the QR what is due under a plate, and nothing else.

    None for every plate under which nothing is to be paid: a stranger's, a resident's and one that is not there are
    answered alike.
    """
    return _quote(SYSTEM, code=code, plate=rules.plate(plate).text, at=at)


@query
def _quote(_scope: Scope, *, code: str, plate: str, at: datetime) -> DriverQuote | None:
    lot = Lot.objects.inside().filter(code=code, closed_at=None).first()
    if lot is None:
        raise NotFound("lot")
    row = payable(lot, plate)
    if row is None:
        return None
    fee = fee_of(row, row.left_at or at)
    asked = Payment.objects.inside().filter(session=row, state=rules.PaymentState.ASKED.value, due_at__gt=at).exists()
    until = None
    if row.state == rules.SessionState.INSIDE and row.tariff is not None and not fee.due:
        until = rules.grace_ends_at(rules.read_tariff(row.tariff.terms), payments_of(row))
    stayed = (row.left_at or at) - row.entered_at
    return DriverQuote(
        session=ParkingSessionId(row.pk),
        plate=rules.shown(row.plate),
        lot_name=lot.name,
        entered_at=row.entered_at,
        left_at=row.left_at,
        minutes=int(stayed / timedelta(minutes=1)),
        fee=fee,
        due=fee.due if row.left_at is None else Money(row.unpaid_minor),
        leave_before=until,
        is_asked=asked,
    )


def payable(lot: Lot, plate: str) -> Session | None:
    """This will find the stay under a plate that may cost something: the one that goes on, else the first that owes."""
    rows = Session.objects.inside().select_related("tariff", "lot").filter(community=lot.community, plate=plate)
    rows = rows.filter(kind__in=[kind.value for kind in rules.CHARGED])
    inside = rows.filter(state=rules.SessionState.INSIDE.value).first()
    return inside or rows.filter(unpaid_minor__gt=0).order_by("id").first()


def giver_of(scope: Scope) -> tuple[PartyId, ...]:
    """This will name the parties whose vouchers a scope gives: the company behind its shop, or the person."""
    return tuple(party for party in (scope.company, scope.person) if party is not None)
