"""The few numbers with which a dispatcher weighs: minutes of customers, minutes of couriers, and pay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Times are in minutes. A weight says how many minutes of one customer's waiting a thing is worth.

    The defaults were chosen on twenty days of the public collection that docs/benchmarks.md names.
    """

    horizon_min: float = 20.0
    """Orders that are ready later than this are not looked at yet."""
    soon_free_min: float = 15.0
    """Couriers who are free later than this are not looked at yet."""

    approach: float = 0.3
    """A minute of a courier's way to the shop, however many couriers there are."""
    idling: float = 0.3
    """A minute that a courier waits for goods."""
    ageing: float = 0.02
    """By how much a minute late weighs more for each minute since the order was placed."""
    pay: float = 0.5
    """An order that is paid above a courier's guarantee, against one that the guarantee pays anyway."""
    foresight: float = 0.02
    """A minute that an order is not ready yet: of two alike the earlier one is fetched."""
    patience_min: float = 100.0
    """Leaving an order out although somebody could fetch it."""

    urgent_min: float = 10.0
    """The load is the number of orders that are ready within this time ..."""
    at_hand_min: float = 5.0
    """... for each courier who is free within this one."""
    calm_load: float = 0.5
    """Up to this load a minute of a courier costs nobody else anything."""
    price_slope: float = 4.0
    """How fast the price of a courier's minute rises with the load above it ..."""
    price_limit: float = 8.0
    """... and to what: about the orders that a courier delivers until a rush is over."""
    work: float = 0.3
    """The part of that price at which the work of couriers is weighed; bundles are made at all of it."""
    idle_share: float = 0.5
    """The part of that again at which their waiting is: some of it would be waiting anyway."""
    most_orders: int = 3
    """No bundle is larger: food gets cold."""

    reach_min: float = 20.0
    """A courier who is this far from a shop is of no use to its next order."""
    stroll: float = 0.05
    """A minute of a way on which a courier who has no task is out of reach."""
    most_waiting: int = 3
    """So many couriers stand in at most for what one shop may ask for next."""
    least_chance: float = 0.02
    """Orders less probable than this are not prepared for."""
    last_minutes: float = 15.0
    """In these minutes of a shift nobody is sent anywhere for nothing."""

    early: float = 0.05
    """Of orders whose ready time is only believed: the part that is missed by a courier who comes as soon as he should
    while couriers abound (`Order.maybe_min`, made by `Preparation`); he waits for most, and few wait for him."""
    likely: float = 0.5
    """The part that is missed when one comes at the minute that is believed (`Order.ready_min`)."""
    dear: float = 1.0
    """How fast, as a courier's minute gets dearer, the plan moves from the one minute to the other."""
