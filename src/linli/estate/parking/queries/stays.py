"""Stays as lists, pages and figures; and what the clock asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from linli.estate.parking import rules
from linli.estate.parking.models import Payment, Session, SessionMove, VoucherRow
from linli.estate.parking.queries.barrier import fee_of, suggestions
from linli.kernel.ids import CommunityId, HomeId, LotId, ParkingSessionId, PartyId, VoucherStockId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.scope import Scope

MOST = 20_000


@dataclass(frozen=True, slots=True)
class StayRow:
    """A stay in a list."""

    session: ParkingSessionId
    label: str
    lot: LotId
    lot_name: dict[str, str]
    plate: str
    kind: rules.StayKind
    state: rules.SessionState
    entered_at: datetime
    left_at: datetime | None
    gross: Money
    off: Money
    paid: Money
    unpaid: Money

    @property
    def shown(self) -> str:
        return rules.shown(self.plate)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment of a stay."""

    payment: UUID
    label: str
    channel: rules.Channel
    state: rules.PaymentState
    amount: Money
    kept: Money
    at: datetime
    by: PartyId | None


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A voucher of a stay."""

    giver: PartyId
    kind: rules.VoucherKind
    minutes: int
    amount: Money
    worth: Money
    state: rules.VoucherState
    given_at: datetime


@dataclass(frozen=True, slots=True)
class StayPage:
    """One stay whole: what is due now and why, what was paid and given, and what happened to it."""

    row: StayRow
    community: CommunityId
    read_as: str
    home: HomeId | None
    waived: Money
    fee: rules.ParkingFee
    due: Money
    steps: tuple[rules.Step, ...]
    payments: tuple[PaymentRow, ...]
    vouchers: tuple[VoucherLine, ...]
    moves: tuple[Moved, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncomeDay:
    """What stays brought in on a day, by the way it came."""

    day: date
    channel: rules.Channel
    payments: int
    amount: Money


_ROW = (
    "SELECT s.id, s.label, s.lot_id, l.name::text, s.plate, s.kind, s.state, s.entered_at, s.left_at, s.gross_minor,"
    " s.off_minor, s.paid_minor, s.unpaid_minor FROM parking_session s JOIN parking_lot l ON l.id = s.lot_id"
    " WHERE s.community = ANY(%s::uuid[]) "
)


def _row(
    session: ParkingSessionId,
    label: str,
    lot: LotId,
    name: str,
    plate: str,
    kind: str,
    state: str,
    entered_at: datetime,
    left_at: datetime | None,
    *minors: int,
) -> StayRow:
    gross, off, paid, unpaid = (Money(minor) for minor in minors)
    return StayRow(
        session, label, lot, sql.from_json(name), plate, rules.StayKind(kind), rules.SessionState(state),
        entered_at, left_at, gross, off, paid, unpaid,
    )  # fmt: skip


class StaySort(StrEnum):
    """By what a list of stays is sorted."""

    NEWEST = "entered"
    FEE = "fee"
    OWING = "owing"


_KEYS: dict[StaySort, LiteralString] = {
    StaySort.NEWEST: "s.id", StaySort.FEE: "s.gross_minor", StaySort.OWING: "s.unpaid_minor",
}  # fmt: skip


def _beyond(order: StaySort, *, is_rising: bool) -> LiteralString:
    """From the row after the one that is named on, in the order of a key and then of ids."""
    key = _KEYS[order]
    than: LiteralString = " > " if is_rising else " < "
    way: LiteralString = " ASC" if is_rising else " DESC"
    there: LiteralString = "(SELECT " + key + ", s.id FROM parking_session AS s WHERE s.id = %s)"
    return (
        " AND (%s::uuid IS NULL OR (" + key + ", s.id)" + than + there + ")"
        " ORDER BY " + key + way + ", s.id" + way + " LIMIT %s"
    )


@query
def stays(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    lot: LotId | None = None,
    standing: str = "",
    words: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    order: StaySort = StaySort.NEWEST,
    is_rising: bool = False,
    after: ParkingSessionId | None = None,
    limit: int = 100,
) -> tuple[StayRow, ...]:
    """This will list stays, the latest first or as `order` says: all, or those `inside`, `left`, `void` or `owing`."""
    reach = [one for one in scope.communities if community is None or one == community]
    plain = words.strip().upper().replace("·", "").replace("\\", "").replace("%", "").replace("_", "")
    rows = sql.fetch(
        _ROW + "AND (%s::uuid IS NULL OR s.lot_id = %s) AND (%s = '' OR s.state = %s OR (%s = 'owing'"
        " AND s.unpaid_minor > 0)) AND (%s = '' OR s.plate LIKE %s OR s.label = %s)"
        " AND (%s::timestamptz IS NULL OR s.entered_at >= %s) AND (%s::timestamptz IS NULL OR s.entered_at < %s)"
        + _beyond(order, is_rising=is_rising),
        reach, lot, lot, standing, standing, standing, plain, f"%{plain}%", plain,
        since, since, until, until, after, after, min(limit, MOST),
    )  # fmt: skip
    return tuple(_row(*row) for row in rows)


@query
def stay(scope: Scope, *, session: ParkingSessionId, at: datetime) -> StayPage:
    """This will show one stay, with what is due now where it goes on."""
    row = Session.objects.within(scope).select_related("tariff", "lot").filter(pk=session).first()
    if row is None:
        raise NotFound("stay")
    fee = fee_of(row, row.left_at or at)
    is_inside = row.state == rules.SessionState.INSIDE
    minors = (row.gross_minor, row.off_minor, row.paid_minor, row.unpaid_minor)
    paid = Payment.objects.within(scope).filter(session=row).exclude(state=rules.PaymentState.LAPSED.value)
    given = VoucherRow.objects.within(scope).filter(session=row).select_related("stock")
    return StayPage(
        row=StayRow(
            ParkingSessionId(row.pk), row.label, LotId(row.lot_id), row.lot.name, row.plate, rules.StayKind(row.kind),
            rules.SessionState(row.state), row.entered_at, row.left_at, *(Money(minor) for minor in minors),
        ),
        community=CommunityId(row.community),
        read_as=row.read_as,
        home=HomeId(row.home) if row.home else None,
        waived=Money(row.waived_minor),
        fee=fee,
        due=fee.due if is_inside else Money(row.unpaid_minor),
        steps=fee.steps if is_inside else rules.read_steps(row.steps),
        payments=tuple(_payment(each) for each in paid.order_by("id")[:100]),
        vouchers=tuple(_voucher(each) for each in given.order_by("id")[:50]),
        moves=moves.history(SessionMove, row.pk, scope=scope),
        near=tuple(each.plate for each in suggestions(row.community, row.plate)) if is_inside else (),
    )  # fmt: skip


def _payment(row: Payment) -> PaymentRow:
    return PaymentRow(
        row.pk,
        row.label,
        rules.Channel(row.channel),
        rules.PaymentState(row.state),
        Money(row.amount_minor),
        Money(row.kept_minor),
        row.arrived_at or row.asked_at,
        PartyId(row.taken_by) if row.taken_by else None,
    )


def _voucher(row: VoucherRow) -> VoucherLine:
    return VoucherLine(
        PartyId(row.giver),
        rules.VoucherKind(row.stock.kind),
        row.stock.minutes,
        Money(row.stock.amount_minor),
        Money(row.worth_minor),
        rules.VoucherState(row.state),
        row.given_at,
    )


@query
def occupancy(scope: Scope, *, lot: LotId, at: datetime, hours: int = 24) -> tuple[tuple[datetime, int], ...]:
    """This will count the cars in a lot at each of the last hours."""
    rows = sql.fetch(
        "SELECT h, (SELECT count(*) FROM parking_session s WHERE s.lot_id = %s AND s.community = ANY(%s::uuid[])"
        " AND s.state <> 'void' AND s.entered_at <= h AND (s.left_at IS NULL OR s.left_at > h))::int"
        " FROM generate_series(%s::timestamptz, %s::timestamptz, interval '1 hour') h ORDER BY h LIMIT 200",
        lot,
        list(scope.communities),
        at - timedelta(hours=min(hours, 168) - 1),
        at,
    )
    return tuple((hour, cars) for hour, cars in rows)


@query
def income(
    scope: Scope, *, start: datetime, end: datetime, timezone: str, community: CommunityId | None = None
) -> tuple[IncomeDay, ...]:
    """This will add up what stays brought in, by day and by how it came; the ledger holds the same."""
    reach = [one for one in scope.communities if community is None or one == community]
    rows = sql.fetch(
        "SELECT (arrived_at AT TIME ZONE %s)::date AS day, channel, count(*)::int, sum(kept_minor)::bigint"
        " FROM parking_payment WHERE community = ANY(%s::uuid[]) AND state = 'arrived' AND kept_minor > 0"
        " AND arrived_at >= %s AND arrived_at < %s GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 5000",
        timezone,
        reach,
        start,
        end,
    )
    return tuple(IncomeDay(day, rules.Channel(channel), count, Money(minor)) for day, channel, count, minor in rows)


# ---- what the clock asks ----


@query
def payments_due(_scope: Scope, *, at: datetime, limit: int) -> tuple[UUID, ...]:
    """This will list the payments whose minutes are over."""
    rows = sql.fetch(
        "SELECT id FROM parking_payment WHERE state = 'asked' AND due_at <= %s ORDER BY due_at LIMIT %s", at, limit
    )
    return tuple(row[0] for row in rows)


@query
def communities_with_lots(_scope: Scope) -> tuple[CommunityId, ...]:
    """This will list the communities in which cars are parked."""
    rows = sql.fetch("SELECT DISTINCT community FROM parking_lot ORDER BY 1 LIMIT 10000")
    return tuple(CommunityId(row[0]) for row in rows)


@query
def stays_since_before(
    _scope: Scope, *, community: CommunityId, before: datetime, limit: int
) -> tuple[ParkingSessionId, ...]:
    """This will list the stays that began before an instant and go on."""
    rows = sql.fetch(
        "SELECT id FROM parking_session WHERE community = %s AND state = 'inside' AND entered_at < %s"
        " ORDER BY entered_at LIMIT %s",
        community,
        before,
        limit,
    )
    return tuple(ParkingSessionId(row[0]) for row in rows)


@query
def stocks_owing(_scope: Scope, *, limit: int) -> tuple[tuple[VoucherStockId, CommunityId], ...]:
    """This will list the stocks whose used vouchers are still to be charged."""
    rows = sql.fetch(
        "SELECT DISTINCT k.id, k.community FROM parking_stock k JOIN parking_voucher v ON v.stock_id = k.id"
        " WHERE k.terms = 'owed' AND v.state = 'used' AND v.charged_at IS NULL ORDER BY 1 LIMIT %s",
        limit,
    )
    return tuple((VoucherStockId(stock), CommunityId(community)) for stock, community in rows)
