"""By which ways a placed checkout can be paid: online, in cash at the door, by bank transfer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linli.ground.policies.queries import policy
from linli.kernel.ids import CheckoutId, ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payments import queries as payments
from linli.money.payments.queries import TransferSlip
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import rules
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import SaleTerms
from linli.trade.shops.rules import Carrier


class CashNo(StrEnum):
    """Why a checkout cannot be paid in cash."""

    NOT_HERE = "not_here"
    SHOP = "shop"
    TOO_MUCH = "too_much"
    PROMISES = "promises"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysToPay:
    """The ways that are open. `cash_why` is empty or a `CashNo`; `slip` is there once a transfer was chosen."""

    online: bool
    cash: bool
    cash_why: str
    cash_most: Money
    transfer: bool
    slip: TransferSlip | None


def cash_refusal(
    totals: Mapping[ShopId, Money], terms: Mapping[ShopId, SaleTerms], limits: rules.OrderPolicy, *, promised: int
) -> CashNo | None:
    """This will say why orders of these sums cannot be paid in cash, or None; nobody pays nothing in cash."""
    if not limits.cash_most or not all(totals.values()):
        return CashNo.NOT_HERE
    if not all(shop in terms and takes_cash(terms[shop]) for shop in totals):
        return CashNo.SHOP
    if any(total > limits.cash_most for total in totals.values()):
        return CashNo.TOO_MUCH
    return CashNo.PROMISES if promised + len(totals) > limits.cash_promises else None


def takes_cash(terms: SaleTerms) -> bool:
    """This will tell whether a shop takes cash for what it sells; couriers of the platform do not carry it for them."""
    return terms.takes_cash and terms.carrier is not Carrier.POOL


def transfer_refusal(total: Money, limits: rules.OrderPolicy) -> bool:
    """This will tell whether a sum is not paid by bank transfer here."""
    return not limits.transfer_hours or not total or total < limits.transfer_from


_ORDERS = """
    SELECT o.shop, o.goods_minor + o.delivery_fee_minor, o.community, o.city, o.collection, (
        SELECT count(*) FROM orders_order AS p WHERE p.buyer = o.buyer AND p.payment = 'cash' AND p.paid_at IS NULL
          AND p.state NOT IN ('refused', 'cancelled'))
    FROM orders_order AS o JOIN orders_checkout AS c ON c.id = o.checkout_id
    WHERE c.id = %s AND c.buyer = %s AND c.state = 'paying' AND c.due_at > %s
"""


@query
def ways_to_pay(scope: Scope, *, checkout: CheckoutId, at: datetime) -> WaysToPay:
    """This will say by which ways a placed checkout of the asker can be paid now."""
    rows = sql.fetch(_ORDERS, checkout, scope.person, at)
    if not rows:
        raise NotFound("checkout")
    community, city, collection, promised = rows[0][2:]
    limits = policy(scope, rules.OrderPolicy, at=at, community=community, city=city)
    totals = {row[0]: Money(row[1]) for row in rows}
    terms = shops.sale_terms(community=community, shops=list(totals), at=at)
    why = cash_refusal(totals, terms, limits, promised=promised)
    slip = payments.transfer_slip(SYSTEM, collection=collection)
    account = payments.takes_transfers(SYSTEM, city=city, at=at)
    return WaysToPay(
        online=bool(payments.providers()),
        cash=why is None and slip is None,
        cash_why=why.value if why else "",
        cash_most=limits.cash_most,
        transfer=account and not transfer_refusal(Money.total(totals.values()), limits),
        slip=slip,
    )
