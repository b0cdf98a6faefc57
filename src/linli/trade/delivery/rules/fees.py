"""Fees: what a way of being brought to costs, and how one fee is shared by the orders of one run."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from linli.kernel.ids import OrderId
from linli.kernel.money import Money
from linli.trade.delivery.rules.drops import free_delivery_from_fen
from linli.trade.delivery.rules.policy import DeliveryPolicy


class Way(StrEnum):
    """How the platform's couriers bring goods."""

    POOLED = "pooled"
    """In a slot, on a run that neighbours share."""
    ALONE = "alone"
    """In a slot, on a trip for one buyer."""
    NOW = "now"
    """On a trip for one buyer, as soon as the goods are ready."""


def free_from(terms: DeliveryPolicy, drop_fen: float | None = None) -> Money | None:
    """This will tell from which goods on a shared run is free of charge; None: never.

    Where the operator lets it follow, and it is known what one order more costs in the slot (`drop_fen`), it is the
    basket on whose margin pays for that, within the operator's bounds. Else it is the sum that was fixed.
    """
    if not terms.free_from:
        return None
    if not terms.free_from_follows or drop_fen is None:
        return terms.free_from
    follows = Money(free_delivery_from_fen(drop_fen, terms.margin_bp))
    return max(terms.free_from_least, min(follows, terms.free_from_most))


def fee(way: Way, goods: Money, terms: DeliveryPolicy, drop_fen: float | None = None) -> Money:
    """This will give the one fee of a run for the goods it brings to one home; a shared run is free from a sum on."""
    limit = free_from(terms, drop_fen)
    match way:
        case Way.POOLED if limit is not None and goods >= limit:
            return Money.zero
        case Way.POOLED:
            return terms.fee_pooled
        case Way.ALONE:
            return terms.fee_alone
        case Way.NOW:
            return terms.fee_now


def shared(whole: Money, goods: Mapping[OrderId, Money]) -> dict[OrderId, Money]:
    """This will share a fee over the orders of one run by the value of their goods; a fen of tie by the order's id.

    Goods that cost nothing carry a fee in equal parts. Frozen at sale: an order that is refused gives back its own part
    and the others keep theirs.
    """
    orders = sorted(goods)
    weights = [goods[order].minor for order in orders]
    if not any(weights):
        weights = [1] * len(orders)
    return dict(zip(orders, whole.split(weights), strict=True)) if orders else {}
