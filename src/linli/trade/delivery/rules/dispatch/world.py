"""What a dispatcher looks at and what it says: plain values, in minutes from any common zero and the caller's places.

A *place* is whatever pair of numbers the caller's `Travel` understands: metres on a plane, or longitude and latitude.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Minutes = NDArray[np.float64]

Place = tuple[float, float]


class Travel(Protocol):
    """Minutes from every origin to every destination, as a matrix of origins by destinations."""

    def __call__(self, origins: Sequence[Place], destinations: Sequence[Place], /) -> Minutes: ...


class Doing(StrEnum):
    """What a courier is doing; only who is idle, waiting or heading somewhere can be told anything."""

    AWAY = "away"
    """Not at work yet: from `free_min` on he will be, at `place`."""
    IDLE = "idle"
    HEADING = "heading"
    """On the way to `shop`, where he arrives at `free_min`; he is not diverted on the way."""
    WAITING = "waiting"
    """At `shop` since `free_min`."""
    BUSY = "busy"
    """With orders in hand until `free_min`, when he will stand at `place`."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that nobody has been told to deliver yet."""

    key: str
    shop: str
    pickup: Place
    drop: Place
    placed_min: float
    ready_min: float
    """When it is ready, or when it is best believed to be while `is_sure` is false."""
    is_sure: bool = True
    """Whether `ready_min` is known; nobody is bound to an order on a belief."""
    maybe_min: float | None = None
    """Of a belief: the minute from which on it may well be ready. None is the same as `ready_min`."""
    portions: int = 1
    """How much of a courier's capacity it takes."""
    needs: frozenset[str] = frozenset()
    """Skills that its courier must have."""

    @property
    def first_min(self) -> float:
        """From when on it may be ready."""
        return self.ready_min if self.is_sure or self.maybe_min is None else self.maybe_min


@dataclass(frozen=True, slots=True)
class Courier:
    """A courier at work, or soon at work."""

    key: str
    doing: Doing
    place: Place
    """Where he stands, or where he will stand at `free_min`."""
    free_min: float
    shift_began_min: float
    shift_ends_min: float
    """No pick-up later than this; what he then has in hand he still delivers."""
    shop: str | None = None
    done: int = 0
    """Orders of this shift, taken or delivered, from which his pay is worked out."""
    capacity: int = 8
    skills: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    """Keys of orders and of shops that he refused, or was refused: he is not asked again."""


@dataclass(frozen=True, slots=True)
class Demand:
    """How many orders a shop is expected to have ready in the next quarter of an hour, beyond those that wait."""

    shop: str
    place: Place
    expected: float


@dataclass(frozen=True, slots=True)
class Terms:
    """What a place has agreed: minutes of service and the pay of couriers, in one currency unit."""

    pickup_service_min: float = 4.0
    """At the shop: half before the goods are in hand and half after it."""
    drop_service_min: float = 4.0
    """At the door: half before the goods are handed over and half after it."""
    pay_per_order: float = 10.0
    pay_per_hour: float = 15.0
    """Guaranteed: a shift is paid by orders or by hours, whichever is more."""


@dataclass(frozen=True, slots=True)
class Goto:
    """Be at this shop: nothing is bound but the way there."""

    courier: str
    shop: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """Take these orders, all of one shop, and bring them in this sequence; not taken back."""

    courier: str
    shop: str
    orders: tuple[str, ...]


Instruction = Goto | Deliver
