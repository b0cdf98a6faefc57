"""Holding: what of which capacity a checkout asks for, as one function of the database takes it, whole or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import BuildingId, CheckoutId, CommunityId, OrderId, ShopId, SlotId
from linli.kernel.money import Money
from linli.trade.delivery.rules.kitchens import KitchenTerms, cooking_window
from linli.trade.delivery.rules.policy import DeliveryPolicy
from linli.trade.delivery.rules.slots import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A slot with what its zone carries in it."""

    slot: SlotId
    start_at: datetime
    end_at: datetime
    drops: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Units of one capacity for one order."""

    order: OrderId
    axis: Axis
    subject: UUID
    start_at: datetime
    end_at: datetime
    capacity: int
    units: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooking:
    """What a kitchen prepares for one order in the quarters of a window; `value` in fen."""

    order: OrderId
    shop: ShopId
    from_at: datetime
    to_at: datetime
    capacity: int
    value: int
    soonest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Everything that a checkout holds of delivery, as `delivery_hold_slots` reads it."""

    holder: CheckoutId
    slot: SlotId | None
    until: datetime
    places: tuple[Part, ...]
    kitchens: tuple[Cooking, ...]


def holding(
    *,
    holder: CheckoutId,
    until: datetime,
    slot: Reserved | None,
    in_slot: Sequence[OrderId],
    prepared: Mapping[OrderId, tuple[ShopId, Money]],
    kitchens: Mapping[ShopId, KitchenTerms],
    community: CommunityId,
    building: BuildingId | None,
    terms: DeliveryPolicy,
    at: datetime,
) -> Holding:
    """This will tell what a checkout takes: of its slot a drop, a way through the gate and up the lift for each order,
    and of the kitchens that say what they can do, the value of what they prepare.
    """
    return Holding(
        holder=holder,
        slot=slot.slot if slot else None,
        until=until,
        places=tuple(part for order in in_slot for part in _parts(order, slot, community, building, terms)),
        kitchens=tuple(
            _cooking(order, shop, value, kitchens[shop], slot if order in in_slot else None, at)
            for order, (shop, value) in prepared.items()
            if shop in kitchens and value
        ),
    )


def _parts(
    order: OrderId, slot: Reserved | None, community: CommunityId, building: BuildingId | None, terms: DeliveryPolicy
) -> tuple[Part, ...]:
    if slot is None:
        return ()
    limits: list[tuple[Axis, UUID, int]] = [
        (Axis.DROPS, slot.slot, slot.drops),
        (Axis.GATE, community, terms.gate_drops),
    ]
    if building:
        limits.append((Axis.LIFT, building, terms.lift_drops))
    return tuple(
        Part(order=order, axis=axis, subject=subject, start_at=slot.start_at, end_at=slot.end_at, capacity=capacity)
        for axis, subject, capacity in limits
    )


def _cooking(
    order: OrderId, shop: ShopId, value: Money, kitchen: KitchenTerms, slot: Reserved | None, at: datetime
) -> Cooking:
    from_at, to_at = cooking_window(at, slot.start_at if slot else None)
    return Cooking(
        order=order,
        shop=shop,
        from_at=from_at,
        to_at=to_at,
        capacity=kitchen.value.minor,
        value=value.minor,
        soonest=slot is None,
    )
