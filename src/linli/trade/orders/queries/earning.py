"""What a shop earns with one order, line by line: the price, the commission and whose it is, and what came back."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.ids import LineId, OrderId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class EarningLine:
    """A sold line as it was shared at the sale, and what the shop still has of it after refunds."""

    title: rules.Names
    label: rules.Names
    quantity: int
    net: Money
    shares: rules.Shares
    refunded: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Earning:
    """The lines of an order with their shares, and the delivery fee, which has no commission."""

    order: OrderId
    number: str
    delivery_fee: Money
    refunded_fee: Money
    lines: tuple[EarningLine, ...]

    @property
    def commission(self) -> Money:
        return Money.total(line.shares.commission for line in self.lines)

    @property
    def left(self) -> Money:
        return Money.total(line.left for line in self.lines)


@query
def order_earning(scope: Scope, *, order: OrderId) -> Earning:
    """This will explain what a shop has of an order, to the shop and the platform; to others there is none."""
    rows = sql.fetch(
        "SELECT o.number, o.delivery_fee_minor, o.refunded_fee_minor, l.id, l.title, l.label, l.quantity, l.net_minor,"
        " l.merchant_minor, l.company_minor, l.platform_minor, l.refunded_minor"
        " FROM orders_order AS o JOIN orders_line AS l ON l.order_id = o.id"
        " WHERE o.id = %s AND (o.shop = %s OR %s) ORDER BY l.nth LIMIT %s",
        order,
        scope.shop,
        scope.is_everywhere,
        MOST_LINES,
    )
    if not rows:
        raise NotFound("order")
    return Earning(order, rows[0][0], Money(rows[0][1]), Money(rows[0][2]), tuple(_line(*row[3:]) for row in rows))


def _line(
    line: LineId,
    title: str,
    label: str,
    quantity: int,
    net: int,
    merchant: int,
    company: int,
    platform: int,
    refunded: int,
) -> EarningLine:
    shares = rules.Shares(merchant=Money(merchant), company=Money(company), platform=Money(platform))
    sold = rules.SoldLine(line=line, quantity=quantity, net=Money(net), shares=shares, refunded=Money(refunded))
    left = rules.still_earned(sold).merchant
    return EarningLine(sql.from_json(title), sql.from_json(label), quantity, sold.net, shares, sold.refunded, left)
