"""What is asked of delivery, what a plan commits, and the words on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from linli.kernel.ids import BuildingId, CommunityId, HomeId, OrderId, PartyId, ShopId, TaskId
from linli.kernel.money import Money
from linli.trade.catalogue.rules import Care
from linli.trade.delivery.rules.couriers import Skill
from linli.trade.delivery.rules.policy import DropOff


class Kind(StrEnum):
    """How an order travels: with its neighbours' in a slot, or as soon as it is ready."""

    POOLED = "pooled"
    NOW = "now"


class Proof(StrEnum):
    """By what it is known that goods were handed over."""

    CODE = "code"
    PHOTO = "photo"
    DOOR_EVENT = "door_event"
    WORD = "word"


class FailReason(StrEnum):
    """Why goods could not be handed over."""

    NOBODY_HOME = "nobody_home"
    NO_WAY_IN = "no_way_in"
    REFUSED = "refused"
    TOO_YOUNG = "too_young"
    WRONG_PLACE = "wrong_place"
    NOT_READY = "not_ready"
    DAMAGED = "damaged"
    COURIER_GONE = "courier_gone"
    UNFETCHED = "unfetched"
    OTHER = "other"


class StopKind(StrEnum):
    COLLECT = "collect"
    DROP = "drop"


class WaitsFor(StrEnum):
    """Whom a task waits for now."""

    DISPATCHER = "dispatcher"
    SHOP = "shop"
    COURIER = "courier"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One order that wants carrying. `by_shop`: only the shop's own couriers carry it, and the shop pays them.

    `care` is what its goods ask for, `needs` the skills that this takes here.
    """

    order: OrderId
    shop: ShopId
    community: CommunityId
    building: BuildingId | None
    home: HomeId | None
    kind: Kind
    slot: UUID | None
    ready_at: datetime
    promised_at: datetime
    portions: int
    fee: Money
    number: str = ""
    drop_off: DropOff = DropOff.DOOR
    by_shop: bool = False
    needs: frozenset[Skill] = frozenset()
    care: frozenset[Care] = frozenset()


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a run. `place` is the shop where goods are collected, or the building where they are dropped."""

    kind: StopKind
    place: UUID
    tasks: tuple[TaskId, ...]
    arrive_at: datetime
    leave_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One courier's ride as it is committed; without a courier it waits on the board."""

    courier: PartyId | None
    stops: tuple[Stop, ...]
    distance_m: int = 0
    why: str = ""


_NOT_A_SIGN = re.compile(r"[^0-9A-Z]")


def sign_of(text: str) -> str:
    """This will read what stands on a parcel as people type and scanners read it: capitals and digits only."""
    return _NOT_A_SIGN.sub("", text.upper())


def is_parcel(scanned: str, *, number: str, order: OrderId) -> bool:
    """This will tell whether what was scanned is this order's parcel: by its number, its id, or the end of either."""
    sign = sign_of(scanned)
    return len(sign) >= 4 and any(sign_of(own).endswith(sign) for own in (number, str(order)) if own)


def number_of(asked: Asked) -> str:
    """This will give the number that people know an order by, or the end of its id where it has none."""
    return asked.number or str(asked.order)[-6:].upper()
