"""Whether a shop may sell to a community at an instant, why not, and when again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linli.kernel.ids import ShopId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.trade.shops.rules.hours import Hours, is_open, next_opening
from linli.trade.shops.rules.life import ShopState

REACH_M = 3000
"""A shop's zone is derived from this distance, and a merchant may choose within it; the platform may add beyond."""


class Carrier(StrEnum):
    """Who brings the goods of a shop."""

    NONE = "none"
    """Only pick-up at the shop."""
    SHOP = "shop"
    """The shop itself."""
    POOL = "pool"
    """Couriers of the platform: in shared runs of the community, alone, or at once."""


class ClosedWhy(StrEnum):
    """Why nothing can be ordered now."""

    OUT_OF_ZONE = "out_of_zone"
    NOT_APPROVED = "not_approved"
    SUSPENDED = "suspended"
    NO_TERMS = "no_terms"
    PAUSED = "paused"
    HOLIDAY = "holiday"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class DoorState:
    """Open, or why not and when again (None: not known)."""

    is_open: bool
    closed_why: ClosedWhy | None = None
    next_opening_at: datetime | None = None


class NotOnSale(Refusal):
    """The shop does not sell here: not approved, or without terms for this community."""

    says = _("This shop does not sell in your community.")


class OutOfZone(NotOnSale):
    """The community is not one of those the shop serves."""

    says = _("This shop does not deliver to your community.")


class Suspended(Refusal):
    """The platform has stopped the shop."""

    says = _("This shop is suspended at the moment.")


class Closed(Refusal):
    """Outside the opening hours, or on a holiday."""

    says = _("This shop is closed now.")


class Paused(Closed):
    """The shop has more orders than it can prepare and takes none for a while."""

    says = _("This shop is taking a short break. Please try again a little later.")


def door_state(
    *, state: ShopState, in_zone: bool, has_terms: bool, paused_until: datetime | None, hours: Hours, at: datetime
) -> DoorState:
    """This will tell whether the shop may sell; of several reasons the one that lasts longest is given."""
    if state == ShopState.SUSPENDED:
        return DoorState(False, ClosedWhy.SUSPENDED)
    if state != ShopState.APPROVED:
        return DoorState(False, ClosedWhy.NOT_APPROVED)
    if not in_zone:
        return DoorState(False, ClosedWhy.OUT_OF_ZONE)
    if not has_terms:
        return DoorState(False, ClosedWhy.NO_TERMS)
    if paused_until is not None and at < paused_until:
        return DoorState(False, ClosedWhy.PAUSED, next_opening(hours, paused_until))
    if is_open(hours, at):
        return DoorState(True)
    regular = Hours(hours.timezone, hours.openings)
    why = ClosedWhy.HOLIDAY if is_open(regular, at) else ClosedWhy.HOURS
    return DoorState(False, why, next_opening(hours, at))


_REFUSALS: dict[ClosedWhy, type[Refusal]] = {
    ClosedWhy.OUT_OF_ZONE: OutOfZone,
    ClosedWhy.NOT_APPROVED: NotOnSale,
    ClosedWhy.NO_TERMS: NotOnSale,
    ClosedWhy.SUSPENDED: Suspended,
    ClosedWhy.PAUSED: Paused,
    ClosedWhy.HOLIDAY: Closed,
    ClosedWhy.HOURS: Closed,
}


def refusal(shop: ShopId, door: DoorState) -> Refusal | None:
    """This will make the refusal that a buyer gets from a closed door; None where it is open."""
    if door.closed_why is None:
        return None
    again = door.next_opening_at.isoformat() if door.next_opening_at else None
    return _REFUSALS[door.closed_why](shop=str(shop), next_opening_at=again)
