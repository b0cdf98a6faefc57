"""Vouchers as their givers and the desk see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.estate.parking import rules
from linli.kernel.ids import CommunityId, PartyId, VoucherStockId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope


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
