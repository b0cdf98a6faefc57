"""Fees: what a way of being brought to costs, and how one fee is shared by the orders of one run."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from linli.kernel.ids import OrderId
from linli.kernel.money import Money
from linli.trade.delivery.rules.policy import DeliveryPolicy


class Way(StrEnum):
    """How the platform's couriers bring goods."""

    POOLED = "pooled"
    """In a slot, on a run that neighbours share."""
    ALONE = "alone"
    """In a slot, on a trip for one buyer."""
    NOW = "now"
    """On a trip for one buyer, as soon as the goods are ready."""


def fee(way: Way, goods: Money, terms: DeliveryPolicy) -> Money:
    """This will give the one fee of a run for the goods it brings to one home; a shared run is free from a sum on."""
    match way:
        case Way.POOLED if terms.free_from and goods >= terms.free_from:
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
