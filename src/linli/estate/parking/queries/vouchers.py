"""Vouchers as their givers and the desk see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.estate.parking import rules
from linli.estate.parking.models import VoucherRow
from linli.kernel.ids import CommunityId, PartyId, VoucherStockId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope


@dataclass(frozen=True, slots=True)
class StockCard:
    """Vouchers of one kind that a giver may give, how many are left, and what the used ones bore."""

    stock: VoucherStockId
    label: str
    community: CommunityId
    giver: PartyId
    kind: rules.VoucherKind
    minutes: int
    amount: Money
    terms: rules.Terms
    price: Money
    count: int
    given: int
    expires_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    used: int
    worth: Money

    @property
    def left(self) -> int:
        return self.count - self.given

    def may_give(self, at: datetime) -> bool:
        """This will tell whether a voucher can be given now."""
        return (
            self.left > 0
            and self.closed_at is None
            and self.expires_at > at
            and self.opened_at is not None
            and self.opened_at <= at
        )


_STOCKS = """
    SELECT k.id, k.label, k.community, k.giver, k.kind, k.minutes, k.amount_minor, k.terms, k.price_minor, k.count,
        k.given, k.expires_at, k.opened_at, k.closed_at, u.used::int, u.worth::bigint
    FROM parking_stock k LEFT JOIN LATERAL (
        SELECT count(*) AS used, coalesce(sum(worth_minor), 0) AS worth FROM parking_voucher v
        WHERE v.stock_id = k.id AND v.state = 'used') u ON true
"""


def _stock(row: tuple[Any, ...]) -> StockCard:
    stock, label, community, giver, kind, minutes, amount, terms, price, *counts_and_days, worth = row
    count, given, expires_at, opened_at, closed_at, used = counts_and_days
    return StockCard(
        stock, label, community, giver, rules.VoucherKind(kind), minutes, Money(amount), rules.Terms(terms),
        Money(price), count, given, expires_at, opened_at, closed_at, used, Money(worth),
    )  # fmt: skip


@query
def stocks(scope: Scope, *, community: CommunityId | None = None, limit: int = 200) -> tuple[StockCard, ...]:
    """This will list the vouchers that the company granted, the latest first."""
    reach = [one for one in scope.communities if community is None or one == community]
    rows = sql.fetch(
        _STOCKS + " WHERE k.community = ANY(%s::uuid[]) ORDER BY k.id DESC LIMIT %s", reach, min(limit, 20_000)
    )
    return tuple(_stock(row) for row in rows)


@query
def my_stocks(scope: Scope, *, limit: int = 50) -> tuple[StockCard, ...]:
    """This will list the vouchers that the asker may give, the latest first."""
    mine = [party for party in (scope.company, scope.person) if party is not None]
    rows = sql.fetch(_STOCKS + " WHERE k.giver = ANY(%s::uuid[]) ORDER BY k.id DESC LIMIT %s", mine, min(limit, 200))
    return tuple(_stock(row) for row in rows)


@dataclass(frozen=True, slots=True)
class OfferCard:
    """A code that waits for its guest."""

    code: str
    kind: rules.VoucherKind
    minutes: int
    amount: Money
    until: datetime


@query
def my_offers(scope: Scope, *, at: datetime, limit: int = 20) -> tuple[OfferCard, ...]:
    """This will list the codes of the asker's vouchers that can still be used, the latest first."""
    mine = [party for party in (scope.company, scope.person) if party is not None]
    rows = sql.fetch(
        "SELECT v.code, k.kind, k.minutes, k.amount_minor, v.offered_until FROM parking_voucher v"
        " JOIN parking_stock k ON k.id = v.stock_id WHERE v.giver = ANY(%s::uuid[]) AND v.state = 'offered'"
        " AND v.offered_until > %s ORDER BY v.id DESC LIMIT %s",
        mine,
        at,
        min(limit, 200),
    )
    return tuple(
        OfferCard(code, rules.VoucherKind(kind), minutes, Money(amount), until)
        for code, kind, minutes, amount, until in rows
    )


@query
def offered(scope: Scope, *, code: str, at: datetime) -> OfferCard:
    """This will tell whoever has a code what it takes off, and nothing of whose it is."""
    return _offered(SYSTEM, code=rules.voucher_code(code), at=at)


@query
def _offered(_scope: Scope, *, code: str, at: datetime) -> OfferCard:
    rows = VoucherRow.objects.inside().filter(state=rules.VoucherState.OFFERED.value, offered_until__gt=at)
    row = rows.filter(code=code).select_related("stock").first() if code else None
    if row is None or row.offered_until is None:
        raise NotFound("voucher")
    kind = rules.VoucherKind(row.stock.kind)
    return OfferCard(row.code, kind, row.stock.minutes, Money(row.stock.amount_minor), row.offered_until)
