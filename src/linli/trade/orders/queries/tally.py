"""Orders in numbers: how many in which state, what was sold and what went back, for the platform and the works."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders.rules import CheckoutState, OrderState, RefundState


@dataclass(frozen=True, slots=True)
class Tally:
    """`served` is what buyers paid for orders they received, fees included; `refunded` what went back of these."""

    checkouts: dict[CheckoutState, int]
    orders: dict[OrderState, int]
    refunds: dict[RefundState, int]
    served: Money
    refunded: Money


_TALLY = """
    SELECT (SELECT coalesce(jsonb_object_agg(state, n), '{}')::text FROM (
                SELECT state, count(*) AS n FROM orders_checkout GROUP BY state) AS c),
           (SELECT coalesce(jsonb_object_agg(state, n), '{}')::text FROM (
                SELECT state, count(*) AS n FROM orders_order GROUP BY state) AS o),
           (SELECT coalesce(jsonb_object_agg(state, n), '{}')::text FROM (
                SELECT state, count(*) AS n FROM orders_refund GROUP BY state) AS r),
           coalesce(sum(o.goods_minor + o.delivery_fee_minor), 0)::bigint,
           coalesce(sum(o.refunded_fee_minor + l.refunded_minor), 0)::bigint
    FROM orders_order AS o
    CROSS JOIN LATERAL (SELECT sum(refunded_minor) AS refunded_minor FROM orders_line WHERE order_id = o.id) AS l
    WHERE o.state IN ('completed', 'closed')
"""


@query
def tally(scope: Scope) -> Tally:
    """This will count every checkout, order and refund and add up what was sold; it reads all of them."""
    if not scope.is_inside:
        raise Denied
    ((checkouts, orders, refunds, served, refunded),) = sql.fetch(_TALLY)
    return Tally(
        checkouts=decoding.decode(checkouts, dict[CheckoutState, int]),
        orders=decoding.decode(orders, dict[OrderState, int]),
        refunds=decoding.decode(refunds, dict[RefundState, int]),
        served=Money(served),
        refunded=Money(refunded),
    )
